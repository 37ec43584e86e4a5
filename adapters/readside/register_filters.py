"""A query of the register as conditions in SQL: what narrows everything, and what narrows by a facet."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from adapters.readside.places import KINDS, STAGES
from adapters.readside.register_counts import NO_DUE
from adapters.readside.register_search import Search
from application.access import Scope
from application.views.register import PHASES, Due, RegisterQuery
from domain.initiatives.terms import Stage


class Filters(msgspec.Struct, frozen=True):
    """Conditions on `views.register AS r`. Values stand in `values`, by name."""

    base: tuple[str, ...]
    """On text, scope, local governments, partner and differing sides."""
    facets: Mapping[str, str]
    """By facet, those that are filtered. They hold for `views.register_counts AS r` as well, but for `kept_due`."""
    kept_due: str
    values: Mapping[str, Any]
    counts_kept: bool = True
    """Whether there are counts beside the rows."""

    @property
    def searched(self) -> bool:
        """Whether the rows must be found before they can be counted."""
        return bool(self.base) or not self.counts_kept

    @property
    def where(self) -> str:
        return joined((*self.base, *self.facets.values()))


def joined(conditions: tuple[str, ...]) -> str:
    return " AND ".join(conditions) or "true"


def filters(
    scope: Scope, query: RegisterQuery, today: date, search: Search, spelt: Sequence[str], *, counts_kept: bool = True
) -> Filters:
    """`spelt` are the values of the column `country` that hold one of the countries."""
    stages = _stages(query)
    text, sought = search.conditions(query.text)
    values = {
        "home": scope.local_government,
        "homes": printable(query.local_governments),
        "partner": query.partner,
        "stages": None if stages is None else [STAGES[stage] for stage in stages],
        "kinds": [KINDS[kind] for kind in query.kinds],
        "countries": spelt,
        "handlers": printable(query.handlers),
        **days(today),
        **sought,
    }
    facets = {
        "stage": "r.stage = ANY(%(stages)s::smallint[])" if stages is not None else "",
        "kind": "r.kind = ANY(%(kinds)s::smallint[])" if query.kinds else "",
        "country": "r.country = ANY(%(countries)s::text[])" if query.countries else "",
        "handler": "r.handler = ANY(%(handlers)s::text[])" if query.handlers else "",
        "due": _due(query.due, DUE),
    }
    base = (*text, *_base(scope, query))
    return Filters(base, {f: c for f, c in facets.items() if c}, _due(query.due, KEPT_DUE), values, counts_kept)


def printable(values: Iterable[str]) -> list[str]:
    """Values that the database can hold; no case has any other."""
    return [value for value in values if value.isprintable()]


def days(today: date) -> dict[str, date]:
    """The ends of the week, Sunday, and of the month."""
    month_end = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    return {"today": today, "week_end": today + timedelta(days=6 - today.weekday()), "month_end": month_end}


def _base(scope: Scope, query: RegisterQuery) -> tuple[str, ...]:
    conditions = {
        "r.homes @> ARRAY[%(home)s::text]": scope.local_government is not None,
        "r.homes && %(homes)s::text[]": bool(query.local_governments),
        "r.partners @> ARRAY[%(partner)s::uuid]": query.partner is not None,
        "r.differs": query.differs,
    }
    return tuple(condition for condition, wanted in conditions.items() if wanted)


def _stages(query: RegisterQuery) -> list[Stage] | None:
    """Stages under phase and stages together; None where neither is filtered."""
    if query.phase is None:
        return list(query.stages) or None
    return [stage for stage in PHASES[query.phase] if not query.stages or stage in query.stages]


DUE: Final = {
    Due.LATE: "r.due < %(today)s",
    Due.THIS_WEEK: "r.due BETWEEN %(today)s AND %(week_end)s",
    Due.THIS_MONTH: "r.due BETWEEN %(today)s AND %(month_end)s",
    Due.NONE: "r.due IS NULL",
}
KEPT_DUE: Final = {**DUE, Due.NONE: f"r.due = '{NO_DUE}'"}
"""The same of kept counts."""


def _due(chosen: tuple[Due, ...], conditions: Mapping[Due, str]) -> str:
    ways = [conditions[due] for due in dict.fromkeys(chosen)]
    return f"({' OR '.join(ways)})" if ways else ""
