"""The one statement that counts for a page of the register: from the kept counts where they suffice, else by a scan."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from adapters.readside.places import KINDS, STAGES
from adapters.readside.register_filters import DUE, DUE_OPTION, FACETS, Filters, joined
from application.views.register import PHASES, Due, Option, RegisterQuery
from domain.initiatives.terms import Kind

ALL: Final = "all"
EVERYTHING: Final = "everything"
POSITION: Final = "position"
Counted = Mapping[str, Mapping[str, int]]
"""How many cases, by facet and option."""

_COLUMNS: Final = "r.stage, r.kind, r.handler, r.due, r.countries"


def _each(counted: str, conditions: Mapping[Due, str]) -> str:
    """The days of all answers in one pass: a day may belong to several."""
    return ", ".join(f"{counted} FILTER (WHERE {condition}) AS {due.value}" for due, condition in conditions.items())


_NAMES: Final = ", ".join(f"('{due.value}', s.{due.value})" for due in Due)
_NAMED: Final = f"LATERAL (VALUES {_NAMES}) AS d (name, n)"
# Every value is a parameter, and every condition is written in register_filters: hence the silenced S608.
_OF_CASES: Final = {
    "stage": "SELECT 'stage', r.stage::text, count(*) FROM {source} AS r WHERE {where} GROUP BY r.stage",
    "kind": "SELECT 'kind', r.kind::text, count(*) FROM {source} AS r WHERE {where} GROUP BY r.kind",
    "handler": "SELECT 'handler', r.handler, count(*) FROM {source} AS r WHERE {where} GROUP BY r.handler",
    "country": "SELECT 'country', c, count(*) FROM {source} AS r, unnest(r.countries) AS c WHERE {where} GROUP BY c",
    "due": f"SELECT 'due', d.name, d.n FROM (SELECT {_each('count(*)', DUE)} FROM {{source}} AS r WHERE {{where}}) AS s, "  # noqa: E501, S608
    + _NAMED,
    ALL: "SELECT 'all', '', count(*) FROM {source} AS r WHERE {where}",
}
_KEPT: Final = """
    SELECT facet, option, sum(n) FROM views.register_counts
    WHERE given = '{given}' AND {value} AND facet IN ({facets}) GROUP BY facet, option
"""
_KEPT_ALL: Final = """
    SELECT 'all', '', sum(n) FROM (
        SELECT option AS value, n FROM views.register_counts WHERE given = '' AND facet = '{given}'
    ) AS given WHERE {value}
"""
_KEPT_DUE: Final = f"""
    SELECT 'due', d.name, d.n FROM (
        SELECT {_each("sum(n)", DUE_OPTION)} FROM views.register_counts
        WHERE given = '{{given}}' AND {{value}} AND facet = 'due'
    ) AS s, {_NAMED}
"""  # noqa: S608
_SCOPE: Final = """
    SELECT 'everything', '', sum(n) FROM views.register_counts WHERE facet = 'all' AND option = ''
    AND given = CASE WHEN %(home)s::text IS NULL THEN '' ELSE 'home' END AND value = coalesce(%(home)s::text, '')
    UNION ALL SELECT 'position', '', position FROM views.progress WHERE view = 'register'
"""


class Statement(msgspec.Struct, frozen=True):
    sql: str
    scans: bool
    """Best planned for the values at hand."""


def statement(filters: Filters) -> Statement:
    """Rows `facet, option, n`. Each facet is counted under every filter but its own; `all` under every filter."""
    kept: dict[str, list[str]] = {}
    parts: list[str] = []
    for facet in (*FACETS, ALL):
        others = [other for other in filters.facets if other != facet]
        if _suffices(filters, others):
            kept.setdefault(others[0] if others else "", []).append(facet)
        else:
            parts.append(_scan(filters, facet, others))
    scans = bool(parts)
    for given, facets in kept.items():
        parts += _kept(filters, given, facets)
    return Statement(_sources(filters, scans) + " UNION ALL ".join([*parts, _SCOPE]), scans)


def _suffices(filters: Filters, others: list[str]) -> bool:
    """Counts are kept for nothing given and for one facet given."""
    return not filters.base and (not others or (len(others) == 1 and others[0] in filters.counted))


def _kept(filters: Filters, given: str, facets: list[str]) -> Iterable[str]:
    value = filters.counted[given] if given else "value = ''"
    if given and ALL in facets:
        yield _KEPT_ALL.format(given=given, value=value)
        facets = [facet for facet in facets if facet != ALL]
    if others := [facet for facet in facets if facet != "due"]:
        yield _KEPT.format(given=given, value=value, facets=", ".join(f"'{facet}'" for facet in others))
    if "due" in facets:
        yield _KEPT_DUE.format(given=given, value=value)


def _sources(filters: Filters, scans: bool) -> str:
    """Cases under the filters that are no facets, or under all of them, found once for all the counts."""
    if not scans:
        return ""
    where = joined(filters.base) if filters.base else filters.where
    return f"WITH hit AS MATERIALIZED (SELECT {_COLUMNS} FROM views.register AS r WHERE {where}) "  # noqa: S608


def _scan(filters: Filters, facet: str, others: list[str]) -> str:
    conditions = joined(tuple(filters.facets[other] for other in others))
    if filters.base:
        return _OF_CASES[facet].format(source="hit", where=conditions)
    if len(others) == len(filters.facets):
        return _OF_CASES[facet].format(source="hit", where="true")
    return _OF_CASES[facet].format(source="views.register", where=conditions)


def phases(counted: Counted, query: RegisterQuery) -> tuple[Option, ...]:
    """Every phase, in the order of the road."""
    stages = counted.get("stage", {})
    return tuple(
        Option(phase.value, sum(stages.get(str(STAGES[stage]), 0) for stage in stages_of), query.phase is phase)
        for phase, stages_of in PHASES.items()
    )


def stages(counted: Counted, query: RegisterQuery) -> tuple[Option, ...]:
    """Every stage, in the order of the road."""
    found = counted.get("stage", {})
    return tuple(
        Option(stage.value, found.get(str(place), 0), stage in query.stages) for stage, place in STAGES.items()
    )


def kinds(counted: Counted, query: RegisterQuery) -> tuple[Option, ...]:
    by_kind = {kind.value: counted.get("kind", {}).get(str(KINDS[kind]), 0) for kind in Kind}
    return options(by_kind, [kind.value for kind in query.kinds])


def dues(counted: Counted, query: RegisterQuery) -> tuple[Option, ...]:
    """Every answer, in the order of urgency."""
    return tuple(Option(due.value, counted.get("due", {}).get(due.value, 0), due in query.due) for due in Due)


def options(counts: Mapping[str, int], chosen: Iterable[str]) -> tuple[Option, ...]:
    """Those that would show something and those that are chosen, the most frequent first."""
    taken = set(chosen)
    values = sorted({*(value for value, n in counts.items() if n), *taken}, key=lambda v: (-counts.get(v, 0), v))
    return tuple(Option(value, counts.get(value, 0), value in taken) for value in values)
