"""Hand-written stand-ins for tests of use cases; tests/adapters/recording/test_log.py holds them to the port."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from adapters.recording.topics import published
from application.auditing_looks import KeptLook, Look, LookQuery, Witness
from application.ports import (
    CommandKeyReused,
    Conflict,
    Recorded,
    Save,
    Saved,
)
from domain.kernel import CommandKey, Fact, VaultRef


class InMemoryLog:
    """application.ports.Log in a list; what it keeps for the vault is in `words`."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.facts: list[Recorded] = []
        self.words: dict[VaultRef, str] = {}
        self._commands: dict[CommandKey, tuple[bytes, int]] = {}
        self._clock = clock
        self._topics = published()

    def read(self, stream: UUID) -> Sequence[Recorded]:
        return [fact for fact in self.facts if fact.stream == stream]

    def append(self, saves: Sequence[Save]) -> Sequence[Saved]:
        before = (list(self.facts), dict(self.words), dict(self._commands))
        try:
            return [self._keep(save) for save in saves]
        except BaseException:
            self.facts, self.words, self._commands = before
            raise

    def outcome(self, key: CommandKey, digest: bytes) -> Saved | None:
        if key not in self._commands:
            return None
        kept, position = self._commands[key]
        if kept != digest:
            raise CommandKeyReused
        return Saved(position, repeated=True)

    def page(
        self,
        after: int,
        limit: int,
        topics: Sequence[str] = (),
        stream: UUID | None = None,
        until: int | None = None,
    ) -> Sequence[Recorded]:
        wanted = [
            fact
            for fact in self.facts
            if fact.position > after
            and (not topics or self._topics.topic_of[type(fact.fact)] in topics)
            and stream in (None, fact.stream)
            and (until is None or fact.position <= until)
        ]
        return wanted[:limit]

    def read_several(self, streams: Sequence[UUID], until: int, without: Sequence[str] = ()) -> Sequence[Recorded]:
        return [
            fact
            for fact in self.facts
            if fact.stream in streams
            and fact.position <= until
            and self._topics.topic_of[type(fact.fact)] not in without
        ]

    def position_at(self, moment: datetime) -> int:
        return max((fact.position for fact in self.facts if fact.recorded_at <= moment), default=0)

    def first(self, streams: Sequence[UUID]) -> dict[UUID, Fact]:
        return {fact.stream: fact.fact for fact in self.facts if fact.version == 1 and fact.stream in streams}

    def head(self) -> int:
        return len(self.facts)

    def _keep(self, save: Save) -> Saved:
        if earlier := self.outcome(save.key, save.digest):
            return earlier
        moment = max([self._clock(), *(fact.recorded_at for fact in self.facts[-1:])])
        for write in save.writes:
            if write.facts and len(self.read(write.stream)) != write.after:
                raise Conflict(write.stream)
            for number, fact in enumerate(write.facts, 1):
                on, place = save.on, len(self.facts) + 1
                version = write.after + number
                recorded = Recorded(write.stream, version, place, moment, on.actor, on.on_behalf_of, save.key, fact)
                self.facts.append(recorded)
        self.words.update({entry.ref: entry.text for entry in save.entries})
        self._commands[save.key] = (save.digest, len(self.facts))
        return Saved(len(self.facts))


class InMemoryVault:
    """application.ports.Vault over the words of an InMemoryLog; erase by removing them there."""

    def __init__(self, log: InMemoryLog) -> None:
        self._log = log

    def read(self, refs: Sequence[VaultRef]) -> dict[VaultRef, str | None]:
        return {ref: self._log.words.get(ref) for ref in refs}


class InMemoryLooks:
    """application.auditing_looks.Looks in a list."""

    def __init__(self) -> None:
        self.kept: list[Look] = []

    def keep(self, look: Look) -> None:
        if look not in self.kept:
            self.kept.append(look)

    def page(self, query: LookQuery, most: int) -> Sequence[KeptLook]:
        return [KeptLook(id=n, look=look) for n, look in enumerate(self.kept, 1)][::-1][:most]


def witness(looks: InMemoryLooks | None = None) -> Witness:
    """One whose notes nobody reads, or those that the test gives."""
    return Witness(looks or InMemoryLooks(), lambda: datetime.now(UTC))
