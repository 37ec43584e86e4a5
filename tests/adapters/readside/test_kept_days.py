"""The register of any day of the world, from what was kept of it: the same as projecting all that was known anew."""

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest

from adapters.procedures.shelf import FiledProcedures
from adapters.readside.catalogue import catalogue
from adapters.readside.kept_days import KeptDays
from adapters.readside.looking_back import LookingBack, Place
from adapters.readside.read_side import ReadSide
from adapters.reference.units import local_governments
from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives import terms as t
from domain.partners.events import PartnerMerged, PartnerRenamed
from tests.adapters.readside.office import ANA, WORDS, Office, abroad
from tests.adapters.readside.test_looking_back import LISTED, picture

NAMES, PROCEDURES = local_governments(), FiledProcedures()
VIEWS = catalogue(NAMES)
FIRST, LAST = date(1999, 1, 1), date(2025, 12, 31)


class Life:
    """A made-up office: what happened is recorded late, in any order, and corrected."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office = office
        self.seed = seed
        self.dice = random.Random(seed)  # noqa: S311 - the same history each time
        self.partners: list[UUID] = []
        self.recorded: dict[str, list[e.InitiativeEvent]] = {}

    def day(self) -> PartialDate:
        on = FIRST + timedelta(days=self.dice.randrange((LAST - FIRST).days))
        return PartialDate(self.dice.choice([f"{on:%Y}", f"{on:%Y-%m}", f"{on:%Y-%m-%d}", f"{on:%Y-%m-%d}"]))

    def perhaps(self) -> PartialDate | None:
        return self.day() if self.dice.random() < 0.8 else None

    def step(self) -> None:
        dice, office = self.dice, self.office
        match dice.randrange(10):
            case 0 if len(self.partners) < 6:
                self.partners.append(office.partner(f"Grad {self.seed} {office.last}", "AT"))
            case 1 if self.partners:
                renamed = PartnerRenamed(name=f"Grad {dice.randrange(10_000)}", occurred_on=self.perhaps())
                office.record(dice.choice(self.partners), renamed)
            case 2 if len(self.partners) > 3 and dice.random() < 0.4:
                gone, into = dice.sample(self.partners, 2)
                self.partners.remove(gone)
                office.record(gone, PartnerMerged(into=into, occurred_on=self.perhaps()))
            case 3 | 4 if self.partners:
                self.begin(f"{2020 + self.seed}-{len(self.recorded) + 1:04}")
            case 5 | 6 if self.recorded:
                self.correct(dice.choice(list(self.recorded)))
            case _ if self.recorded:
                self.go_on(dice.choice(list(self.recorded)))
            case _:
                pass

    def begin(self, number: str) -> None:
        parties = (t.Party(role=t.PartyRole.HOME, local_government="nis"), abroad(self.dice.choice(self.partners)))
        self.add(
            number,
            self.dice.choice(
                [
                    e.HistoricAgreementEntered(
                        number=number, kind=t.Kind.TWINNING, parties=parties, source="x", occurred_on=self.perhaps()
                    ),
                    e.InitiativeProposed(
                        number=number,
                        kind=t.Kind.TWINNING,
                        parties=parties,
                        origin=t.Origin.LOCAL_GOVERNMENT,
                        rationale=WORDS,
                        occurred_on=self.perhaps(),
                    ),
                ]
            ),
        )

    def go_on(self, number: str) -> None:
        some = (
            e.CoordinationStarted(handler=ANA, occurred_on=self.perhaps()),
            e.AgreementSigned(
                instrument=t.Instrument.AGREEMENT,
                occurred_on=self.perhaps(),
                term=t.Term(ends_on=PartialDate("2030")),
            ),
            e.VisitHeld(occurred_on=self.perhaps()),
            e.PartyJoined(party=abroad(self.dice.choice(self.partners), t.PartyRole.OBSERVER)),
            e.RemarkAdded(remark=WORDS),
            e.AgreementTerminated(termination=t.Termination.MUTUAL, decision_number="1/26", occurred_on=self.perhaps()),
        )
        self.add(number, self.dice.choice(some))

    def correct(self, number: str) -> None:
        version = self.dice.randrange(len(self.recorded[number])) + 1
        wrong = self.recorded[number][version - 1]
        if isinstance(wrong, e.FactCorrected | e.RemarkAdded):
            return
        right = type(wrong)(
            **{**{f: getattr(wrong, f) for f in wrong.__struct_fields__}, "occurred_on": self.perhaps()}
        )
        self.add(number, e.FactCorrected(corrects=version, restated=right, reason=WORDS))

    def add(self, number: str, fact: e.InitiativeEvent) -> None:
        self.recorded.setdefault(number, []).append(fact)
        self.office.add(number, fact)


@pytest.fixture
def reading(database, pool, book) -> Iterator[ReadSide]:
    side = ReadSide(database.url, pool, book, NAMES, PROCEDURES)
    yield side
    side.past.close()


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A busy machine takes longer than a reader waits."""
    monkeypatch.setattr("adapters.readside.past_session.PATIENCE_SECONDS", 60.0)


def shown(database, book, days: KeptDays, place: Place) -> dict[str, list[str]]:
    with (
        closing(LookingBack(database.url, book, NAMES, PROCEDURES, VIEWS, days)) as back,
        back.connection(place) as connection,
    ):
        return picture(connection, "pg_temp", LISTED)


@pytest.mark.parametrize("seed", range(3))
def test_any_day_from_what_was_kept_is_as_projected_anew(database, book, reading, seed, monkeypatch):
    monkeypatch.setattr("adapters.readside.kept_days.TOGETHER", 3)
    office = Office(book)
    life = Life(office, seed)
    dice = random.Random(100 + seed)  # noqa: S311 - the same each time
    days = reading.kept_days
    with psycopg.connect(database.url, autocommit=True) as sql:
        for _ in range(6):
            for _ in range(25):
                life.step()
            while days.step(sql, dice.choice([3, 7, 50])):
                if dice.random() < 0.15:
                    break
            reached = days.reached(sql)
            assert reached
            for _ in range(4):
                on = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days))
                position = dice.choice([reached, book.head(), dice.randrange(1, book.head() + 1)])
                kept = shown(database, book, days, Place(position, on, None, listed=True))
                anew = shown(database, book, days, Place(position, on, None, listed=False))
                assert kept == anew, (seed, position, on)
    assert any(isinstance(fact, e.FactCorrected) for facts in life.recorded.values() for fact in facts)
