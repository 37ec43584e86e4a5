"""Keys, signed notes, checkpoints and cosignatures of C2SP: signed-note, tlog-checkpoint, tlog-cosignature (v1).

All keys are Ed25519. A log's has the type 0x01 and signs the text; a witness's has 0x04 and signs `cosignature/v1`, a
time and the text.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pobratim_witness.tree import HASH_BYTES

LOG_KEY, WITNESS_KEY = b"\x01", b"\x04"
MOST_SIGNATURES = 64
_KEY_BYTES, _ID_BYTES = 32, 4
_PRIVATE = "PRIVATE+KEY+"
_NAME = re.compile(r"[^\s+]{1,200}")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def base64_bytes(text: str, length: int | None = None) -> bytes:
    """Standard base64 in its one canonical form. Raises ValueError."""
    try:
        raw = b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError(f"{text[:60]!r} is no base64") from None
    if b64encode(raw).decode() != text or (length is not None and len(raw) != length):
        raise ValueError(f"{text[:60]!r} is no base64 of {length} bytes")
    return raw


def size_of(text: str) -> int:
    """Raises ValueError."""
    if not _SIZE.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is no size of a tree")
    return int(text)


def _key_id(name: str, material: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + material).digest()[:_ID_BYTES]


def _parted(text: str, kind: bytes) -> tuple[str, bytes, bytes]:
    """Name, id and key of `name+hash+base64`. Raises ValueError."""
    name, _, rest = text.partition("+")
    digest, _, encoded = rest.partition("+")
    if not _NAME.fullmatch(name) or not re.fullmatch(r"[0-9a-f]{8}", digest):
        raise ValueError("it has not the form name+hash+base64")
    raw = base64_bytes(encoded, 1 + _KEY_BYTES)
    if raw[:1] != kind:
        raise ValueError(f"it is of the type {raw[0]}, not {kind[0]}")
    return name, bytes.fromhex(digest), raw[1:]


@dataclass(frozen=True)
class LogKey:
    name: str
    id: bytes
    public: bytes

    def verifies(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def log_key(text: str) -> LogKey:
    """Raises ValueError."""
    made = LogKey(*_parted(text, LOG_KEY))
    if _key_id(made.name, LOG_KEY + made.public) != made.id:
        raise ValueError("its hash is not that of its name and key")
    return made


@dataclass(frozen=True)
class Cosigner:
    """The key of this witness."""

    name: str
    private: Ed25519PrivateKey

    @property
    def _material(self) -> bytes:
        return WITNESS_KEY + self.private.public_key().public_bytes_raw()

    @property
    def verifier_key(self) -> str:
        return f"{self.name}+{_key_id(self.name, self._material).hex()}+{b64encode(self._material).decode()}"

    def secret(self) -> str:
        """The form in which it is kept: `PRIVATE+KEY+name+hash+base64`, as Go's `note` writes keys."""
        raw = b64encode(WITNESS_KEY + self.private.private_bytes_raw()).decode()
        return f"{_PRIVATE}{self.name}+{_key_id(self.name, self._material).hex()}+{raw}"

    def line(self, text: str, time: int) -> str:
        """Its signature at a time, in POSIX seconds, over the text of a checkpoint."""
        signed = self.private.sign(f"cosignature/v1\ntime {time}\n{text}".encode())
        raw = _key_id(self.name, self._material) + time.to_bytes(8, "big") + signed
        return f"— {self.name} {b64encode(raw).decode()}\n"


def new_cosigner(name: str) -> Cosigner:
    """Raises ValueError."""
    if not _NAME.fullmatch(name) or _CONTROL.search(name):
        raise ValueError(f"{name[:60]!r} is no name: take one word without a plus, such as witness.example.org/w1")
    return Cosigner(name, Ed25519PrivateKey.generate())


def cosigner(secret: str) -> Cosigner:
    """Raises ValueError."""
    if not secret.startswith(_PRIVATE):
        raise ValueError(f"it does not begin with {_PRIVATE}")
    name, known, raw = _parted(secret.removeprefix(_PRIVATE), WITNESS_KEY)
    made = Cosigner(name, Ed25519PrivateKey.from_private_bytes(raw))
    if made.secret() != secret or known.hex() not in made.verifier_key:
        raise ValueError("its hash is not that of its name and key")
    return made


@dataclass(frozen=True)
class Checkpoint:
    """`text` is what is signed, with all its lines."""

    text: str
    origin: str
    size: int
    root: bytes
    signatures: Sequence[tuple[str, bytes]]
    """Names, and what follows them: the id of a key and its signature."""

    def is_signed_by(self, keys: Iterable[LogKey]) -> bool:
        """Whether one of them has signed it. Lines of others are passed over; a wrong one of theirs spoils it all."""
        known = {(key.name, key.id): key for key in keys}
        lines = [(known.get((name, raw[:_ID_BYTES])), raw[_ID_BYTES:]) for name, raw in self.signatures]
        found = [key.verifies(self.text, signature) for key, signature in lines if key]
        return bool(found) and all(found)


def checkpoint(note: str) -> Checkpoint:
    """Of a signed note; nobody asks yet whose signatures these are. Raises ValueError."""
    text, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n") or _CONTROL.search(note):
        raise ValueError("there is no signed note: a text, an empty line and signatures")
    signatures = [_signature(line) for line in tail[:-1].split("\n")]
    lines = text.split("\n")
    if len(lines) < 3 or not all(lines) or len(signatures) > MOST_SIGNATURES:  # noqa: PLR2004 - origin, size, root
        raise ValueError("the note is no checkpoint: origin, size and root stand in its first three lines")
    return Checkpoint(text + "\n", lines[0], size_of(lines[1]), base64_bytes(lines[2], HASH_BYTES), signatures)


def _signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, signature = rest.partition(" ")
    raw = base64_bytes(signature)
    if dash != "\N{EM DASH}" or not _NAME.fullmatch(name) or len(raw) <= _ID_BYTES:
        raise ValueError("a line of its signatures is none")
    return name, raw
