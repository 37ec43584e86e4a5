"""Random secrets: given out once, kept as a hash."""

import hashlib
import secrets

_BYTES = 32


def new_secret() -> str:
    """256 random bits, safe in a cookie and in an address."""
    return secrets.token_urlsafe(_BYTES)


def hashed(secret: str) -> bytes:
    """SHA-256. The secret has full entropy, so a slow hash would only cost time on every request."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
