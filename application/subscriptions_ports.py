"""What the use cases of subscriptions need from outside, and what they give."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

import msgspec

from domain.subscriptions.events import Signing
from domain.subscriptions.subscription import Key, Subscription

TEST: int = 0
"""The position that a test delivery is said to have; no fact has it."""


class Outcome(StrEnum):
    """By what attempts can be chosen."""

    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    TEST = "test"
    """Test deliveries, however they were answered."""


class NewSecret(msgspec.Struct, frozen=True):
    """A secret that was just made. What the receiver needs is shown once."""

    id: UUID
    public_key: str | None
    for_receiver: str
    """`whsec_…`, or `whpk_…` where the receiver needs no more than the public key."""


class Message(msgspec.Struct, frozen=True):
    """One delivery before it is signed."""

    id: str
    """Stays the same with every attempt."""
    body: bytes


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """How a receiver took a delivery."""

    status: int | None = None
    """None where it did not come to an answer."""
    fault: str = ""
    """Why there is none, such as `time-over`; empty where there is one."""
    said: str = ""
    """The first words of the body, for people."""
    retry_after: int | None = None
    """Seconds after which the receiver wants to be asked again."""
    milliseconds: int = 0

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - as the specification has it

    @property
    def gone(self) -> bool:
        return self.status == 410  # noqa: PLR2004 - as the specification has it


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt, as it is kept for a while."""

    id: int
    position: int
    """TEST for a test delivery."""
    stream: UUID | None
    replay: int
    """0 where it is none."""
    attempt: int
    sent_at: datetime
    answer: Answer


class WaitingCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case whose next fact the receiver has not taken yet; what comes after it waits behind it."""

    stream: UUID
    after: int
    """The last position of the case that was delivered or that nobody owes."""
    attempts: int
    since: datetime
    next_at: datetime
    parked_at: datetime | None
    """Since when it waits for a person; None where it is tried again by itself."""
    fault: str
    status: int | None


class Stand(msgspec.Struct, frozen=True, kw_only=True):
    """Where the deliveries of one subscription stand."""

    cursor: int
    """Every fact up to here was delivered, was not let through, or waits with its case."""
    settled: int
    """Up to here nothing waits: from this position on the receiver may go on by another way."""
    applied: int
    """Version of the subscription that deliveries follow."""
    resting_until: datetime | None
    """The receiver does not answer, or has asked for a pause."""
    failing_since: datetime | None
    fault: str
    waiting: int
    """Cases that are tried again by themselves."""
    parked: int
    """Cases that wait for a person."""
    replaying: bool


@runtime_checkable
class Desk(Protocol):
    """Rows beside the log. Raises LogUnavailable."""

    def begin(self, subscription: UUID) -> None:
        """Note that there may be one; what its facts do not tell of is none."""
        ...

    def subscriptions(self) -> Sequence[UUID]: ...

    def stands(self) -> Mapping[UUID, Stand]:
        """Of every subscription with which deliveries have begun."""
        ...

    def deliveries(
        self, subscription: UUID, most: int, before: int | None = None, outcome: Outcome | None = None
    ) -> Sequence[Delivery]:
        """The newest first; `before` is the id of the last one seen."""
        ...

    def newest(self) -> Mapping[UUID, Delivery]:
        """The last attempt with every subscription that has one."""
        ...

    def keep(self, subscription: UUID, delivery: Delivery) -> None: ...

    def cases(self, subscription: UUID, most: int, *, parked: bool) -> Sequence[WaitingCase]:
        """Those that wait for a person, or those that are tried again; the longest first."""
        ...


@runtime_checkable
class Secrets(Protocol):
    """Kept sealed. Raises a fault where they cannot be opened here."""

    def make(self, signing: Signing, *, lost: bool = False) -> NewSecret:
        """`lost` gives up the key with which earlier ones were sealed, where it is not here."""
        ...

    def drop(self, secret: UUID) -> None: ...


@runtime_checkable
class Sending(Protocol):
    def send(self, subscription: Subscription, keys: Sequence[Key], message: Message) -> Answer:
        """One attempt. It ends within the limits, whatever the receiver does."""
        ...
