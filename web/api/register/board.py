"""`GET /api/v1/board`: how many cases stand where, and the first of each column."""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Meta

from application.views.register import PHASES, Option, Phase, RegisterQuery
from domain.initiatives.terms import Stage
from web.api.http.answering import AsOfAnswer, answered, as_of
from web.api.http.asking import asked_as, granted
from web.api.http.describing import READS, Operation
from web.api.register import examples
from web.api.register.initiatives import Filters, query_of
from web.api.register.shapes import CaseSummary, Total
from web.api.register.telling import Telling
from web.casework import Casework
from web.forms import Form
from web.initiatives.board import stages_of
from web.session import PageRequest

MOST_CARDS: Final = 12
Counts = Annotated[dict[str, int], Meta(description="How many there are of each, with every other filter as it is.")]


class BoardAsked(Filters, frozen=True, kw_only=True):
    """The filters of the list."""

    cards: Annotated[int, Meta(ge=0, le=MOST_CARDS, description="How many cases of each column at most.")] = 0


class Column(msgspec.Struct, frozen=True, kw_only=True):
    code: Annotated[str, Meta(description="A phase; a stage where the filters name a phase or stages.")]
    stages: tuple[Stage, ...]
    total: Annotated[int, Meta(ge=0)]
    initiatives: Annotated[tuple[CaseSummary, ...], Meta(description="By deadline.")]


class BoardShown(msgspec.Struct, frozen=True, kw_only=True):
    columns: tuple[Column, ...]
    total: Total
    everything: Annotated[int, Meta(ge=0, description="Without any filter.")]
    by_phase: Counts
    by_stage: Counts
    by_kind: Counts
    by_country: Counts
    by_handler: Counts
    by_due: Counts
    as_of: AsOfAnswer | None


_COLUMN: Final = Column(code="proposal", stages=PHASES[Phase.PROPOSAL], total=14, initiatives=(examples.SUMMARY,))
_BOARD: Final = BoardShown(
    columns=(_COLUMN,),
    total=412,
    everything=412,
    by_phase={"proposal": 14, "partnership": 398},
    by_stage={"coordinating": 14, "active": 398},
    by_kind={"twinning": 412},
    by_country={"TR": 21},
    by_handler={"none": 2},
    by_due={"late": 3},
    as_of=None,
)


@get(
    "/api/v1/board",
    past=True,
    sync_to_thread=True,
    api=Operation(
        id="getBoard",
        tag="Initiatives",
        summary="How many cases stand at each phase or stage, and the first of them.",
        asked=BoardAsked,
        answer=BoardShown,
        example=_BOARD,
    ),
)
def board(request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]) -> Response[bytes]:
    """A column for each phase; where the filters name a phase or stages, one for each stage of them."""
    person = granted(request, READS)
    wanted = asked_as(asked, BoardAsked)
    query = query_of(wanted)
    found = work.reading.register(person, msgspec.structs.replace(query, size=1))
    counts = {option.value: option.count for option in (*found.phases, *found.stages)}
    columns = _columns(query)
    rows = work.reading.board(person, query, [stages for _, stages in columns], wanted.cards) if wanted.cards else ()
    telling = Telling(person, work)
    shown = [telling.summaries(cards) for cards in rows] or [()] * len(columns)
    body = BoardShown(
        columns=tuple(
            Column(code=code, stages=stages, total=counts.get(code, 0), initiatives=cards)
            for (code, stages), cards in zip(columns, shown, strict=True)
        ),
        total=found.total,
        everything=found.everything,
        by_phase=_counts(found.phases),
        by_stage=_counts(found.stages),
        by_kind=_counts(found.kinds),
        by_country=_counts(found.countries),
        by_handler=_counts(found.handlers),
        by_due=_counts(found.due),
        as_of=as_of(request),
    )
    return answered(request, body)


def _columns(query: RegisterQuery) -> list[tuple[str, tuple[Stage, ...]]]:
    stages = stages_of(query)
    return [(s.value, (s,)) for s in stages] if stages else [(phase.value, of_it) for phase, of_it in PHASES.items()]


def _counts(options: Sequence[Option]) -> dict[str, int]:
    return {option.value: option.count for option in options}
