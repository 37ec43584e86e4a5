"""How one JSON Schema differs from another, as those see it who read what it describes: grown, or broken."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

Schema = Mapping[str, Any]
_WORDS: Final = frozenset({"title", "description", "examples"})
_COMPARED: Final = frozenset({"properties", "required", "enum", "anyOf", "items"})
_NULL: Final[Schema] = {"type": "null"}


class Change(msgspec.Struct, frozen=True):
    where: str
    what: str
    breaks: bool
    """Somebody who relied on the old schema may fail over the new one."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def changes(old: Schema, new: Schema, where: str) -> Iterator[Change]:
    """What changed from the one to the other. Words do not count; what a `$ref` leads to is compared by itself."""
    for name in sorted((old.keys() | new.keys()) - _WORDS - _COMPARED):
        if old.get(name) != new.get(name):
            yield Change(where, f"{name} was {old.get(name)}, is {new.get(name)}", breaks=True)
    yield from _properties(old, new, where)
    yield from _listed(old.get("enum", ()), new.get("enum", ()), where, "code")
    yield from _alternatives(old.get("anyOf", ()), new.get("anyOf", ()), where)
    if old.get("items") or new.get("items"):
        yield from changes(old.get("items", {}), new.get("items", {}), f"{where}[]")


def _properties(old: Schema, new: Schema, where: str) -> Iterator[Change]:
    before, after = old.get("properties", {}), new.get("properties", {})
    required = {"was optional": set(new.get("required", ())), "was always there": set(old.get("required", ()))}
    for name, schema in before.items():
        if name not in after:
            yield Change(f"{where}.{name}", "is gone", breaks=True)
        else:
            yield from changes(schema, after[name], f"{where}.{name}")
    for name in after:
        if name not in before:
            needed = name in new.get("required", ())
            yield Change(f"{where}.{name}", "is new" + (", and always there" if needed else ""), breaks=needed)
    for was, names in required.items():
        other = required["was always there" if was == "was optional" else "was optional"]
        for name in sorted((names - other) & before.keys() & after.keys()):
            yield Change(f"{where}.{name}", f"{was}, and is no longer", breaks=True)


def _listed(old: Sequence[Any], new: Sequence[Any], where: str, what: str) -> Iterator[Change]:
    yield from (Change(where, f"{what} {one} is gone", breaks=True) for one in old if one not in new)
    yield from (Change(where, f"{what} {one} is new", breaks=not old) for one in new if one not in old)


def _alternatives(old: Sequence[Schema], new: Sequence[Schema], where: str) -> Iterator[Change]:
    """More kinds of objects are growth; a value that may suddenly be absent, or of another type, is not."""
    yield from (Change(where, f"{_shown(one)} is gone", breaks=True) for one in old if one not in new)
    for one in new:
        if one not in old:
            yield Change(where, f"{_shown(one)} is new", breaks=not old or one == _NULL or "$ref" not in one)


def _shown(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2] if "$ref" in schema else str(dict(schema))
