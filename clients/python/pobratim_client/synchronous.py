"""The client for threads."""

import logging
import time
from collections.abc import Generator
from types import TracebackType
from typing import Final, Self

import httpx
from pobratim_client.course import By, Course, Filter, joined, transport_fault
from pobratim_client.errors import ClientError, Passing
from pobratim_client.events import Batch, Cursor

log: Final = logging.getLogger("pobratim_client")
TIMEOUT: Final = httpx.Timeout(45.0, connect=10.0)
"""A stream gives a sign of life every 15 seconds."""
EVERYTHING: Final = Filter()
BEGINNING: Final = Cursor()


class Client:
    """Asks one installation with one token. `transport` is httpx's, for tests and proxies."""

    def __init__(self, url: str, token: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        self._http = httpx.Client(
            headers={"authorization": f"Bearer {token}", "user-agent": "pobratim-client"},
            timeout=TIMEOUT,
            transport=transport,
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def follow(
        self,
        after: Cursor = BEGINNING,
        *,
        by: By = "stream",
        wanted: Filter = EVERYTHING,
        limit: int = 500,
        until_end: bool = False,
        patience: float | None = None,
        idle: float = 1.0,
    ) -> Generator[Batch]:
        """Batches in the order of the log, each event once; keep the cursor of each with what you made of it.

        By `pull` a batch holds up to `limit` events, and `idle` seconds pass before the next look at an end; with
        `until_end` it returns there. By `stream` events come as they are recorded, as many as one piece brings. What
        passes is logged as a warning and tried again, for `patience` seconds of pauses if given. Raises Denied,
        Refused, OtherLog; Unavailable or BadAnswer when patience is over.
        """
        course = Course(after, wanted, "pull" if until_end else by, limit, patience)
        while True:
            try:
                if course.by == "pull":
                    if batch := self._page(course):
                        yield batch
                    if course.at_end:
                        if until_end:
                            return
                        time.sleep(idle)
                else:
                    yield from self._stream(course)
                    time.sleep(course.ended())
            except Passing as fault:
                pause = course.failed(fault)
                log.warning("%s Again in %.0f s.", fault, pause)
                time.sleep(pause)

    def _page(self, course: Course) -> Batch | None:
        path, parameters, headers = course.question()
        try:
            with self._http.stream("GET", self._url + path, params=parameters, headers=headers) as answer:
                body = _whole(answer)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise transport_fault(fault, self._url) from None
        course.require_good(answer, body)
        return course.page(answer.headers, body)

    def _stream(self, course: Course) -> Generator[Batch]:
        path, parameters, headers = course.question()
        try:
            with self._http.stream("GET", self._url + path, params=parameters, headers=headers) as answer:
                _require_stream(course, answer)
                course.begin()
                for piece in answer.iter_raw():
                    if batch := course.piece(piece):
                        yield batch
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise transport_fault(fault, self._url) from None


def _require_stream(course: Course, answer: httpx.Response) -> None:
    try:
        course.require_good(answer, b"")
    except ClientError:
        course.require_good(answer, _whole(answer))
        raise


def _whole(answer: httpx.Response) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for piece in answer.iter_raw():
        pieces.append(piece)
        size += len(piece)
        joined(pieces, size)
    return b"".join(pieces)
