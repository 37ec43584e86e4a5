"""What is decided about subscriptions."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta

from domain.kernel import AccountId, Command, Occasion, Refusal, Refused
from domain.subscriptions import events as e
from domain.subscriptions.subscription import Filter, Standing, Subscription

CODE: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
RESERVED: Final = frozenset({"new"})
"""Stands where a code stands in addresses of pages."""
LONGEST_NAME: Final = 120
LONGEST_OVERLAP: Final = 168
"""Hours in which an old secret signs beside the new one."""
MOST_KEYS: Final = 4
"""Secrets that sign at once."""


class CreateSubscription(Command, frozen=True, kw_only=True):
    """The use case has checked the address, and keeps the secret."""

    code: str
    name: str
    address: str
    signing: e.Signing
    secret: UUID
    public_key: str | None = None
    keeper: AccountId | None = None
    after: Annotated[int, Meta(ge=0)]
    filter: Filter


class ChangeSubscription(Command, frozen=True, kw_only=True):
    """The use case has checked the address."""

    name: str
    address: str
    keeper: AccountId | None = None
    filter: Filter


class PauseSubscription(Command, frozen=True, kw_only=True):
    pass


class ResumeSubscription(Command, frozen=True, kw_only=True):
    pass


class DisableSubscription(Command, frozen=True, kw_only=True):
    because: e.DisabledBecause = e.DisabledBecause.BY_PERSON


class RotateSecret(Command, frozen=True, kw_only=True):
    secret: UUID
    public_key: str | None = None
    overlap_hours: int


class ReleaseCase(Command, frozen=True, kw_only=True):
    """The use case has seen that it is parked."""

    stream: UUID
    subject: str


class BeginReplay(Command, frozen=True, kw_only=True):
    """The use case has counted."""

    after: Annotated[int, Meta(ge=0)]
    up_to: int
    facts: int
    cases: int


class StopReplay(Command, frozen=True, kw_only=True):
    pass


class FinishReplay(Command, frozen=True, kw_only=True):
    replay: int


def decide(state: Subscription | None, command: Command, on: Occasion) -> list[e.SubscriptionEvent]:
    """Facts that a command leads to. Raises Refused."""
    if isinstance(command, CreateSubscription):
        return create(state, command)
    if state is None:
        raise Refused(Refusal("subscription.unknown"))
    return _DECISIONS[type(command)](state, command, on)


def create(state: Subscription | None, command: CreateSubscription) -> list[e.SubscriptionEvent]:
    if not CODE.fullmatch(command.code) or command.code in RESERVED:
        raise Refused(Refusal("subscription.code", {"typed": command.code[:80]}, "code"))
    if state is not None:
        raise Refused(Refusal("subscription.exists", {"typed": command.code}, "code"))
    return [
        e.SubscriptionCreated(
            code=command.code,
            name=_name(command.name),
            address=command.address,
            signing=command.signing,
            secret=command.secret,
            public_key=command.public_key,
            keeper=command.keeper,
            after=command.after,
            types=command.filter.types,
            case=command.filter.case,
            local_governments=command.filter.local_governments,
            kinds=command.filter.kinds,
        )
    ]


def change(state: Subscription, command: ChangeSubscription, on: Occasion) -> list[e.SubscriptionEvent]:
    name = _name(command.name)
    wanted = (name, command.address, command.keeper, command.filter)
    if wanted == (state.name, state.address, state.keeper, state.filter):
        return []
    return [
        e.SubscriptionChanged(
            name=name,
            address=command.address,
            keeper=command.keeper,
            types=command.filter.types,
            case=command.filter.case,
            local_governments=command.filter.local_governments,
            kinds=command.filter.kinds,
        )
    ]


def pause(state: Subscription, command: PauseSubscription, on: Occasion) -> list[e.SubscriptionEvent]:
    if state.standing is Standing.PAUSED:
        return []
    if state.standing is not Standing.ACTIVE:
        raise Refused(Refusal("subscription.not-active", {"standing": state.standing.value}))
    return [e.SubscriptionPaused()]


def resume(state: Subscription, command: ResumeSubscription, on: Occasion) -> list[e.SubscriptionEvent]:
    return [] if state.standing is Standing.ACTIVE else [e.SubscriptionResumed()]


def disable(state: Subscription, command: DisableSubscription, on: Occasion) -> list[e.SubscriptionEvent]:
    return [] if state.standing is Standing.DISABLED else [e.SubscriptionDisabled(because=command.because)]


def rotate_secret(state: Subscription, command: RotateSecret, on: Occasion) -> list[e.SubscriptionEvent]:
    """After a leak the overlap is 0: the old secret signs no more."""
    if not 0 <= command.overlap_hours <= LONGEST_OVERLAP:
        bounds: dict[str, str | int] = {"least": 0, "most": LONGEST_OVERLAP}
        raise Refused(Refusal("form.number-out-of-range", bounds, "overlap_hours"))
    if command.overlap_hours and len(state.signs(on.at)) >= MOST_KEYS:
        raise Refused(Refusal("subscription.too-many-secrets", {"most": MOST_KEYS}))
    until = on.at + timedelta(hours=command.overlap_hours)
    return [e.SecretRotated(secret=command.secret, public_key=command.public_key, old_until=until)]


def release_case(state: Subscription, command: ReleaseCase, on: Occasion) -> list[e.SubscriptionEvent]:
    return [e.CaseReleased(stream=command.stream, subject=command.subject)]


def begin_replay(state: Subscription, command: BeginReplay, on: Occasion) -> list[e.SubscriptionEvent]:
    """One at a time, of what was delivered before."""
    if state.standing in (Standing.NEW, Standing.DISABLED):
        raise Refused(Refusal("subscription.not-active", {"standing": state.standing.value}))
    if state.replay is not None:
        raise Refused(Refusal("subscription.replay-runs"))
    if not command.facts:
        raise Refused(Refusal("subscription.nothing-to-replay", {"up_to": command.up_to}))
    return [
        e.ReplayBegun(
            replay=state.replays + 1,
            after=command.after,
            up_to=command.up_to,
            facts=command.facts,
            cases=command.cases,
        )
    ]


def stop_replay(state: Subscription, command: StopReplay, on: Occasion) -> list[e.SubscriptionEvent]:
    if state.replay is None:
        raise Refused(Refusal("subscription.no-replay"))
    return [e.ReplayStopped(replay=state.replay.number)]


def finish_replay(state: Subscription, command: FinishReplay, on: Occasion) -> list[e.SubscriptionEvent]:
    """Nothing where it was stopped at the same moment."""
    running = state.replay is not None and state.replay.number == command.replay
    return [e.ReplayFinished(replay=command.replay)] if running else []


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise Refused(Refusal("form.missing", field="name"))
    if len(name) > LONGEST_NAME:
        raise Refused(Refusal("form.too-long", {"most": LONGEST_NAME, "length": len(name)}, "name"))
    if not name.isprintable():
        raise Refused(Refusal("form.not-printable", field="name"))
    return name


_DECISIONS: Final[dict[type[Command], Callable[[Subscription, Any, Occasion], list[e.SubscriptionEvent]]]] = {
    ChangeSubscription: change,
    PauseSubscription: pause,
    ResumeSubscription: resume,
    DisableSubscription: disable,
    RotateSecret: rotate_secret,
    ReleaseCase: release_case,
    BeginReplay: begin_replay,
    StopReplay: stop_replay,
    FinishReplay: finish_replay,
}
