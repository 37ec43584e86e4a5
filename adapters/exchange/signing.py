"""Files of the exchange: JSON with the sheet as text, and an Ed25519 signature over exactly that text.

`{"format": "pobratim-exchange/1", "key": base64 of 32 bytes, "signature": base64 of 64 bytes, "sheet": "..."}`; what is
signed is the format, a line feed, and the sheet in UTF-8. The own key is PKCS #8 PEM in the data folder, mode 0600.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.fault import Fault
from adapters.signing_keys import KeyUnusable, load_key, make_key
from application.exchange.sheet import FORMAT, Sheet

LONGEST: Final = 50_000_000
"""Bytes of a file."""
_KEY_BYTES: Final = 32


class ExchangeFault(Fault):
    messages: ClassVar[Mapping[str, str]] = {
        "exchange.unreadable": "{file} cannot be read: {reason}",
        "exchange.too-large": "{file} is larger than 50 MB. Ask for a file of fewer cases.",
        "exchange.no-exchange-file": "{file} is no file of the exchange: {reason}",
        "exchange.another-format": "{file} has the format {format}; this version reads pobratim-exchange/1.",
        "exchange.bad-signature": "{file} was changed after it was signed. Ask for it again.",
        "exchange.bad-key": "{key} is no public key as `pobratim exchange key` prints it: 32 bytes in base64.",
        "exchange.key-unusable": "{file} cannot be used as the key of this register: {reason}",
    }


class _File(msgspec.Struct, frozen=True, kw_only=True):
    format: str
    key: str
    signature: str
    sheet: str


class Signed(msgspec.Struct, frozen=True):
    key: str
    sheet: Sheet


def own_key(path: Path) -> Ed25519PrivateKey:
    """The key of this register, made where there is none. Raises ExchangeFault."""
    try:
        if not path.exists():
            make_key(path)
        return load_key(path)
    except (OSError, KeyUnusable) as fault:
        raise ExchangeFault("exchange.key-unusable", file=str(path), reason=str(fault)) from fault


def public_key(key: Ed25519PrivateKey) -> str:
    return b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def checked_key(text: str) -> str:
    """The key as it is written here. Raises ExchangeFault."""
    return b64encode(_raw(text, _KEY_BYTES) or _no_key(text)).decode()


def sign(sheet: Sheet, key: Ed25519PrivateKey) -> bytes:
    text = msgspec.json.encode(sheet).decode()
    signature = b64encode(key.sign(_signed_bytes(text))).decode()
    made = _File(format=FORMAT, key=public_key(key), signature=signature, sheet=text)
    return msgspec.json.format(msgspec.json.encode(made)) + b"\n"


def read(path: Path) -> Signed:
    """What a file says, and by which key; nobody has been asked whether that key is trusted. Raises ExchangeFault."""
    name = str(path)
    try:
        if path.stat().st_size > LONGEST:
            raise ExchangeFault("exchange.too-large", file=name)
        body = path.read_bytes()
    except OSError as fault:
        raise ExchangeFault("exchange.unreadable", file=name, reason=fault.strerror or str(fault)) from fault
    try:
        file = msgspec.json.decode(body, type=_File)
    except (msgspec.MsgspecError, ValueError, RecursionError) as fault:
        raise ExchangeFault("exchange.no-exchange-file", file=name, reason=str(fault)) from fault
    if file.format != FORMAT:
        raise ExchangeFault("exchange.another-format", file=name, format=file.format[:60])
    _verify(file, name)
    try:
        return Signed(checked_key(file.key), msgspec.json.decode(file.sheet, type=Sheet))
    except (msgspec.MsgspecError, ValueError, RecursionError) as fault:
        raise ExchangeFault("exchange.no-exchange-file", file=name, reason=str(fault)) from fault


def _verify(file: _File, name: str) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(_raw(file.key, _KEY_BYTES) or b"")
        key.verify(b64decode(file.signature, validate=True), _signed_bytes(file.sheet))
    except (InvalidSignature, ValueError, UnicodeError) as fault:
        raise ExchangeFault("exchange.bad-signature", file=name) from fault


def _signed_bytes(text: str) -> bytes:
    return f"{FORMAT}\n{text}".encode()


def _raw(text: str, length: int) -> bytes | None:
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if len(raw) == length else None


def _no_key(text: str) -> bytes:
    raise ExchangeFault("exchange.bad-key", key=text[:60])
