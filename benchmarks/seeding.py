"""A large register, always the same: cases at every stage, thousands of partners, every local government.

`seed` appends through the real log. With `together` cases at a time their facts alternate, as when many are led at
once; with one, each case is told to its end before the next begins, as when registers are taken over.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from random import Random
from typing import Final
from uuid import UUID, uuid5

from application.identity import case_id, partner_id
from application.ports import Log, Save, Write
from application.reference import LocalGovernments, UnitKind
from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives import terms as t
from domain.kernel import AccountId, CommandKey, Fact, Occasion, VaultRef
from domain.partners.events import NameAdded, NameKind, PartnerRegistered

SEED_SPACE: Final = UUID("0d6f0c3e-59a4-4a8e-9a4f-7b64a2b1c5d1")
HANDLERS: Final = tuple(AccountId(uuid5(SEED_SPACE, f"handler {n}")) for n in range(12))
COUNTRIES: Final = (
    *("BA", "HR", "ME", "MK", "SI", "AT", "DE", "IT", "FR", "HU", "RO", "BG", "GR", "TR", "CZ", "SK"),
    *("PL", "RU", "UA", "CN", "ES", "PT", "CH", "SE", "NO", "NL", "BE", "CY", "AL", "US"),
)
ON: Final = Occasion(actor=HANDLERS[0], at=datetime(2026, 1, 1, tzinfo=UTC), today=date(2026, 1, 1))
WORDS: Final = VaultRef(uuid5(SEED_SPACE, "words"))
SAVES_A_CALL: Final = 200
SYLLABLES: Final = (
    *("ba", "be", "bo", "bra", "da", "do", "dra", "ga", "gra", "ka", "kra", "la", "le", "lo", "ma", "me"),
    *("mo", "na", "ne", "no", "pa", "po", "pra", "ra", "ro", "sa", "so", "sta", "ta", "to", "va", "vi", "za"),
)
ENDINGS: Final = ("vac", "grad", "burg", "ville", "polje", "nica", "hausen", "eni", "ovo", "ton")
Told = Callable[[int], None]


def partners(count: int) -> dict[UUID, tuple[PartnerRegistered, list[Fact]]]:
    """Partners with the aliases of some, more of them in the neighbourhood."""
    chance = Random(1)  # noqa: S311 - made-up data, the same each time
    found: dict[UUID, tuple[PartnerRegistered, list[Fact]]] = {}
    while len(found) < count:
        name = "".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))) + chance.choice(ENDINGS)
        country = COUNTRIES[min(int(chance.expovariate(0.12)), len(COUNTRIES) - 1)]
        registered = PartnerRegistered(name=name.capitalize(), country=country)
        others: list[Fact] = (
            [NameAdded(name=f"{name}-{country}", kind=NameKind.EXONYM)] if chance.random() < 0.2 else []
        )
        found.setdefault(partner_id(country, name), (registered, others))
    return found


def cases(count: int, names: LocalGovernments, abroad: Sequence[UUID]) -> Iterator[tuple[str, list[Fact]]]:
    """Case numbers and the facts of each."""
    chance = Random(2)  # noqa: S311 - see above
    homes = [code for code, unit in sorted(names.by_code.items()) if unit.kind is not UnitKind.ASSOCIATION]
    weights = [1 / (place + 5) for place in range(len(homes))]
    for running in range(count):
        parties = (
            t.Party(role=t.PartyRole.HOME, local_government=chance.choices(homes, weights)[0]),
            *(
                t.Party(role=t.PartyRole.PARTNER, partner=p)
                for p in chance.sample(abroad, 1 + (chance.random() < 0.03))
            ),
        )
        number = f"{2000 + running * 26 // count}-{running + 1:04d}"
        yield number, a_life(chance, number, parties, running)


def a_life(chance: Random, number: str, parties: tuple[t.Party, ...], running: int) -> list[Fact]:
    """From its beginning to a stage that chance picks; a third are agreements from before the register."""
    day = PartialDate(f"{1995 + chance.randrange(30)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 28):02d}")
    kind = chance.choices(t.PROPOSABLE_KINDS, (60, 15, 10, 10, 5))[0]
    if chance.random() < 0.33:
        source = f"https://example.org/{running}"
        return [e.HistoricAgreementEntered(number=number, kind=kind, parties=parties, source=source, occurred_on=day)]
    handler = chance.choice(HANDLERS)
    road: list[Fact] = [
        e.InitiativeProposed(
            number=number,
            kind=kind,
            parties=parties,
            origin=t.Origin.LOCAL_GOVERNMENT,
            rationale=WORDS,
            occurred_on=day,
        ),
        e.CoordinationStarted(handler=handler, occurred_on=day),
        e.SupportGiven(items=tuple(t.Support)),
        e.CoordinationCompleted(),
        e.DraftingStarted(occurred_on=day),
        e.DraftReviewed(languages=("sr", "en")),
        e.DecisionAdopted(
            number=f"06-{running}", body=t.DecidingBody.ASSEMBLY, foreign_state="Република Италија", occurred_on=day
        ),
        e.ConsentRequested(registry_number=f"08-{running}", addressee="МДУЛС"),
        e.OpinionReceived(body="Министарство спољних послова", stance=t.Stance.FAVOURABLE),
        e.ConsentGranted(act_number=f"05-{running}"),
        e.DecisionPublished(gazette=t.Gazette(name="Сл. лист", number=f"{running % 90}")),
        e.AgreementSigned(instrument=t.Instrument.AGREEMENT, occurred_on=day, term=t.Term(ends_on=PartialDate("2030"))),
        e.AgreementEnteredIntoForce(occurred_on=day),
        e.VisitHeld(occurred_on=day),
        e.ExpiryApproached(ends_on=PartialDate("2030")),
        e.AgreementRenewed(renewal=t.Renewal.TACIT),
        e.FellDormant(),
    ]
    length = chance.choices(range(1, len(road) + 1), (3, 2, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 30, 25, 3, 12, 5))[0]
    return [*road[:length], *_turn(chance, length, day)]


def _turn(chance: Random, length: int, day: PartialDate) -> list[Fact]:
    """What ends some cases, or takes them aside."""
    turns: dict[int, list[Fact]] = {
        1: [e.InitiativeDeclined(reason=WORDS)],
        2: [e.ProcedureSuspended(reason=WORDS)],
        3: [e.InitiativeWithdrawn(reason=WORDS)],
        4: [e.LetterOfIntentSigned(occurred_on=day)],
        8: [e.FileReturned(missing=WORDS, due_on=day)],
        9: [e.ConsentRefused(reason=WORDS)],
        13: [e.AgreementTerminated(termination=t.Termination.MUTUAL, decision_number="1/2026", occurred_on=day)],
        15: [e.AgreementExpired(occurred_on=day)],
    }
    return turns.get(length, []) if chance.random() < 0.3 else []


def seed(log: Log, names: LocalGovernments, count: int, together: int = 1, told: Told = lambda _: None) -> int:
    """Append `count` cases, and a partner for each twenty. Returns the number of facts; `told` hears it grow."""
    known = partners(max(10, count // 20))
    histories = ((case_id(number), facts) for number, facts in cases(count, names, list(known)))
    beginnings = ((partner, [first, *others]) for partner, (first, others) in known.items())
    total = 0
    for saves in _batches([*_whole(beginnings)]):
        log.append(saves)
    while group := list(islice(histories, max(together, SAVES_A_CALL))):
        for saves in _batches(_whole(group) if together == 1 else _alternating(group)):
            log.append(saves)
            total += sum(len(write.facts) for save in saves for write in save.writes)
        told(total)
    return total


def one_more(log: Log, names: LocalGovernments, running: int) -> None:
    """Append one case more, an agreement from before the register, as somebody at a desk would."""
    code = next(iter(sorted(names.by_code)))
    party = t.Party(role=t.PartyRole.HOME, local_government=code)
    number, source = f"2026-{running:04d}", f"https://example.org/more/{running}"
    fact = e.HistoricAgreementEntered(number=number, kind=t.PROPOSABLE_KINDS[0], parties=(party,), source=source)
    log.append([_save(case_id(number), 0, [fact])])


def a_long_case(log: Log, names: LocalGovernments, number: str, facts: int) -> list[datetime]:
    """Append a case of many facts, one after the other; when each was recorded. Visits and remarks follow its life."""
    party = t.Party(role=t.PartyRole.HOME, local_government=next(iter(sorted(names.by_code))))
    begun = e.HistoricAgreementEntered(
        number=number, kind=t.PROPOSABLE_KINDS[0], parties=(party,), source="a benchmark"
    )
    visits_and_remarks = (
        e.VisitHeld(place=f"Visit {n}") if n % 2 else e.RemarkAdded(remark=WORDS) for n in range(1, facts)
    )
    for place, fact in enumerate([begun, *visits_and_remarks]):
        log.append([_save(case_id(number), place, [fact])])
    return [recorded.recorded_at for recorded in log.read(case_id(number))]


def _whole(histories: Iterable[tuple[UUID, Sequence[Fact]]]) -> Iterator[Save]:
    return (_save(stream, 0, facts) for stream, facts in histories)


def _alternating(histories: Sequence[tuple[UUID, Sequence[Fact]]]) -> Iterator[Save]:
    """The first fact of each, then the second of each."""
    for place in range(max(len(facts) for _, facts in histories)):
        yield from (_save(stream, place, facts[place : place + 1]) for stream, facts in histories if place < len(facts))


def _batches(saves: Iterable[Save]) -> Iterator[list[Save]]:
    every = iter(saves)
    while batch := list(islice(every, SAVES_A_CALL)):
        yield batch


def _save(stream: UUID, after: int, facts: Sequence[Fact]) -> Save:
    key = CommandKey(uuid5(stream, str(after)))
    return Save(key=key, digest=hashlib.sha256(key.bytes).digest(), on=ON, writes=[Write(stream, after, facts)])
