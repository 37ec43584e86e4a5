"""Rows that follow a place in an order, for readers that go on from where they were."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from application.views.register import Place

_TYPES: Final[Mapping[str, str]] = {
    "position": "bigint",
    "number": "bigint",
    "pair": "text",
    "stage": "smallint",
    "kind": "smallint",
    "due": "date",
    "sorted": "text",
    "id": "uuid",
}
"""Of the columns that lists are ordered by."""
_READ: Final[Mapping[str, type]] = {"bigint": int, "smallint": int, "text": str}
_BITS: Final[Mapping[str, int]] = {"bigint": 63, "smallint": 15}


def following(
    columns: Sequence[str], place: Place | None, *, descending: bool, table: str = "r"
) -> tuple[str, dict[str, Any]]:
    """The condition on rows of a table that follow a place, and its values. Rows without a due day come last.

    Raises ValueError for a place that cannot be of these columns.
    """
    if place is None:
        return "true", {}
    if len(place) != len(columns):
        raise ValueError(place)
    values = {f"at_{name}": _value(name, given) for name, given in zip(columns, place, strict=True)}
    sign, shown = "<" if descending else ">", columns if place[0] is not None else columns[1:]
    left = ", ".join(f"{table}.{name}" for name in shown)
    right = ", ".join(f"%(at_{name})s::{_TYPES[name]}" for name in shown)
    beyond = f"({left}) {sign} ({right})"
    if columns[0] == "due":
        last = f"{table}.due IS NULL"
        beyond = f"({last} AND {beyond})" if place[0] is None else f"({last} OR {beyond})"
    return beyond, values


def place_of(values: Sequence[Any]) -> Place:
    """The place of a row, as JSON holds it."""
    return tuple(value if isinstance(value, int | str) or value is None else str(value) for value in values)


def _value(name: str, given: int | str | None) -> Any:
    kind = _TYPES[name]
    if name == "due":
        return None if given is None else date.fromisoformat(_as(str, given))
    if kind == "uuid":
        return UUID(_as(str, given))
    read = _as(_READ[kind], given)
    if isinstance(read, str) and "\0" in read:
        raise ValueError(name)
    if isinstance(read, int) and read.bit_length() > _BITS[kind]:
        raise ValueError(name)
    return read


def _as(kind: type, given: int | str | None) -> Any:
    if type(given) is not kind:
        raise ValueError(given)
    return given
