"""Signed notes of C2SP: a text, an empty line, and a line for each signature. Ed25519; a log's key has the type 0x01.

A witness's key has the type 0x04 and signs `cosignature/v1`, a time and the text (C2SP tlog-cosignature).

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
COSIGNATURE: Final = b"\x04"
_HASH_BYTES: Final = 4
_KEY_BYTES: Final = 32
_TIME_BYTES: Final = 8
_LATEST: Final = 2**63 - 1
_CONTROLS: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_SIGNATURE: Final = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+=*)")


class NoteFault(Exception):
    """A text is no signed note, or nobody whose key was given has signed it; the message says which."""


class Verifier(msgspec.Struct, frozen=True):
    """The public half of a key."""

    name: str
    key: bytes
    kind: bytes = ED25519

    @property
    def hash(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.kind + self.key).digest()[:_HASH_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{b64encode(self.kind + self.key).decode()}"


class Signer(msgspec.Struct, frozen=True):
    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.key.public_key().public_bytes_raw())


def verifier(vkey: str, kind: bytes = ED25519) -> Verifier:
    """Raises NoteFault."""
    name, _, rest = vkey.partition("+")
    _, _, encoded = rest.partition("+")
    try:
        raw = b64decode(encoded, validate=True)
    except ValueError as fault:
        raise NoteFault(f"{vkey[:80]!r} is no verifier key") from fault
    made = Verifier(name, raw[1:], kind)
    if raw[:1] != kind or len(made.key) != _KEY_BYTES or not is_name(name) or str(made) != vkey:
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
        name, raw = _signature(line)
        by = known.get((name, raw[:_HASH_BYTES]))
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


class Cosignature(msgspec.Struct, frozen=True):
    line: str
    """As it stands under a note, with its line feed."""
    time: int
    """POSIX seconds, by the clock of the witness."""


def cosignature(text: str, lines: str, witness: Verifier) -> Cosignature | None:
    """That of the witness over the text of a note; lines of others are passed over. None where there is none.

    Raises NoteFault where a line is no signature, or is in the witness' name and not its signature.
    """
    for line in lines.removesuffix("\n").split("\n"):
        name, raw = _signature(line)
        if (name, raw[:_HASH_BYTES]) != (witness.name, witness.hash):
            continue
        time = int.from_bytes(raw[_HASH_BYTES : _HASH_BYTES + _TIME_BYTES])
        message = f"cosignature/v1\ntime {time}\n{text}".encode()
        try:
            Ed25519PublicKey.from_public_bytes(witness.key).verify(raw[_HASH_BYTES + _TIME_BYTES :], message)
        except InvalidSignature as fault:
            raise NoteFault(f"the cosignature of {witness.name}+{witness.hash.hex()} does not hold") from fault
        if time > _LATEST:
            raise NoteFault(f"the time of the cosignature of {witness.name} is none")
        return Cosignature(line + "\n", time)
    return None


def _signature(line: str) -> tuple[str, bytes]:
    """Raises NoteFault."""
    found = _SIGNATURE.fullmatch(line)
    try:
        if found is None:
            raise NoteFault("a line of signatures is none")
        return found["name"], b64decode(found["signature"], validate=True)
    except ValueError as fault:
        raise NoteFault("a line of signatures is none") from fault
