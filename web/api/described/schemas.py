"""JSON Schema of our types, as others read it."""

from collections.abc import Iterable
from typing import Any, Final, cast

import msgspec

from domain.dates import Day
from domain.words import UNSEEN

_TEMPLATE: Final = "#/components/schemas/{name}"
_ONLY_HERE: Final = (r"\ud800-\udfff", r"\U000e0000-\U000e007f")
"""Of UNSEEN, what other languages write otherwise: the published patterns let it pass, and the program refuses it."""


_DAY: Final = msgspec.json.schema(Day)


class Schemas:
    """Schemas of some types, and the components that they share."""

    def __init__(self, asked: Iterable[type[msgspec.Struct]], kinds: Iterable[Any]) -> None:
        """`asked` are the query strings, which are no components."""
        queries = list(dict.fromkeys(asked))
        unique = list(dict.fromkeys([*queries, *kinds]))
        shown, components = msgspec.json.schema_components(unique, ref_template=_TEMPLATE)
        self._kinds = {kind: _published(schema) for kind, schema in zip(unique, shown, strict=True)}
        every = {name: cast("dict[str, Any]", _published(schema)) for name, schema in components.items()}
        self._asked = {kind: every.pop(kind.__name__) for kind in queries}
        self.components = dict(sorted(every.items()))

    def of(self, kind: Any) -> Any:
        return self._kinds[kind]

    def parameters(self, kind: type[msgspec.Struct]) -> list[dict[str, Any]]:
        """The fields of a struct as parameters of an address."""
        schema = self._asked[kind]
        required = schema.get("required", ())
        return [_parameter(name, held, name in required) for name, held in schema["properties"].items()]


def _parameter(name: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    schema = dict(schema)
    described = schema.pop("description", "")
    if schema.get("default") in (None, "", [], False):
        schema.pop("default", None)
    if "anyOf" in schema:
        schema = next(one for one in schema["anyOf"] if one != {"type": "null"})
    parameter: dict[str, Any] = {"name": name, "in": "query", "required": required, "schema": schema}
    if described:
        parameter["description"] = described
    if schema.get("type") == "array":
        parameter |= {"style": "form", "explode": True}
    return parameter


def _published(schema: Any) -> Any:
    """Patterns as ECMA-262 reads them, in which `$` is the end and no line feed follows it."""
    match schema:
        case dict():
            held = cast("dict[str, Any]", schema)
            if held.get("pattern") == _DAY["pattern"]:
                held = {"description": "A day, a month or a year: `2026-03-17`, `2026-03`, `2026`.", **held}
            return {
                name: _pattern(value) if name == "pattern" and isinstance(value, str) else _published(value)
                for name, value in held.items()
            }
        case list() | tuple():
            return [_published(one) for one in cast("list[Any]", schema)]
        case _:
            return schema


def _pattern(pattern: str) -> str:
    unseen = UNSEEN
    for part in _ONLY_HERE:
        unseen = unseen.replace(part, "")
    return pattern.replace(UNSEEN, unseen).replace(r"$(?!\n)", "$")
