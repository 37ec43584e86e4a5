"""The published name of every fact, and how the shapes of old names are read.

A topic, once written, is read for ever: when a fact changes by more than an optional field, its version in `VERSIONS`
rises and the old topic gets an entry in `UPCASTS` and keeps its golden file.
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args

import msgspec

from domain.initiatives.events import InitiativeEvent
from domain.kernel import Fact
from domain.pairs import PairTakenUp
from domain.partners.events import PartnerEvent

Body = dict[str, Any]
"""A fact as JSON has it, with its tag under `fact`."""


class Upcast(msgspec.Struct, frozen=True):
    """Reads the body of an old topic as the body of a newer one."""

    to: str
    change: Callable[[Body], Body]


VERSIONS: Mapping[type[Fact], int] = {}
"""Facts whose current shape is not their first."""
UPCASTS: Mapping[str, Upcast] = {}


class Topics:
    """Which topic names which fact. Raises ValueError when made of facts or upcasts that do not fit together."""

    def __init__(
        self, facts: tuple[type[Fact], ...], versions: Mapping[type[Fact], int], upcasts: Mapping[str, Upcast]
    ) -> None:
        self.topic_of = {fact: f"{_tag(fact)}.v{versions.get(fact, 1)}" for fact in facts}
        self.current = {topic: fact for fact, topic in self.topic_of.items()}
        self.upcasts = upcasts
        if len(self.current) < len(facts):
            raise ValueError("two facts share a topic")
        for topic in upcasts:
            if topic in self.current:
                raise ValueError(f"{topic} is current, it needs no upcast")
            if _context(topic) != _context(self.current_of(topic)):
                raise ValueError(f"{topic} leads out of its context, by which views know what concerns them")

    @property
    def all(self) -> list[str]:
        """Every topic that can stand in the log."""
        return sorted({*self.current, *self.upcasts})

    def current_of(self, topic: str) -> str:
        """The topic that an old one is read as. Raises ValueError for a topic that leads nowhere."""
        seen: set[str] = set()
        while topic not in self.current:
            if topic in seen or topic not in self.upcasts:
                raise ValueError(f"{topic} leads to no fact")
            seen.add(topic)
            topic = self.upcasts[topic].to
        return topic

    def stored_as(self, topic: str) -> list[str]:
        """The topic, and every old one that is read as it: what to look for in the log."""
        return [topic, *(old for old in self.upcasts if old != topic and self.current_of(old) == topic)]

    def upcast(self, topic: str, body: Body) -> tuple[str, Body]:
        """The current topic, and the body as that topic has it."""
        while topic in self.upcasts:
            step = self.upcasts[topic]
            topic, body = step.to, step.change(body)
        return topic, {**body, "fact": _tag(self.current[topic])}


def published() -> Topics:
    """The topics of this version of Pobratim."""
    return Topics((*get_args(InitiativeEvent), *get_args(PartnerEvent), PairTakenUp), VERSIONS, UPCASTS)


def _context(topic: str) -> str:
    return topic.partition(".")[0]


def _tag(fact: type[Fact]) -> str:
    tag = fact.__struct_config__.tag
    if not isinstance(tag, str) or "." not in tag:
        raise ValueError(f"{fact.__name__} has no published name such as `initiative.agreement-signed`")
    return tag
