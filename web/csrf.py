"""Forms that only our own pages can send: a token bound to the session, and the browser's word on its origin."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

FIELD: Final = "_csrf"
_SALT: Final = 16
_PURPOSE: Final = b"pobratim form token v1"


def token(secret_key: str, binding: str) -> str:
    """Fits forms of one session (or of one visit before sign-in) only; salted, so that no two pages show the same."""
    salt = secrets.token_bytes(_SALT)
    return base64.urlsafe_b64encode(salt + _mac(secret_key, salt, binding)).decode()


def fits(given: str, secret_key: str, binding: str) -> bool:
    """Whether `token` made it with the same key and binding."""
    try:
        raw = base64.b64decode(given.encode("ascii"), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return False
    return hmac.compare_digest(raw[_SALT:], _mac(secret_key, raw[:_SALT], binding))


def foreign(headers: Mapping[str, str], own_origins: frozenset[str]) -> bool:
    """Whether the browser says that another site sent the request. Old clients say nothing; then the token decides."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and origin not in own_origins


def origins(base_url: str, host: str, scheme: str) -> frozenset[str]:
    """What `Origin` may say: the configured address, and the one under which this request reached us."""
    configured = urlsplit(base_url)
    return frozenset({f"{configured.scheme}://{configured.netloc}", f"{scheme}://{host}"})


def _mac(secret_key: str, salt: bytes, binding: str) -> bytes:
    return hmac.digest(secret_key.encode(), _PURPOSE + salt + binding.encode(), hashlib.sha256)
