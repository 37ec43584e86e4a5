"""Server-Sent Events: the bytes of the feed, from any position on, for as long as the token allows."""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from litestar.testing import TestClient

from application import feed as feed_module
from application import feed_live
from application.access import Role
from application.feed import Feed, FeedFilter, encoded
from application.ports import LogUnavailable
from domain.partners.events import PartnerRegistered
from domain.subscriptions.events import SubscriptionPaused
from tests.adapters.recording.office import a_save
from tests.planting import plant
from tests.web.api.listening import PATIENCE, Block, listening
from tests.web.casework_stack import Stack
from web.api.feed import event_streams
from web.api.feed.event_streams import EventStreams
from web.demo import KEEPER
from web.parts import Parts

STREAM = "/api/v1/events/stream"


@pytest.fixture
def streams(stack: Stack) -> Iterator[EventStreams]:
    parts: Parts = stack.app.state["parts"]
    yield parts.event_streams
    assert len(parts.event_streams) == 0, "a stream was left behind"


@pytest.fixture
def token(subscriber: TestClient) -> str:
    return subscriber.headers["authorization"].removeprefix("Bearer ")


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heart and token are looked after all the time."""
    monkeypatch.setattr(event_streams, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(event_streams, "CHECK_SECONDS", 0.05)


def run(coroutine: Coroutine[object, object, None]) -> None:
    asyncio.run(asyncio.wait_for(coroutine, 3 * PATIENCE))


def record(stack: Stack, count: int = 1) -> list[int]:
    """Facts of partners, each in a stream of its own; their positions."""
    fact = PartnerRegistered(name="Graz", country="AT")
    return [stack.made.log.append([a_save(uuid4(), 0, [fact])])[0].position for _ in range(count)]


def a_token(stack: Stack, role: Role = Role.AUDITOR, town: str | None = None) -> tuple[UUID, str]:
    account = stack.account(role, town)
    issued = stack.made.signing_in.issue_token(KEEPER, account.id, "one", ["events:read"], timedelta(days=1))
    return account.id, issued


def told(stack: Stack, statement: str, *values: object) -> None:
    with psycopg.connect(stack.made.settings.database_url, autocommit=True) as connection:
        connection.execute(statement.encode(), values)


def test_the_stream_gives_what_there_is_and_what_comes_in_the_bytes_of_the_feed(
    stack: Stack, subscriber: TestClient, token: str, streams: EventStreams
) -> None:
    async def listen() -> None:
        head = stack.made.log.head()
        async with listening(stack.app, token) as listener:
            assert await listener.status == 200
            blocks = [await listener.block() for _ in range(head)]
            blocks += [await listener.block() for _ in record(stack, 3)]
        recorded = stack.made.log.page(0, head + 3)
        assert blocks == [
            Block(id=event.id, event=event.type, data=encoded(event)) for event in stack.made.feed.events(recorded)
        ]

    run(listen())
    batch = subscriber.get("/api/v1/events?limit=1000").content
    assert encoded(stack.made.feed.events(stack.made.log.page(0, 1))[0]) in batch


def test_a_client_that_comes_back_goes_on_behind_its_last_event(
    stack: Stack, token: str, streams: EventStreams
) -> None:
    async def listen() -> None:
        positions = record(stack, 4)
        async with listening(stack.app, token, f"after={positions[0]}") as listener:
            assert await listener.ids(3) == positions[1:]
        again = {"last-event-id": str(positions[2])}
        async with listening(stack.app, token, "after=0", again) as listener:
            assert await listener.ids(1) == positions[3:]
        async with listening(stack.app, token, f"after={positions[2]}", {"last-event-id": ""}) as listener:
            assert await listener.ids(1) == positions[3:]

    run(listen())


def test_a_filter_that_lets_nothing_through_moves_the_id_of_its_client(
    stack: Stack, token: str, streams: EventStreams, often: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "LOOKED_AT", 10)

    async def listen() -> None:
        head = stack.made.log.head()
        async with listening(stack.app, token, "type=initiative.terminated.v1") as listener:
            reached = [await listener.block() for _ in range(-(-head // 10))]
            assert reached == [Block(id=str(min(head, n))) for n in range(10, head + 10, 10)]
            [position] = record(stack)
            assert await listener.block() == Block(id=str(position))

    run(listen())


def test_a_silent_stream_beats(stack: Stack, token: str, streams: EventStreams, often: None) -> None:
    async def listen() -> None:
        async with listening(stack.app, token, f"after={stack.made.log.head()}") as listener:
            pieces = [await asyncio.wait_for(listener.pieces.get(), PATIENCE) for _ in range(4)]
            assert pieces == [b"retry: 2000\n\n", b":\n", b":\n", b":\n"]

    run(listen())


def test_an_officer_hears_of_the_own_town_only(
    stack: Stack, subscriber: TestClient, streams: EventStreams, often: None
) -> None:
    _, token = a_token(stack, Role.OFFICER, "nis")
    own = subscriber.get("/api/v1/events?limit=1000&local_government=nis").json()

    async def listen() -> None:
        async with listening(stack.app, token) as listener:
            assert await listener.ids(len(own)) == [int(event["id"]) for event in own]
            [position] = record(stack)
            block = await listener.block()
            while block and int(block.id or "") < position:
                block = await listener.block()
            assert block == Block(id=str(position))

    run(listen())


ENDS = {
    "revoked": "DELETE FROM access.tokens WHERE account = %s",
    "expired": "UPDATE access.tokens SET ends_at = now() - interval '1 day' WHERE account = %s",
    "disabled": "UPDATE access.accounts SET disabled_at = now() WHERE id = %s",
    "without the scope": "UPDATE access.tokens SET scopes = '{cases:read}' WHERE account = %s",
    "of no casework": "UPDATE access.accounts SET role = 'administrator' WHERE id = %s",
}


@pytest.mark.parametrize("how", ENDS)
def test_a_stream_ends_with_its_token(stack: Stack, streams: EventStreams, often: None, how: str) -> None:
    account, token = a_token(stack)

    async def listen() -> None:
        head = stack.made.log.head()
        async with listening(stack.app, token, f"after={head}") as listener:
            assert await listener.status == 200
            [position] = record(stack)
            assert await listener.ids(1) == [position]
            told(stack, ENDS[how], account)
            assert all(block.data is None for block in await listener.end())

    run(listen())


def test_an_account_that_moves_to_another_town_hears_of_that_one(
    stack: Stack, subscriber: TestClient, streams: EventStreams, often: None
) -> None:
    account, token = a_token(stack, Role.OFFICER, "nis")
    last = stack.made.log.head()

    async def listen() -> None:
        async with listening(stack.app, token, f"after={last}") as listener:
            told(stack, "UPDATE access.accounts SET role = 'auditor', local_government = NULL WHERE id = %s", account)
            heard = None
            while heard is None:
                record(stack)
                block = await listener.block()
                heard = block.data if block else b""
            assert b"partner.registered" in heard

    run(listen())


def test_there_is_room_for_so_many_streams_of_a_token_and_in_all(
    stack: Stack, token: str, streams: EventStreams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_streams, "MOST_PER_TOKEN", 2)
    monkeypatch.setattr(event_streams, "MOST_STREAMS", 3)
    others = [a_token(stack)[1] for _ in range(2)]

    async def listen() -> None:
        async with listening(stack.app, token) as first:
            async with listening(stack.app, token) as second:
                assert [await first.status, await second.status] == [200, 200]
                async with listening(stack.app, token) as third:
                    assert await third.status == 429
                    assert b'"code":"feed.streams-of-token"' in (await third.pieces.get() or b"")
                async with listening(stack.app, others[0]) as fourth, listening(stack.app, others[1]) as fifth:
                    assert [await fourth.status, await fifth.status] == [200, 503]
                    assert b'"code":"feed.streams-full"' in (await fifth.pieces.get() or b"")
            async with listening(stack.app, token) as again:
                assert await again.status == 200

    run(listen())


def test_both_secrets_of_a_token_have_the_room_of_one(
    stack: Stack, streams: EventStreams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_streams, "MOST_PER_TOKEN", 2)
    account, former = a_token(stack)
    keeping = stack.made.keeping_tokens
    [token] = [one for one in keeping.list(KEEPER) if one.account == account]
    _, secret = keeping.rotate(KEEPER, token.id, timedelta(hours=1), timedelta(days=1))

    async def listen() -> None:
        async with listening(stack.app, former) as first, listening(stack.app, secret) as second:
            assert [await first.status, await second.status] == [200, 200]
            for one in (former, secret):
                async with listening(stack.app, one) as third:
                    assert await third.status == 429
        async with listening(stack.app, secret) as again:
            assert await again.status == 200

    run(listen())


def test_nobody_hears_of_subscriptions_and_the_id_moves_over_them(
    stack: Stack, streams: EventStreams, often: None
) -> None:
    _, token = a_token(stack, Role.COORDINATOR)
    rests = [SubscriptionPaused()] * 3

    async def listen() -> None:
        head = stack.made.log.append([a_save(uuid4(), 0, rests)])[-1].position
        async with listening(stack.app, token, f"after={head - 3}") as listener:
            assert await listener.block() == Block(id=str(head))
            head = stack.made.log.append([a_save(uuid4(), 0, rests)])[-1].position
            assert await listener.block() == Block(id=str(head))
            [position] = record(stack)
            assert await listener.ids(1) == [position]

    run(listen())


def test_a_slow_reader_keeps_nothing_in_memory_and_holds_up_nobody(
    stack: Stack, token: str, streams: EventStreams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_live, "MOST_HELD", 20)

    async def listen() -> None:
        query = f"after={stack.made.log.head()}"
        async with (
            listening(stack.app, token, query, taking=False) as slow,
            listening(stack.app, token, query) as other,
        ):
            assert await slow.status == 200
            positions = record(stack, 100)
            assert await other.ids(100) == positions
            assert slow.given == 1, "nothing is made ready before what came before it is taken"
            assert len(streams.live.since(streams.live._held.after) or ()) <= 20
            slow.taking.set()
            assert await slow.ids(100) == positions

    run(listen())


def test_a_client_that_takes_nothing_for_too_long_is_let_go(
    stack: Stack, token: str, streams: EventStreams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_streams, "PATIENCE_SECONDS", 0.05)

    async def listen() -> None:
        async with listening(stack.app, token, taking=False):
            while len(streams):
                await asyncio.sleep(0.01)

    run(listen())


def test_streams_end_with_the_program(stack: Stack, token: str, streams: EventStreams) -> None:
    async def listen() -> None:
        async with listening(stack.app, token, f"after={stack.made.log.head()}") as listener:
            assert await listener.status == 200
            streams.end()
            assert await listener.end() == []
            async with listening(stack.app, token) as late:
                assert await late.status == 503

    try:
        run(listen())
    finally:
        streams.ended = False


def test_a_log_that_is_away_for_a_moment_loses_nothing(
    stack: Stack, token: str, streams: EventStreams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_streams, "AGAIN_SECONDS", 0.01)
    look, failures = Feed.look, [False, True, True, False, True]

    def sometimes(self: Feed, *asked: object) -> object:
        if failures and failures.pop(0):
            raise LogUnavailable("away")
        return look(self, *asked)  # type: ignore[arg-type]

    monkeypatch.setattr(Feed, "look", sometimes)
    monkeypatch.setattr(event_streams, "READ_AT_ONCE", 7)

    async def listen() -> None:
        given = stack.made.feed.sieved(FeedFilter(), stack.made.log.page(0, stack.made.log.head()))
        async with listening(stack.app, token) as listener:
            assert await listener.ids(len(given)) == [r.position for r in given]
        assert failures == []

    run(listen())


BAD = ["after=-1", "after=x", "after=1&after=2", "limit=3", "type=no.such.v1", "case=12", "kind=war", "colour=red"]


@pytest.mark.parametrize("query", BAD)
def test_a_stream_that_cannot_be_meant_is_explained_before_it_begins(subscriber: TestClient, query: str) -> None:
    answer = subscriber.get(f"{STREAM}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["field"] == query.partition("=")[0]


@pytest.mark.parametrize("given", ["abc", "-1", "1.5", "٣", "99999999999999999999", "9" * 5_000, "7, 8"])
def test_a_last_event_id_of_elsewhere_is_explained(subscriber: TestClient, given: str) -> None:
    answer = subscriber.get(STREAM, headers={"last-event-id": given.encode()})
    assert (answer.status_code, answer.json()["code"]) == (422, "feed.parameter")
    assert answer.json()["field"] == "Last-Event-ID"


def test_a_last_event_id_beyond_the_end_is_of_another_installation(stack: Stack, subscriber: TestClient) -> None:
    answer = subscriber.get(STREAM, headers={"last-event-id": str(stack.made.log.head() + 1)})
    assert (answer.status_code, answer.json()["code"]) == (422, "feed.cursor-beyond-end")


def test_a_token_without_the_scope_and_nobody_at_all_hear_nothing(stack: Stack) -> None:
    account = stack.account(Role.AUDITOR)
    token = stack.made.signing_in.issue_token(KEEPER, account.id, "x", ["cases:read"], timedelta(days=1))
    client = TestClient(stack.app)
    answer = client.get(STREAM, headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "access.scope-missing")
    assert client.get(STREAM).status_code == 401
    _, administrator = a_token(stack, Role.ADMINISTRATOR)
    answer = client.get(STREAM, headers={"authorization": f"Bearer {administrator}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "access.no-casework")


def test_who_asks_for_the_head_gets_no_endless_answer(stack: Stack, subscriber: TestClient) -> None:
    answer = subscriber.head(STREAM)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")


def test_a_stream_ends_before_a_fact_that_cannot_be_read(stack: Stack, token: str, streams: EventStreams) -> None:
    async def listen() -> None:
        async with listening(stack.app, token, f"after={stack.made.log.head()}") as listener:
            assert await listener.status == 200
            [position] = record(stack)
            plant(stack.made.settings.database_url)
            assert [block.id for block in await listener.end() if block.data] == [str(position)]
        async with listening(stack.app, token, f"after={position}") as again:
            assert await again.status == 503
            assert b'"code":"log.unreadable"' in (await again.pieces.get() or b"")

    run(listen())
