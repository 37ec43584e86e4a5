"""A client of Server-Sent Events at the application itself; when it takes what it is sent is up to the test."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from litestar import Litestar

PATIENCE = 20.0


@dataclass(frozen=True)
class Block:
    """What stands between two empty lines. `data` is None where there is none."""

    id: str | None = None
    event: str | None = None
    data: bytes | None = None


@dataclass
class Listener:
    """`taking` is cleared by a client that reads no more."""

    status: asyncio.Future[int]
    taking: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    pieces: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue[bytes | None])
    given: int = 0
    """Pieces that the application wanted to send."""
    beats: int = 0
    _rest: bytes = b""

    async def receive(self) -> Any:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status.set_result(message["status"])
            return
        self.given += 1
        await self.taking.wait()
        self.pieces.put_nowait(message["body"])
        if not message.get("more_body"):
            self.pieces.put_nowait(None)

    async def block(self) -> Block | None:
        """The next one that says something; None at the end. Comments are counted."""
        while b"\n\n" not in self._rest:
            piece = await asyncio.wait_for(self.pieces.get(), PATIENCE)
            if piece is None:
                return None
            self._rest += piece
            while self._rest.startswith(b":\n"):
                self.beats += 1
                self._rest = self._rest[2:]
        text, _, self._rest = self._rest.partition(b"\n\n")
        found = dict(line.split(b": ", 1) for line in text.split(b"\n") if not line.startswith(b":"))
        if "retry" in {name.decode() for name in found}:
            return await self.block()
        texts = {name.decode(): value.decode() for name, value in found.items() if name != b"data"}
        return Block(data=found.get(b"data"), **texts)

    async def ids(self, count: int) -> list[int]:
        """Of the next events."""
        found: list[int] = []
        while len(found) < count:
            block = await self.block()
            assert block is not None, f"the stream ended after {found}"
            if block.data is not None:
                found.append(int(block.id or ""))
        return found

    async def end(self) -> list[Block]:
        """What comes until the stream ends."""
        found: list[Block] = []
        while block := await self.block():
            found.append(block)
        return found


@asynccontextmanager
async def listening(
    app: Litestar, token: str, query: str = "", headers: Mapping[str, str] | None = None, *, taking: bool = True
) -> AsyncGenerator[Listener]:
    """Open a stream; the client goes away at the end."""
    given = {"host": "testserver.local", "authorization": f"Bearer {token}", **(headers or {})}
    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/api/v1/events/stream",
        "raw_path": b"/api/v1/events/stream",
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 80),
    }
    listener = Listener(asyncio.get_running_loop().create_future())
    if taking:
        listener.taking.set()
    asked = asyncio.create_task(app(scope, listener.receive, listener.send))
    try:
        await asyncio.wait({asked, listener.status}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        yield listener
    finally:
        listener.gone.set()
        listener.taking.set()
        await asyncio.wait_for(asked, PATIENCE)
