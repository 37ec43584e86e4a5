"""The register as a board: a column for each phase, or each stage of one; a card for each case, with its next deeds."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

import msgspec

from application.access import Person, Role
from application.rights import MAY
from application.views.register import PHASES, Phase, RegisterPage, RegisterQuery, RegisterRow
from domain.initiatives.deeds import DEEDS
from domain.initiatives.terms import Stage
from web.casework import Casework
from web.initiatives.asking import LEADS_TO
from web.initiatives.deed_words import DEEDS as SAID
from web.initiatives.filters import address
from web.initiatives.naming import Names, Pair
from web.initiatives.words import PHASES as PHASE_WORDS
from web.words import STAGES

PATH: Final = "/initiatives/board"
MOST: Final = 8
"""Cards in a column of a phase; the others are in the list."""
MOST_OF_A_STAGE: Final = 12
_SIGNS: Final = {
    Phase.PROPOSAL: "p1",
    Phase.DRAFT_AND_DECISION: "p3",
    Phase.CONSENT: "p4",
    Phase.PARTNERSHIP: "p5",
    Phase.ENDED: "end",
}
_MOVES: Final[Mapping[str, Stage]] = {
    **LEADS_TO,
    "grant-consent": Stage.CONSENT_GRANTED,
    "publish": Stage.PUBLISHED,
    "resume-activity": Stage.ACTIVE,
}
"""Where a deed usually leads; where in this very case, and whether a rule stands against it, its form says."""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A deed that is done at the stage of a card, and the column to which it leads; empty where it has none here."""

    text: str
    href: str
    to: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    href: str
    pair: Pair
    stage: str
    """Empty where the whole column is of one stage."""
    due: date | None
    handler: str
    moves: tuple[Move, ...]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    title: str
    sign: str
    """Of a phase; a stage has its own."""
    total: int
    cards: tuple[Card, ...]
    all_href: str


def board_of(
    person: Person, work: Casework, names: Names, query: RegisterQuery, found: RegisterPage
) -> tuple[Column, ...]:
    """Columns with their first cards. A filter on phase or stages leaves their columns only, a stage each."""
    stages = stages_of(query)
    columns = [(stage,) for stage in stages] if stages else list(PHASES.values())
    rows = work.reading.board(person, query, columns, MOST_OF_A_STAGE if stages else MOST)
    column_of = {stage: str(code) for code, of_it in zip(stages or PHASES, columns, strict=True) for stage in of_it}
    role = None if work.reading.as_of else person.role
    cards = [tuple(_card(row, role, column_of, names, several=not stages) for row in shown) for shown in rows]
    if stages:
        return tuple(_of_stage(stage, shown, names, query, found) for stage, shown in zip(stages, cards, strict=True))
    return tuple(_of_phase(phase, shown, names, query, found) for phase, shown in zip(PHASES, cards, strict=True))


def stages_of(query: RegisterQuery) -> list[Stage]:
    """The columns where the filters name a phase or stages; none where there is one for each phase."""
    if query.phase is None:
        return list(query.stages)
    return [stage for stage in PHASES[query.phase] if not query.stages or stage in query.stages]


def _of_phase(phase: Phase, cards: tuple[Card, ...], names: Names, query: RegisterQuery, found: RegisterPage) -> Column:
    return Column(
        code=phase.value,
        title=names.spoken.gettext(PHASE_WORDS[phase]),
        sign=_SIGNS[phase],
        total=next(option.count for option in found.phases if option.value == phase),
        cards=cards,
        all_href=address(query, changed={"phase": phase, "sort": "due", "descending": False}),
    )


def _of_stage(stage: Stage, cards: tuple[Card, ...], names: Names, query: RegisterQuery, found: RegisterPage) -> Column:
    return Column(
        code=stage.value,
        title=names.spoken.gettext(STAGES[stage]),
        sign="",
        total=next(option.count for option in found.stages if option.value == stage),
        cards=cards,
        all_href=address(query, changed={"phase": None, "stages": (stage,), "sort": "due", "descending": False}),
    )


def _card(row: RegisterRow, role: Role | None, column_of: dict[Stage, str], names: Names, *, several: bool) -> Card:
    """Without a role, as in the past, nothing can be moved."""
    href = f"/initiatives/{row.number}"
    return Card(
        number=row.number,
        href=href,
        pair=names.short_pair(row.home, row.partners),
        stage=row.stage.value if several else "",
        due=row.due,
        handler=names.person(row.handler) if row.handler else "",
        moves=tuple(
            Move(
                text=names.spoken.gettext(SAID[deed].title),
                href=f"{href}/{deed}",
                to=column_of.get(leads_to, "") if leads_to else "",
            )
            for deed, leads_to in (moves(row.stage, row.deed, role) if role else ())
        ),
    )


@lru_cache(512)
def moves(stage: Stage, next_deed: str | None, role: Role) -> Sequence[tuple[str, Stage | None]]:
    """What a role may do at a stage to lead a case on: the deed that is waited for first, then the others."""
    at_hand = [
        code
        for code, deed in DEEDS.items()
        if stage in deed.stages and role in MAY[code] and (code in _MOVES or code == next_deed)
    ]
    ordered = sorted(at_hand, key=lambda code: code != next_deed)
    return tuple((code, _MOVES.get(code)) for code in ordered)
