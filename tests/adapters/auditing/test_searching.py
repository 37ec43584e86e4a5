"""Every filter of the log, against a walk through the whole log."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from application.auditing import FactQuery
from application.handling import OFFICE
from application.identity import case_id
from application.ports import Recorded
from domain.initiatives import events as e
from domain.initiatives import terms as t
from domain.initiatives.initiative import fold, tag_of
from domain.kernel import AccountId
from tests.adapters.readside.office import WORDS, home

ANA, MIRKO, VERA = (AccountId(UUID(int=n, version=4)) for n in (51, 52, 53))
TOWNS = ("nis", "leskovac", "vranje")
KINDS = ((), ("initiative.remark-added",), ("initiative.coordination-started", "initiative.deadline-extended"))
CASES = 9
SPREAD = """
    UPDATE log.facts SET recorded_at = timestamptz '2026-01-01 00:00+01' + notification_id * interval '97h'
"""


@pytest.fixture(scope="module", autouse=True)
def log(hands, book, reading, owner_database_spread) -> list[Recorded]:
    """Nine cases in three towns, recorded by three people over some months, before every test of the module."""
    for n in range(CASES):
        number = f"2026-{n + 1:04d}"
        proposed = e.InitiativeProposed(
            number=number,
            kind=t.Kind.TWINNING if n % 2 else t.Kind.CROSS_BORDER,
            parties=(home(TOWNS[n % 3]),),
            origin=t.Origin.LOCAL_GOVERNMENT,
            rationale=WORDS,
        )
        hands.record(number, (ANA, MIRKO)[n % 2], proposed)
    for n in range(CASES):
        number = f"2026-{n + 1:04d}"
        hands.record(number, MIRKO, e.CoordinationStarted(handler=ANA), on_behalf_of=(None, ANA, VERA)[n % 3])
        hands.record(number, ANA, *[e.RemarkAdded(remark=WORDS)] * (n % 4 + 1))
        if n % 2:
            hands.record(number, VERA, e.SupportGiven(items=()), e.CoordinationCompleted(), e.DraftingStarted())
    owner_database_spread()
    assert reading.views.caught_up(book.head(), timeout=20)
    return list(book.page(0, 10_000))


@pytest.fixture(scope="module")
def owner_database_spread(database):
    """Facts of one test are recorded within a second: spread them over half a year, past the triggers."""

    def spread() -> None:
        with psycopg.connect(database.owner_url) as owner:
            owner.execute("ALTER TABLE log.facts DISABLE TRIGGER only_grows")
            owner.execute(SPREAD)
            owner.execute("ALTER TABLE log.facts ENABLE ALWAYS TRIGGER only_grows")

    return spread


def fits(r: Recorded, query: FactQuery, log: list[Recorded]) -> bool:
    """The same filters, said once more in Python."""
    day = r.recorded_at.astimezone(OFFICE).date()
    history = [other.fact for other in log if other.stream == r.stream]
    before = fold([other.fact for other in log if other.stream == r.stream and other.version < r.version])
    after = fold([other.fact for other in log if other.stream == r.stream and other.version <= r.version])
    left = before is not None and after is not None and before.stage is query.left and after.stage is not query.left
    return all(
        (
            query.since is None or day >= query.since,
            query.until is None or day <= query.until,
            query.person is None or query.person in (r.actor, r.on_behalf_of),
            query.case is None or r.stream == case_id(query.case),
            not query.kinds or tag_of(r.fact) in query.kinds,
            query.local_government is None or history[0].parties[0].local_government == query.local_government,
            query.left is None or left,
            query.cooperation is None or query.left is None or history[0].kind is query.cooperation,
        )
    )


QUERIES = [
    FactQuery(since=since, until=until, person=person, kinds=kinds, local_government=town)
    for since, until, person, kinds, town in product(
        (None, date(2026, 2, 14)), (None, date(2026, 4, 30)), (None, ANA, VERA, UUID(int=9)), KINDS, (None, "nis")
    )
] + [
    FactQuery(case="2026-0004"),
    FactQuery(case="2026-0004", person=MIRKO),
    FactQuery(case="2026-9999"),
    FactQuery(left=t.Stage.PROPOSED),
    FactQuery(left=t.Stage.PROPOSED, cooperation=t.Kind.TWINNING),
    FactQuery(left=t.Stage.COORDINATING, person=VERA),
    FactQuery(left=t.Stage.DRAFTING),
    FactQuery(since=date(2030, 1, 1)),
    FactQuery(until=date(2020, 1, 1)),
]


@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_a_filter_finds_what_a_walk_through_the_log_finds(search, log, number):
    query = QUERIES[number]
    assert search.behind() == 0
    wanted = [r.position for r in reversed(log) if fits(r, query, log)]
    found = search.page(query, 1_000)
    assert [one.position for one in found] == wanted
    assert [one.recorded for one in found] == [r for r in reversed(log) if r.position in set(wanted)]
    assert search.count(query, 1_000) == len(wanted)
    assert search.count(query, 3) == min(3, len(wanted))


def test_the_filters_of_this_test_find_something_and_not_everything(log):
    counts = [sum(fits(r, query, log) for r in log) for query in QUERIES]
    assert sum(0 < count < len(log) for count in counts) > len(QUERIES) / 2


@pytest.mark.parametrize("query", [FactQuery(), FactQuery(person=ANA)], ids=["all", "one person"])
def test_pages_go_down_and_up_without_a_gap(search, query):
    search.behind()
    whole = [one.position for one in search.page(query, 1_000)]
    down: list[int] = []
    while page := search.page(replace(query, before=down[-1] if down else None), 4):
        down += [one.position for one in page]
    up = [one.position for one in search.page(replace(query, after=whole[-1]), 1_000)]
    assert down == whole
    assert up == whole[-2::-1]


def test_a_day_is_the_offices(search, hands, database):
    """Half an hour before midnight in Belgrade it is the evening of that day, whatever UTC says."""
    position = hands.record("2026-0001", VERA, e.RemarkAdded(remark=WORDS))
    moment = datetime(2027, 5, 3, 22, 30, tzinfo=UTC)  # 0:30 on the 4th
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("ALTER TABLE log.facts DISABLE TRIGGER only_grows")
        owner.execute("UPDATE log.facts SET recorded_at = %s WHERE notification_id = %s", (moment, position))
        owner.execute("ALTER TABLE log.facts ENABLE ALWAYS TRIGGER only_grows")
    assert search.behind() == 0
    fourth = date(2027, 5, 4)
    assert [one.position for one in search.page(FactQuery(since=fourth, until=fourth), 9)] == [position]
    third = fourth - timedelta(days=1)
    assert search.page(FactQuery(since=third, until=third), 9) == []
