"""Readings take turns; deeds, and whoever waited long enough, go past."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from litestar.types import ASGIApp, Receive, Scope, Send

from web import turns
from web.turns import AT_ONCE, taking_turns


class Answers:
    """An application whose answers wait until they are let go, one by one."""

    def __init__(self) -> None:
        self.under_way: list[str] = []
        self._gates: dict[str, asyncio.Event] = {}
        self._asgi = taking_turns(cast("ASGIApp", self._answer))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        self.under_way.append(path)
        await self._gates.setdefault(path, asyncio.Event()).wait()
        self.under_way.remove(path)
        if path == "/fails":
            raise RuntimeError(path)
        await send(cast("Any", {"type": "http.response.start", "status": 200, "headers": []}))
        if path == "/stream":
            await self._gates.setdefault("end of the stream", asyncio.Event()).wait()
        await send(cast("Any", {"type": "http.response.body", "body": b""}))

    def ask(self, path: str, method: str = "GET") -> "asyncio.Task[None]":
        async def asked() -> None:
            scope = cast("Any", {"type": "http", "method": method, "path": path})
            await cast("Any", self._asgi)(scope, _nothing, _heard)

        return asyncio.create_task(asked())

    def let_go(self, path: str) -> None:
        self._gates.setdefault(path, asyncio.Event()).set()


async def _nothing() -> Any:
    return {"type": "http.disconnect"}


async def _heard(message: Any) -> None:
    del message


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def among_readings(story: Callable[[Answers, list["asyncio.Task[None]"]], Awaitable[None]]) -> None:
    """While as many readings are under way as are answered at once."""

    async def told() -> None:
        answers = Answers()
        tasks = [answers.ask(f"/{number}") for number in range(AT_ONCE)]
        await _settle()
        assert len(answers.under_way) == AT_ONCE
        await story(answers, tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(told())


def test_one_more_reading_waits_until_another_is_answered() -> None:
    async def story(answers: Answers, tasks: list["asyncio.Task[None]"]) -> None:
        tasks.append(answers.ask("/waits"))
        await _settle()
        assert "/waits" not in answers.under_way
        answers.let_go("/0")
        await _settle()
        assert "/waits" in answers.under_way

    among_readings(story)


def test_a_deed_does_not_wait() -> None:
    async def story(answers: Answers, tasks: list["asyncio.Task[None]"]) -> None:
        tasks.append(answers.ask("/deed", "POST"))
        await _settle()
        assert "/deed" in answers.under_way

    among_readings(story)


def test_who_has_waited_long_enough_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.01)

    async def story(answers: Answers, tasks: list["asyncio.Task[None]"]) -> None:
        late = answers.ask("/late")
        tasks.append(late)
        await asyncio.sleep(0.2)
        assert "/late" in answers.under_way
        answers.let_go("/late")
        await late
        tasks.append(answers.ask("/after"))
        await _settle()
        assert "/after" not in answers.under_way, "who went without a turn gives none back"

    among_readings(story)


def test_a_stream_gives_its_turn_back_where_it_begins() -> None:
    async def story(answers: Answers, tasks: list["asyncio.Task[None]"]) -> None:
        answers.let_go("/0")
        tasks.append(answers.ask("/stream"))
        await _settle()
        answers.let_go("/stream")
        await _settle()
        tasks.append(answers.ask("/next"))
        await _settle()
        assert "/next" in answers.under_way
        answers.let_go("end of the stream")
        await _settle()
        tasks.append(answers.ask("/one too many"))
        await _settle()
        assert "/one too many" not in answers.under_way, "a turn is given back once"

    among_readings(story)


@pytest.mark.parametrize("how", ["fails", "is given up"])
def test_what_ends_early_gives_its_turn_back(how: str) -> None:
    async def story(answers: Answers, tasks: list["asyncio.Task[None]"]) -> None:
        answers.let_go("/0")
        await tasks[0]
        ends = answers.ask("/fails")
        await _settle()
        if how == "fails":
            answers.let_go("/fails")
        else:
            ends.cancel()
        await asyncio.gather(ends, return_exceptions=True)
        tasks.append(answers.ask("/next"))
        await _settle()
        assert "/next" in answers.under_way

    among_readings(story)


def test_who_gives_up_waiting_takes_no_turn_along() -> None:
    async def story(answers: Answers, tasks: list["asyncio.Task[None]"]) -> None:
        leaves = answers.ask("/leaves")
        await _settle()
        leaves.cancel()
        await asyncio.gather(leaves, return_exceptions=True)
        answers.let_go("/0")
        tasks.append(answers.ask("/next"))
        await _settle()
        assert "/next" in answers.under_way

    among_readings(story)
