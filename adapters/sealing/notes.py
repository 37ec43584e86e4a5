"""Signed notes of C2SP: a text, an empty line, and a line for each signature. Ed25519, key type 0x01.

A verifier key is `name+hash+base64`: the first four bytes of SHA-256 over name, line feed, type and key in hexadecimal,
then type and key in base64.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = b"\x01"
_HASH_BYTES: Final = 4
_KEY_BYTES: Final = 32
_CONTROLS: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_SIGNATURE: Final = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+=*)")


class NoteFault(Exception):
    """A text is no signed note, or nobody whose key was given has signed it; the message says which."""


class Verifier(msgspec.Struct, frozen=True):
    """The public half of a key."""

    name: str
    key: bytes

    @property
    def hash(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.key).digest()[:_HASH_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{b64encode(ED25519 + self.key).decode()}"


class Signer(msgspec.Struct, frozen=True):
    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.key.public_key().public_bytes_raw())


def verifier(vkey: str) -> Verifier:
    """Raises NoteFault."""
    name, _, rest = vkey.partition("+")
    _, _, encoded = rest.partition("+")
    try:
        raw = b64decode(encoded, validate=True)
    except ValueError as fault:
        raise NoteFault(f"{vkey[:80]!r} is no verifier key") from fault
    made = Verifier(name, raw[1:])
    if raw[:1] != ED25519 or len(made.key) != _KEY_BYTES or not is_name(name) or str(made) != vkey:
        raise NoteFault(f"{vkey[:80]!r} is no verifier key")
    return made


def is_name(text: str) -> bool:
    """Whether a key may be called so: one word without a plus."""
    return bool(re.fullmatch(r"[^\s+]+", text)) and not _CONTROLS.search(text)


def sign(text: str, signers: Iterable[Signer]) -> str:
    """Raises ValueError for a text that does not end with a line feed or holds other control characters."""
    if not text.endswith("\n") or _CONTROLS.search(text):
        raise ValueError("a note ends with a line feed and has no other control characters")
    return text + "\n" + "".join(_line(text, signer) for signer in signers)


def _line(text: str, signer: Signer) -> str:
    signature = b64encode(signer.verifier.hash + signer.key.sign(text.encode())).decode()
    return f"— {signer.name} {signature}\n"


def opened(note: str, verifiers: Sequence[Verifier]) -> tuple[str, list[Verifier]]:
    """The text, and who of these has signed it; signatures by other keys do not count.

    Raises NoteFault where nobody has, or where a signature by a known key does not hold.
    """
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n") or _CONTROLS.search(note):
        raise NoteFault("it is no signed note")
    text += "\n"
    known = {(one.name, one.hash): one for one in verifiers}
    signed = list[Verifier]()
    for line in lines[:-1].split("\n"):
        found = _SIGNATURE.fullmatch(line)
        if found is None:
            raise NoteFault("it is no signed note")
        try:
            raw = b64decode(found["signature"], validate=True)
        except ValueError as fault:
            raise NoteFault("it is no signed note") from fault
        by = known.get((found["name"], raw[:_HASH_BYTES]))
        if by is None or by in signed:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(by.key).verify(raw[_HASH_BYTES:], text.encode())
        except InvalidSignature as fault:
            raise NoteFault(f"the signature of {by.name}+{by.hash.hex()} does not hold") from fault
        signed.append(by)
    if not signed:
        raise NoteFault("no key that is known has signed it")
    return text, signed
