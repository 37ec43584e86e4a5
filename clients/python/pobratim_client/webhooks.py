"""Deliveries by the Standard Webhooks specification: `v1` is HMAC-SHA256, `v1a` Ed25519 (needs cryptography)."""

import base64
import binascii
import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from pobratim_client.errors import BadAnswer, WebhookRefused, WebhookRepeated
from pobratim_client.events import Event, decoded, events_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOLERANCE: Final = 300
"""Seconds that a delivery may be old, or ahead."""
TRIAL: Final = "pobratim.test-delivery.v1"
REPORT: Final = "pobratim.rehearsal-report.v1"
MOST_REMEMBERED: Final = 100_000
MOST_SIGNATURES: Final = 20
_FEWEST_BYTES, _MOST_BYTES, _KEY_BYTES = 24, 64, 32


@dataclass(frozen=True)
class Delivery:
    id: str
    """The same when it is sent again."""
    timestamp: int
    events: tuple[Event, ...]
    """None where somebody only tries whether deliveries are taken, or asks what is held: answer 2xx."""
    asked: str | None = None
    """At the end of a rehearsal: the stream of which JSON with `version`, `facts` and `words` is to be answered."""


class Webhooks:
    """Verifies what comes to one receiver. For several threads.

    `secrets` are `whsec_…` (HMAC) and `whpk_…` (Ed25519): give the old one and the new one while keys change. The same
    message with the same timestamp is taken once, unless `once` is off since its effect may be repeated; a later
    attempt has a new timestamp, so remove what you have by the id of the event too. Raises WebhookRefused for a secret
    that is none.
    """

    def __init__(
        self,
        secrets: Sequence[str],
        *,
        tolerance: int = TOLERANCE,
        once: bool = True,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._tolerance, self._once, self._now = tolerance, once, now
        self._hmac = [_secret(one) for one in secrets if not one.startswith("whpk_")]
        self._ed25519 = [_public_key(one) for one in secrets if one.startswith("whpk_")]
        if not secrets:
            raise WebhookRefused("no secret is given")
        self._taken: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._lock = Lock()

    def verified(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Raises WebhookRefused; WebhookRepeated."""
        given = {name.lower(): value for name, value in headers.items()}
        message, stamp, signatures = (given.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
        if not (message and stamp and signatures):
            raise WebhookRefused("a header of the signature is missing")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= len(str(2**40))):
            raise WebhookRefused("the timestamp is no number of seconds")
        at = int(stamp)
        self._require_fresh(at)
        content = b"%b.%b.%b" % (message.encode("utf-8", "surrogateescape"), stamp.encode(), body)
        if not self._signed(content, signatures):
            raise WebhookRefused("no signature fits")
        try:
            delivery = _delivery(message, at, body)
        except BadAnswer as fault:
            raise WebhookRefused(str(fault)) from None
        if self._once:
            self._require_once(message, at)
        return delivery

    def _require_fresh(self, at: int) -> None:
        age = self._now() - at
        if age > self._tolerance:
            raise WebhookRefused("the timestamp is too old")
        if age < -self._tolerance:
            raise WebhookRefused("the timestamp lies ahead: look at the clocks")

    def _signed(self, content: bytes, signatures: str) -> bool:
        """Whether any signature fits any secret. What is compared takes the same time however it differs."""
        fits = False
        for one in signatures.split(" ")[:MOST_SIGNATURES]:
            version, _, text = one.partition(",")
            try:
                signature = base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError):
                continue
            if version == "v1":
                for secret in self._hmac:
                    fits |= hmac.compare_digest(hmac.digest(secret, content, hashlib.sha256), signature)
            elif version == "v1a":
                fits |= any(_verifies(key, signature, content) for key in self._ed25519)
        return fits

    def _require_once(self, message: str, at: int) -> None:
        with self._lock:
            while self._taken and next(iter(self._taken))[1] < self._now() - 2 * self._tolerance:
                self._taken.popitem(last=False)
            if (message, at) in self._taken:
                raise WebhookRepeated("this delivery was taken already")
            self._taken[message, at] = None
            if len(self._taken) > MOST_REMEMBERED:
                self._taken.popitem(last=False)


def _delivery(message: str, at: int, body: bytes) -> Delivery:
    """Raises BadAnswer."""
    found: Any = decoded(body)
    kind = found.get("type") if isinstance(found, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - JSON
    if kind == TRIAL:
        return Delivery(message, at, ())
    if kind == REPORT:
        return Delivery(message, at, (), _stream(found))
    return Delivery(message, at, events_of(body))


def _stream(found: Any) -> str:
    """Raises BadAnswer."""
    try:
        return str(found["data"]["stream"])
    except (KeyError, TypeError):
        raise BadAnswer("the rehearsal does not say of which stream it asks") from None


def _secret(text: str) -> bytes:
    key = _bytes(text.removeprefix("whsec_"))
    if not _FEWEST_BYTES <= len(key) <= _MOST_BYTES:
        raise WebhookRefused(f"a secret holds {_FEWEST_BYTES} to {_MOST_BYTES} bytes, this one {len(key)}")
    return key


def _public_key(text: str) -> "Ed25519PublicKey":
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - an extra
    except ImportError:
        raise WebhookRefused("Ed25519 needs cryptography: install pobratim-client[ed25519]") from None
    key = _bytes(text.removeprefix("whpk_"))
    if len(key) != _KEY_BYTES:
        raise WebhookRefused(f"a public key holds {_KEY_BYTES} bytes, this one {len(key)}")
    return Ed25519PublicKey.from_public_bytes(key)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise WebhookRefused("a secret is no base64") from None


def _verifies(key: "Ed25519PublicKey", signature: bytes, content: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra

    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
