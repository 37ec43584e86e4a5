"""The register as a board: the first cards of each column, those with the nearest deadline first."""

from collections.abc import Sequence
from typing import Any, Final

from adapters.readside.places import STAGES
from adapters.readside.register_filters import Filters, joined
from domain.initiatives.terms import Stage

# Without a search each stage is read by its index, up to as many cards as a column shows.
_BY_STAGE: Final = """
    unnest(%(places)s::smallint[], %(board)s::smallint[]) AS s (place, stage) CROSS JOIN LATERAL (
        SELECT r.case_id, r.due, r.number FROM views.register AS r
        WHERE r.stage = s.stage AND {where} ORDER BY r.due, r.number LIMIT %(most)s
    ) AS k
"""
# A search, or the cases of one town, are found once for all the columns.
_ONCE: Final = """
    (
        WITH hit AS MATERIALIZED (
            SELECT r.case_id, r.stage, r.due, r.number FROM views.register AS r WHERE {where}
        ) SELECT * FROM hit
    ) AS k JOIN unnest(%(places)s::smallint[], %(board)s::smallint[]) AS s (place, stage) USING (stage)
"""
_CARDS: Final = """
    SELECT c.place, r.body FROM (
        SELECT s.place, k.case_id, row_number() OVER (PARTITION BY s.place ORDER BY k.due, k.number) AS n FROM {source}
    ) AS c JOIN views.register AS r USING (case_id) WHERE c.n <= %(most)s ORDER BY c.place, c.n
"""


def cards(asked: Filters, columns: Sequence[Sequence[Stage]], most: int) -> tuple[str, dict[str, Any]]:
    """Rows `place of the column, body`. The columns say which stages are wanted, whatever the filters say of stages."""
    facets = tuple(condition for facet, condition in asked.facets.items() if facet != "stage")
    source = (_ONCE if asked.searched else _BY_STAGE).format(where=joined((*asked.base, *facets)))
    of_columns = [(place, STAGES[stage]) for place, stages in enumerate(columns) for stage in stages]
    values = {"places": [place for place, _ in of_columns], "board": [stage for _, stage in of_columns], "most": most}
    return _CARDS.format(source=source), {**asked.values, **values}
