"""One line of a bundle: a leaf and the stored fact that it stands for."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from json.encoder import encode_basestring as quoted

from pobratim_verify.bundle import state_bytes
from pobratim_verify.verdicts import DoesNotHold, Leaf

_DECODER = json.JSONDecoder()
_MOMENT = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z"
_LEAF = re.compile(
    r'\{"v":1,"index":(0|[1-9]\d{0,17}),"position":([1-9]\d{0,17})'
    r',"case":"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"'
    r',"version":([1-9]\d{0,17}),"topic":"([^"\\\x00-\x1f]{3,200})"'
    rf',"recorded_at":"({_MOMENT})","sha256":"([0-9a-f]{{64}})"\}}',
    re.ASCII,
)


@dataclass(slots=True)
class Sealed:
    """What a leaf says. `recorded_at` as it is written: UTC, six digits, so that it sorts as text."""

    index: int
    position: int
    stream: str
    version: int
    topic: str
    recorded_at: str
    sha256: str


def sealed(leaf: str, expected: int) -> Sealed:
    """`expected` is the index at which it stands. Raises DoesNotHold where it has not the one form of a leaf."""
    found = _LEAF.fullmatch(leaf)
    if found is None:
        newer = re.match(r'\{"v":(?!1,)\d{1,9},', leaf)
        reason = "it is of a newer format" if newer else "it has not the form of a leaf"
        raise DoesNotHold(reason, Leaf(expected))
    index, position, stream, version, topic, recorded_at, digest = found.groups()
    return Sealed(int(index), int(position), stream, int(version), topic, recorded_at, digest)


def parted(line: bytes, expected: int) -> tuple[str, bytes | None]:
    """The leaf's text and the stored bytes of its fact, None where they are left out. Raises DoesNotHold."""
    try:
        text = line.decode("utf-8")
        found, _ = _DECODER.raw_decode(text)
        leaf, state = found["leaf"], found.get("state")
        # Written again it must be the same line: no member twice or unknown, no other order, no other escapes.
        if state is not None:
            if text == f'{{"leaf":{quoted(leaf)},"state":{quoted(state)}}}':
                return leaf, state.encode()
        elif "state_base64" in found:
            if text == f'{{"leaf":{quoted(leaf)},"state_base64":{quoted(found["state_base64"])}}}':
                return leaf, state_bytes(found["state_base64"])
        elif text == f'{{"leaf":{quoted(leaf)}}}':
            return leaf, None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    raise DoesNotHold("its line is not in the one form that it may have", Leaf(expected))


def is_of(state: bytes, leaf: Sealed) -> bool:
    return sha256(state).hexdigest() == leaf.sha256
