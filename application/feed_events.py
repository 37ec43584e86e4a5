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

SEQUENCE_DIGITS: Final = 20
"""So that text sorts as numbers do."""


class EventData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    stream: UUID
    version: int
    actor: AccountId
    on_behalf_of: AccountId | None = None
    fact: Fact


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
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


def batch(events: Sequence[CloudEvent]) -> bytes:
    """A JSON array of them, each in the bytes of `encoded`."""
    return _encoder.encode(events)


class Events:
    """Makes facts into events. For several threads."""

    def __init__(self, log: Log, source: str, topic_of: TopicOf) -> None:
        self._log, self._source, self._topic_of = log, source, topic_of
        self._subjects: OrderedDict[int, str] = OrderedDict()

    def of(self, recorded: Sequence[Recorded]) -> list[CloudEvent]:
        """In their order; case numbers are looked up once a case. Raises LogUnavailable; UnreadableFact where a case
        begins with one."""
        subjects = self._subjects_of({r.stream.int: r.stream for r in recorded})
        source, topic_of = self._source, self._topic_of
        return [
            CloudEvent(
                specversion="1.0",
                id=(position := str(r.position)),
                source=source,
                type=topic_of(type(r.fact)),
                subject=subjects[r.stream.int],
                time=rfc3339(r.recorded_at),
                sequence=position.zfill(SEQUENCE_DIGITS),
                occurredon=r.fact.occurred_on,
                data=EventData(
                    stream=r.stream, version=r.version, actor=r.actor, on_behalf_of=r.on_behalf_of, fact=r.fact
                ),
            )
            for r in recorded
        ]

    def _subjects_of(self, streams: dict[int, UUID]) -> dict[int, str]:
        """By the numbers of the ids, which a dictionary finds much faster than the ids themselves."""
        known = {number: self._subjects[number] for number in streams if number in self._subjects}
        missing = [stream for number, stream in streams.items() if number not in known]
        for stream, fact in self._log.first(missing).items() if missing else ():
            known[stream.int] = self._subjects[stream.int] = subject_of(stream, fact)
        while len(self._subjects) > MOST_SUBJECTS:
            self._subjects.popitem(last=False)
        return known


def subject_of(stream: UUID, first: Fact) -> str:
    """A case is named by its number, a partner by its id."""
    return str(getattr(first, "number", "") or stream)


def rfc3339(moment: datetime) -> str:
    """Microseconds always, UTC as `Z`: the same moment gives the same text."""
    text = _encoder.encode(moment.astimezone(UTC))[1:-1].decode()  # in a tenth of the time that strftime takes
    return text if moment.microsecond else f"{text[:-1]}.000000Z"
