"""The stream of facts for other systems: CloudEvents 1.0, the same bytes by whatever way they leave."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from application.access import Forbidden, Person, scope_of
from application.auditing_looks import Place, Witness
from application.identity import case_id
from application.ports import Log, Recorded, UnreadableFact
from domain.dates import PartialDate
from domain.kernel import AccountId, Fact, Refusal, Refused
from domain.words import CaseNumber

MOST_SUBJECTS: Final = 50_000
"""Case numbers that are remembered by one process."""


class EventData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    stream: UUID
    version: int
    actor: AccountId
    on_behalf_of: AccountId | None = None
    fact: Fact


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact as CloudEvents 1.0 in JSON. `id` is the position in the log as text."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str = "application/json"
    sequence: str
    occurredon: PartialDate | None = None
    data: EventData


class FeedQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    after: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    """The last position that the subscriber has seen."""
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    type: Annotated[tuple[Annotated[str, Meta(max_length=100)], ...], Meta(max_length=50)] = ()
    """Topics such as `initiative.agreement-signed.v1`, by their current names; empty for all."""
    case: CaseNumber | None = None


class FeedPage(msgspec.Struct, frozen=True):
    events: tuple[CloudEvent, ...]
    next: int
    """The cursor to go on with. It moves also where a filter lets nothing through."""


TopicOf = Callable[[type[Fact]], str]

_encoder = msgspec.json.Encoder()


def encoded(event: CloudEvent) -> bytes:
    """The bytes of one event: one line of JSON without a line end."""
    return _encoder.encode(event)


class Feed:
    """Facts after a position, for a person whose role reads the whole log."""

    def __init__(self, log: Log, source: str, topic_of: TopicOf, topics: Sequence[str], witness: Witness) -> None:
        self._witness = witness
        self._log = log
        self._source = source
        self._topic_of = topic_of
        self._topics = frozenset(topics)
        self._subjects: OrderedDict[UUID, str] = OrderedDict()

    def page(self, person: Person, query: FeedQuery) -> FeedPage:
        """Raises Forbidden where the role sees only a part of the cases; Refused for a cursor or type that cannot be;
        UnreadableFact where one stands first: events before it are given on a page of their own."""
        if scope_of(person).local_government is not None:
            raise Forbidden("access.whole-log")
        self._check(query)
        self._witness.sees(person, Place.FEED)
        head = self._log.head()
        if query.after > head:
            raise Refused(Refusal("feed.cursor-beyond-end", {"after": query.after, "head": head}, "after"))
        stream = case_id(query.case) if query.case else None
        try:
            recorded = self._log.page(query.after, query.limit, query.type, stream)
        except UnreadableFact as fault:
            if not fault.before:
                raise
            return FeedPage(tuple(self.events(fault.before)), fault.before[-1].position)
        full = len(recorded) == query.limit
        end = recorded[-1].position if full else max(head, recorded[-1].position if recorded else 0)
        return FeedPage(tuple(self.events(recorded)), end)

    def events(self, recorded: Sequence[Recorded]) -> list[CloudEvent]:
        """The facts as events; case numbers are looked up once a case. Raises UnreadableFact where a case begins with
        one."""
        subjects = self._subjects_of({r.stream for r in recorded})
        return [self._event(r, subjects[r.stream]) for r in recorded]

    def _check(self, query: FeedQuery) -> None:
        for topic in query.type:
            if topic not in self._topics:
                raise Refused(Refusal("feed.type-unknown", {"type": topic}, "type"))

    def _event(self, r: Recorded, subject: str) -> CloudEvent:
        topic = self._topic_of(type(r.fact))
        return CloudEvent(
            specversion="1.0",
            id=str(r.position),
            source=self._source,
            type=topic,
            subject=subject,
            time=rfc3339(r.recorded_at),
            sequence=f"{r.position:020d}",
            occurredon=r.fact.occurred_on,
            data=EventData(stream=r.stream, version=r.version, actor=r.actor, on_behalf_of=r.on_behalf_of, fact=r.fact),
        )

    def _subjects_of(self, streams: set[UUID]) -> dict[UUID, str]:
        known = {s: self._subjects[s] for s in streams if s in self._subjects}
        for stream, fact in self._log.first(sorted(streams - known.keys())).items():
            known[stream] = self._subjects[stream] = subject_of(stream, fact)
        while len(self._subjects) > MOST_SUBJECTS:
            self._subjects.popitem(last=False)
        return known


def subject_of(stream: UUID, first: Fact) -> str:
    """A case is named by its number, a partner by its id."""
    return str(getattr(first, "number", "") or stream)


def rfc3339(moment: datetime) -> str:
    """Microseconds always, UTC as `Z`: the same moment gives the same text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
