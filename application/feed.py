"""The stream of facts for other systems, by one position and under one filter whatever the way."""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from application.access import Person, Scope, scope_of
from application.auditing_looks import Place, Witness
from application.feed_events import CloudEvent, Events, batch, encoded
from application.feed_filter import Around, CaseShapes, FeedFilter, TopicOf, given_out
from application.identity import case_id
from application.ports import Archive, LogUnavailable, Recorded, UnreadableFact
from application.reference import LocalGovernments
from domain.initiatives.terms import Kind
from domain.kernel import Refusal, Refused
from domain.words import CaseNumber

__all__ = ["CloudEvent", "Feed", "FeedFilter", "FeedPage", "FeedQuery", "StreamQuery", "batch", "encoded"]

LOOKED_AT: Final = 10_000
"""Positions that one question walks past at most, whatever its filter lets through."""
READ_AT_ONCE: Final = 1_000

_Topic = Annotated[str, Meta(max_length=100)]
_Code = Annotated[str, Meta(max_length=60)]


class StreamQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    after: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    """The last position that the subscriber has seen."""
    type: Annotated[tuple[_Topic, ...], Meta(max_length=50)] = ()
    """Topics such as `initiative.agreement-signed.v1`, by their current names; empty for all."""
    case: CaseNumber | None = None
    local_government: Annotated[tuple[_Code, ...], Meta(max_length=50)] = ()
    """Codes such as `leskovac`: facts of cases of any of them."""
    kind: Annotated[tuple[Kind, ...], Meta(max_length=20)] = ()
    """Kinds of cooperation: facts of cases of any of them."""


class FeedQuery(StreamQuery, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class FeedPage(msgspec.Struct, frozen=True):
    events: tuple[CloudEvent, ...]
    next: int
    """The cursor to go on with. It moves also where a filter lets nothing through."""


class Passed(msgspec.Struct, frozen=True):
    """What a filter let through, and the last position that was looked at."""

    recorded: Sequence[Recorded]
    next: int


class Feed:
    """Facts after a position, for a person within the scope of the role (application.feed_filter says what that is)."""

    def __init__(
        self,
        log: Archive,
        source: str,
        topic_of: TopicOf,
        topics: Sequence[str],
        known: LocalGovernments,
        witness: Witness,
    ) -> None:
        self._witness, self._log, self._known = witness, log, known
        self._topic_of, self._topics = topic_of, frozenset(filter(given_out, topics))
        self._shapes = CaseShapes(log, topic_of)
        self._events = Events(log, source, topic_of)
        self.events = self._events.of

    def page(self, person: Person, query: FeedQuery) -> FeedPage:
        """Raises Forbidden where the role works on no case; Refused for a cursor or filter that cannot be;
        LogUnavailable; UnreadableFact where one stands first: events before it are given on a page of their own."""
        passed = self.look(self.opened(person, query), query.after, query.limit)
        if passed.next == query.after:  # else something stands behind it
            self.require_reached(query.after)
        return FeedPage(tuple(self.events(passed.recorded)), passed.next)

    def opened(self, person: Person, query: FeedQuery) -> FeedFilter:
        """The filter by which the person may look; that they do is kept. Raises Forbidden, Refused, LogUnavailable."""
        wanted = self.filter(query, scope_of(person))
        self._witness.sees(person, Place.FEED)
        return wanted

    def filter(self, query: FeedQuery, scope: Scope) -> FeedFilter:
        """Raises Refused for a topic or a local government that nobody knows, and for a topic that is not given out."""
        for topic in query.type:
            if topic not in self._topics:
                raise Refused(Refusal("feed.type-unknown", {"type": topic}, "type"))
        for code in query.local_government:
            if code not in self._known.by_code:
                raise Refused(Refusal("initiative.local-government-unknown", {"code": code}, "local_government"))
        return FeedFilter(
            topics=frozenset(query.type),
            stream=case_id(query.case) if query.case else None,
            local_governments=frozenset(query.local_government),
            kinds=frozenset(query.kind),
            scope=scope,
        )

    def require_reached(self, after: int) -> int:
        """The newest position. Raises Refused where the cursor lies beyond it: it is that of another log."""
        head = self._log.head()
        if after > head:
            raise Refused(Refusal("feed.cursor-beyond-end", {"after": after, "head": head}, "after"))
        return head

    def look(self, wanted: FeedFilter, after: int, limit: int) -> Passed:
        """Up to `limit` facts that a filter lets through, and the cursor behind what was looked at: LOOKED_AT
        positions at most. Raises LogUnavailable; UnreadableFact where one stands first."""
        head = self._log.head() if wanted.narrows else 0  # first: what comes later may not be passed by
        until = min(head, after + LOOKED_AT) if wanted.chooses else None
        chunk = READ_AT_ONCE if wanted.asks_around else limit
        passed: list[Recorded] = []
        cursor = after
        while True:
            recorded, let, fault = self._read(wanted, cursor, chunk, until)
            passed += let[: limit - len(passed)]
            if len(passed) == limit:
                return Passed(passed, passed[-1].position)
            cursor = recorded[-1].position if recorded else cursor
            if fault and cursor == after:
                raise fault if wanted.scope.local_government is None else LogUnavailable("a fact cannot be read")
            if fault:
                return Passed(passed, cursor)
            if len(recorded) < chunk:
                return Passed(passed, max(cursor, head if until is None else until))
            if cursor - after >= LOOKED_AT:
                return Passed(passed, cursor)

    def sieved(self, wanted: FeedFilter, recorded: Sequence[Recorded]) -> Sequence[Recorded]:
        """Those that a filter lets through. Raises UnreadableFact with those of `recorded` before it."""
        if not wanted.narrows:
            return [r for r in recorded if given_out(self.topic_of(r))]
        around = self.around(recorded) if wanted.asks_around else [Around()] * len(recorded)
        both = zip(recorded, around, strict=True)
        return [r for r, a in both if wanted.lets(self.topic_of(r), r.stream, a)]

    def around(self, recorded: Sequence[Recorded]) -> list[Around]:
        """What the log says of the case of each, just before and just after it. Raises as `sieved`."""
        return self._shapes.around(recorded)

    def topic_of(self, recorded: Recorded) -> str:
        return self._topic_of(type(recorded.fact))

    def _read(
        self, wanted: FeedFilter, after: int, most: int, until: int | None
    ) -> tuple[Sequence[Recorded], Sequence[Recorded], UnreadableFact | None]:
        """What there is, what of it the filter lets through, and why it ends where it does; one who may not see every
        case is not told which fact that is."""
        stopped = None
        try:
            recorded = self._log.page(after, most, sorted(wanted.topics), wanted.stream, until)
        except UnreadableFact as fault:
            recorded, stopped = fault.before, fault
        try:
            return recorded, self.sieved(wanted, recorded), stopped
        except UnreadableFact as fault:
            return fault.before, self.sieved(wanted, fault.before), fault
