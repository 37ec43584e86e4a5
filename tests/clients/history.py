"""Histories that a mirror can get wrong: walks over every deed, corrections, mergings, erasures, the real register."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

import msgspec

from adapters.reference.demo import INITIATIVES
from application.access import OPERATOR
from application.identity import case_id
from application.people_requests import ReceivedRequest
from application.ports import Save, Write
from domain.initiatives import events as e
from domain.initiatives import terms as t
from domain.initiatives.initiative import fold
from domain.kernel import AccountId, CommandKey, Fact, Occasion, VaultRef
from domain.partners import events as p
from domain.people.events import ErasureGround, RequestKind
from tests.domain.initiatives.test_road import begun, tried
from tests.domain.specification import MODRICA, WORDS
from web.demo import KEEPER
from web.main import Installation, open_table

WALKS: Final = 70
LONGEST: Final = 18
OTHER: Final = UUID(int=4_711)
"""The partner into which the one of the walks is merged in the end."""
ERASED: Final = "letter"
"""A word of remarks of the real register."""
ON: Final = Occasion(actor=AccountId(UUID(int=1)), at=datetime(2026, 3, 17, tzinfo=UTC), today=date(2026, 3, 17))


def append(made: Installation, stream: UUID, after: int, facts: Sequence[Fact]) -> None:
    key = CommandKey(uuid5(stream, str(after)))
    digest = hashlib.sha256(key.bytes).digest()
    made.log.append([Save(key=key, digest=digest, on=ON, writes=[Write(stream, after, facts)])])


def walks() -> Iterator[tuple[UUID, list[Fact]]]:
    """Cases that took any way that deeds take; the same each time."""
    for seed in range(WALKS):
        chance, number = Random(seed), f"2024-{seed + 1:04d}"  # noqa: S311 - a walk, not a secret
        first: Any = begun(chance)
        facts: list[Any] = [msgspec.structs.replace(first, number=number, procedure=None)]
        while len(facts) < LONGEST:
            ways = [way for way in tried(fold(facts), chance) if not _moved(way)]
            if not ways:
                break
            facts += chance.choice(ways)
        facts += corrections(facts)
        yield case_id(number), facts


def _moved(way: Sequence[Fact]) -> bool:
    """To a version of a procedure that only the walks know."""
    return any(isinstance(fact, e.ProcedureChanged) for fact in way)


def corrections(facts: Sequence[Any]) -> list[Fact]:
    """Another kind, source and term for what was recorded."""
    found: list[Fact] = []
    for version, fact in enumerate(facts, 1):
        restated: Any = None
        if version == 1:
            restated = msgspec.structs.replace(fact, kind=t.Kind.DECENTRALISED, occurred_on="2025-02")
        elif isinstance(fact, e.AgreementSigned | e.AgreementRenewed):
            restated = msgspec.structs.replace(fact, term=t.Term(ends_on=f"20{50 + version}", tacit_renewal=True))
        if restated and version % 2:
            found.append(e.FactCorrected(corrects=version, restated=restated, reason=WORDS))
    return found


def record(made: Installation) -> None:
    """All of it, the walks turn by turn."""
    append(made, MODRICA, 0, [p.PartnerRegistered(name="Modriča", country="BA")])
    append(made, OTHER, 0, [p.PartnerRegistered(name="Modrica", country="BA", part_of="Doboj")])
    histories = list(walks())
    for place in range(0, max(len(facts) for _, facts in histories), 5):
        for stream, facts in histories:
            if part := facts[place : place + 5]:
                append(made, stream, place, part)
    append(made, OTHER, 1, [p.PartnerRenamed(name="Modriča-Doboj", old_name_is=p.NameKind.FORMER)])
    append(made, OTHER, 2, [p.PartnerReclassified(kind=p.PartnerKind.COUNTY, country="HR")])
    append(made, MODRICA, 1, [p.PartnerMerged(into=OTHER)])
    append(made, OTHER, 3, [p.PartnerAbsorbed(partner=MODRICA, names=("Modriča",))])
    with open_table(INITIATIVES) as table:
        made.importing.take(OPERATOR, table)


def erase_and_correct(made: Installation) -> None:
    """Of the entries with a word one is corrected, and all others are erased."""
    first, others = _found(made, RequestKind.CORRECTION)
    made.keeping_people.correct(KEEPER, first, CommandKey(uuid4()), others[0], "Исправљено.")
    number, rest = _found(made, RequestKind.ERASURE)
    assert rest, "the register has no such words any more"
    made.keeping_people.erase(KEEPER, number, CommandKey(uuid4()), rest, ErasureGround.NO_LONGER_NEEDED)


def _found(made: Installation, kind: RequestKind) -> tuple[str, list[VaultRef]]:
    """The number of a new request, and the entries that it is about."""
    asked = ReceivedRequest(kind=kind, received_on=made.reading.today(), name="N N", contact="-")
    number = made.keeping_people.receive(KEEPER, CommandKey(uuid4()), asked).number
    found = made.keeping_people.search(KEEPER, number, CommandKey(uuid4()), ERASED)
    return number, [one.entry.ref for one in found]
