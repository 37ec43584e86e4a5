"""How much may be asked, counted over a real database by several processes' worth of counters."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.database.pool import Pool, open_pool
from adapters.identity.buckets import PostgresBuckets
from application.allowances import PORTIONS, Allowances
from tests.conftest import Database

LIMIT = 600


class Counted(PostgresBuckets):
    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self.draws = 0

    def draw(self, key: str, most: int, capacity: int, now: datetime) -> tuple[int, float]:
        self.draws += 1
        return super().draw(key, most, capacity, now)


class Office:
    def __init__(self, pool: Pool) -> None:
        self.now = datetime(2026, 3, 17, 8, tzinfo=UTC)
        self.buckets = Counted(pool)

    def process(self) -> Allowances:
        return Allowances(self.buckets, LIMIT, lambda: self.now)


@pytest.fixture(scope="module")
def pool(database: Database) -> Iterator[Pool]:
    with open_pool(database.url) as opened:
        yield opened


@pytest.fixture
def office(pool: Pool) -> Office:
    with pool.connection() as db:
        db.execute("DELETE FROM access.allowances")
    return Office(pool)


def allowed(*processes: Allowances, key: str = "portal") -> int:
    """How many are let through in turn until every process refuses."""
    count, refused = 0, 0
    while refused < len(processes):
        refused = 0
        for process in processes:
            done = process.take(key).wait == 0
            count, refused = count + done, refused + (not done)
    return count


def test_processes_together_keep_to_the_limit_and_few_requests_write(office: Office) -> None:
    assert allowed(*(office.process() for _ in range(3))) == LIMIT
    assert office.buckets.draws < 3 * PORTIONS


def test_one_who_asks_too_much_waits_until_there_is_something_again(office: Office) -> None:
    process = office.process()
    assert allowed(process) == LIMIT
    refused = process.take("portal")
    assert (refused.remaining, refused.wait, refused.full_in) == (0, 1, 60)
    draws = office.buckets.draws
    for _ in range(50):
        assert process.take("portal").wait
    assert office.buckets.draws == draws, "a refusal that is known asks nobody"
    office.now += timedelta(seconds=refused.wait)
    assert process.take("portal").wait == 0
    office.now += timedelta(seconds=29)
    assert allowed(process) == pytest.approx(LIMIT / 2, abs=LIMIT / PORTIONS)


def test_others_have_a_bucket_of_their_own(office: Office) -> None:
    process = office.process()
    allowed(process)
    assert process.take("statistics").wait == 0


def test_who_asks_seldom_is_charged_for_no_portion(office: Office) -> None:
    processes = [office.process() for _ in range(4)]
    for _ in range(30):
        for process in processes:
            assert process.take("portal").remaining >= LIMIT - len(processes)
        office.now += timedelta(seconds=11)


def test_what_was_drawn_is_not_given_out_late(office: Office) -> None:
    process = office.process()
    for _ in range(100):
        process.take("portal")
    office.now += timedelta(minutes=2)
    assert allowed(process) == LIMIT


def test_a_clock_that_goes_back_gives_nothing(office: Office) -> None:
    allowed(office.process())
    office.now -= timedelta(hours=1)
    assert office.process().take("portal").wait
