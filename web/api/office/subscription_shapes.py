"""What the API shows of subscriptions, and what is sent for them."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from application.subscriptions import Wish
from application.subscriptions_address import LONGEST
from application.subscriptions_ports import Answer
from application.subscriptions_reading import Sent as Attempt
from application.subscriptions_reading import Waiting
from application.subscriptions_showing import Line
from domain.initiatives.terms import Kind
from domain.kernel import AccountId
from domain.subscriptions.decisions import LONGEST_NAME, LONGEST_OVERLAP
from domain.subscriptions.events import DisabledBecause, Signing
from domain.subscriptions.subscription import Filter, Standing
from domain.words import CaseNumber, LocalGovernmentCode
from web.admin.subscriptions_forms import seen
from web.api.register.deed_bodies import Sent, tidied
from web.api.register.shapes import AccountName, Next
from web.api.register.telling import Telling

MOST: Final = 50
"""Of each part of a filter."""
_LARGEST: Final = 2**63 - 1
Position = Annotated[int, Meta(ge=0, le=_LARGEST)]
Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=r"^(?=.*\S)[^\x00-\x1f]*$")]
Seen = Annotated[
    str, Meta(max_length=64, description="From the subscription that was read: 409 where it changed since.")
]


class FilterSent(Sent, frozen=True, kw_only=True):
    """What is let through; an empty part lets everything through."""

    type: Annotated[tuple[Annotated[str, Meta(max_length=100)], ...], Meta(max_length=MOST)] = ()
    case: CaseNumber | None = None
    local_government: Annotated[tuple[LocalGovernmentCode, ...], Meta(max_length=MOST)] = ()
    kind: Annotated[tuple[Kind, ...], Meta(max_length=MOST)] = ()


class WishSent(Sent, frozen=True, kw_only=True):
    name: Name
    address: Annotated[str, Meta(min_length=1, max_length=LONGEST, description="`https` only, and no query.")]
    keeper: Annotated[
        UUID | None, Meta(description="An account that looks after it and gets a mail where something waits.")
    ] = None
    filter: FilterSent = FilterSent()


class CreateSubscription(WishSent, frozen=True, kw_only=True):
    code: Annotated[str, Meta(min_length=1, max_length=40, description="Names it for good: `nis-portal`.")]
    signing: Signing = Signing.HMAC
    after: Annotated[Position | None, Meta(description="Null begins with what is recorded from now on.")] = None


class ChangeSubscription(WishSent, frozen=True, kw_only=True):
    """The whole of it: what is left out becomes empty."""

    seen: Seen


class RotateSecret(Sent, frozen=True, kw_only=True):
    overlap_hours: Annotated[
        int, Meta(ge=0, le=LONGEST_OVERLAP, description="So long the old one signs beside the new one.")
    ] = 24
    lost: Annotated[bool, Meta(description="The old one cannot be opened any more, and ends at once.")] = False


class ReleaseCases(Sent, frozen=True, kw_only=True):
    case: Annotated[
        Annotated[str, Meta(max_length=80)] | None,
        Meta(description="As parked cases have it; null releases all of them."),
    ] = None


class BeginReplay(Sent, frozen=True, kw_only=True):
    plan: Annotated[str, Meta(min_length=1, max_length=4000, description="`plan` of the plan that was shown.")]


class FilterShown(msgspec.Struct, frozen=True, kw_only=True):
    type: tuple[str, ...]
    case: str | None
    local_government: tuple[str, ...]
    kind: tuple[str, ...]


class AnswerShown(msgspec.Struct, frozen=True, kw_only=True):
    """How the receiver took a delivery."""

    accepted: bool
    status: Annotated[int | None, Meta(description="Null where it did not come to an answer.")]
    fault: Annotated[str, Meta(description="Why there is none, such as `time-over`.")]
    said: Annotated[str, Meta(description="The first words of its body.")]
    milliseconds: int


class ReplayShown(msgspec.Struct, frozen=True, kw_only=True):
    after: int
    up_to: int
    facts: int
    cases: int


class SubscriptionShown(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    name: str
    address: str
    signing: Signing
    standing: Standing
    disabled_because: DisabledBecause | None
    keeper: AccountName | None
    filter: FilterShown
    seen: Annotated[str, Meta(description="Send it with a change.")]
    after: Annotated[int, Meta(description="The position behind which it began.")]
    cursor: Annotated[int | None, Meta(description="Every position up to here was looked at; null before the first.")]
    settled: Annotated[
        int | None,
        Meta(
            description="Up to here nothing waits: behind it the receiver may go on by another way; null as `cursor`."
        ),
    ]
    lag: Annotated[int, Meta(ge=0, description="Positions that were not looked at yet.")]
    waits_since: Annotated[datetime | None, Meta(description="When the oldest of them was recorded.")]
    waiting: Annotated[int, Meta(ge=0, description="Cases that are tried again by themselves.")]
    parked: Annotated[int, Meta(ge=0, description="Cases that wait for a person.")]
    resting_until: datetime | None
    failing_since: datetime | None
    fault: str
    last: Annotated[AnswerShown | None, Meta(description="Of the newest attempt.")]
    last_at: datetime | None
    replay: Annotated[ReplayShown | None, Meta(description="The one that runs.")]


class SubscriptionList(msgspec.Struct, frozen=True):
    """By code, those that were disabled last."""

    subscriptions: tuple[SubscriptionShown, ...]
    delivers: Annotated[bool, Meta(description="Whether some process delivers.")]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    secret: Annotated[
        str,
        Meta(description="For the receiver, shown this once. Empty where the same request was sent before: rotate it."),
    ]


class DeliveryShown(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt."""

    id: int
    sent_at: datetime
    position: Annotated[int, Meta(description="Of the fact; 0 of a test delivery.")]
    case: Annotated[str, Meta(description="Empty for a test delivery.")]
    message: Annotated[str, Meta(description="`webhook-id`.")]
    attempt: int
    replay: int
    answer: AnswerShown
    let: Annotated[bool, Meta(description="Whether the filter of today lets the fact through.")]
    body: Annotated[
        str, Meta(description="The event as it would leave now; its first 4000 characters. Empty where it would not.")
    ]


class DeliveryList(msgspec.Struct, frozen=True):
    """The newest first."""

    deliveries: tuple[DeliveryShown, ...]
    next: Next


class WaitingCase(msgspec.Struct, frozen=True, kw_only=True):
    case: str
    since: datetime
    parked_at: Annotated[datetime | None, Meta(description="Null where it is tried again by itself.")]
    next_at: datetime
    attempts: int
    status: int | None
    fault: str


class WaitingCases(msgspec.Struct, frozen=True):
    """The longest first; 200 of each at most."""

    parked: tuple[WaitingCase, ...]
    waiting: tuple[WaitingCase, ...]


class PlanShown(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay would send. Nothing is sent before it is begun."""

    after: int
    up_to: int
    facts: int
    cases: int
    oldest: datetime | None
    plan: Annotated[str, Meta(description="Send it to begin just this.")]


class Stands(msgspec.Struct, frozen=True, kw_only=True):
    """After a deed."""

    code: str
    standing: Standing
    replay: ReplayShown | None
    parked: int


def wish(sent: WishSent) -> Wish:
    let = sent.filter
    return Wish(
        name=tidied(sent.name),
        address=sent.address.strip(),
        keeper=AccountId(sent.keeper) if sent.keeper else None,
        filter=Filter(
            types=tuple(dict.fromkeys(let.type)),
            case=let.case,
            local_governments=tuple(dict.fromkeys(let.local_government)),
            kinds=tuple(dict.fromkeys(kind.value for kind in let.kind)),
        ),
    )


def shown(line: Line, telling: Telling) -> SubscriptionShown:
    state, stand, last = line.row.state, line.row.stand, line.last
    let = state.filter
    return SubscriptionShown(
        code=state.code,
        name=state.name,
        address=state.address,
        signing=state.signing,
        standing=state.standing,
        disabled_because=state.disabled_because,
        keeper=telling.account(state.keeper),
        filter=FilterShown(type=let.types, case=let.case, local_government=let.local_governments, kind=let.kinds),
        seen=seen(state),
        after=state.after,
        cursor=stand.cursor if stand else None,
        settled=stand.settled if stand else None,
        lag=line.row.lag,
        waits_since=line.since,
        waiting=stand.waiting if stand else 0,
        parked=stand.parked if stand else 0,
        resting_until=stand.resting_until if stand else None,
        failing_since=stand.failing_since if stand else None,
        fault=stand.fault if stand else "",
        last=answer(last.answer) if last else None,
        last_at=last.sent_at if last else None,
        replay=replay_of(line),
    )


def replay_of(line: Line) -> ReplayShown | None:
    runs = line.row.state.replay
    return ReplayShown(after=runs.after, up_to=runs.up_to, facts=runs.facts, cases=runs.cases) if runs else None


def answer(held: Answer) -> AnswerShown:
    return AnswerShown(
        accepted=held.accepted, status=held.status, fault=held.fault, said=held.said, milliseconds=held.milliseconds
    )


def delivery(sent: Attempt) -> DeliveryShown:
    held = sent.delivery
    return DeliveryShown(
        id=held.id,
        sent_at=held.sent_at,
        position=held.position,
        case=sent.subject,
        message=sent.message,
        attempt=held.attempt,
        replay=held.replay,
        answer=answer(held.answer),
        let=sent.let,
        body=sent.body,
    )


def waiting(one: Waiting) -> WaitingCase:
    case = one.case
    return WaitingCase(
        case=one.subject,
        since=case.since,
        parked_at=case.parked_at,
        next_at=case.next_at,
        attempts=case.attempts,
        status=case.status,
        fault=case.fault,
    )
