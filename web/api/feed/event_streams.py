"""Open streams of events: Server-Sent Events as the WHATWG's HTML Standard has them (section 9.2).

Each stream reads by its own cursor and sends a little at a time, so one that reads slowly keeps nothing in memory but
what the server holds of its connection, and holds up nobody. What comes fresh is held once for all of them.

A block with an `id` and no data moves a client's last event id and is handed to nobody. It says how far a filter that
lets nothing through has come. A client that passes it by loses nothing: it looks at the same facts again.
"""

import asyncio
import signal
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from http import HTTPStatus
from types import FrameType
from typing import Any, Final

from litestar.concurrency import sync_to_thread
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Message, Receive, Scope, Send

from application.access import Forbidden
from application.feed import Feed, FeedFilter, FeedQuery, encoded
from application.feed_live import Fresh, LiveFeed
from application.oidc_clients import ProviderUnavailable
from application.ports import LogUnavailable, UnreadableFact
from application.signing_in import SigningIn
from application.tokens import Grant
from domain.kernel import Refused
from web.held_signals import hold

EVENT_STREAM: Final = "text/event-stream"
SCOPE: Final = "events:read"
MOST_STREAMS: Final = 500
"""Of one process of the server."""
MOST_PER_TOKEN: Final = 20
BEAT_SECONDS: Final = 15.0
CHECK_SECONDS: Final = 5.0
"""So often it is asked again what the token allows."""
AGAIN_SECONDS: Final = 1.0
"""After the log was away, or the identity provider."""
PATIENCE_SECONDS: Final = 60.0
"""So long a client may take no byte; then its stream ends."""
RETRY_MILLISECONDS: Final = 2_000
READ_AT_ONCE: Final = 500
READERS: Final = 2
"""Streams of one process that read from the log at the same moment."""
CHUNK: Final = 16_384
"""Bytes; the server holds some 32 of them for a connection that is not read."""
BEAT: Final = b":\n"
"""A comment. Without an empty line after it no client takes it for the end of a block."""


class NoRoom(Exception):
    """As many streams are open as there may be."""

    def __init__(self, code: str, status: HTTPStatus, most: int) -> None:
        super().__init__(code)
        self.code, self.status, self.most = code, status, most


class EventStreams:
    """All open streams of this process. For the event loop, except `end`."""

    def __init__(self, feed: Feed, live: LiveFeed, signing_in: SigningIn) -> None:
        self.feed, self.live, self.signing_in = feed, live, signing_in
        self.ended = False
        self.readers = asyncio.Semaphore(READERS)
        self._open: dict[EventStream, asyncio.Event] = {}
        self._tokens = Counter[str]()
        """By their keys: while one secret takes over from another, the streams of both count together."""
        self._loop: asyncio.AbstractEventLoop | None = None

    def __len__(self) -> int:
        return len(self._open)

    def enter(self, stream: "EventStream") -> asyncio.Event:
        """Set whenever there may be something new. Raises NoRoom."""
        if self._tokens[stream.key] >= MOST_PER_TOKEN:
            raise NoRoom("feed.streams-of-token", HTTPStatus.TOO_MANY_REQUESTS, MOST_PER_TOKEN)
        if len(self._open) >= MOST_STREAMS or self.ended:
            raise NoRoom("feed.streams-full", HTTPStatus.SERVICE_UNAVAILABLE, MOST_STREAMS)
        self._loop = asyncio.get_running_loop()
        self.live.listeners.add(self._call)
        self._tokens[stream.key] += 1
        self._open[stream] = news = asyncio.Event()
        return news

    def leave(self, stream: "EventStream") -> None:
        if self._open.pop(stream, None):
            self._tokens -= Counter([stream.key])

    def end(self) -> None:
        """End every stream. From any thread."""
        self.ended = True
        self._call()

    def end_on_signal(self) -> None:
        """The server waits for open answers before it stops; streams would stay for ever. Its own handlers go on."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ending(signal.getsignal(number)))
            signal.siginterrupt(number, False)

    def _ending(self, before: Any) -> Callable[[int, FrameType | None], None]:
        def handle(number: int, frame: FrameType | None) -> None:
            hold()
            self.end()
            if callable(before):
                before(number, frame)

        return handle

    def _call(self) -> None:
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for news in self._open.values():
            news.set()


class EventStream:
    """One of them, from a position on."""

    def __init__(self, streams: EventStreams, grant: Grant, secret: str, query: FeedQuery, wanted: FeedFilter) -> None:
        self.key, self._secret = grant.key, secret
        self._streams, self._query, self._wanted = streams, query, wanted
        self._cursor = self._said = query.after
        self._news = streams.enter(self)
        now = asyncio.get_running_loop().time()
        self._beat, self._check = now + BEAT_SECONDS, now + CHECK_SECONDS

    async def blocks(self) -> AsyncIterator[bytes]:
        """Pieces of the body, until the token is over, the program ends, or a fact cannot be read."""
        yield b"retry: %d\n\n" % RETRY_MILLISECONDS
        loop, streams = asyncio.get_running_loop(), self._streams
        while not streams.ended:
            self._news.clear()
            try:
                if loop.time() >= self._check and not await self._allowed():
                    return
                before, chunks = self._cursor, await self._next()
            except (UnreadableFact, Forbidden, Refused):
                return  # whoever asks again is told
            except (LogUnavailable, ProviderUnavailable):
                self._check = loop.time() + AGAIN_SECONDS
            else:
                for chunk in chunks:
                    if loop.time() >= self._check and not await self._surely_allowed():
                        return
                    self._beat = loop.time() + BEAT_SECONDS
                    yield chunk
                if self._cursor > before:
                    continue
            if streams.live.stuck(self._cursor):
                return
            await self._wait(loop)
            if loop.time() >= self._beat:
                self._beat = loop.time() + BEAT_SECONDS
                yield self._moved() or BEAT

    def leave(self) -> None:
        self._streams.leave(self)

    async def _allowed(self) -> bool:
        """Raises Forbidden, Refused, LogUnavailable, ProviderUnavailable."""
        found = await sync_to_thread(self._granted)
        self._check = asyncio.get_running_loop().time() + CHECK_SECONDS
        self._wanted = found or self._wanted
        return found is not None

    async def _surely_allowed(self) -> bool:
        """Between two pieces, of which none may be lost: what cannot be asked now ends the stream."""
        try:
            return await self._allowed()
        except (Forbidden, Refused, LogUnavailable, ProviderUnavailable):
            return False

    def _granted(self) -> FeedFilter | None:
        grant = self._streams.signing_in.grant(self._secret)
        if grant is None:
            return None
        grant.require(SCOPE)
        return self._streams.feed.opened(grant.person, self._query)

    async def _next(self) -> Iterable[bytes]:
        """What follows the cursor, which is moved: out of memory where that reaches back so far, else from the log."""
        fresh = self._streams.live.since(self._cursor)
        if fresh is None:
            async with self._streams.readers:
                blocks, self._cursor = await sync_to_thread(self._read)
            return _chunks(blocks) if blocks else [self._moved()] if self._cursor > self._said else []
        if not fresh:
            return []
        self._cursor = fresh[-1].position
        let = [f for f in fresh if self._wanted.lets(f.topic, f.stream, f.around)]
        if let:
            self._said = let[-1].position
        return _chunks(map(_fresh_block, let))

    def _read(self) -> tuple[list[bytes], int]:
        feed = self._streams.feed
        passed = feed.look(self._wanted, self._cursor, READ_AT_ONCE)
        events = feed.events(passed.recorded)
        if events:
            self._said = passed.recorded[-1].position
        return [block(event.id, event.type, encoded(event)) for event in events], passed.next

    def _moved(self) -> bytes:
        """Empty where the client knows already how far it is."""
        if self._cursor <= self._said:
            return b""
        self._said = self._cursor
        return b"id: %d\n\n" % self._cursor

    async def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            async with asyncio.timeout_at(min(self._beat, self._check)):
                await self._news.wait()
        except TimeoutError:
            pass


class EventStreamResponse(ASGIStreamingResponse):
    """Ends the stream however the answer ends: the client goes away, takes nothing for too long, or has all."""

    def __init__(self, stream: EventStream, headers: dict[str, Any]) -> None:
        super().__init__(iterator=stream.blocks(), media_type=EVENT_STREAM, headers=headers)  # pyright: ignore[reportUnknownMemberType] - the library's own
        self._stream_of = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def in_time(message: Message) -> None:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await send(message)

        try:
            await super().__call__(scope, receive, in_time)
        except* TimeoutError:
            pass  # it takes nothing
        finally:
            self._stream_of.leave()


def block(position: str, topic: str, event: bytes) -> bytes:
    """One event. Its JSON is one line."""
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (position.encode(), topic.encode(), event)


def _fresh_block(fresh: Fresh) -> bytes:
    return block(str(fresh.position), fresh.topic, fresh.event)


def _chunks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of some CHUNK."""
    held: list[bytes] = []
    size = 0
    for one in blocks:
        held.append(one)
        size += len(one)
        if size >= CHUNK:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
