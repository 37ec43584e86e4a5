"""What a rehearsal plays to a receiver, in which order, and how its answers are judged.

First three deliveries that nobody may take. Then the facts of all cases: one case late, as after an outage of its own;
some twice; some again under another message, as by a replay; with a field and a type that nobody knows yet. Then one
case from its beginning once more, and the erasure of words. At the end the receiver is asked, case by case, what it
holds.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from random import Random
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec

from application.delivering import message_id
from application.subscriptions_ports import Answer, Message
from domain.people.events import ErasureGround

REPORT: Final = "pobratim.rehearsal-report.v1"
"""Type of the event that asks what is held of a case."""
UNKNOWN: Final = "initiative.not-thought-of-yet.v1"
ERASED: Final = "people.entry-erased.v1"
_FIFTH: Final = 0.2
_TEXTS: Final = ("rationale", "reason", "remark", "note", "what", "missing", "known_from", "told_by")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Told = Callable[[int, int], None]
Event = dict[str, Any]


class Trick(StrEnum):
    """What a delivery does that no receiver may take."""

    FORGED = "forged"
    """Signed with another secret."""
    STALE = "stale"
    """Signed an hour ago."""
    CHANGED = "changed"
    """The body is not the one that was signed."""


class Fault(StrEnum):
    TOOK_FORGED = "took-forged"
    TOOK_STALE = "took-stale"
    TOOK_CHANGED = "took-changed"
    REFUSED_FACT = "refused-fact"
    REFUSED_UNKNOWN = "refused-unknown"
    REFUSED_AGAIN = "refused-again"
    LOST = "lost"
    TWICE = "twice"
    WENT_BACK = "went-back"
    KEPT_ERASED = "kept-erased"
    NO_REPORT = "no-report"
    """It takes facts, and does not say what it made of them: the four before this cannot be judged."""


TOOK: Final = {Trick.FORGED: Fault.TOOK_FORGED, Trick.STALE: Fault.TOOK_STALE, Trick.CHANGED: Fault.TOOK_CHANGED}


class Finding(msgspec.Struct, frozen=True):
    fault: Fault
    where: str
    """Number of the case, or id of the event."""
    said: str
    """How the receiver answered; or what it holds, and what it should."""


class Outcome(msgspec.Struct, frozen=True):
    cases: int
    deliveries: int
    findings: tuple[Finding, ...]


class Held(msgspec.Struct, frozen=True):
    """What a receiver says of one case, in JSON, when it is asked by an event of the type REPORT."""

    version: int
    """Of the newest fact of the case that it has."""
    facts: int
    """How many facts of the case have taken effect."""
    words: tuple[UUID, ...]
    """References of the texts of which it keeps a copy, or which it would still show."""


class Stage(Protocol):
    """Deliveries of one subscription, as they should be and otherwise."""

    def send(self, message: Message, trick: Trick | None = None) -> Answer: ...

    def close(self) -> None: ...


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    event: Event
    play: int = 0
    """More than 0 for another message with the same event."""
    trick: Trick | None = None
    fault: Fault = Fault.REFUSED_FACT
    """What it means where this one is not taken."""


class Play:
    """One rehearsal over the beginnings of some cases, each by position."""

    def __init__(self, subscription: UUID, histories: Sequence[Sequence[Event]], dice: Random) -> None:
        self._subscription, self._histories, self._dice = subscription, histories, dice
        self._findings: list[Finding] = []
        self._erased = _words_of(histories)
        self._end = max(_position(event) for history in histories for event in history)

    def on(self, stage: Stage, told: Told) -> Outcome:
        deliveries = [*self._tricks(), *self._facts(), *self._once_more(), *self._erasures()]
        whole = len(deliveries) + len(self._histories)
        for number, delivery in enumerate(deliveries, 1):
            self._judge(delivery, stage.send(self._message(delivery), delivery.trick))
            told(number, whole)
        for number, history in enumerate(self._histories, len(deliveries) + 1):
            self._ask(stage, history)
            told(number, whole)
        return Outcome(len(self._histories), whole, tuple(dict.fromkeys(self._findings)))

    # --- what is played

    def _tricks(self) -> Iterator[Delivery]:
        """Of a case that does not come again: whoever takes one is found by the answer alone."""
        base = self._histories[0][0]
        for number, trick in enumerate(Trick):
            data = {**base["data"], "stream": str(UUID(int=3 + number, version=4))}
            stranger = {**base, **_place(self._end + 1_000 + number), "subject": f"1990-{number + 1:04}", "data": data}
            yield Delivery(event=stranger, trick=trick)

    def _facts(self) -> Iterator[Delivery]:
        late = self._histories[-1]
        others = [event for history in self._histories[:-1] for event in history]
        ordinary = [late[0], *sorted(others, key=_position), *late[1:]]
        strange = self._dice.randrange(len(ordinary))
        for number, event in enumerate(ordinary):
            if number == strange:
                yield Delivery(event=self._of_unknown_type(event), fault=Fault.REFUSED_UNKNOWN)
            more = {**event, "notThoughtOfYet": {"why": ["it", "came", "later"]}} if number == strange else event
            yield Delivery(event=more, fault=Fault.REFUSED_UNKNOWN if number == strange else Fault.REFUSED_FACT)
            if self._dice.random() < _FIFTH:
                yield Delivery(event=event, fault=Fault.REFUSED_AGAIN)
            if self._dice.random() < _FIFTH:
                yield Delivery(event=event, play=1, fault=Fault.REFUSED_AGAIN)

    def _once_more(self) -> Iterator[Delivery]:
        """As a replay that was stopped gives it: old facts after newer ones."""
        history = max(self._histories, key=len)
        yield from (Delivery(event=event, play=2, fault=Fault.REFUSED_AGAIN) for event in history[:-1])

    def _erasures(self) -> Iterator[Delivery]:
        like = {name: value for name, value in self._histories[0][0].items() if name != "occurredon"}
        for number, entry in enumerate(sorted(self._erased), 1):
            fact = {"fact": ERASED.rpartition(".v")[0], "entry": entry, "ground": ErasureGround.CONSENT_WITHDRAWN.value}
            request = str(UUID(int=2, version=4))
            data = {"stream": request, "version": number, "actor": like["data"]["actor"], "fact": fact}
            place = _place(self._end + 1 + number)
            yield Delivery(event={**like, **place, "type": ERASED, "subject": request, "data": data})

    def _of_unknown_type(self, event: Event) -> Event:
        """A fact of a file that nobody knows, so that no count of a case depends on it."""
        fact = {"fact": UNKNOWN.rpartition(".v")[0], "new": 1}
        data = {**event["data"], "stream": str(UUID(int=1, version=4)), "version": 1, "fact": fact}
        return {**event, **_place(self._end + 1), "subject": "1990-0009", "type": UNKNOWN, "data": data}

    # --- how it is judged

    def _judge(self, delivery: Delivery, answer: Answer) -> None:
        if delivery.trick is not None:
            if answer.accepted:
                self._find(TOOK[delivery.trick], str(delivery.event["id"]), answer)
        elif not answer.accepted:
            self._find(delivery.fault, f"{delivery.event['id']} ({delivery.event['type']})", answer)

    def _ask(self, stage: Stage, history: Sequence[Event]) -> None:
        number = str(history[0]["subject"])
        question = {
            **history[-1],
            "id": f"report-{number}",
            "type": REPORT,
            "data": {"stream": history[0]["data"]["stream"]},
        }
        answer = stage.send(self._message(Delivery(event=question)))
        try:
            held = msgspec.json.decode(answer.said, type=Held)
        except (msgspec.DecodeError, UnicodeError):
            self._find(Fault.NO_REPORT, "", answer)
            return
        newest, count = int(history[-1]["data"]["version"]), len(history)
        if held.facts < count:
            self._findings.append(Finding(Fault.LOST, number, f"{held.facts} facts took effect, {count} were sent"))
        if held.facts > count:
            self._findings.append(Finding(Fault.TWICE, number, f"{held.facts} facts took effect, {count} were sent"))
        elif held.version < newest and held.facts == count:
            said = f"it stands at version {held.version}, the newest is {newest}"
            self._findings.append(Finding(Fault.WENT_BACK, number, said))
        for entry in sorted(self._erased & {str(ref) for ref in held.words}):
            self._findings.append(Finding(Fault.KEPT_ERASED, number, f"{entry} was erased"))

    def _find(self, fault: Fault, where: str, answer: Answer) -> None:
        said = answer.fault or f"status {answer.status}"
        self._findings.append(Finding(fault, where, said))

    def _message(self, delivery: Delivery) -> Message:
        id_ = f"{message_id(self._subscription, 0)}_rehearsal_{delivery.event['id']}_{delivery.play}"
        return Message(id_, msgspec.json.encode(delivery.event))


def _position(event: Event) -> int:
    return int(event["id"])


def _place(position: int) -> Event:
    return {"id": str(position), "sequence": f"{position:020d}"}


def _words_of(histories: Sequence[Sequence[Event]]) -> set[str]:
    """References that are erased at the end: the first one of each third case that has any."""
    found: list[str] = []
    for history in histories:
        refs = [ref for event in history for ref in _references(event["data"]["fact"])]
        found += refs[:1]
    return set(found[::3])


def _references(fact: Event) -> list[str]:
    """What may be a reference to a text: the fields of facts that hold one."""
    return [str(fact[name]) for name in _TEXTS if _UUID.fullmatch(str(fact.get(name, "")))]
