"""Ed25519 keys in the data folder: PKCS #8 PEM, mode 0600."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


class KeyUnusable(Exception):
    """The message says why."""


def make_key(path: Path) -> None:
    """A new key, on the disk when this returns. Raises OSError, also where there is a file already."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())


def load_key(path: Path) -> Ed25519PrivateKey:
    """Raises KeyUnusable."""
    try:
        loaded = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as fault:
        raise KeyUnusable(str(fault)) from fault
    if not isinstance(loaded, Ed25519PrivateKey):
        raise KeyUnusable("it is no Ed25519 key")
    return loaded
