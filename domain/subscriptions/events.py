"""Every fact about a subscription by webhook. The tags are the storage format, never changed.

None of them holds a secret: those are kept beside the log, sealed, and named here by id. What was sent is no fact.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.kernel import AccountId, Fact


class Signing(StrEnum):
    """How deliveries are signed, by the Standard Webhooks specification."""

    HMAC = "hmac"
    """`v1`: HMAC-SHA256 with a secret that both sides know (`whsec_`)."""
    ED25519 = "ed25519"
    """`v1a`: Ed25519; the receiver knows the public key only (`whpk_`)."""


class DisabledBecause(StrEnum):
    """Why nothing is delivered any more."""

    BY_PERSON = "by_person"
    """An administrator ended it."""
    GONE = "gone"
    """The receiver answered 410: it wants no more deliveries."""


class SubscriptionCreated(Fact, frozen=True, kw_only=True, tag="subscription.created"):
    """Another system is to be told of facts by webhook. It rests until it is resumed, after a delivery was tried."""

    code: str
    """Its name for programs, never used again for another one."""
    name: str
    """What people call it."""
    address: str
    """Where deliveries go."""
    signing: Signing
    """How deliveries are signed."""
    secret: UUID
    """Names the secret; it is kept beside the log."""
    public_key: str | None = None
    """What the receiver verifies with, `whpk_` and base64. Only with Ed25519."""
    keeper: AccountId | None = None
    """Who is told when something waits for a person; every administrator where nobody is named."""
    after: int
    """Facts behind this position are delivered; 0 for all that there are."""
    types: tuple[str, ...] = ()
    """Topics that are let through; all where none is named."""
    case: str | None = None
    """Number of the only case that is let through."""
    local_governments: tuple[str, ...] = ()
    """Codes of those whose cases are let through; all where none is named."""
    kinds: tuple[str, ...] = ()
    """Kinds of cooperation whose cases are let through; all where none is named."""


class SubscriptionChanged(Fact, frozen=True, kw_only=True, tag="subscription.changed"):
    """Name, address, keeper and filters are these from now on, also for what waits to be delivered."""

    name: str
    """What people call it."""
    address: str
    """Where deliveries go."""
    keeper: AccountId | None = None
    """Who is told when something waits for a person; every administrator where nobody is named."""
    types: tuple[str, ...] = ()
    """Topics that are let through; all where none is named."""
    case: str | None = None
    """Number of the only case that is let through."""
    local_governments: tuple[str, ...] = ()
    """Codes of those whose cases are let through; all where none is named."""
    kinds: tuple[str, ...] = ()
    """Kinds of cooperation whose cases are let through; all where none is named."""


class SubscriptionPaused(Fact, frozen=True, kw_only=True, tag="subscription.paused"):
    """Deliveries rest. What comes meanwhile is delivered later."""


class SubscriptionResumed(Fact, frozen=True, kw_only=True, tag="subscription.resumed"):
    """Deliveries begin, or go on where they stood."""


class SecretRotated(Fact, frozen=True, kw_only=True, tag="subscription.secret-rotated"):
    """A new secret signs. The one before it signs too, until the moment that is named."""

    secret: UUID
    """Names the new secret; it is kept beside the log."""
    public_key: str | None = None
    """What the receiver verifies with, `whpk_` and base64. Only with Ed25519."""
    old_until: datetime
    """Until then deliveries carry both signatures."""


class SubscriptionDisabled(Fact, frozen=True, kw_only=True, tag="subscription.disabled"):
    """Nothing is delivered until somebody resumes it."""

    because: DisabledBecause
    """Why."""


class CaseReleased(Fact, frozen=True, kw_only=True, tag="subscription.case-released"):
    """What was parked is tried again: deliveries of one case go on in their order."""

    stream: UUID
    """Of the case, or of the partner's file."""
    subject: str
    """Its number, as events name it."""


class ReplayBegun(Fact, frozen=True, kw_only=True, tag="subscription.replay-begun"):
    """Facts that were delivered before are delivered again, and then what came since."""

    replay: int
    """Counts the replays of this subscription."""
    after: int
    """Facts behind this position are delivered again."""
    up_to: int
    """Up to this position they had been delivered."""
    facts: int
    """How many they were."""
    cases: int
    """Of how many cases and files."""


class ReplayStopped(Fact, frozen=True, kw_only=True, tag="subscription.replay-stopped"):
    """A replay was ended before its time. Deliveries go on where they had stood."""

    replay: int
    """Counts the replays of this subscription."""


class ReplayFinished(Fact, frozen=True, kw_only=True, tag="subscription.replay-finished"):
    """Everything was delivered again, but for cases that wait."""

    replay: int
    """Counts the replays of this subscription."""


SubscriptionEvent = (
    SubscriptionCreated
    | SubscriptionChanged
    | SubscriptionPaused
    | SubscriptionResumed
    | SecretRotated
    | SubscriptionDisabled
    | CaseReleased
    | ReplayBegun
    | ReplayStopped
    | ReplayFinished
)
