"""Write a golden file for every topic that has none: `python -m tools.golden`.

A golden file shows for ever how a fact stood in the log when its topic was published, so an existing one is never
written again. The examples are made up from the types; make a new file true to life by hand before it is committed.
"""

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import inspect

from adapters.recording.mapper import Entered, FactMapper
from adapters.recording.topics import published
from domain.kernel import AccountId, CommandKey, Fact

GOLDEN = Path(__file__).parent.parent / "tests" / "adapters" / "recording" / "golden"
ACTOR, DEPUTY, KEY = (UUID(int=number, version=4) for number in (1, 2, 3))


def main() -> None:
    mapper = FactMapper(topics=published())
    for topic, fact in mapper.topics.current.items():
        path = GOLDEN / f"{topic}.json"
        if not path.exists():
            path.write_bytes(stored(mapper, msgspec.convert(_example(fact), fact)) + b"\n")
            sys.stdout.write(f"{path.name}\n")


def stored(mapper: FactMapper, fact: Fact) -> bytes:
    """The body as it stands in the log."""
    event = Entered(ACTOR, 1, AccountId(ACTOR), AccountId(DEPUTY), CommandKey(KEY), fact)
    return mapper.to_stored_event(event).state


def _example(kind: type[Fact]) -> dict[str, Any]:
    return _value(inspect.type_info(kind), "fact")


def _of_struct(kind: inspect.StructType) -> dict[str, Any]:
    example = {field.encode_name: _value(field.type, field.encode_name) for field in kind.fields}
    return {str(kind.tag_field): kind.tag, **example} if kind.tag_field else example


def _value(kind: inspect.Type, name: str) -> Any:
    match kind:
        case inspect.StructType():
            return _of_struct(kind)
        case inspect.UnionType():
            return _value(next(one for one in kind.types if not isinstance(one, inspect.NoneType)), name)
        case inspect.VarTupleType() | inspect.ListType() | inspect.SetType() | inspect.FrozenSetType():
            return [_value(kind.item_type, name)]
        case inspect.EnumType():
            return list(kind.cls)[-1].value
        case inspect.LiteralType():
            return kind.values[-1]
        case inspect.BoolType():
            return True
        case inspect.IntType():
            return 2
        case inspect.UUIDType():
            return str(UUID(int=4, version=4))
        case inspect.StrType() if name.endswith("_on") or name == "until":
            return "2026-03-01"
        case inspect.StrType():
            return f"{name} Ниш, Đakovica"
        case _:
            raise NotImplementedError(kind)


if __name__ == "__main__":
    main()
