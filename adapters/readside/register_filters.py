"""A query of the register as conditions in SQL: what narrows everything, and what narrows by a facet."""

import calendar
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from adapters.readside.places import KINDS, STAGES
from adapters.readside.register_counts import NO_DUE
from application.access import Scope
from application.script import fold
from application.views.register import PHASES, Due, RegisterQuery
from domain.initiatives.terms import Stage

FACETS: Final = ("stage", "kind", "country", "handler", "due")
MOST_WORDS: Final = 20
_NUMBER: Final = re.compile(r"[0-9]{4}-[0-9]*")


class Filters(msgspec.Struct, frozen=True):
    """Conditions on `views.register AS r`. Values stand in `values`, by name."""

    base: tuple[str, ...]
    """On text, scope, local governments and partner."""
    facets: Mapping[str, str]
    """By facet, those that are filtered."""
    counted: Mapping[str, str]
    """Conditions on `value` of the kept counts, for the facets where counts can be added up."""
    values: Mapping[str, Any]

    @property
    def where(self) -> str:
        return joined((*self.base, *self.facets.values()))


def joined(conditions: tuple[str, ...]) -> str:
    return " AND ".join(conditions) or "true"


def filters(scope: Scope, query: RegisterQuery, today: date) -> Filters:
    stages = _stages(query)
    values = {
        "home": scope.local_government,
        "homes": printable(query.local_governments),
        "partner": query.partner,
        "stages": None if stages is None else [STAGES[stage] for stage in stages],
        "stage_options": None if stages is None else [str(STAGES[stage]) for stage in stages],
        "kinds": [KINDS[kind] for kind in query.kinds],
        "kind_options": [str(KINDS[kind]) for kind in query.kinds],
        "countries": printable(query.countries),
        "handlers": printable(query.handlers),
        **days(today),
        **{f"{name}_option": day.isoformat() for name, day in days(today).items()},
        **{f"word{place}": f"%{word}%" for place, word in enumerate(words(query.text))},
    }
    facets = {
        "stage": "r.stage = ANY(%(stages)s::smallint[])" if stages is not None else "",
        "kind": "r.kind = ANY(%(kinds)s::smallint[])" if query.kinds else "",
        "country": "r.countries && %(countries)s::text[]" if query.countries else "",
        "handler": "r.handler = ANY(%(handlers)s::text[])" if query.handlers else "",
        "due": _due(query.due),
    }
    counted = {
        "stage": "value = ANY(%(stage_options)s::text[])",
        "kind": "value = ANY(%(kind_options)s::text[])",
        "handler": "value = ANY(%(handlers)s::text[])",
        # A case with partners in two countries counts in both, so only the counts of one country are a number of cases.
        **({"country": "value = ANY(%(countries)s::text[])"} if len(set(query.countries)) == 1 else {}),
    }
    return Filters(_base(scope, query), {f: c for f, c in facets.items() if c}, counted, values)


def printable(values: Iterable[str]) -> list[str]:
    """Values that the database can hold; no case has any other."""
    return [value for value in values if value.isprintable()]


def words(text: str) -> list[str]:
    """Words that must all be found, folded; a case number stays one word. More than MOST_WORDS are not looked for."""
    found = [
        word
        for part in text.split()
        for word in ([part] if _NUMBER.fullmatch(part) and part.isascii() else fold(part).split())
    ]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def days(today: date) -> dict[str, date]:
    """The ends of the week, Sunday, and of the month."""
    month_end = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    return {"today": today, "week_end": today + timedelta(days=6 - today.weekday()), "month_end": month_end}


def _base(scope: Scope, query: RegisterQuery) -> tuple[str, ...]:
    found = [f"w.words LIKE %(word{place})s" for place, _ in enumerate(words(query.text))]
    text = f"r.case_id IN (SELECT w.case_id FROM views.register_words AS w WHERE {' AND '.join(found)})"  # noqa: S608
    conditions = {
        text: bool(found),
        "false": bool(query.text.strip()) and not found,  # signs alone: nothing bears such a name
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
DUE_OPTION: Final = {
    Due.LATE: "option < %(today_option)s",
    Due.THIS_WEEK: "option BETWEEN %(today_option)s AND %(week_end_option)s",
    Due.THIS_MONTH: "option BETWEEN %(today_option)s AND %(month_end_option)s",
    Due.NONE: f"option = '{NO_DUE}'",
}
"""The same of kept counts, whose options are days as text."""


def _due(chosen: tuple[Due, ...]) -> str:
    ways = [DUE[due] for due in dict.fromkeys(chosen)]
    return f"({' OR '.join(ways)})" if ways else ""
