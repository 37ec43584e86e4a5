"""Readings take turns, so that a deed does not stand behind all of them.

One worker computes one thing at a time. With many pages under way at once, a deed waits for its share after each of its
looks into the database; with few, those pages are done sooner one after the other and the deed hardly waits at all.
"""

import asyncio
from typing import Final, cast

from litestar.types import ASGIApp, Message, Receive, Scope, Send

AT_ONCE: Final = 2
"""Readings that one worker answers at once: one computes while the other one waits for the database."""
PATIENCE_SECONDS: Final = 0.25
"""So long a reading waits for its turn, then it goes on all the same: nothing slow holds everybody up."""
READING: Final = "GET"


def taking_turns(app: ASGIApp) -> ASGIApp:
    """Around the whole application. A turn ends where the answer begins: files and streams hold nobody up."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != READING or not await _turn(turns):
            await app(scope, receive, send)
            return
        mine = True

        def done() -> None:
            nonlocal mine
            if mine:
                mine = False
                turns.release()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                done()
            await send(message)

        try:
            await app(scope, receive, answer)
        finally:
            done()

    return cast("ASGIApp", asgi)


async def _turn(turns: asyncio.Semaphore) -> bool:
    """Whether it came in time."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS if turns.locked() else None):
            return await turns.acquire()
    except TimeoutError:
        return False
