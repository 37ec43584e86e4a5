"""Whom the auditor believes: keys of the installation, witnesses, how many of them, and checkpoints once kept."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pobratim_verify.files import opened_file
from pobratim_verify.notes import LOG_KEY, WITNESS_KEY, Checkpoint, VerifierKey, base64_bytes, opened, verifier_key
from pobratim_verify.strict_json import format_of, loaded, members, strings
from pobratim_verify.tree import HASH_BYTES
from pobratim_verify.verdicts import CannotJudge

VERSION = 1
LARGEST = 1_000_000
"""Bytes of a policy's file."""


@dataclass(frozen=True)
class Predecessor:
    """The tree that this one succeeds, as it stood when the installation left it."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True)
class Origin:
    name: str
    keys: Sequence[VerifierKey]
    successor_of: Predecessor | None

    def agrees_with(self, checkpoint: Checkpoint) -> bool:
        """Whether it names the same tree before it as the policy does, where it names one."""
        before = self.successor_of
        known = before and f"{before.origin} {before.size} {b64encode(before.root).decode()}"
        return checkpoint.successor_of in (None, known)


@dataclass(frozen=True)
class Policy:
    origins: dict[str, Origin]
    witnesses: Sequence[VerifierKey]
    quorum: int
    kept: Sequence[Checkpoint]
    """Of all origins, by size."""


def read(path: Path) -> Policy:
    """Raises CannotJudge."""
    with opened_file(path, "policy") as file:
        body = file.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise CannotJudge(f"The policy {path} is larger than {LARGEST:,} bytes.")
    try:
        return _policy(loaded(body.decode("utf-8")))
    except ValueError as fault:
        raise CannotJudge(f"The policy {path} cannot be used: {fault}.") from fault


def _policy(value: Any) -> Policy:
    version = format_of(value, "pobratim_policy")
    if version is None:
        raise ValueError("it has no member 'pobratim_policy' with the number of its format")
    if version != VERSION:
        raise ValueError(f"it has the format {version}, and this version reads {VERSION}")
    shape = {"pobratim_policy": int, "origins": list, "witnesses": list, "quorum": int, "checkpoints": list}
    found = members(value, shape)
    origins = [_origin(one) for one in found["origins"]]
    by_name = {one.name: one for one in origins}
    if not origins or len(by_name) != len(origins):
        raise ValueError("it names no origin, or one of them twice")
    witnesses = [verifier_key(one, WITNESS_KEY) for one in strings(found["witnesses"], "witnesses")]
    _each_counts_once(witnesses, origins)
    if not 0 <= found["quorum"] <= len(witnesses):
        raise ValueError(f"its quorum of {found['quorum']} does not fit its {len(witnesses)} witnesses")
    kept = [_kept(one, by_name, witnesses) for one in strings(found["checkpoints"], "checkpoints")]
    return Policy(by_name, witnesses, found["quorum"], sorted(kept, key=lambda one: one.size))


def _origin(value: Any) -> Origin:
    found = members(value, {"origin": str, "keys": list, "successor_of": (dict, type(None))})
    keys = [verifier_key(one, LOG_KEY) for one in strings(found["keys"], "keys")]
    if not keys or not found["origin"]:
        raise ValueError(f"the origin {found['origin'][:100]!r} has no keys, or no name")
    before = found["successor_of"]
    if before is None:
        return Origin(found["origin"], keys, None)
    before = members(before, {"origin": str, "size": int, "root": str})
    if before["size"] < 0:
        raise ValueError("a tree has no size below 0")
    root = base64_bytes(before["root"], HASH_BYTES)
    return Origin(found["origin"], keys, Predecessor(before["origin"], before["size"], root))


def _each_counts_once(witnesses: Sequence[VerifierKey], origins: Sequence[Origin]) -> None:
    """A key under two names would be two witnesses, and the installation's own none at all."""
    public = [one.public for one in witnesses]
    logs = {key.public for origin in origins for key in origin.keys}
    if len(set(public)) != len(public) or logs & set(public):
        raise ValueError("a witness has the key of another one, or of the installation")


def _kept(note: str, origins: dict[str, Origin], witnesses: Sequence[VerifierKey]) -> Checkpoint:
    origin = origins.get(note.partition("\n")[0])
    if origin is None:
        raise ValueError("a kept checkpoint is of an origin that it does not name")
    try:
        checkpoint = opened(note, [*origin.keys, *witnesses])
    except ValueError as fault:
        raise ValueError(f"a kept checkpoint cannot be used: {fault}") from fault
    if not set(origin.keys) & set(checkpoint.signed_by):
        raise ValueError(f"the kept checkpoint of size {checkpoint.size} is signed by no key of its origin")
    if not origin.agrees_with(checkpoint):
        raise ValueError(f"the kept checkpoint of size {checkpoint.size} names another tree before it than the policy")
    return checkpoint
