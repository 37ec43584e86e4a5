"""The one statement that counts for a page of the register: from the kept counts, or from the cases of a search."""

from collections.abc import Iterable, Mapping
from typing import Final

from adapters.readside.places import KINDS, STAGES
from adapters.readside.register_counts import COUNTS, FACETS, counted_by
from adapters.readside.register_filters import DUE, KEPT_DUE, Filters, joined
from application.views.register import PHASES, Due, Option, RegisterQuery
from domain.initiatives.terms import Kind

ALL: Final = "all"
EVERYTHING: Final = "everything"
POSITION: Final = "position"
Counted = Mapping[str, Mapping[str, int]]
"""How many cases, by facet and option."""


def counts(filters: Filters) -> str:
    """Rows `facet, option, n`. Each facet is counted under every filter but its own; `all` under every filter.

    What is no facet must be looked for, and then stands in `hit`; everything else is added up from kept counts.
    """
    facets = filters.facets if filters.searched else _kept(filters)
    parts = [
        _counted(facet, {other: condition for other, condition in facets.items() if other != facet}, filters)
        for facet in (*FACETS, ALL)
    ]
    return " UNION ALL ".join([*parts, _EVERYTHING if filters.counts_kept else _EVERY_ROW, _POSITION])


_TABLE: Final = f"views.{COUNTS.table.name}"
_WITHIN: Final = "SELECT count(*) FROM views.register WHERE homes @> ARRAY[%(home)s::text]"
_EVERYTHING: Final = f"""
    SELECT 'everything', '', CASE WHEN %(home)s::text IS NULL
        THEN (SELECT n FROM {_TABLE} WHERE counted = 0)
        ELSE ({_WITHIN}) END
"""  # noqa: S608 - here and below every value is a parameter, and every condition is written in register_filters
_EVERY_ROW: Final = f"SELECT 'everything', '', ({_WITHIN} OR %(home)s::text IS NULL)"
_POSITION: Final = "SELECT 'position', '', position FROM views.progress WHERE view = 'register'"
_NAMES: Final = ", ".join(f"('{due.value}', s.{due.value})" for due in Due)
_NAMED: Final = f"LATERAL (VALUES {_NAMES}) AS d (name, n)"


def _kept(filters: Filters) -> Mapping[str, str]:
    return {**filters.facets, "due": filters.kept_due} if filters.kept_due else filters.facets


def _counted(facet: str, others: Mapping[str, str], filters: Filters) -> str:
    """The counts of one facet, from the cases found or from the kept counts by it and by those filtered."""
    if filters.searched:
        n, source, days, conditions = "count(*)", "hit AS r", DUE, [*others.values()]
    else:
        by = counted_by({facet, *others} - {ALL})
        n, source, days = "sum(r.n)", f"{_TABLE} AS r", KEPT_DUE
        conditions = [f"r.counted = {by}", *others.values()]
    within = f"FROM {source} WHERE {joined(tuple(conditions))}"
    if facet == ALL:
        return f"SELECT 'all', '', {n} {within}"
    if facet == "due":  # a day may belong to several of its options
        each = ", ".join(f"{n} FILTER (WHERE {condition}) AS {due.value}" for due, condition in days.items())
        return f"SELECT 'due', d.name, d.n FROM (SELECT {each} {within}) AS s, {_NAMED}"  # noqa: S608
    if facet == "country":  # a case with partners in two countries counts in both
        each = f"SELECT string_to_array(r.country, ' ') AS together, {n} AS n {within} GROUP BY r.country"
        return f"SELECT 'country', one, sum(s.n) FROM ({each}) AS s, unnest(s.together) AS one GROUP BY one"  # noqa: S608
    return f"SELECT '{facet}', r.{facet}::text, {n} {within} GROUP BY r.{facet}"


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
