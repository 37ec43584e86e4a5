"""The past as tables: whatever the views have shown at some position, they show again when it is looked at."""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from adapters.procedures.shelf import FiledProcedures
from adapters.readside import page
from adapters.readside.catalogue import catalogue
from adapters.readside.kept_days import KeptDays
from adapters.readside.looking_back import LookingBack
from adapters.readside.past_models import PostgresPast
from adapters.readside.read_side import ReadSide
from adapters.readside.register import ROWS
from adapters.reference.units import local_governments
from application.access import Scope
from application.past import AsOf, Preparing
from application.views.register import RegisterQuery
from domain.initiatives import events as e
from domain.initiatives import terms as t
from domain.initiatives.terms import Stage
from domain.partners.events import PartnerRenamed
from tests.adapters.readside.office import ANA, MIRKO, WORDS, abroad, to_consent

SMALL_BLOCK = 7
VIEWS = catalogue(local_governments())
TABLES = [table for view in VIEWS for table in view.tables if not table.name.endswith("_was")]
LISTED = [table for table in TABLES if table.name in {"register", "partner_file"}]
TODAY = date(2026, 3, 1)
Picture = dict[str, list[str]]


def until(sees) -> None:
    deadline = time.monotonic() + 10
    while not sees():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def picture(connection: psycopg.Connection, schema: str, tables=TABLES) -> Picture:
    """Every row of every table as text; the block of a row says when it was written, not what it shows."""
    found = {}
    for table in tables:
        names = ", ".join(name for name in table.columns if name != "block")
        rows = connection.execute(f"SELECT ({names})::text FROM {schema}.{table.name}").fetchall()  # noqa: S608
        found[table.name] = sorted(row for (row,) in rows)
    return found


@pytest.fixture(scope="module")
def small_blocks():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "BLOCK", SMALL_BLOCK)
        yield


@pytest.fixture(scope="module")
def reading(small_blocks, database, pool, book) -> Iterator[ReadSide]:
    side = ReadSide(database.url, pool, book, local_governments(), FiledProcedures())
    side.projector.start()
    yield side
    side.projector.stop()
    side.past.close()


@pytest.fixture(scope="module")
def album(database, reading, office, book) -> dict[int, tuple[datetime, Picture]]:
    """What the live tables showed after each record of a busy office, by position, and when that was."""
    found: dict[int, tuple[datetime, Picture]] = {}
    with psycopg.connect(database.url, autocommit=True) as sql:

        def show() -> None:
            assert reading.views.caught_up(office.last, timeout=20)
            found[office.last] = (book.page(office.last - 1, 1)[0].recorded_at, picture(sql, "views"))

        for _ in busy(office):
            show()
    return found


def busy(office) -> Iterator[None]:
    dice = random.Random(4)  # noqa: S311 - the same history each time
    partners = [office.partner(name, "AT") for name in ("Graz", "Grac", "Linz", "Wels")]
    yield
    waiting: list[list[e.InitiativeEvent]] = []
    for n in range(1, 9):
        number = f"2026-{n:04}"
        if n % 4 == 0:
            office.historic(number, "nis", dice.choice(partners))
        else:
            office.proposed(number, dice.choice(["nis", "cacak"]), dice.choice(partners))
            facts = [e.CoordinationStarted(handler=dice.choice([ANA, MIRKO])), e.CoordinationCompleted(), *to_consent()]
            task = e.TaskGiven(task=uuid4(), assignee=ANA, what=WORDS)
            facts.insert(3, task)
            facts.insert(5, e.TaskDone(task=task.task, what=WORDS))
            waiting.append([number, *facts])
        yield
    joined = e.PartyJoined(party=abroad(partners[2], t.PartyRole.OBSERVER))
    office.add(waiting[0][0], joined)
    yield
    merged = False
    while waiting:
        case = dice.choice(waiting)
        office.add(case[0], *case[1 : 1 + dice.choice([1, 1, 2])])
        del case[1:3]
        waiting = [left for left in waiting if len(left) > 1]
        yield
        if not merged and len(waiting) < 4:
            merged = True
            office.merged(partners[1], partners[0], "Grac")
            yield
            office.record(partners[2], PartnerRenamed(name="Linz an der Donau"))
            yield
    office.add("2026-0001", e.InitiativeWithdrawn(reason=WORDS))
    yield


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A busy machine takes longer than a reader waits."""
    monkeypatch.setattr("adapters.readside.past_session.PATIENCE_SECONDS", 60.0)


def looking(database, book, short: int) -> LookingBack:
    names, procedures = local_governments(), FiledProcedures()
    return LookingBack(database.url, book, names, procedures, VIEWS, KeptDays(book, names, procedures), short)


def positions(album) -> list[int]:
    """One that ends a block, its neighbours, and some others."""
    ends = [at for at in album if at % SMALL_BLOCK in (0, 1, SMALL_BLOCK - 1)]
    return sorted({*ends, *list(album)[::3], max(album)})


def test_the_history_is_long_and_crosses_blocks(album):
    assert max(album) > 6 * SMALL_BLOCK
    assert any(at % SMALL_BLOCK == 0 for at in album)


@pytest.mark.parametrize("short", [10_000, 0], ids=["projected anew", "from what was kept"])
def test_whatever_was_shown_is_shown_again(database, book, album, short):
    tables = TABLES if short else LISTED
    back = looking(database, book, short)
    for position in positions(album):
        recorded_at, then = album[position]
        listed, everything = back.places(AsOf(known_at=recorded_at), None)
        assert listed.position == position
        assert (listed == everything) is bool(short)
        with back.connection(listed) as connection:
            now = picture(connection, "pg_temp", tables)
        assert now == {name: then[name] for name in now}, position
    back.close()


def test_at_the_head_every_view_is_the_live_one(database, book, album, sql):
    live = picture(sql, "views")
    for short in (10_000, 0):
        with closing(looking(database, book, short)) as back:
            places = back.places(AsOf(known_at=datetime.now(UTC)), None)
            for place, tables in zip(places, (LISTED, TABLES), strict=True):
                with back.connection(place) as connection:
                    assert picture(connection, "pg_temp", tables) == {table.name: live[table.name] for table in tables}


def test_readers_read_the_past(database, book, album):
    first = next(at for at in album if album[at][1]["register"])
    with closing(looking(database, book, 0)) as back:
        past = PostgresPast(back, local_governments())
        models = past.at(AsOf(known_at=album[first][0]), Scope())
        found = models.register.page(Scope(), RegisterQuery(), TODAY)
        assert (found.total, found.everything, found.position) == (1, 1, first)
        assert [row.number for row in found.rows] == ["2026-0001"]
        assert models.register.page(Scope(), RegisterQuery(stages=(Stage.SIGNED,)), TODAY).total == 0
        assert (
            models.register.page(Scope(), RegisterQuery(countries=("AT",), text="graz linz grac wels"), TODAY).total
            == 0
        )
        assert [option.value for option in found.countries] == ["AT"]
        [column] = models.register.board(Scope(), RegisterQuery(), [[Stage.PROPOSED]], 5, TODAY)
        assert [row.number for row in column] == ["2026-0001"]
        assert [len(batch) for batch in models.register.rows(Scope(), RegisterQuery(), TODAY)] == [1]
        assert [change.number for change in models.timeline.newest(Scope(), 9)] == ["2026-0001"]


def test_before_the_first_fact_there_is_nothing(database, book, album):
    with closing(looking(database, book, 0)) as back:
        models = PostgresPast(back, local_governments()).at(AsOf(known_at=datetime(2000, 1, 1, tzinfo=UTC)), Scope())
        found = models.register.page(Scope(), RegisterQuery(), TODAY)
        assert (found.total, found.everything, found.rows) == (0, 0, ())
        assert models.local_governments.all(Scope()) == []


def test_a_case_out_of_scope_today_has_no_past_either(database, book, album, reading, office):
    """An officer sees what the own town had then, as far as it is the town's own today."""
    known = AsOf(known_at=max(at for at, _ in album.values()))
    for short in (10_000, 0):
        with closing(looking(database, book, short)) as back:
            past = PostgresPast(back, local_governments())
            everything = past.at(known, Scope()).register.page(Scope(), RegisterQuery(), TODAY)
            own = past.at(known, Scope("nis")).register.page(Scope("nis"), RegisterQuery(), TODAY)
            assert {row.home for row in own.rows} == {("nis",)}
            assert own.total == own.everything == sum(row.home == ("nis",) for row in everything.rows) > 0


def test_who_asks_while_the_past_is_put_together_hears_how_far_it_is(database, book, album, monkeypatch):
    monkeypatch.setattr("adapters.readside.past_session.PATIENCE_SECONDS", 0.0)
    with closing(looking(database, book, 10_000)) as back:
        place, _ = back.places(AsOf(known_at=datetime.now(UTC) - timedelta(0)), None)
        with pytest.raises(Preparing) as preparing, back.connection(place):
            pass
        assert 0 <= preparing.value.done <= preparing.value.whole
        monkeypatch.setattr("adapters.readside.past_session.PATIENCE_SECONDS", 20.0)
        with back.connection(place) as connection:
            assert picture(connection, "pg_temp", [ROWS])["register"]


def test_few_sessions_stay_open(database, book, album, sql, monkeypatch):
    monkeypatch.setattr("adapters.readside.looking_back.MOST_SESSIONS", 2)
    with closing(looking(database, book, 10_000)) as back:
        for position in list(album)[:5]:
            place, _ = back.places(AsOf(known_at=album[position][0]), None)
            with back.connection(place) as connection:
                connection.execute("SELECT 1")
        asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pobratim-past'"
        # a session that was left is gone as soon as its server process has noticed
        until(lambda: sql.execute(asked).fetchone()[0] <= 2)
