"""Deliveries as the program and the published library sign them are taken; whatever else is not."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pobratim_client import WebhookRefused, WebhookRepeated, Webhooks
from standardwebhooks.webhooks import Webhook

from adapters.delivery.signing import Signer
from application.delivering import trial_message
from application.subscriptions_ports import Message
from domain.subscriptions.events import Signing

NOW = 1_790_000_000
AT = datetime.fromtimestamp(NOW, UTC)
RAW, NEXT = b"a" * 32, b"b" * 32
EVENT = {
    **{"specversion": "1.0", "id": "7", "source": "https://pobratim.example", "type": "initiative.resumed.v1"},
    **{"subject": "2026-0001", "time": "2026-03-17T09:00:00.000000Z"},
    "data": {"stream": str(UUID(int=3)), "version": 2, "actor": "x", "fact": {"fact": "initiative.resumed"}},
}
BODY = json.dumps(EVENT).encode()


def hmac_secret(raw: bytes) -> str:
    return "whsec_" + base64.b64encode(raw).decode()


def public_key(raw: bytes) -> str:
    key = Ed25519PrivateKey.from_private_bytes(raw).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return "whpk_" + base64.b64encode(key).decode()


def signed(signing: Signing, *secrets: bytes, body: bytes = BODY, at: datetime = AT) -> dict[str, str]:
    return dict(Signer(signing, secrets).headers(Message("msg_1", body), at))


def webhooks(*secrets: str, now: float = NOW) -> Webhooks:
    return Webhooks(secrets, now=lambda: now)


@pytest.mark.parametrize(
    ("signing", "secret"), [(Signing.HMAC, hmac_secret(RAW)), (Signing.ED25519, public_key(RAW))], ids=["v1", "v1a"]
)
def test_what_the_program_signs_is_taken_also_while_keys_change(signing: Signing, secret: str) -> None:
    for secrets in ((RAW,), (RAW, NEXT), (NEXT, RAW)):
        delivery = webhooks(secret).verified(signed(signing, *secrets), BODY)
        assert [event.position for event in delivery.events] == [7]
    with pytest.raises(WebhookRefused, match="no signature fits"):
        webhooks(secret).verified(signed(signing, NEXT), BODY)


def test_the_published_library_and_this_one_agree() -> None:
    theirs = Webhook(hmac_secret(RAW))
    signature = theirs.sign("msg_1", AT, BODY.decode())
    headers = {"Webhook-Id": "msg_1", "Webhook-Timestamp": str(NOW), "Webhook-Signature": signature}

    assert webhooks(hmac_secret(RAW)).verified(headers, BODY).events[0].version == 2
    assert signature in signed(Signing.HMAC, RAW)["webhook-signature"]


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(NOW + 1)},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "9" * 40},
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,§"},
        {"webhook-signature": "v9,AAAA"},
    ],
    ids=json.dumps,
)
def test_what_was_changed_on_the_way_is_refused(change: Mapping[str, str]) -> None:
    with pytest.raises(WebhookRefused):
        webhooks(hmac_secret(RAW)).verified({**signed(Signing.HMAC, RAW), **change}, BODY)


def test_another_body_is_refused() -> None:
    with pytest.raises(WebhookRefused, match="no signature fits"):
        webhooks(hmac_secret(RAW)).verified(signed(Signing.HMAC, RAW), BODY + b" ")


@pytest.mark.parametrize(("off", "good"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_a_timestamp_may_be_five_minutes_off(off: int, good: bool) -> None:
    receiver = webhooks(hmac_secret(RAW), now=NOW + off)
    if good:
        assert receiver.verified(signed(Signing.HMAC, RAW), BODY).timestamp == NOW
        return
    with pytest.raises(WebhookRefused, match="timestamp"):
        receiver.verified(signed(Signing.HMAC, RAW), BODY)


def test_a_recorded_delivery_is_not_taken_again_and_a_later_attempt_is() -> None:
    receiver, later = webhooks(hmac_secret(RAW)), datetime.fromtimestamp(NOW + 5, UTC)
    first = receiver.verified(signed(Signing.HMAC, RAW), BODY)
    with pytest.raises(WebhookRefused, match="already"):
        receiver.verified(signed(Signing.HMAC, RAW), BODY)

    assert receiver.verified(signed(Signing.HMAC, RAW, at=later), BODY).id == first.id


def test_a_trial_tells_of_no_fact() -> None:
    message = trial_message(UUID(int=1), "https://pobratim.example", "portal", AT)
    headers = dict(Signer(Signing.HMAC, [RAW]).headers(message, AT))

    assert webhooks(hmac_secret(RAW)).verified(headers, message.body).events == ()


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_§", "whsec_YQ==", "whpk_YQ==", "whpk_§"])
def test_what_is_no_secret_is_said_at_once(secret: str) -> None:
    with pytest.raises(WebhookRefused):
        webhooks(secret)


def test_what_may_be_repeated_is_taken_as_often_as_it_comes() -> None:
    headers = signed(Signing.HMAC, RAW)
    for once, outcome in ((True, WebhookRepeated), (False, None)):
        hooks = Webhooks([hmac_secret(RAW)], once=once, now=lambda: NOW)
        first = hooks.verified(headers, BODY)
        if outcome:
            with pytest.raises(outcome):
                hooks.verified(headers, BODY)
        else:
            assert hooks.verified(headers, BODY) == first


def test_a_rehearsal_asks_what_is_held_of_a_stream() -> None:
    asked = {**EVENT, "id": "report-2026-0001", "type": "pobratim.rehearsal-report.v1", "data": {"stream": "x"}}
    body = json.dumps(asked).encode()
    delivery = webhooks(hmac_secret(RAW)).verified(signed(Signing.HMAC, RAW, body=body), body)
    assert (delivery.events, delivery.asked) == ((), "x")
    for data in ({}, None, []):
        body = json.dumps({**asked, "data": data}).encode()
        with pytest.raises(WebhookRefused, match="of which stream"):
            webhooks(hmac_secret(RAW)).verified(signed(Signing.HMAC, RAW, body=body), body)
