"""given(...).when(...).then(...): how the office's rules are told in tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from domain.initiatives import deeds
from domain.initiatives.events import InitiativeEvent, InitiativeProposed
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.procedure import CaseOccasion
from domain.initiatives.terms import Kind, Origin, Party, PartyRole
from domain.kernel import AccountId, Command, Refused, VaultRef
from tests.procedures import SHIPPED

JELENA = AccountId(UUID(int=1))
MILAN = AccountId(UUID(int=2))
WORDS = VaultRef(UUID(int=77))
MODRICA = UUID(int=500)
RUDO = UUID(int=501)
VARVARIN = Party(role=PartyRole.HOME, local_government="varvarin")
WITH_MODRICA = (VARVARIN, Party(role=PartyRole.PARTNER, partner=MODRICA))
TODAY = CaseOccasion(actor=JELENA, at=datetime(2026, 3, 17, 9, tzinfo=UTC), today=date(2026, 3, 17), procedures=SHIPPED)


def proposed(kind: Kind = Kind.TWINNING) -> InitiativeProposed:
    return InitiativeProposed(
        occurred_on="2026-01-12",
        number="2026-0009",
        kind=kind,
        parties=WITH_MODRICA,
        origin=Origin.LOCAL_GOVERNMENT,
        rationale=WORDS,
    )


@dataclass
class Given:
    history: Sequence[InitiativeEvent]
    decided: list[InitiativeEvent] = field(default_factory=list)
    refused: Refused | None = None

    def when(self, command: Command, on: CaseOccasion = TODAY) -> Given:
        try:
            self.decided = deeds.decide(fold(self.history), command, on)
        except Refused as refused:
            self.refused = refused
        return self

    def then(self, *facts: InitiativeEvent) -> Initiative:
        """Exactly these facts were decided; gives the state that they lead to."""
        if self.refused is not None:
            pytest.fail(f"refused: {self.refused}")
        assert self.decided == list(facts)
        state = fold([*self.history, *self.decided])
        assert state is not None
        return state

    def then_refused(self, *codes: str) -> None:
        assert self.refused is not None, f"accepted: {self.decided}"
        assert [r.code for r in self.refused.refusals] == list(codes)


def given(*history: InitiativeEvent) -> Given:
    return Given(history)
