"""Signatures of the Standard Webhooks specification, verified by its published library and by Ed25519 itself."""

import base64
import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

from adapters.database.pool import Pool, open_pool
from adapters.delivery.faults import DeliveryFault
from adapters.delivery.secrets import FILE, SealedSecrets
from adapters.delivery.signing import Signer
from application.subscriptions_ports import Message
from domain.subscriptions.events import Signing
from tests.conftest import Database

MESSAGE = Message("msg_1_1187", '{"subject":"2026-0042","name":"Ниш"}'.encode())


@pytest.fixture(scope="module")
def pool(database: Database) -> Iterator[Pool]:
    pool = open_pool(database.url)
    yield pool
    pool.close()


@pytest.fixture
def secrets(pool: Pool, tmp_path: Path) -> Iterator[SealedSecrets]:
    yield SealedSecrets(pool, str(tmp_path), lambda: datetime.now(UTC))
    with pool.connection() as connection:
        connection.execute("DELETE FROM delivery.secrets")


def headers(secrets: SealedSecrets, signing: Signing, *made: object) -> dict[str, str]:
    raw = secrets.opened([one.id for one in made])  # pyright: ignore[reportAttributeAccessIssue]
    return dict(Signer(signing, raw).headers(MESSAGE, datetime.now(UTC)))


def test_hmac_signatures_hold_for_the_published_library(secrets: SealedSecrets) -> None:
    made = secrets.make(Signing.HMAC)
    sent = headers(secrets, Signing.HMAC, made)
    assert Webhook(made.for_receiver).verify(MESSAGE.body, sent) == {"subject": "2026-0042", "name": "Ниш"}
    with pytest.raises(WebhookVerificationError):
        Webhook(made.for_receiver).verify(MESSAGE.body + b" ", sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(made.for_receiver).verify(MESSAGE.body, {**sent, "webhook-id": "msg_1_1188"})


def test_while_a_secret_takes_over_both_hold(secrets: SealedSecrets) -> None:
    old, new, other = (secrets.make(Signing.HMAC) for _ in range(3))
    sent = headers(secrets, Signing.HMAC, new, old)
    for one in (old, new):
        Webhook(one.for_receiver).verify(MESSAGE.body, sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(other.for_receiver).verify(MESSAGE.body, sent)
    assert len(sent["webhook-signature"].split(" ")) == 2


def ed25519_holds(public: str, sent: dict[str, str], body: bytes) -> bool:
    """As a receiver does who has only the public key."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    content = f"{sent['webhook-id']}.{sent['webhook-timestamp']}.".encode() + body
    for one in sent["webhook-signature"].split(" "):
        version, _, signature = one.partition(",")
        try:
            key.verify(base64.b64decode(signature), content)
        except InvalidSignature:
            continue
        return version == "v1a"
    return False


def test_ed25519_signatures_hold_with_the_public_key_alone(secrets: SealedSecrets) -> None:
    old, new, other = (secrets.make(Signing.ED25519) for _ in range(3))
    assert re.fullmatch(r"whpk_[A-Za-z0-9+/]{43}=", new.for_receiver)
    assert new.for_receiver == new.public_key
    sent = headers(secrets, Signing.ED25519, new, old)
    assert ed25519_holds(new.for_receiver, sent, MESSAGE.body)
    assert ed25519_holds(old.for_receiver, sent, MESSAGE.body)
    assert not ed25519_holds(other.for_receiver, sent, MESSAGE.body)
    assert not ed25519_holds(new.for_receiver, sent, MESSAGE.body + b" ")


def test_the_database_alone_gives_no_secret_away(secrets: SealedSecrets, database: Database, tmp_path: Path) -> None:
    made = secrets.make(Signing.HMAC)
    raw = base64.b64decode(made.for_receiver.removeprefix("whsec_"))
    with psycopg.connect(database.owner_url) as connection:
        rows = connection.execute("SELECT sealed FROM delivery.secrets").fetchall()
    assert all(raw not in bytes(row[0]) for row in rows)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert secrets.opened([made.id]) == [raw]


def test_a_secret_that_was_put_in_the_place_of_another_does_not_open(secrets: SealedSecrets, pool: Pool) -> None:
    one, other = secrets.make(Signing.HMAC), secrets.make(Signing.HMAC)
    with pool.connection() as connection:
        connection.execute(
            "UPDATE delivery.secrets SET sealed = (SELECT sealed FROM delivery.secrets WHERE id = %s) WHERE id = %s",
            (one.id, other.id),
        )
    with pytest.raises(DeliveryFault):
        secrets.opened([other.id])


def test_a_key_that_is_gone_is_told_and_given_up_only_when_somebody_says_so(
    secrets: SealedSecrets, tmp_path: Path
) -> None:
    made = secrets.make(Signing.HMAC)
    (tmp_path / FILE).unlink()
    with pytest.raises(DeliveryFault, match="is not here"):
        secrets.opened([made.id])
    with pytest.raises(DeliveryFault, match="is not here"):
        secrets.make(Signing.HMAC)
    new = secrets.make(Signing.HMAC, lost=True)
    assert len(secrets.opened([new.id])) == 1
    with pytest.raises(DeliveryFault, match="another key"):
        secrets.opened([made.id])


def test_what_is_missing_or_damaged_is_told(secrets: SealedSecrets, pool: Pool, tmp_path: Path) -> None:
    secrets.make(Signing.HMAC)
    with pytest.raises(DeliveryFault, match="not in the database"):
        secrets.opened([uuid4()])
    (tmp_path / FILE).write_bytes(b"short")
    with pytest.raises(DeliveryFault, match="no key of 32 bytes"):
        secrets.make(Signing.HMAC)
    with pytest.raises(DeliveryFault, match="POBRATIM_DATA_DIR"):
        SealedSecrets(pool, "", lambda: datetime.now(UTC))
