"""The client for an event loop: the same as the one for threads, word for word where it can be."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from types import TracebackType
from typing import Self

import httpx
from pobratim_client.course import By, Course, Filter, joined, transport_fault
from pobratim_client.errors import ClientError, Passing
from pobratim_client.events import Batch, Cursor
from pobratim_client.synchronous import BEGINNING, EVERYTHING, TIMEOUT, log


class AsyncClient:
    """As `Client`. Break a loop off with `aclosing`, or by cancelling its task."""

    def __init__(self, url: str, token: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        self._http = httpx.AsyncClient(
            headers={"authorization": f"Bearer {token}", "user-agent": "pobratim-client"},
            timeout=TIMEOUT,
            transport=transport,
            follow_redirects=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def follow(
        self,
        after: Cursor = BEGINNING,
        *,
        by: By = "stream",
        wanted: Filter = EVERYTHING,
        limit: int = 500,
        until_end: bool = False,
        patience: float | None = None,
        idle: float = 1.0,
    ) -> AsyncGenerator[Batch]:
        """As `Client.follow`."""
        course = Course(after, wanted, "pull" if until_end else by, limit, patience)
        while True:
            try:
                if course.by == "pull":
                    if batch := await self._page(course):
                        yield batch
                    if course.at_end:
                        if until_end:
                            return
                        await asyncio.sleep(idle)
                else:
                    async with aclosing(self._stream(course)) as batches:
                        async for batch in batches:
                            yield batch
                    await asyncio.sleep(course.ended())
            except Passing as fault:
                pause = course.failed(fault)
                log.warning("%s Again in %.0f s.", fault, pause)
                await asyncio.sleep(pause)

    async def _page(self, course: Course) -> Batch | None:
        path, parameters, headers = course.question()
        try:
            async with self._http.stream("GET", self._url + path, params=parameters, headers=headers) as answer:
                body = await _whole(answer)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise transport_fault(fault, self._url) from None
        course.require_good(answer, body)
        return course.page(answer.headers, body)

    async def _stream(self, course: Course) -> AsyncGenerator[Batch]:
        path, parameters, headers = course.question()
        try:
            async with self._http.stream("GET", self._url + path, params=parameters, headers=headers) as answer:
                await _require_stream(course, answer)
                course.begin()
                async for piece in answer.aiter_raw():
                    if batch := course.piece(piece):
                        yield batch
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise transport_fault(fault, self._url) from None


async def _require_stream(course: Course, answer: httpx.Response) -> None:
    try:
        course.require_good(answer, b"")
    except ClientError:
        course.require_good(answer, await _whole(answer))
        raise


async def _whole(answer: httpx.Response) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in answer.aiter_raw():
        pieces.append(piece)
        size += len(piece)
        joined(pieces, size)
    return b"".join(pieces)
