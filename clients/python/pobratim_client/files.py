"""Events out of a JSON Lines file, as `pobratim log export` writes it and continues it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from pobratim_client.errors import BadAnswer, ClientError, OtherLog, Refused
from pobratim_client.events import Batch, Cursor, Event, event_of
from pobratim_client.sse import MOST_BYTES

_BEGINNING: Final = Cursor()


def read_file(
    path: Path | str, after: Cursor = _BEGINNING, *, limit: int = 500, follow: bool = False, idle: float = 1.0
) -> Generator[Batch]:
    """Batches behind the cursor, as `Client.follow` gives them. A last line that is not whole yet is left, and with
    `follow` waited for. Raises Refused where there is no such file, BadAnswer naming a line that is no event, OtherLog.
    """
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - closed below, where it is read
    except OSError as fault:
        raise Refused(f"{path} cannot be read: {fault.strerror}") from None
    with file:
        yield from _read(file, str(path), after, limit, idle if follow else None)


async def read_file_async(
    path: Path | str, after: Cursor = _BEGINNING, *, limit: int = 500, follow: bool = False, idle: float = 1.0
) -> AsyncGenerator[Batch]:
    """As `read_file`; the disk is waited for in a thread."""
    cursor: Cursor = after
    while True:
        with closing(read_file(path, cursor, limit=limit)) as batches:
            while (batch := await asyncio.to_thread(_next, batches)) is not None:
                cursor = batch.cursor
                yield batch
        if not follow:
            return
        await asyncio.sleep(idle)


def _next(batches: Generator[Batch]) -> Batch | None:
    return next(batches, None)


def _read(file: BinaryIO, path: str, after: Cursor, limit: int, idle: float | None) -> Generator[Batch]:
    cursor, held = after, list[Event]()
    number = 0
    while True:
        start = file.tell()
        line = file.readline(MOST_BYTES)
        if not line.endswith(b"\n"):
            if len(line) >= MOST_BYTES:
                raise BadAnswer(f"{path}, line {number + 1}: longer than any event")
            file.seek(start)
            if held:
                cursor, batch = _batch(held, cursor)
                yield batch
            if idle is None:
                return
            time.sleep(idle)
            continue
        number += 1
        event = _event(line, path, number, held[-1].source if held else cursor.source)
        if event.position > (held[-1].position if held else cursor.position):
            held.append(event)
        if len(held) >= limit:
            cursor, batch = _batch(held, cursor)
            yield batch


def _batch(held: list[Event], before: Cursor) -> tuple[Cursor, Batch]:
    events = tuple(held)
    held.clear()
    cursor = Cursor(events[-1].position, events[-1].source)
    return cursor, Batch(events, cursor, before)


def _event(line: bytes, path: str, number: int, source: str) -> Event:
    try:
        event = event_of(line)
    except ClientError as fault:
        raise BadAnswer(f"{path}, line {number}: {fault}") from None
    if source and event.source != source:
        raise OtherLog(f"{path}, line {number}: the event is of {event.source[:200]}, not of {source[:200]}")
    return event
