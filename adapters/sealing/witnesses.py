"""Witnesses: who they are, what can go wrong with them, and how one is asked (C2SP tlog-witness `add-checkpoint`)."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final
from urllib.parse import urlsplit

import msgspec

from adapters import asking
from adapters.fault import Fault
from adapters.sealing.notes import COSIGNATURE, NoteFault, Verifier, verifier

ANSWER_SECONDS: Final = 10.0
"""From the first byte to the last one."""
LONGEST_ANSWER: Final = 16_384
"""Bytes."""
MOST_WITNESSES: Final = 16
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


class WitnessFault(Fault):
    """Why a witness has not cosigned. Nothing but the cosignature waits for it."""

    messages: ClassVar[Mapping[str, str]] = {
        "witness.away": "{name} does not answer ({reason}). It is asked again by itself.",
        "witness.refused": "{name} answers {status}. See its address in POBRATIM_WITNESSES, or ask its operator.",
        "witness.key-unknown": (
            "{name} knows no key that has signed for {origin}. Give its operator the keys at /seal/keys."
        ),
        "witness.origin-unknown": (
            "{name} does not know the log {origin}. Give its operator this name and the keys at /seal/keys."
        ),
        "witness.not-consistent": (
            "{name} has cosigned a tree that this log does not go on from. One of the two was changed: "
            "see pobratim audit verify, and ask its operator for the checkpoint."
        ),
        "witness.ahead": (
            "{name} has cosigned {cosigned} facts of {origin}, and only {sealed} are sealed here. The database was "
            "restored to less, or somebody else has the key: see pobratim audit verify."
        ),
        "witness.busy": "{name} was asked by somebody else at the same moment. It is asked again by itself.",
        "witness.bad-answer": "{name} answers what is no cosignature of its key ({reason}), so it was not kept.",
        "witness.clock": "{name} has signed with a time that is {minutes} minutes off. Set the clocks.",
        "witness.tiles": "The tiles lack what {name} has to be shown ({reason}): see pobratim audit verify.",
    }


class Witness(msgspec.Struct, frozen=True):
    verifier: Verifier
    url: str
    """The submission prefix, without a slash at its end."""
    seconds: float = ANSWER_SECONDS

    @property
    def name(self) -> str:
        return self.verifier.name


class Witnesses(msgspec.Struct, frozen=True):
    """Those that this installation names, and how many of them a checkpoint needs to count as witnessed."""

    named: Sequence[Witness] = ()
    quorum: int = 0

    @property
    def keys(self) -> list[str]:
        return [str(one.verifier) for one in self.named]


NOBODY: Final = Witnesses()


def read_witnesses(text: str, quorum: str) -> Witnesses:
    """Of `VERIFIER-KEY URL, VERIFIER-KEY URL`; where no quorum is given it is more than half of them.

    Raises ValueError with the reason.
    """
    parts = [part for part in re.split(r"[,\s]+", text) if part]
    if len(parts) % 2:
        raise ValueError("each witness has a verifier key and an address")
    try:
        found = [
            Witness(verifier(key, COSIGNATURE), _address(url)) for key, url in zip(parts[::2], parts[1::2], strict=True)
        ]
    except NoteFault as fault:
        raise ValueError(f"{fault} of a witness (type 4)") from fault
    if len({one.verifier.key for one in found}) != len(found) or len(found) > MOST_WITNESSES:
        raise ValueError(f"a witness stands there twice, or there are more than {MOST_WITNESSES}")
    wanted = quorum.strip() or str(len(found) // 2 + 1 if found else 0)
    if wanted not in [str(number) for number in range(min(1, len(found)), len(found) + 1)]:
        raise ValueError(f"the quorum {wanted[:20]!r} does not fit {len(found)} witnesses")
    return Witnesses(found, int(wanted))


def _address(url: str) -> str:
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not safe or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc or not url.isascii():
        raise ValueError(
            f"{url[:100]!r} is no address such as https://witness.example.org; http is for this machine only"
        )
    _ = parts.port  # raises ValueError for one that is none
    return url.rstrip("/")


def request(old: int, proof: Sequence[bytes], note: str) -> bytes:
    hashes = "".join(f"{b64encode(one).decode()}\n" for one in proof)
    return f"old {old}\n{hashes}\n{note}".encode()


def ask(witness: Witness, body: bytes) -> tuple[int, str]:
    """Status and body of the answer; redirections are not followed. Raises WitnessFault."""
    url, head = f"{witness.url}/add-checkpoint", {"Content-Type": "text/plain; charset=utf-8"}
    try:
        status, said = asking.ask(url, "POST", body, head, seconds=witness.seconds, most=LONGEST_ANSWER)
    except asking.Unanswered as fault:
        raise WitnessFault("witness.away", name=witness.name, reason=str(fault)) from fault
    if len(said) > LONGEST_ANSWER:
        raise WitnessFault("witness.bad-answer", name=witness.name, reason="it is too long")
    try:
        return status, said.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise WitnessFault("witness.bad-answer", name=witness.name, reason="it is no text") from fault
