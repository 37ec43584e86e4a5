"""`/api/v1/subscriptions`: subscriptions by webhook, for administrators and for whoever keeps one."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from application.answers import Answer
from application.reading import NotFound
from application.subscriptions_ports import Outcome
from application.subscriptions_rights import require
from domain.kernel import CommandKey, Refusal
from domain.subscriptions.decisions import CODE
from web.admin.subscriptions_forms import seen
from web.api.http.answering import answered
from web.api.http.asking import Asked, Cursor, asked_as, cursor, granted, skipped
from web.api.http.bodies import body_as
from web.api.http.describing import SUBSCRIPTIONS_READ, SUBSCRIPTIONS_WRITE, Operation
from web.api.http.sending import CREATED, OK, deed, once, with_secret
from web.api.office import subscription_examples as examples
from web.api.office.subscription_shapes import (
    ChangeSubscription,
    CreateSubscription,
    DeliveryList,
    Opened,
    SubscriptionList,
    SubscriptionShown,
    WaitingCases,
    delivery,
    shown,
    waiting,
    wish,
)
from web.api.register.telling import Telling
from web.casework import Casework
from web.forms import Form
from web.parts import Parts
from web.problems import Problem
from web.session import PageRequest

PATH: Final = "/api/v1/subscriptions"
MOST_DELIVERIES: Final = 100
"""Each with its body."""


class DeliveriesAsked(Asked, frozen=True, kw_only=True):
    outcome: Annotated[Outcome | None, Meta(description="Only those of this outcome.")] = None
    limit: Annotated[int, Meta(ge=1, le=MOST_DELIVERIES, description="How many of them at most.")] = 25
    cursor: Cursor = ""


def subscription_operation(**said: Any) -> Operation:
    """Of one subscription."""
    given: dict[str, Any] = {"path": examples.IN_PATH, "scope": SUBSCRIPTIONS_READ, "problems": (404,)}
    return Operation(tag="Subscriptions", **{**given, **said})


def code_of(given: str) -> str:
    """Raises NotFound for what cannot be a code."""
    if not CODE.fullmatch(given):
        raise NotFound(given[:80])
    return given


class Subscriptions(Controller):
    path = PATH

    @get(
        sync_to_thread=True,
        api=subscription_operation(
            id="listSubscriptions",
            summary="Subscriptions by webhook: all for administrators, for others those that they keep.",
            asked=Asked,
            answer=SubscriptionList,
            example=examples.SUBSCRIPTIONS,
            path={},
            problems=(),
        ),
    )
    def list_subscriptions(
        self,
        request: PageRequest,
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
    ) -> Response[bytes]:
        person = granted(request, SUBSCRIPTIONS_READ)
        asked_as(asked, Asked)
        lines, telling = parts.subscriptions.showing.list(person), Telling(person, work)
        listed = tuple(shown(line, telling) for line in lines)
        return answered(request, SubscriptionList(listed, parts.subscriptions.delivers()))

    @deed(
        "",
        subscription_operation(
            id="createSubscription",
            summary="A new subscription, by an administrator. It rests until it is resumed.",
            answer=Opened,
            status=CREATED,
            example=examples.OPENED,
            path={},
            body=CreateSubscription,
            body_example={"code": examples.CODE, **examples.WISH},
            scope=SUBSCRIPTIONS_WRITE,
            problems=(),
        ),
    )
    def create(
        self, request: PageRequest, parts: NamedDependency[Parts], sent: NamedDependency[bytes]
    ) -> Response[bytes]:
        """The secret is in no kept answer: the same request again is answered without it; `rotate` gives another."""
        person = granted(request, SUBSCRIPTIONS_WRITE)
        require(person)
        body, desk = body_as(request, sent, CreateSubscription), parts.subscriptions

        def do(key: CommandKey) -> tuple[Opened, Opened]:
            with desk.mendable():
                made = desk.keeping.create(person, key, body.code, wish(body), body.signing, body.after)
            return Opened(code=body.code, secret=made.for_receiver), Opened(code=body.code, secret="")

        return with_secret(request, person, parts.keeping_answers, body, do, status=CREATED)

    @get(
        "/{subscription:str}",
        sync_to_thread=True,
        api=subscription_operation(
            id="getSubscription",
            summary="One subscription, with where its deliveries stand.",
            asked=Asked,
            answer=SubscriptionShown,
            example=examples.SUBSCRIPTION,
        ),
    )
    def one(
        self,
        request: PageRequest,
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        person = granted(request, SUBSCRIPTIONS_READ)
        asked_as(asked, Asked)
        line = parts.subscriptions.showing.one(person, code_of(subscription))
        return answered(request, shown(line, Telling(person, work)))

    @deed(
        "/{subscription:str}/change",
        subscription_operation(
            id="changeSubscription",
            summary="Another name, address, keeper or filter, by an administrator.",
            answer=SubscriptionShown,
            example=examples.SUBSCRIPTION,
            body=ChangeSubscription,
            body_example={**examples.WISH, "seen": examples.SUBSCRIPTION.seen},
            scope=SUBSCRIPTIONS_WRITE,
            problems=(404, 409),
        ),
    )
    def change(
        self,
        request: PageRequest,
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        """Also for what waits to be delivered."""
        person = granted(request, SUBSCRIPTIONS_WRITE)
        desk = parts.subscriptions
        require(person)
        _ = desk.keeping.one(person, code_of(subscription))
        body = body_as(request, sent, ChangeSubscription)

        def do(key: CommandKey) -> Answer:
            state = desk.keeping.one(person, subscription)
            wanted = wish(body)
            if body.seen not in (seen(state), seen(wanted)):
                raise Problem(409, Refusal("log.conflict", {}, "seen"))
            desk.keeping.change(person, subscription, key, wanted)
            line = desk.showing.one(person, subscription)
            return Answer(OK, msgspec.json.encode(shown(line, Telling(person, work))))

        return once(request, person, parts.keeping_answers, body, do)

    @get(
        "/{subscription:str}/deliveries",
        sync_to_thread=True,
        api=subscription_operation(
            id="listDeliveries",
            summary="What was sent, and how it was answered.",
            asked=DeliveriesAsked,
            answer=DeliveryList,
            example=examples.DELIVERIES,
        ),
    )
    def deliveries(
        self,
        request: PageRequest,
        asked: NamedDependency[Form],
        parts: NamedDependency[Parts],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        """Attempts are kept for a while."""
        person = granted(request, SUBSCRIPTIONS_READ)
        wanted = asked_as(asked, DeliveriesAsked)
        before = skipped(wanted.cursor, wanted) or None
        code, most = code_of(subscription), wanted.limit
        found = parts.subscriptions.reading.deliveries(person, code, most + 1, before, wanted.outcome)
        listed = found[:most]
        then = cursor((listed[-1].delivery.id,), wanted) if len(found) > most else None
        return answered(request, DeliveryList(tuple(map(delivery, listed)), then), next_page=then)

    @get(
        "/{subscription:str}/cases",
        sync_to_thread=True,
        api=subscription_operation(
            id="listWaitingCases",
            summary="Cases that wait for a person, and those that are tried again.",
            asked=Asked,
            answer=WaitingCases,
            example=examples.CASES,
        ),
    )
    def cases(
        self,
        request: PageRequest,
        asked: NamedDependency[Form],
        parts: NamedDependency[Parts],
        subscription: FromPath[str],
    ) -> Response[bytes]:
        """A fact that the receiver does not take holds up its case, and no other."""
        person = granted(request, SUBSCRIPTIONS_READ)
        asked_as(asked, Asked)
        code, reading = code_of(subscription), parts.subscriptions.reading
        parked, tried = (reading.waiting(person, code, parked=one) for one in (True, False))
        return answered(request, WaitingCases(tuple(map(waiting, parked)), tuple(map(waiting, tried))))
