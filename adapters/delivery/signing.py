"""Signatures of the Standard Webhooks specification: `v1` by HMAC-SHA256, `v1a` by Ed25519."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from application.subscriptions_ports import Message
from domain.subscriptions.events import Signing


class Signer:
    """Signs with every secret that is given, the one in force first."""

    def __init__(self, signing: Signing, secrets: Sequence[bytes]) -> None:
        self._secrets = secrets if signing is Signing.HMAC else ()
        self._keys = [Ed25519PrivateKey.from_private_bytes(s) for s in secrets] if signing is Signing.ED25519 else []

    def headers(self, message: Message, at: datetime) -> list[tuple[str, str]]:
        """`webhook-id`, `webhook-timestamp` and `webhook-signature`."""
        stamp = str(int(at.timestamp()))
        content = b"%s.%s.%s" % (message.id.encode(), stamp.encode(), message.body)
        signed = [("v1", hmac.digest(secret, content, hashlib.sha256)) for secret in self._secrets]
        signed += [("v1a", key.sign(content)) for key in self._keys]
        signature = " ".join(f"{version},{base64.b64encode(one).decode()}" for version, one in signed)
        return [("webhook-id", message.id), ("webhook-timestamp", stamp), ("webhook-signature", signature)]
