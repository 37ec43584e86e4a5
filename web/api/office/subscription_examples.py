"""Examples of what the API shows of subscriptions."""

from typing import Any, Final

from domain.subscriptions.events import Signing
from domain.subscriptions.subscription import Standing
from web.api.office.subscription_shapes import (
    AnswerShown,
    DeliveryList,
    DeliveryShown,
    FilterShown,
    Opened,
    PlanShown,
    Stands,
    SubscriptionList,
    SubscriptionShown,
    WaitingCase,
    WaitingCases,
)
from web.api.register import examples

CODE: Final = "nis-portal"
IN_PATH: Final = {"subscription": CODE}
TAKEN: Final = AnswerShown(accepted=True, status=204, fault="", said="", milliseconds=12)
SUBSCRIPTION: Final = SubscriptionShown(
    code=CODE,
    name="Portal Grada Niša",
    address="https://portal.example.rs/pobratim",
    signing=Signing.HMAC,
    standing=Standing.ACTIVE,
    disabled_because=None,
    keeper=examples.LEADS,
    filter=FilterShown(type=(), case=None, local_government=("nis",), kind=()),
    seen="0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    after=0,
    cursor=1187,
    settled=1093,
    lag=0,
    waits_since=None,
    waiting=0,
    parked=1,
    resting_until=None,
    failing_since=None,
    fault="",
    last=TAKEN,
    last_at=examples.AT,
    replay=None,
)
SUBSCRIPTIONS: Final = SubscriptionList((SUBSCRIPTION,), True)
DELIVERIES: Final = DeliveryList(
    (
        DeliveryShown(
            id=77,
            sent_at=examples.AT,
            position=1187,
            case=examples.NUMBER,
            message="msg_9d5f0a4c",
            attempt=1,
            replay=0,
            answer=TAKEN,
            let=True,
            body='{"specversion":"1.0","id":"1187"}',
        ),
    ),
    None,
)
CASES: Final = WaitingCases(
    (
        WaitingCase(
            case=examples.NUMBER,
            since=examples.AT,
            parked_at=examples.AT,
            next_at=examples.AT,
            attempts=11,
            status=500,
            fault="",
        ),
    ),
    (),
)
PLAN: Final = PlanShown(after=0, up_to=1187, facts=980, cases=61, oldest=examples.AT, plan="8f1c… {}")
STANDS: Final = Stands(code=CODE, standing=Standing.ACTIVE, replay=None, parked=0)
OPENED: Final = Opened(code=CODE, secret="whsec_c2hvd24gdGhpcyBvbmNl")  # noqa: S106 - of nobody
WISH: Final[dict[str, Any]] = {
    "name": SUBSCRIPTION.name,
    "address": SUBSCRIPTION.address,
    "filter": {"local_government": ["nis"]},
}
