"""Secrets of subscriptions: in the database, sealed with a key of the data folder. A dump alone opens none."""

import base64
import contextlib
import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.database.pool import Pool
from adapters.delivery.faults import DeliveryFault
from adapters.identity.connection import connected
from application.ports import Clock
from application.subscriptions_ports import NewSecret
from domain.subscriptions.events import Signing

FILE: Final = Path("deliveries") / "secrets.key"
"""In the data folder, mode 0600: back it up apart from the database."""
KEY_BYTES: Final = 32
_SECRET_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class SealedSecrets:
    """Implements application.subscriptions_ports.Secrets. Raises DeliveryFault where the folder cannot be used."""

    def __init__(self, pool: Pool, data_dir: str, clock: Clock) -> None:
        if not data_dir:
            raise DeliveryFault("delivery.no-folder")
        self._pool, self._clock = pool, clock
        self._file = Path(data_dir) / FILE

    def make(self, signing: Signing, *, lost: bool = False) -> NewSecret:
        """Raises DeliveryFault, also where the key of earlier secrets is not here and is not said to be lost."""
        raw = secrets.token_bytes(_SECRET_BYTES)
        public = _public(raw) if signing is Signing.ED25519 else None
        made = NewSecret(uuid4(), public, public or "whsec_" + base64.b64encode(raw).decode())
        with connected(self._pool) as db:
            earlier = db.execute("SELECT FROM delivery.secrets LIMIT 1").fetchone()
            key = self._key(make=lost or earlier is None)
            nonce = secrets.token_bytes(_NONCE_BYTES)
            sealed = nonce + AESGCM(key).encrypt(nonce, raw, made.id.bytes)
            db.execute(
                "INSERT INTO delivery.secrets (id, sealed, kept_under, made_at) VALUES (%s, %s, %s, %s)",
                (made.id, sealed, _name_of(key), self._clock()),
            )
        return made

    def drop(self, secret: UUID) -> None:
        with connected(self._pool) as db:
            db.execute("DELETE FROM delivery.secrets WHERE id = %s", (secret,))

    def opened(self, ids: Sequence[UUID]) -> list[bytes]:
        """In their order. Raises DeliveryFault where one is missing or was sealed with another key."""
        with connected(self._pool) as db:
            rows = db.execute("SELECT id, sealed FROM delivery.secrets WHERE id = ANY(%s)", (list(ids),)).fetchall()
        sealed, opener = dict(rows), AESGCM(self._key(make=False))
        try:
            found = {id_: opener.decrypt(s[:_NONCE_BYTES], s[_NONCE_BYTES:], id_.bytes) for id_, s in sealed.items()}
        except InvalidTag:
            raise DeliveryFault("delivery.other-key", file=str(self._file)) from None
        if found.keys() < set(ids):
            raise DeliveryFault("delivery.secret-missing")
        return [found[id_] for id_ in ids]

    def _key(self, *, make: bool) -> bytes:
        try:
            if make and not self._file.exists():
                _write_new(self._file, secrets.token_bytes(KEY_BYTES))
            key = self._file.read_bytes()
        except FileNotFoundError:
            raise DeliveryFault("delivery.key-gone", file=str(self._file)) from None
        except OSError as fault:
            reason = fault.strerror or str(fault)
            raise DeliveryFault("delivery.key-unreadable", file=str(self._file), reason=reason) from fault
        if len(key) != KEY_BYTES:
            raise DeliveryFault("delivery.key-damaged", file=str(self._file))
        return key


def _write_new(path: Path, content: bytes) -> None:
    """On the disk when this returns; where another process was faster, its file stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _public(raw: bytes) -> str:
    public = Ed25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw()
    return "whpk_" + base64.b64encode(public).decode()


def _name_of(key: bytes) -> bytes:
    """By which it is told apart; it gives nothing of the key away."""
    return hashlib.sha256(b"pobratim deliveries" + key).digest()[:8]
