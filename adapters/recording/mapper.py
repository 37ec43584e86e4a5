"""Facts to JSON and back, under their published names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    Cipher,
    Compressor,
    Mapper,
    Notification,
    StoredEvent,
    Transcoder,
)

from adapters.recording.topics import Topics
from application.ports import Recorded, UnreadableFact
from domain.kernel import AccountId, CommandKey, Fact

_POSITION = 4  # among the columns of a row
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # an even number of backslashes before it would be text


class Entered(msgspec.Struct, frozen=True):
    """A fact on its way into the log, as the event store library wants it."""

    originator_id: UUID
    originator_version: int
    actor: AccountId
    on_behalf_of: AccountId | None
    command: CommandKey
    fact: Fact


@dataclass(frozen=True, init=False)
class StoredFact(Notification):
    """A row of the log."""

    recorded_at: datetime

    def __init__(
        self,
        originator_id: UUID,
        originator_version: int,
        topic: str,
        state: bytes,
        position: int,
        recorded_at: datetime,
    ) -> None:
        self.__dict__.update(  # a frozen dataclass would set them one by one, in twice the time
            originator_id=originator_id,
            originator_version=originator_version,
            topic=topic,
            state=state,
            id=position,
            recorded_at=recorded_at,
        )

    @property
    def columns(self) -> tuple[Any, ...]:
        """As FactMapper.read takes them."""
        return (self.originator_id, self.originator_version, self.topic, self.state, self.id, self.recorded_at)


class RecordedFact(Recorded, frozen=True, gc=False):
    """What the port promises, with the names that the event store library asks for."""

    @property
    def originator_id(self) -> UUID:
        return self.stream

    @property
    def originator_version(self) -> int:
        return self.version


Body = TypeVar("Body")


class _Body(msgspec.Struct, Generic[Body], omit_defaults=True):
    actor: AccountId
    command: CommandKey
    fact: Body
    on_behalf_of: AccountId | None = None


class NoTranscoder(Transcoder):
    """The library insists on one; FactMapper does the whole job."""

    def encode(self, obj: Any) -> bytes:
        raise NotImplementedError

    def decode(self, data: bytes) -> Any:
        raise NotImplementedError


class FactMapper(Mapper[UUID]):
    """`{"actor": ..., "command": ..., "fact": {"fact": tag, ...}, "on_behalf_of": ...}`, plain UTF-8 JSON.

    The log must be readable without this program, so a compressor or a cipher is refused with ValueError.
    """

    def __init__(
        self,
        transcoder: Transcoder | None = None,
        compressor: Compressor | None = None,
        cipher: Cipher | None = None,
        *,
        topics: Topics,
    ) -> None:
        if compressor or cipher:
            raise ValueError(
                "The log holds plain JSON: unset COMPRESSOR_TOPIC, CIPHER_TOPIC and CIPHER_KEY in the environment."
            )
        super().__init__(transcoder or NoTranscoder())
        self.topics = topics
        self._encoder = msgspec.json.Encoder()
        self._bodies = {topic: msgspec.json.Decoder(_Body[fact]) for topic, fact in topics.current.items()}
        self._old_body = msgspec.json.Decoder(_Body[dict[str, Any]])

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Raises ValueError for text with a NUL, which PostgreSQL's JSON cannot read."""
        if not isinstance(domain_event, Entered):
            raise TypeError(type(domain_event))
        event = domain_event
        fact = self._encoder.encode(event.fact)
        if b"u0000" in fact and NUL.search(fact):
            raise ValueError("a fact holds a NUL character")
        state = self._encoder.encode(_Body(event.actor, event.command, msgspec.Raw(fact), event.on_behalf_of))
        topic = self.topics.topic_of[type(event.fact)]
        return StoredEvent(event.originator_id, event.originator_version, topic, state)

    def to_domain_event(self, stored_event: StoredEvent) -> RecordedFact:
        """Raises UnreadableFact for a topic or a body that nobody here knows."""
        if not isinstance(stored_event, StoredFact):
            raise TypeError(type(stored_event))
        return self.read(*stored_event.columns)

    def read(
        self, stream: UUID, version: int, topic: str, state: bytes, position: int, recorded_at: datetime
    ) -> RecordedFact:
        """A row of the log. Raises as `to_domain_event`."""
        try:
            decoder = self._bodies.get(topic)
            body = decoder.decode(state) if decoder else self._old(topic, state)
        except (msgspec.MsgspecError, KeyError, ValueError) as fault:
            raise UnreadableFact(position, topic, str(fault)) from fault
        return RecordedFact(
            stream, version, position, recorded_at, body.actor, body.on_behalf_of, body.command, body.fact
        )

    def read_all(self, rows: Sequence[tuple[Any, ...]]) -> list[RecordedFact]:
        """Rows of the log by position. Raises UnreadableFact with those before the one that cannot be decoded."""
        facts: list[RecordedFact] = []
        bodies, add, fact_of = self._bodies, facts.append, RecordedFact
        try:  # as `read`, without a call for each
            for stream, version, topic, state, position, recorded_at in rows:
                it = bodies[topic].decode(state)
                add(fact_of(stream, version, position, recorded_at, it.actor, it.on_behalf_of, it.command, it.fact))
        except (msgspec.MsgspecError, KeyError, ValueError):
            return self._read_each(rows)
        return facts

    def _read_each(self, rows: Sequence[tuple[Any, ...]]) -> list[RecordedFact]:
        """Where one of them is of an earlier version, or cannot be decoded."""
        try:
            return [self.read(*row) for row in rows]
        except UnreadableFact as fault:
            fault.before = [self.read(*row) for row in rows if row[_POSITION] < fault.position]
            raise

    def _old(self, topic: str, state: bytes) -> "_Body[Fact]":
        old = self._old_body.decode(state)
        current, fact = self.topics.upcast(topic, old.fact)
        return _Body(old.actor, old.command, msgspec.convert(fact, self.topics.current[current]), old.on_behalf_of)
