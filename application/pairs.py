"""The one rule of duplicates: which live cases hold a pair, asked wherever a case takes one up.

Two that take up the same pair at once meet in the pair's own stream: the slower one looks again and is then asked like
everybody else. See docs/decisions/0007-one-case-a-pair.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from application import handling
from application.identity import pair_id
from application.partners import goes_on
from application.ports import Log, Recorded, Views, Write
from application.views.register import Register
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.terms import LIVE
from domain.kernel import Refusal
from domain.pairs import PairTakenUp


class Pair(NamedTuple):
    """A home side and a partner, as the log has them."""

    home: str
    partner: UUID
    version: int
    """How often the pair was taken up."""

    @property
    def stream(self) -> UUID:
        return pair_id(self.home, self.partner)

    def taken_up_by(self, case: UUID, number: str) -> PairTakenUp:
        return PairTakenUp(local_government=self.home, partner=self.partner, case=case, case_number=number)


class TakenPairs(msgspec.Struct, frozen=True):
    """Some pairs as they stood when they were looked at."""

    numbers: Mapping[UUID, str]
    """The live cases that hold one of them, by their streams."""
    pairs: Sequence["Pair"]

    @property
    def listed(self) -> str:
        """The numbers as a sentence has them."""
        return ", ".join(self.numbers.values())

    def taken_up_by(self, case: UUID, number: str) -> list[Write]:
        """What has to be kept with the case, so that nobody else takes a pair up unseen."""
        return [Write(pair.stream, pair.version, [pair.taken_up_by(case, number)]) for pair in self.pairs]

    def named_in(self, refusals: Iterable[Refusal]) -> list[Refusal]:
        """The same refusals; a duplicate says which cases it means."""
        return [self._named(r) if r.code == "initiative.duplicate" else r for r in refusals]

    def _named(self, refusal: Refusal) -> Refusal:
        return replace(refusal, params={**refusal.params, "numbers": self.listed})


class Pairs:
    """Asks the register for all cases, and the log for those that the register may not show yet."""

    def __init__(self, log: Log, register: Register, views: Views) -> None:
        self._log = log
        self._register = register
        self._views = views

    def settle(self) -> None:
        """Let the views come up to the log first, for as long as a page would wait."""
        self._views.caught_up(self._log.head())

    def look(
        self,
        homes: Sequence[str],
        partners: Sequence[UUID],
        *,
        namesakes: Sequence[UUID] = (),
        beside: UUID | None = None,
    ) -> TakenPairs:
        """Every home side with every partner. Cases with a namesake count too; `beside` is the case that asks."""
        going_on = list(dict.fromkeys(goes_on(self._log, partner) for partner in partners))
        rows = self._register.same_pair(homes, [*going_on, *namesakes])
        numbers = {row.case: row.number for row in rows}
        pairs: list[Pair] = []
        for home, partner in product(dict.fromkeys(homes), going_on):
            history = self._log.read(pair_id(home, partner))
            pairs.append(Pair(home, partner, len(history)))
            numbers |= self._still_held(history, numbers)
        others = {case: numbers[case] for case in sorted(numbers, key=numbers.__getitem__) if case != beside}
        return TakenPairs(others, pairs)

    def _still_held(self, history: Sequence[Recorded], known: Mapping[UUID, str]) -> dict[UUID, str]:
        """Cases that took up the pair and hold it to this day."""
        taken = [recorded.fact for recorded in history if isinstance(recorded.fact, PairTakenUp)]
        return {
            claim.case: claim.case_number
            for claim in taken
            if claim.case not in known and _holds(handling.known(self._log, claim.case, fold).state, claim)
        }


def _holds(state: Initiative | None, claim: PairTakenUp) -> bool:
    if state is None or state.stage not in LIVE:
        return False
    return {claim.local_government, str(claim.partner)} <= {party.key for party in (*state.home, *state.partners)}
