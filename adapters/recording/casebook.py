"""The book of all cases: the port Log on the event store library."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.popo import POPOFactory
from eventsourcing.utils import Environment

from adapters.database.pool import Pool
from adapters.recording.follower import Tail
from adapters.recording.mapper import Entered, FactMapper
from adapters.recording.recorder import LogRecorder
from adapters.recording.request import Request
from adapters.recording.topics import Topics, published
from application.ports import CommandKeyReused, Recorded, Save, Saved
from domain.kernel import CommandKey, Fact

PAGE_OF_HISTORIES = 2_000


class CaseBook(Application[UUID]):
    """Implements application.ports.Log. `url` is where it writes, `reads` an autocommit pool over the same database.

    Raises ValueError where the environment asks for a compressor or a cipher: the log holds plain JSON.
    """

    name = "casebook"

    def __init__(self, url: str, reads: Pool, topics: Topics | None = None) -> None:
        self._url = url
        self._reads = reads
        self._topics = topics or published()
        super().__init__()

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """Only a source of settings: recorder and mapper are our own."""
        return POPOFactory(env)

    def construct_mapper(self) -> FactMapper:
        factory = self.factory
        return FactMapper(compressor=factory.compressor(), cipher=factory.cipher(), topics=self._topics)

    def construct_recorder(self) -> LogRecorder:
        return LogRecorder(self._url, self._reads)

    @property
    def fact_mapper(self) -> FactMapper:
        return cast("FactMapper", self.mapper)

    @property
    def log_recorder(self) -> LogRecorder:
        return cast("LogRecorder", self.recorder)

    def read(self, stream: UUID) -> Sequence[Recorded]:
        return self.fact_mapper.read_all(self.log_recorder.stream(stream))

    def digest(self, stream: UUID, version: int) -> str:
        """See application.views.casefile.Digests."""
        found = sha256()
        for _, number, _, state, position, _ in self.log_recorder.stream(stream):
            if number <= version:
                found.update(b"%d %d %s\n" % (number, position, sha256(state).hexdigest().encode()))
        return found.hexdigest()

    def append(self, saves: Sequence[Save]) -> Sequence[Saved]:
        return self.log_recorder.append([self._request(save) for save in saves])

    def outcome(self, key: CommandKey, digest: bytes) -> Saved | None:
        used = self.log_recorder.used(key)
        if used is None:
            return None
        if used[0] != digest:
            raise CommandKeyReused
        return Saved(used[1], repeated=True)

    def page(
        self,
        after: int,
        limit: int,
        topics: Sequence[str] = (),
        stream: UUID | None = None,
        until: int | None = None,
    ) -> Sequence[Recorded]:
        return self.fact_mapper.read_all(self.log_recorder.page(after, limit, self._stored(topics), stream, until))

    def first(self, streams: Sequence[UUID]) -> dict[UUID, Fact]:
        rows = map(self.fact_mapper.to_domain_event, self.log_recorder.beginnings(streams))
        return {row.stream: row.fact for row in rows}

    def histories(self, topics: Sequence[str], until: int) -> Iterator[Sequence[Recorded]]:
        """See application.ports.Histories. Holds one page and one stream at a time."""
        stored = self._stored(topics)
        history: list[Recorded] = []
        after = (UUID(int=0), 0)
        while rows := self.log_recorder.by_stream(stored, after, until, PAGE_OF_HISTORIES):
            for fact in self.fact_mapper.read_all(rows):
                if history and history[-1].stream != fact.stream:
                    yield history
                    history = []
                history.append(fact)
            after = (history[-1].stream, history[-1].version)
        if history:
            yield history

    def read_several(self, streams: Sequence[UUID], until: int, without: Sequence[str] = ()) -> Sequence[Recorded]:
        """See application.ports.Archive."""
        return self.fact_mapper.read_all(self.log_recorder.streams(streams, until, self._stored(without)))

    def position_at(self, moment: datetime) -> int:
        """The newest position that was recorded by then, 0 where there was none. Raises LogUnavailable."""
        return self.log_recorder.position_at(moment)

    def head(self) -> int:
        return self.recorder.max_notification_id() or 0

    def follower(self) -> "LogFollower":
        """A new follower of this log."""
        return LogFollower(self.log_recorder.tail(), self.fact_mapper)

    def close(self) -> None:
        """Finish the commit under way and take nothing more; the pool stays open."""
        if not self.closing.is_set():
            self.log_recorder.close()
        super().close()

    def _stored(self, topics: Sequence[str]) -> list[str]:
        return [name for topic in topics for name in self._topics.stored_as(topic)]

    def _request(self, save: Save) -> Request:
        on = save.on
        entered = (
            Entered(write.stream, write.after + number, on.actor, on.on_behalf_of, save.key, fact)
            for write in save.writes
            for number, fact in enumerate(write.facts, 1)
        )
        return Request(save.key, save.digest, [self.mapper.to_stored_event(fact) for fact in entered], save.entries)


class LogFollower:
    """Implements application.ports.Follower; `stop` ends every iteration within a fifth of a second."""

    def __init__(self, tail: Tail, mapper: FactMapper) -> None:
        self._tail = tail
        self._mapper = mapper

    def follow(self, after: int) -> Iterator[Sequence[Recorded]]:
        for page in self._tail.pages(after):
            yield self._mapper.read_all([row.columns for row in page])

    def stop(self) -> None:
        self._tail.stop()
