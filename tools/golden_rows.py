"""Write the rows to which a small fixed history leads in every view: `python -m tools.golden_rows`.

A test holds what views make of the history against these files, so that nobody changes rows and forgets the revision of
the view, by which an installation learns that it has to build the view anew. Refuses rows that are other ones under the
same revision.
"""

import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from adapters.procedures.shelf import FiledProcedures
from adapters.readside.catalogue import catalogue
from adapters.readside.entries import CaseEntry, PartnerEntry
from adapters.readside.page import CASES, PARTNERS, Memory, Page, fold_page
from adapters.readside.table import Columns, Differences, Rows
from adapters.readside.view import View
from application.identity import case_id, partner_id
from application.ports import Recorded
from application.reference import LocalGovernment, UnitKind
from domain.initiatives import events as e
from domain.initiatives import terms as t
from domain.kernel import AccountId, CommandKey, Fact, VaultRef
from domain.partners import events as p

GOLDEN = Path(__file__).parent.parent / "tests" / "adapters" / "readside" / "golden"
RAISE = "the same facts lead to other rows of {name} now: raise its `revision` to {next}, then run {command}"
WRITE = "write the rows of {name} down: run {command}"
COMMAND = "python -m tools.golden_rows"
BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
ANA, MIRKO = (AccountId(UUID(int=number, version=4)) for number in (11, 12))
WORDS = VaultRef(UUID(int=13, version=4))
BARI, GRAZ, GRAC = partner_id("IT", "Bari"), partner_id("AT", "Graz"), partner_id("AT", "Grac")
SIGNED, PAUSED, OLD, TAKEN = (case_id(number) for number in ("2026-0001", "2026-0002", "1979-0001", "2021-0001"))


def _parties(home: str, partner: UUID) -> tuple[t.Party, ...]:
    there = t.Party(role=t.PartyRole.PARTNER, partner=partner)
    return (t.Party(role=t.PartyRole.HOME, local_government=home), there)


def _proposed(number: str, home: str, partner: UUID) -> Fact:
    return e.InitiativeProposed(
        occurred_on="2026-02-27",
        number=number,
        kind=t.Kind.TWINNING,
        parties=_parties(home, partner),
        origin=t.Origin.LOCAL_GOVERNMENT,
        rationale=WORDS,
    )


def _signed(place: str) -> e.AgreementSigned:
    term = t.Term(ends_on="2031-02-28", tacit_renewal=True)
    return e.AgreementSigned(occurred_on="2026-03", instrument=t.Instrument.AGREEMENT, place=place, term=term)


History = Sequence[tuple[UUID, Fact]]
PAGES: tuple[History, ...] = (
    (
        (BARI, p.PartnerRegistered(name="Bari", country="IT")),
        (GRAZ, p.PartnerRegistered(name="Graz", country="AT", part_of="Steiermark")),
        (GRAC, p.PartnerRegistered(name="Grac", country="AT")),
        (SIGNED, _proposed("2026-0001", "nis", BARI)),
        (SIGNED, e.CoordinationStarted(handler=ANA)),
        (PAUSED, _proposed("2026-0002", "leskovac", GRAC)),
        (SIGNED, e.SupportGiven(items=tuple(t.Support))),
        (SIGNED, e.CoordinationCompleted()),
        (SIGNED, e.DraftingStarted()),
        (SIGNED, e.DraftReviewed(languages=("sr", "it"))),
        (PAUSED, e.CoordinationStarted(handler=MIRKO)),
        (PAUSED, e.ProcedureSuspended(reason=WORDS, until="2026-06")),
        (
            SIGNED,
            e.DecisionAdopted(number="06-1", body=t.DecidingBody.ASSEMBLY, foreign_state="Република Италија"),
        ),
        (SIGNED, e.ConsentRequested(registry_number="08-1", addressee="МДУЛС")),
        (SIGNED, e.FileReturned(missing=WORDS, due_on="2026-03-20")),
        (
            OLD,
            e.HistoricAgreementEntered(
                occurred_on="1979-05",
                number="1979-0001",
                kind=t.Kind.FRIENDSHIP,
                parties=_parties("nis", GRAZ),
                source="списак",
            ),
        ),
        (
            TAKEN,
            e.InitiativeTakenOver(
                number="2021-0001",
                kind=t.Kind.CROSS_BORDER,
                parties=_parties("leskovac", BARI),
                stage=t.Stage.CONSENT_GRANTED,
                source="списак",
                remark=WORDS,
            ),
        ),
        (TAKEN, e.VisitHeld(occurred_on="2026-02-20", place="Bari")),
    ),
    (
        (SIGNED, e.FileSupplemented()),
        (SIGNED, e.ConsentGranted(act_number="337-1")),
        (SIGNED, _signed("Niš")),
        (SIGNED, e.AgreementEnteredIntoForce(occurred_on="2026-03-15")),
        (SIGNED, e.VisitHeld(occurred_on="2026-04", place="Bari", purpose=WORDS)),
        (SIGNED, e.FactCorrected(corrects=12, restated=_signed("Bari"), reason=WORDS)),
        (SIGNED, e.PartyJoined(party=t.Party(role=t.PartyRole.HOME, local_government="leskovac"))),
        (PAUSED, e.InitiativeWithdrawn(reason=WORDS)),
        (OLD, e.FellDormant()),
        (BARI, p.PartnerRenamed(name="Bari delle Puglie")),
        (BARI, p.NameAdded(name="Бари", kind=p.NameKind.EXONYM)),
        (GRAC, p.PartnerMerged(into=GRAZ)),
        (GRAZ, p.PartnerAbsorbed(partner=GRAC, names=("Grac",))),
    ),
)
"""Pages of the history: the second one changes what the first one made."""


class Golden(msgspec.Struct, frozen=True):
    revision: int
    pages: list[list[Any]]
    """For each page of the history what the view gives for it."""


class _Towns:
    by_code: Mapping[str, LocalGovernment] = {
        code: LocalGovernment(code=code, name=name, kind=UnitKind.CITY, district="Округ")
        for code, name in (("nis", "Ниш"), ("leskovac", "Лесковац"))
    }

    def find(self, text: str) -> LocalGovernment | None:
        return None


class _Remembered:
    """Nothing but what the memory holds."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def cases(self, ids: Collection[UUID]) -> Mapping[UUID, CaseEntry]:
        return {}

    def cases_of(self, partners: Collection[UUID]) -> Collection[UUID]:
        return [case for case, look in self._memory.looks.items() if not set(partners).isdisjoint(look.ids)]

    def partners(self, ids: Collection[UUID]) -> Mapping[UUID, PartnerEntry]:
        return {}


def views() -> Sequence[View]:
    return catalogue(_Towns())


def made(view: View) -> Golden:
    """What the view of today makes of the history."""
    pages = [[_shown(one) for one in view.project(page)] for page in _pages()]
    return msgspec.json.decode(msgspec.json.encode(Golden(view.revision, pages)), type=Golden)


def kept(view: View) -> Golden | None:
    """What it made when its revision was written down."""
    path = _path(view)
    return msgspec.json.decode(path.read_bytes(), type=Golden) if path.exists() else None


def fault(view: View) -> str | None:
    """What has to be done about the view, None where its rows are what they were."""
    then, now = kept(view), made(view)
    if then and then.pages != now.pages and now.revision <= then.revision:
        return RAISE.format(name=view.name, next=then.revision + 1, command=COMMAND)
    return None if then == now else WRITE.format(name=view.name, command=COMMAND)


def main() -> int:
    refused = [said for view in views() if (said := fault(view)) and "raise" in said]
    for view in [] if refused else views():
        _path(view).parent.mkdir(exist_ok=True)
        _path(view).write_bytes(msgspec.json.format(msgspec.json.encode(made(view)), indent=1) + b"\n")
    sys.stderr.writelines(f"{said}\n" for said in refused)
    return 1 if refused else 0


def _path(view: View) -> Path:
    return GOLDEN / f"{view.name}.json"


def _pages() -> Sequence[Page]:
    memory, names, procedures = Memory(), _Towns(), FiledProcedures().now()
    source = _Remembered(memory)
    return [fold_page(facts, memory, source, names, procedures, {CASES, PARTNERS}) for facts in _recorded()]


def _recorded() -> Sequence[Sequence[Recorded]]:
    versions, positions = Counter[UUID](), count(1)

    def one(stream: UUID, fact: Fact) -> Recorded:
        versions[stream] += 1
        position = next(positions)
        at = BEGIN + timedelta(hours=position)
        return Recorded(stream, versions[stream], position, at, ANA, None, CommandKey(WORDS), fact)

    return [[one(stream, fact) for stream, fact in page] for page in PAGES]


def _shown(given: Rows | Columns | Differences) -> Any:
    if isinstance(given, Rows):
        return list(given.rows)
    if isinstance(given, Columns):
        names = [name for name, _ in given.write.columns]
        return [dict(zip(names, row, strict=True)) for row in zip(*given.columns, strict=True)]
    differences = Counter(given.more)
    differences.subtract(given.less)
    return sorted([*key, n] for key, n in differences.items() if n)


if __name__ == "__main__":
    sys.exit(main())
