"""`POST /api/v1/subscriptions/{subscription}/{deed}`: try, resume, pause, disable, rotate, release, replay."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from application.access import Person
from application.answers import Answer
from application.handling import OFFICE
from application.subscriptions_reading import Plan
from application.subscriptions_rights import require
from domain.kernel import CommandKey, Refusal, Refused
from web.admin.subscriptions_deliveries import Offer, offered, sealed
from web.api.http.answering import answered
from web.api.http.asking import Asked, asked_as, granted
from web.api.http.bodies import body_as
from web.api.http.describing import SUBSCRIPTIONS_READ, SUBSCRIPTIONS_WRITE
from web.api.http.sending import OK, beside, deed, once, with_secret
from web.api.office import subscription_examples as examples
from web.api.office.subscription_shapes import (
    AnswerShown,
    BeginReplay,
    Opened,
    PlanShown,
    ReleaseCases,
    RotateSecret,
    Stands,
    answer,
    replay_of,
)
from web.api.office.subscriptions import PATH, code_of, subscription_operation
from web.api.register.deed_bodies import Sent
from web.forms import Form
from web.parts import Parts
from web.session import PageRequest

T = TypeVar("T", bound=msgspec.Struct)


class PlanAsked(Asked, frozen=True, kw_only=True):
    """From the beginning unless told otherwise."""

    after: Annotated[int, Meta(ge=0, le=2**63 - 1, description="The position behind which is sent again.")] = 0
    since: Annotated[dt.date | None, Meta(description="In its place: from that day of the office on.")] = None


def _deed(name: str, summary: str, **said: Any) -> Any:
    """`name` of the operation; the last part of its address stands in `at`."""
    at = said.pop("at")
    given: dict[str, Any] = {"answer": Stands, "example": examples.STANDS, "body": Sent, "body_example": {}}
    operation = subscription_operation(id=name, summary=summary, scope=SUBSCRIPTIONS_WRITE, **{**given, **said})
    return deed(f"/{{subscription:str}}/{at}", operation)


class SubscriptionDeeds(Controller):
    path = PATH

    @_deed(
        "testSubscription",
        "Send a delivery that tells of no fact, now.",
        at="test",
        answer=AnswerShown,
        example=examples.TAKEN,
    )
    def test(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        """200 says how the receiver took it: look at `accepted`."""
        person, desk = granted(request, SUBSCRIPTIONS_WRITE), parts.subscriptions
        code, body = _known(person, parts, subscription), body_as(request, sent, Sent)

        def do() -> AnswerShown:
            with desk.mendable():
                return answer(desk.keeping.test(person, code))

        return beside(request, person, parts.keeping_answers, body, do)

    @_deed("resumeSubscription", "Begin to deliver, or go on.", at="resume")
    def resume(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        """Also one that was disabled; what an administrator has disabled, an administrator resumes."""
        return _done(request, parts, sent, subscription, _bare(parts.subscriptions.keeping.resume), Sent)

    @_deed("pauseSubscription", "Let deliveries rest. What comes meanwhile is delivered later.", at="pause")
    def pause(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        return _done(request, parts, sent, subscription, _bare(parts.subscriptions.keeping.pause), Sent)

    @_deed("disableSubscription", "Deliver nothing any more, by an administrator.", at="disable")
    def disable(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        require(granted(request, SUBSCRIPTIONS_WRITE))
        return _done(request, parts, sent, subscription, _bare(parts.subscriptions.keeping.disable), Sent)

    @_deed(
        "releaseCases",
        "Try parked cases again; what waits behind them follows in its order.",
        at="release",
        body=ReleaseCases,
        body_example={"case": "2026-0042"},
    )
    def release(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        """Of all of them 200 at a time."""
        mending = parts.subscriptions.mending

        def do(person: Person, code: str, key: CommandKey, body: ReleaseCases) -> Any:
            case = body.case
            return mending.release_all(person, code, key) if case is None else mending.release(person, code, key, case)

        return _done(request, parts, sent, subscription, do, ReleaseCases)

    @_deed(
        "rotateSecret",
        "A new secret; the old one signs beside it for a while.",
        at="rotate",
        answer=Opened,
        example=examples.OPENED,
        body=RotateSecret,
        body_example={"overlap_hours": 24},
    )
    def rotate(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        """The secret is in no kept answer: the same request again is answered without it."""
        person, desk = granted(request, SUBSCRIPTIONS_WRITE), parts.subscriptions
        code, body = _known(person, parts, subscription), body_as(request, sent, RotateSecret)

        def do(key: CommandKey) -> tuple[Opened, Opened]:
            with desk.mendable():
                made = desk.keeping.rotate(person, code, key, body.overlap_hours, lost=body.lost)
            return Opened(code=code, secret=made.for_receiver), Opened(code=code, secret="")

        return with_secret(request, person, parts.keeping_answers, body, do, status=OK)

    @get(
        "/{subscription:str}/replay",
        sync_to_thread=True,
        api=subscription_operation(
            id="planReplay",
            summary="What a replay would send, for an administrator.",
            asked=PlanAsked,
            answer=PlanShown,
            example=examples.PLAN,
        ),
    )
    def plan(
        self,
        request: PageRequest,
        asked: NamedDependency[Form],
        parts: NamedDependency[Parts],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        """503 `past.preparing` with `done` and `whole` while it is counted."""
        person, desk = granted(request, SUBSCRIPTIONS_READ), parts.subscriptions
        wanted, code = asked_as(asked, PlanAsked), code_of(subscription)
        require(person)
        state = desk.keeping.one(person, code)
        after = wanted.after
        if wanted.since:
            midnight = dt.datetime.combine(wanted.since, dt.time(), OFFICE) - dt.timedelta(microseconds=1)
            after = desk.reading.position_of(person, midnight)
        plan = desk.planning.plan(person, code, after)
        offer = sealed(Offer(plan=plan, filter=state.filter), code, parts)
        return answered(request, _plan(plan, offer))

    @_deed(
        "beginReplay",
        "Deliver again what was planned, by an administrator.",
        at="replay",
        body=BeginReplay,
        body_example={"plan": examples.PLAN.plan},
    )
    def begin_replay(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        """Only a plan that was shown is begun, with the filter for which it was made."""
        desk = parts.subscriptions
        require(granted(request, SUBSCRIPTIONS_WRITE))

        def do(person: Person, code: str, key: CommandKey, body: BeginReplay) -> Any:
            offer = offered(body.plan, code, parts)
            if offer is None or offer.filter != desk.keeping.one(person, code).filter:
                raise Refused(Refusal("subscription.plan-over", field="plan"))
            return desk.mending.begin_replay(person, code, key, offer.plan)

        return _done(request, parts, sent, subscription, do, BeginReplay)

    @_deed("stopReplay", "Stop a replay, by an administrator; deliveries go on where they had stood.", at="replay/stop")
    def stop_replay(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        require(granted(request, SUBSCRIPTIONS_WRITE))
        return _done(request, parts, sent, subscription, _bare(parts.subscriptions.mending.stop_replay), Sent)


def _known(person: Person, parts: Parts, code: str) -> str:
    """Raises Forbidden, NotFound."""
    return parts.subscriptions.keeping.one(person, code_of(code)).code


def _bare(do: Callable[[Person, str, CommandKey], Any]) -> Callable[[Person, str, CommandKey, Sent], Any]:
    """A deed that asks for nothing more."""
    return lambda person, code, key, _body: do(person, code, key)


def _done(
    request: PageRequest,
    parts: Parts,
    sent: bytes,
    subscription: str,
    do: Callable[[Person, str, CommandKey, T], Any],
    kind: type[T],
) -> Response[bytes]:
    person, desk = granted(request, SUBSCRIPTIONS_WRITE), parts.subscriptions
    code = _known(person, parts, subscription)
    body = body_as(request, sent, kind)

    def done(key: CommandKey) -> Answer:
        do(person, code, key, body)
        line = desk.showing.one(person, code)
        stand = line.row.stand
        told = Stands(
            code=code,
            standing=line.row.state.standing,
            replay=replay_of(line),
            parked=stand.parked if stand else 0,
        )
        return Answer(OK, msgspec.json.encode(told))

    return once(request, person, parts.keeping_answers, body, done)


def _plan(plan: Plan, offer: str) -> PlanShown:
    return PlanShown(
        after=plan.after, up_to=plan.up_to, facts=plan.facts, cases=plan.cases, oldest=plan.oldest, plan=offer
    )
