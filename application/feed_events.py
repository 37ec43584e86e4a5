"""Facts as CloudEvents 1.0: the same bytes by whatever way they leave."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

from application.feed_filter import TopicOf
from application.ports import Log, Recorded
from domain.dates import PartialDate
from domain.kernel import AccountId, Fact

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


_encoder = msgspec.json.Encoder()


def encoded(event: CloudEvent) -> bytes:
    """The bytes of one event: one line of JSON without a line end."""
    return _encoder.encode(event)


class Events:
    """Makes facts into events. For several threads."""

    def __init__(self, log: Log, source: str, topic_of: TopicOf) -> None:
        self._log, self._source, self._topic_of = log, source, topic_of
        self._subjects: OrderedDict[UUID, str] = OrderedDict()

    def of(self, recorded: Sequence[Recorded]) -> list[CloudEvent]:
        """In their order; case numbers are looked up once a case. Raises LogUnavailable; UnreadableFact where a case
        begins with one."""
        subjects = self._subjects_of({r.stream for r in recorded})
        return [self._event(r, subjects[r.stream]) for r in recorded]

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
