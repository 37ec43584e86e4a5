"""One command's effect on its way into the log, and the single call that keeps a batch of them."""

from collections.abc import Sequence
from itertools import accumulate
from uuid import UUID

import msgspec
from eventsourcing.persistence import StoredEvent

from adapters.recording.arrays import Array, blobs, integers, texts, uuids
from application.ports import VaultEntry
from domain.kernel import CommandKey

APPEND = "SELECT log.append(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


class Request(msgspec.Struct, frozen=True):
    key: CommandKey
    digest: bytes
    facts: Sequence[StoredEvent]
    entries: Sequence[VaultEntry] = ()


def parameters(requests: Sequence[Request]) -> tuple[Array, ...]:
    """Of APPEND. Raises ValueError for text that PostgreSQL cannot hold."""
    facts = [fact for request in requests for fact in request.facts]
    entries = [entry for request in requests for entry in request.entries]
    about = [_about(entry, request) for request in requests for entry in request.entries]
    if any("\0" in entry.text for entry in entries):
        raise ValueError("an entry of the vault holds a NUL character")
    return (
        uuids(request.key for request in requests),
        blobs(request.digest for request in requests),
        integers(accumulate(len(request.facts) for request in requests)),
        uuids(_stream(fact) for fact in facts),
        integers(fact.originator_version for fact in facts),
        texts(fact.topic for fact in facts),
        blobs(fact.state for fact in facts),
        uuids(entry.ref for entry in entries),
        texts(entry.kind for entry in entries),
        texts(entry.text for entry in entries),
        uuids(about),
    )


def _about(entry: VaultEntry, request: Request) -> UUID | None:
    """The stream of the fact that points to the words, so that they are found for erasure."""
    if entry.about or not request.facts:
        return entry.about
    pointer = str(entry.ref).encode()
    return _stream(next((fact for fact in request.facts if pointer in fact.state), request.facts[0]))


def _stream(fact: StoredEvent) -> UUID:
    if not isinstance(fact.originator_id, UUID):
        raise TypeError("streams of this log are named by a UUID")
    return fact.originator_id
