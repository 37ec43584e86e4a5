"""Write a golden file for every topic that has none: `python -m tools.golden`.

A golden file shows for ever how a fact stood in the log when its topic was published, so an existing one is never
written again. The examples are made up from the types; make a new file true to life by hand before it is committed.
A fact that restates others has a folder too, with a file for each kind that it may restate.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import inspect

from adapters.recording.mapper import Entered, FactMapper
from adapters.recording.topics import Topics, published, restated_in
from domain.kernel import AccountId, CommandKey, Fact

GOLDEN = Path(__file__).parent.parent / "tests" / "adapters" / "recording" / "golden"
ACTOR, DEPUTY, KEY = (UUID(int=number, version=4) for number in (1, 2, 3))


def main() -> None:
    mapper = FactMapper(topics=published())
    for topic, fact in mapper.topics.current.items():
        _write(mapper, f"{topic}.json", fact, _example(fact))
    for name, fact, example in restating(mapper.topics):
        _write(mapper, name, fact, example)


def restating(topics: Topics) -> Iterator[tuple[str, type[Fact], dict[str, Any]]]:
    """For each kind that a fact restates: the file's name in GOLDEN, the fact, and an example that restates it."""
    for topic, fact in topics.current.items():
        for name, kinds in restated_in(fact).items():
            for kind in kinds:
                of = topics.topic_of[kind]
                yield f"{topic}/{of}.json", fact, {**_kept(topic, fact), name: _kept(of, kind)}


def _kept(topic: str, fact: type[Fact]) -> dict[str, Any]:
    """The example that the golden file of the topic has, where there is one."""
    path = GOLDEN / f"{topic}.json"
    return msgspec.json.decode(path.read_bytes())["fact"] if path.exists() else _example(fact)


def _write(mapper: FactMapper, name: str, fact: type[Fact], example: dict[str, Any]) -> None:
    path = GOLDEN / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(stored(mapper, msgspec.convert(example, fact)) + b"\n")
        sys.stdout.write(f"{name}\n")


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
        case inspect.DateTimeType():
            return "2026-03-01T09:00:00Z"
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
