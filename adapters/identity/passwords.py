"""Passwords by argon2id, a few at a time: each hash takes 64 MiB."""

import threading
import unicodedata
from collections.abc import Generator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from adapters.identity.common_passwords import is_common
from application.ports import LogUnavailable

AT_ONCE = 4
PATIENCE = 10.0
"""Seconds to wait for a turn; longer than that, a flood of sign-ins is refused rather than queued."""


class Argon2Passwords:
    """Default parameters are those of argon2-cffi: RFC 9106, second recommendation."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        with self._turn():
            return self._hasher.hash(_bytes(password))

    def verify(self, password: str, password_hash: str | None) -> bool:
        """An account without a password, or no account at all, costs the same work as a wrong password."""
        with self._turn():
            try:
                return self._hasher.verify(password_hash or self._nobody, _bytes(password)) and bool(password_hash)
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    def common(self, password: str) -> bool:
        return is_common(password)

    @contextmanager
    def _turn(self) -> Generator[None]:
        if not self._turns.acquire(timeout=PATIENCE):
            raise LogUnavailable("too many sign-ins at once")
        try:
            yield
        finally:
            self._turns.release()


def _bytes(password: str) -> bytes:
    """One keyboard sends š as one character, another as s and a sign above: the same password (NIST SP 800-63B)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
