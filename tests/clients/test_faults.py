"""Servers that are away, refuse, break off or are none: what passes is tried again, the rest is told in one line."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from pobratim_client import (
    AsyncClient,
    BadAnswer,
    Batch,
    By,
    Client,
    ClientError,
    Cursor,
    Denied,
    OtherLog,
    Refused,
    Unavailable,
    course,
    read_file,
)

URL, SOURCE = "http://pobratim.example", "http://pobratim.example"
BEGINNING = Cursor()
PROBLEM = "application/problem+json"
Answer = httpx.Response | Exception


def event(position: int, source: str = SOURCE) -> bytes:
    data = {"stream": str(UUID(int=1)), "version": position, "actor": "x", "fact": {"fact": "initiative.resumed"}}
    texts = {"source": source, "type": "initiative.resumed.v1", "subject": "2026-0001", "time": "2026-01-01T00:00:00Z"}
    return json.dumps({"specversion": "1.0", "id": str(position), **texts, "data": data}).encode()


def page(*positions: int, after: int | None = None, source: str = SOURCE) -> httpx.Response:
    end = after if after is not None else positions[-1]
    return httpx.Response(
        200,
        headers={
            "content-type": "application/cloudevents-batch+json",
            "link": f'</api/v1/events?after={end}&limit=500>; rel="next"',
        },
        content=b"[" + b",".join(event(p, source) for p in positions) + b"]",
    )


def stream(*positions: int, tail: bytes = b"") -> httpx.Response:
    blocks = b"".join(b"id: %d\ndata: %b\n\n" % (p, event(p)) for p in positions)
    return httpx.Response(
        200, headers={"content-type": "text/event-stream; charset=utf-8"}, content=b"retry: 10\n\n:\n" + blocks + tail
    )


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    body = json.dumps({"status": status, "code": code, "detail": "Told."}).encode()
    return httpx.Response(status, headers={"content-type": PROBLEM, **headers}, content=body)


HTML = httpx.Response(200, headers={"content-type": "text/html"}, content=b"<html>Maintenance")
BAD_GATEWAY = httpx.Response(502, headers={"content-type": "text/html"}, content=b"<html>Bad gateway")
AWAY = httpx.ConnectError("refused")
HALF = httpx.Response(200, headers={"content-type": "application/cloudevents-batch+json"}, content=event(1)[:40])


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """What a server sends, a few bytes at a time."""

    def __init__(self, content: bytes) -> None:
        self._pieces = [content[at : at + 97] for at in range(0, len(content), 97)]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


class Script:
    """Answers in their order, the last one for ever; what was asked is kept."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers, self.asked = list(answers), list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, stream=Body(answer.content))


def follow(script: Script, how: str, by: By, after: Cursor = BEGINNING, enough: int = 3) -> list[Batch]:
    """Batches until there are enough events."""
    return sync(script, by, after, enough) if how == "sync" else asyncio.run(run(script, by, after, enough))


def sync(script: Script, by: By, after: Cursor, enough: int) -> list[Batch]:
    found: list[Batch] = []
    with Client(URL, "t", transport=httpx.MockTransport(script)) as client:
        for batch in client.follow(after, by=by, patience=100, idle=0):
            found.append(batch)
            if sum(len(one.events) for one in found) >= enough:
                break
    return found


async def run(script: Script, by: By, after: Cursor, enough: int) -> list[Batch]:
    found: list[Batch] = []
    async with AsyncClient(URL, "t", transport=httpx.MockTransport(script)) as client:
        batches = client.follow(after, by=by, patience=100, idle=0)
        async for batch in batches:
            found.append(batch)
            if sum(len(one.events) for one in found) >= enough:
                break
        await batches.aclose()
    return found


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses, which are not slept."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def asleep(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr("pobratim_client.synchronous.time.sleep", pauses.append)
    monkeypatch.setattr("pobratim_client.asynchronous.asyncio.sleep", asleep)
    return pauses


both = pytest.mark.parametrize("how", ["sync", "async"])


@both
@pytest.mark.parametrize("by", ["pull", "stream"])
@pytest.mark.parametrize(
    "fault",
    [AWAY, HTML, BAD_GATEWAY, HALF, problem(500, "x"), problem(429, "feed.streams-of-token"), httpx.ReadTimeout("")],
    ids=["away", "a page", "bad gateway", "half a line", "500", "429", "silent"],
)
def test_what_passes_is_tried_again(slept: list[float], how: str, by: By, fault: Answer) -> None:
    make: Callable[..., httpx.Response] = page if by == "pull" else stream
    script = Script([fault, make(1, 2), fault, fault, make(2, 3)])
    batches = follow(script, how, by)

    assert [one.position for batch in batches for one in batch.events] == [1, 2, 3]
    assert [batch.before for batch in batches] == [Cursor(), *(batch.cursor for batch in batches[:-1])]
    assert len([pause for pause in slept if pause]) >= 3
    assert script.asked[-1].url.params["after"] == "2"


@both
def test_pauses_grow_and_keep_to_what_the_server_asks(slept: list[float], how: str) -> None:
    away: list[Answer] = [AWAY] * 5
    script = Script([*away, problem(429, "x", **{"retry-after": "33"}), page(1, 2, 3)])
    follow(script, how, "pull")

    assert all(0.5 * 2**n <= pause <= 2**n for n, pause in enumerate(slept[:5]))
    assert slept[5] >= 33
    with pytest.raises(Unavailable, match="does not answer"):
        follow(Script([AWAY]), how, "pull")


@both
@pytest.mark.parametrize("by", ["pull", "stream"])
@pytest.mark.parametrize(
    ("answer", "fault", "told"),
    [
        (problem(401, "access.token-missing"), Denied, "401: access.token-missing Told."),
        (problem(403, "access.scope-missing"), Denied, "403: access.scope-missing"),
        (problem(422, "feed.type-unknown"), Refused, "feed.type-unknown"),
        (problem(422, "feed.cursor-beyond-end"), OtherLog, "of another log"),
        (
            httpx.Response(302, headers={"location": "https://elsewhere.example/"}),
            Refused,
            "leads to https://elsewhere",
        ),
    ],
    ids=["401", "403", "422", "beyond the end", "302"],
)
def test_the_rest_is_told_at_once_in_one_line(
    slept: list[float], how: str, by: By, answer: httpx.Response, fault: type[ClientError], told: str
) -> None:
    script = Script([answer])
    with pytest.raises(fault) as raised:
        follow(script, how, by, Cursor(9_000, SOURCE))
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)
    assert (len(script.asked), slept) == (1, [])


@both
def test_events_of_another_installation_are_refused(how: str) -> None:
    with pytest.raises(OtherLog, match=r"other\.example"):
        follow(Script([page(8, source="http://other.example")]), how, "pull", Cursor(7, SOURCE))


@both
def test_a_stream_that_breaks_off_in_an_event_hands_on_what_was_whole(slept: list[float], how: str) -> None:
    script = Script([stream(1, 2, tail=b"id: 3\ndata: " + event(3)[:50]), stream(3)])
    batches = follow(script, how, "stream")

    assert [one.position for batch in batches for one in batch.events] == [1, 2, 3]
    assert script.asked[-1].headers["last-event-id"] == "2"


@both
def test_a_bad_event_in_a_stream_loses_nothing_before_it(slept: list[float], how: str) -> None:
    script = Script([stream(1, tail=b'data: {"id": 1}\n\n'), stream(2, 3)])
    assert [one.position for batch in follow(script, how, "stream") for one in batch.events] == [1, 2, 3]


@both
def test_the_cursor_moves_where_a_filter_lets_nothing_through(slept: list[float], how: str) -> None:
    pulled = follow(Script([page(after=10_000), page(10_001)]), how, "pull", enough=1)
    streamed = follow(Script([stream(tail=b"id: 500\n\n"), stream(501)]), how, "stream", enough=1)

    assert [batch.cursor.position for batch in pulled] == [10_000, 10_001]
    assert [batch.cursor.position for batch in streamed] == [500, 501]


def test_an_answer_without_end_is_broken_off(monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    monkeypatch.setattr(course, "MOST_BYTES", 100)
    with pytest.raises(BadAnswer, match="longer than 100 bytes"):
        follow(Script([page(1, 2, 3)]), "sync", "pull")


def test_a_file_is_read_to_its_last_whole_line_and_a_torn_one_is_told(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(event(1) + b"\n" + event(2) + b"\n" + event(3)[:60])
    assert [one.position for batch in read_file(file) for one in batch.events] == [1, 2]
    with file.open("ab") as more:
        more.write(event(3)[60:] + b"\n" + event(4)[:9] + b"\n")
    found = read_file(file, Cursor(2, SOURCE), limit=1)
    assert next(found).cursor.position == 3
    with pytest.raises(BadAnswer, match="line 4: this is no JSON"):
        next(found)
    with pytest.raises(OtherLog, match="line 1"):
        next(read_file(file, Cursor(0, "http://other.example")))
    with pytest.raises(Refused, match="cannot be read"):
        next(read_file(tmp_path / "none"))
