"""The published name of every fact, and how the shapes of old names are read.

A topic, once written, is read for ever: when a fact changes by more than an optional field, its version in `VERSIONS`
rises and the old topic gets an entry in `UPCASTS` and keeps its golden file. A fact that restates others holds them in
the shape of its own day, so it rises with them: its upcast `lifts` what it restates.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast, get_args, get_type_hints

import msgspec

from domain.initiatives.events import FactCorrected, InitiativeEvent, PartyStatusReported
from domain.kernel import Fact
from domain.pairs import PairTakenUp
from domain.partners.events import PartnerEvent
from domain.people.events import PeopleEvent
from domain.subscriptions.events import SubscriptionEvent

Body = dict[str, Any]
"""A fact as JSON has it, with its tag under `fact`."""


class Upcast(msgspec.Struct, frozen=True):
    """Reads the body of an old topic as the body of a newer one."""

    to: str
    change: Callable[[Body], Body] = dict
    lifts: Sequence[str] = ()
    """Old topics of facts that are restated in it; they too are led one step on."""


VERSIONS: Mapping[type[Fact], int] = {PartyStatusReported: 2, FactCorrected: 2}
"""Facts whose current shape is not their first."""
UPCASTS: Mapping[str, Upcast] = {
    # Its `source`, always there and in clear, has become `known_from`, which points into the vault. It stays readable.
    "initiative.party-status-reported.v1": Upcast("initiative.party-status-reported.v2"),
    "initiative.corrected.v1": Upcast("initiative.corrected.v2", lifts=("initiative.party-status-reported.v1",)),
}


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
        for fact in facts:
            self._check_restated(fact)

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
            topic, body = step.to, step.change(self._lifted(body, step.lifts))
        return topic, {**body, "fact": _tag(self.current[topic])}

    def _lifted(self, body: Body, lifts: Sequence[str]) -> Body:
        """The body with the facts in it that stand there by one of these topics one step on."""
        steps = {_tag_of(topic): self.upcasts[topic] for topic in lifts}
        return {name: _led_on(value, steps) for name, value in body.items()} if steps else body

    def _check_restated(self, fact: type[Fact]) -> None:
        """Raises ValueError where a fact would be read with restated ones in a shape that has passed."""
        kinds = [kind for found in restated_in(fact).values() for kind in found]
        within = {self.topic_of[kind] for kind in kinds if kind in self.topic_of}
        passed = {old for old in self.upcasts if self.current_of(old) in within}
        own = [step for old, step in self.upcasts.items() if self.current_of(old) == self.topic_of[fact]]
        lifted = [topic for step in own for topic in step.lifts]
        if sorted(lifted) != sorted(passed):
            left = ", ".join(sorted(passed.symmetric_difference(lifted))) or "one of them twice"
            raise ValueError(f"{_tag(fact)} restates facts, and one upcast of its own must lift each: {left}")


def published() -> Topics:
    """The topics of this version of Pobratim."""
    cases = (*get_args(InitiativeEvent), *get_args(PartnerEvent), PairTakenUp)
    facts = (*cases, *get_args(PeopleEvent), *get_args(SubscriptionEvent))
    return Topics(facts, VERSIONS, UPCASTS)


def restated_in(fact: type[Fact]) -> dict[str, list[type[Fact]]]:
    """Fields that hold other facts, and of which kinds."""
    kinds = {name: _facts_in(hint) for name, hint in get_type_hints(fact).items()}
    return {name: found for name, found in kinds.items() if found}


def _facts_in(hint: Any) -> list[type[Fact]]:
    if isinstance(hint, type) and issubclass(hint, Fact):
        return [hint]
    return [fact for part in get_args(hint) for fact in _facts_in(part)]


def _led_on(value: object, steps: Mapping[str, Upcast]) -> object:
    if isinstance(value, list):
        return [_led_on(one, steps) for one in cast("list[object]", value)]
    body = cast("Body", value) if isinstance(value, dict) else {}
    step = steps.get(body.get("fact", ""))
    return {**step.change(body), "fact": _tag_of(step.to)} if step else cast("object", value)


def _tag_of(topic: str) -> str:
    return topic.rpartition(".v")[0]


def _context(topic: str) -> str:
    return topic.partition(".")[0]


def _tag(fact: type[Fact]) -> str:
    tag = fact.__struct_config__.tag
    if not isinstance(tag, str) or "." not in tag:
        raise ValueError(f"{fact.__name__} has no published name such as `initiative.agreement-signed`")
    return tag
