"""What the use cases need from outside. Adapters implement these; tests write fakes by hand."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable
from uuid import UUID

import msgspec

from domain.kernel import AccountId, CommandKey, Fact, Occasion, VaultRef

Clock = Callable[[], datetime]
"""Gives an aware UTC moment."""


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """A fact with what the log knows about it."""

    stream: UUID
    version: int
    position: int
    """Strictly rising over the whole log, not gapless."""
    recorded_at: datetime
    actor: AccountId
    on_behalf_of: AccountId | None
    command: CommandKey
    fact: Fact


class Write(msgspec.Struct, frozen=True):
    """Facts for one stream, to follow version `after` (0 for a new stream)."""

    stream: UUID
    after: int
    facts: Sequence[Fact]


VaultKind = Literal["rationale", "reason", "remark", "person"]


class VaultEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words or a person's data to be kept beside the log, where they can be erased."""

    ref: VaultRef
    kind: VaultKind
    text: str
    about: UUID | None = None
    """The stream that the words belong to; None where it is that of the first fact they enter with."""


class Save(msgspec.Struct, frozen=True):
    """Everything that one command leaves behind; it is kept whole or not at all."""

    key: CommandKey
    digest: bytes
    """SHA-256 of the request: the same key with another digest is a mistake, see CommandKeyReused."""
    on: Occasion
    writes: Sequence[Write]
    entries: Sequence[VaultEntry] = ()


class Saved(msgspec.Struct, frozen=True):
    position: int
    """Position of the last fact, to wait for in a view."""
    repeated: bool = False
    """True where the key had been used before: nothing was appended now."""


class Conflict(Exception):
    """Somebody else wrote to the stream since it was read. Nothing was appended."""

    def __init__(self, stream: UUID) -> None:
        super().__init__(str(stream))
        self.stream = stream


class CommandKeyReused(Exception):
    """The command key has already named another request. Nothing was appended."""


class LogUnavailable(Exception):
    """The log cannot be reached or did not answer in time; whether it wrote can be asked with the same key again."""


class UnreadableFact(Exception):
    """A fact stands in the log that this version of the program cannot decode; as a rule a newer one has written it."""

    def __init__(self, position: int, topic: str, reason: str, before: Sequence[Recorded] = ()) -> None:
        super().__init__(f"position {position}, topic {topic} cannot be read: {reason}")
        self.position = position
        self.topic = topic
        self.reason = reason
        self.before = before
        """What was asked for, up to that fact."""


@runtime_checkable
class Log(Protocol):
    """Every read raises UnreadableFact, and LogUnavailable."""

    def read(self, stream: UUID) -> Sequence[Recorded]:
        """All facts of one stream by version; empty if there is none."""
        ...

    def append(self, saves: Sequence[Save]) -> Sequence[Saved]:
        """Keep all saves or none, in order, and say where each ended.

        Raises Conflict, CommandKeyReused, LogUnavailable.
        """
        ...

    def outcome(self, key: CommandKey, digest: bytes) -> Saved | None:
        """What the key did before, None if it is new. Raises CommandKeyReused."""
        ...

    def page(
        self,
        after: int,
        limit: int,
        topics: Sequence[str] = (),
        stream: UUID | None = None,
        until: int | None = None,
    ) -> Sequence[Recorded]:
        """Up to `limit` facts with a position greater than `after` and up to `until`, by position.

        `topics` are current names; facts that were stored under an older name of one of them are among those found.
        """
        ...

    def first(self, streams: Sequence[UUID]) -> dict[UUID, Fact]:
        """The fact with which each stream begins; streams that do not exist are left out."""
        ...

    def head(self) -> int:
        """The newest position, 0 for an empty log."""
        ...


@runtime_checkable
class Archive(Log, Protocol):
    """The log as whoever looks back reads it."""

    def position_at(self, moment: datetime) -> int:
        """The newest position that was recorded by then, 0 where there was none. Raises LogUnavailable."""
        ...

    def read_several(self, streams: Sequence[UUID], until: int, without: Sequence[str] = ()) -> Sequence[Recorded]:
        """All facts of some streams up to a position, by position, without those of some topics (current names).
        Raises UnreadableFact, LogUnavailable."""
        ...


class Histories(Protocol):
    def histories(self, topics: Sequence[str], until: int) -> Iterator[Sequence[Recorded]]:
        """The whole history of every stream that holds facts of these topics, up to a position, one after another.

        `topics` are current names. Raises UnreadableFact, LogUnavailable.
        """
        ...


@runtime_checkable
class Vault(Protocol):
    def read(self, refs: Sequence[VaultRef]) -> dict[VaultRef, str | None]:
        """The text of each reference; None where it has been erased or never was."""
        ...


@runtime_checkable
class Views(Protocol):
    def caught_up(self, position: int, timeout: float = 2.0) -> bool:
        """Wait until every view that goes on shows the position, and say whether all views do.

        False when one is still behind after `timeout` seconds, and where one has stopped before the position.
        """
        ...


@runtime_checkable
class Follower(Protocol):
    def follow(self, after: int) -> Iterator[Sequence[Recorded]]:
        """Pages of facts after a position, for ever; an empty page about once a second when nothing happens.

        Ends with UnreadableFact where one cannot be decoded.
        """
        ...

    def stop(self) -> None:
        """End every iteration in a moment."""
        ...
