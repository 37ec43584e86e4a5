"""Signed notes, verifier keys and cosignatures (C2SP signed-note, tlog-cosignature v1), and checkpoints in them.

Two types of keys: 0x01 signs the text; 0x04 signs `cosignature/v1`, a time and the text. Both are Ed25519.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pobratim_verify import moments
from pobratim_verify.tree import HASH_BYTES

LOG_KEY, WITNESS_KEY = 0x01, 0x04
MOST_SIGNATURES = 64
LONGEST_NOTE = 100_000
_KEY_BYTES, _ID_BYTES, _TIME_BYTES, _SIGNATURE_BYTES = 32, 4, 8, 64
_LATEST = 2**63 - 1
_NAME = re.compile(r"[^\s+]{1,200}")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NEWEST, _BEFORE = "recorded_at ", "successor_of "


def base64_bytes(text: str, length: int | None = None) -> bytes:
    """Standard base64 in its one canonical form. Raises ValueError."""
    try:
        raw = b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError(f"{text[:60]!r} is no base64") from None
    if b64encode(raw).decode() != text or (length is not None and len(raw) != length):
        raise ValueError(f"{text[:60]!r} is no base64 of {length} bytes")
    return raw


@dataclass(frozen=True)
class VerifierKey:
    """Whose signatures are believed. `name` and `id` find its lines in a note."""

    name: str
    id: bytes
    kind: int
    public: bytes

    def verifies(self, text: str, signature: bytes) -> int | None:
        """0 for a log's key, the time of signing in POSIX seconds for a witness; None where it is not its signature."""
        message, time = text.encode(), 0
        if self.kind == WITNESS_KEY:
            time = int.from_bytes(signature[:_TIME_BYTES])
            signature = signature[_TIME_BYTES:]
            message = b"cosignature/v1\ntime %d\n" % time + message
        if len(signature) != _SIGNATURE_BYTES or time > _LATEST:
            return None
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return None
        return time


def verifier_key(text: str, kind: int) -> VerifierKey:
    """Of `name+hash+base64`. Raises ValueError."""
    name, _, rest = text.partition("+")
    digest, _, material = rest.partition("+")
    if not _NAME.fullmatch(name) or not re.fullmatch(r"[0-9a-f]{8}", digest):
        raise ValueError(f"{text[:100]!r} is no verifier key of the form name+hash+base64")
    raw = base64_bytes(material, 1 + _KEY_BYTES)
    if raw[0] != kind:
        raise ValueError(f"the key {text[:100]!r} has the type {raw[0]}, not {kind}")
    if sha256(name.encode() + b"\n" + raw).digest()[:_ID_BYTES].hex() != digest:
        raise ValueError(f"the hash in the key {text[:100]!r} is not that of its name and key")
    return VerifierKey(name, bytes.fromhex(digest), kind, raw[1:])


@dataclass(frozen=True)
class Checkpoint:
    """A tree's head as its log wrote it, and the keys that signed it: names with the time of signing, 0 without one."""

    origin: str
    size: int
    root: bytes
    newest: str | None
    """When the newest fact in the tree was recorded; None in an empty tree."""
    successor_of: str | None
    """Origin, size and root of the tree before it, as the first checkpoint of a later origin names them."""
    signed_by: Mapping[VerifierKey, int]


def opened(note: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint in a note, with those of `keys` that have signed it, which may be none.

    Raises ValueError where it is no checkpoint, or where a line in the name of one of the keys is not its signature.
    """
    if len(note) > LONGEST_NOTE or _CONTROL.search(note):
        raise ValueError("it is no signed note")
    text, gap, tail = note.rpartition("\n\n")
    text += "\n"
    if not gap or not tail.endswith("\n"):
        raise ValueError("it is no signed note: its text and its signatures stand around an empty line")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise ValueError(f"it has more than {MOST_SIGNATURES} signatures")
    known = {(key.name, key.id): key for key in keys}
    signed_by: dict[VerifierKey, int] = {}
    for line in lines:
        name, signature = _signature(line)
        if key := known.get((name, signature[:_ID_BYTES])):
            time = key.verifies(text, signature[_ID_BYTES:])
            if time is None:
                raise ValueError(f"the signature in the name of {name} is not that of its key")
            signed_by[key] = time
    return _checkpoint(text, signed_by)


def _signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, signature = rest.partition(" ")
    raw = base64_bytes(signature)
    if dash != "\N{EM DASH}" or not _NAME.fullmatch(name) or len(raw) <= _ID_BYTES:
        raise ValueError("a line of its signatures is none")
    return name, raw


def _checkpoint(text: str, signed_by: Mapping[VerifierKey, int]) -> Checkpoint:
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):  # noqa: PLR2004 - origin, size, root
        raise ValueError("it is no checkpoint: origin, size and root stand in its first three lines")
    size = int(lines[1])
    newest = [line.removeprefix(_NEWEST) for line in lines[3:] if line.startswith(_NEWEST)]
    if len(newest) != min(size, 1) or not all(moments.is_written(moment) for moment in newest):
        raise ValueError("it does not say once when its newest fact was recorded")
    before = [line.removeprefix(_BEFORE) for line in lines[3:] if line.startswith(_BEFORE)]
    if len(before) > 1:
        raise ValueError("it names two trees before it")
    return Checkpoint(
        origin=lines[0],
        size=size,
        root=base64_bytes(lines[2], HASH_BYTES),
        newest=newest[0] if newest else None,
        successor_of=before[0] if before else None,
        signed_by=signed_by,
    )
