"""A subscription as its facts have made it."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.kernel import AccountId
from domain.subscriptions import events as e


class Standing(StrEnum):
    """Whether anything is delivered."""

    NEW = "new"
    """Never begun."""
    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What is let through. An empty part lets everything through."""

    types: tuple[str, ...] = ()
    case: str | None = None
    local_governments: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


class Key(msgspec.Struct, frozen=True):
    """A secret that signs, by its id."""

    secret: UUID
    public_key: str | None
    until: datetime | None = None
    """It signs until then; None for the one in force."""


class Replay(msgspec.Struct, frozen=True):
    number: int
    after: int
    up_to: int
    facts: int
    cases: int


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """The running state of one subscription."""

    code: str
    name: str
    address: str
    signing: e.Signing
    keys: tuple[Key, ...]
    """The one in force first."""
    keeper: AccountId | None
    after: int
    filter: Filter
    standing: Standing = Standing.NEW
    disabled_because: e.DisabledBecause | None = None
    replay: Replay | None = None
    """The one that runs."""
    replays: int = 0

    def signs(self, at: datetime) -> tuple[Key, ...]:
        """The keys that sign at that moment, the one in force first."""
        return tuple(key for key in self.keys if key.until is None or at < key.until)


class BrokenHistory(Exception):
    """The facts cannot be a subscription's: they do not begin with its creation, or have two."""


def evolve(state: Subscription | None, fact: e.SubscriptionEvent) -> Subscription:
    """The state after one more fact. Raises BrokenHistory where the facts contradict the model."""
    if isinstance(fact, e.SubscriptionCreated):
        if state is not None:
            raise BrokenHistory(f"{state.code} is created twice")
        return Subscription(
            code=fact.code,
            name=fact.name,
            address=fact.address,
            signing=fact.signing,
            keys=(Key(fact.secret, fact.public_key),),
            keeper=fact.keeper,
            after=fact.after,
            filter=_filter(fact),
        )
    if state is None:
        raise BrokenHistory("a subscription begins with its creation")
    match fact:
        case e.SubscriptionChanged():
            changed = {"name": fact.name, "address": fact.address, "keeper": fact.keeper, "filter": _filter(fact)}
            return replace(state, **changed)
        case e.SubscriptionPaused():
            return replace(state, standing=Standing.PAUSED)
        case e.SubscriptionResumed():
            return replace(state, standing=Standing.ACTIVE, disabled_because=None)
        case e.SubscriptionDisabled(because=because):
            return replace(state, standing=Standing.DISABLED, disabled_because=because)
        case e.SecretRotated():
            return replace(state, keys=_rotated(state.keys, fact))
        case e.CaseReleased():
            return state
        case e.ReplayBegun():
            begun = Replay(fact.replay, fact.after, fact.up_to, fact.facts, fact.cases)
            return replace(state, replay=begun, replays=fact.replay)
        case e.ReplayStopped() | e.ReplayFinished():
            return replace(state, replay=None)
        case _:
            assert_never(fact)


def fold(facts: Iterable[e.SubscriptionEvent]) -> Subscription | None:
    """The state after all facts of one subscription, by version; None if there are none."""
    state: Subscription | None = None
    for fact in facts:
        state = evolve(state, fact)
    return state


def _filter(fact: e.SubscriptionCreated | e.SubscriptionChanged) -> Filter:
    return Filter(types=fact.types, case=fact.case, local_governments=fact.local_governments, kinds=fact.kinds)


def _rotated(keys: tuple[Key, ...], fact: e.SecretRotated) -> tuple[Key, ...]:
    """No older key outlives the overlap, so that after a leak one rotation without an overlap ends them all."""
    older = (replace(key, until=min(key.until or fact.old_until, fact.old_until)) for key in keys)
    return (Key(fact.secret, fact.public_key), *older)
