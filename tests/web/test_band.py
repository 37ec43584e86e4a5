"""Above every page stands which list has stopped, as long as it has; looking costs no page a question of its own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from adapters.readside import health
from adapters.readside.health import Glance
from adapters.readside.reads import Reads
from tests.web.casework_stack import Browser, Stack, coordinator, proposed, stack

__all__ = ["coordinator", "stack"]

STOP = """
    UPDATE views.progress SET stopped_at = position + 1, error = 'ValueError: poison',
           stopped_since = '2026-03-17 08:30+00' WHERE view = ANY(%s)
"""
GO_ON = "UPDATE views.progress SET stopped_at = NULL, error = NULL, stopped_since = NULL"


@contextmanager
def stopped(stack: Stack, *views: str) -> Iterator[None]:
    with psycopg.connect(stack.made.settings.database_url, autocommit=True) as owner:
        owner.execute(STOP, (list(views),))
        try:
            yield
        finally:
            owner.execute(GO_ON)


def band(browser: Browser, path: str) -> str:
    found = re.search(r'<div class="band" role="status">.*?<p>(.*?)</p>', browser.open(path).answer.text)
    return found[1] if found else ""


@pytest.fixture
def always_new(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "GLANCE_SECONDS", 0.0)
    monkeypatch.setattr(stack.made.read_side, "glance", Glance(Reads(stack.made.pool)))


@pytest.mark.usefixtures("always_new")
def test_every_page_says_which_list_has_stopped_and_since_when(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "nis", "Bursa")
    pages = ["/", "/initiatives", f"/initiatives/{number}", "/partners", "/local-governments", "/initiatives/1901-0001"]
    assert [band(coordinator, path) for path in pages] == [""] * len(pages)
    with stopped(stack, "register", "work_queue"):
        told = [band(coordinator, path) for path in pages]
        assert set(told) == {told[0]}
        assert re.fullmatch(
            r"May be out of date since 17 Mar(ch)? 2026 09:30: register, desk. The operator is told by /health/ready.",
            told[0],
        )
        assert coordinator.open("/health/ready").status == 503
    assert band(coordinator, "/") == ""


@pytest.mark.usefixtures("always_new")
@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("sr-Latn", "Moguće zastarelo od 17. 3. 2026. 09:30: partneri. Operatera o tome obaveštava /health/ready."),
        ("sr-Cyrl", "Могуће застарело од 17. 3. 2026. 09:30: партнери. Оператера о томе обавештава /health/ready."),
    ],
)
def test_it_says_so_in_the_readers_language(stack: Stack, coordinator: Browser, code: str, told: str) -> None:
    coordinator.speaks(code)
    with stopped(stack, "partner_file"):
        assert band(coordinator, "/partners") == told
    coordinator.speaks("en")


class CountingPool:
    """A pool that counts who asks, and may be away."""

    def __init__(self, stack: Stack) -> None:
        self.asked = 0
        self.away = False
        self._pool = stack.made.pool

    def connection(self) -> object:
        self.asked += 1
        if self.away:
            raise psycopg.OperationalError("no route to host")
        return self._pool.connection()


def test_a_hundred_pages_in_a_second_ask_once(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "GLANCE_SECONDS", 60.0)
    pool = CountingPool(stack)
    glance = Glance(Reads(pool))  # pyright: ignore[reportArgumentType] - all that it needs of a pool
    with stopped(stack, "register"):
        assert [set(glance.stopped()) for _ in range(100)] == [{"register"}] * 100
    assert pool.asked == 1


def test_a_database_that_is_away_leaves_what_was_known(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "GLANCE_SECONDS", 0.0)
    pool = CountingPool(stack)
    glance = Glance(Reads(pool))  # pyright: ignore[reportArgumentType] - as above
    with stopped(stack, "register"):
        assert set(glance.stopped()) == {"register"}
        pool.away = True
        assert [set(glance.stopped()) for _ in range(3)] == [{"register"}] * 3
    assert pool.asked == 2, "nobody waits again so soon"
