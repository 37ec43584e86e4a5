"""Shows every new checkpoint to the witnesses and keeps their cosignatures: one process of all, beside the sealer.

Each witness is asked for the newest checkpoint only; those that were made while it was away stay without it.
"""

import logging
import time
from collections.abc import Sequence
from typing import Final

import psycopg

from adapters.database.leading import Connection, Leader
from adapters.database.urls import sealer_url
from adapters.sealing.cosignatures import Cosignatures, Newest
from adapters.sealing.faults import SealFault
from adapters.sealing.notes import Cosignature, NoteFault, cosignature
from adapters.sealing.sealer import STOPPED_SECONDS, require_role
from adapters.sealing.store import Store
from adapters.sealing.tree import Tree
from adapters.sealing.witnesses import Witness, WitnessFault, ask, request
from application.ports import Clock

LEAD: Final = 7_631_400_033
LOOK_SECONDS: Final = 1.0
PAUSE_SECONDS: Final = 10.0
"""After the first failure; twice as long after each further one."""
LONGEST_PAUSE: Final = 3600.0
CLOCK_SECONDS: Final = 3600
"""By how much the clock of a witness may differ from ours."""
_OK, _CONFLICT = 200, 409
_REFUSALS: Final = {
    403: "witness.key-unknown",
    404: "witness.origin-unknown",
    422: "witness.not-consistent",
}
_LOGGER: Final = logging.getLogger("pobratim.office")


class Witnessing(Leader):
    """A witness that fails is asked again after growing pauses; a restart of the process ends a pause."""

    name = "witnessing"
    lock = LEAD

    def __init__(self, url: str, witnesses: Sequence[Witness], clock: Clock) -> None:
        """`url` is the address of the runtime role."""
        super().__init__(url)
        self._runtime_url = self._url
        self._url = sealer_url(self._url)
        self._witnesses, self._clock = witnesses, clock
        self._failures = dict[Witness, int]()
        self._again = dict[Witness, float]()

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                require_role(self._runtime_url)
                break
            except (SealFault, psycopg.Error):  # the sealer says so
                self.stopping.wait(STOPPED_SECONDS)
        super().run()

    def lead(self, connection: Connection) -> None:
        while not self.stopping.is_set():
            self.step(connection)
            self.stopping.wait(LOOK_SECONDS)

    def step(self, connection: Connection) -> int:
        """Ask every witness that has not seen the newest checkpoint and is not in a pause; how many cosigned."""
        return sum(self._cosigns(connection, one) for one in self._witnesses if self._due(one))

    def _due(self, witness: Witness) -> bool:
        return not self.stopping.is_set() and time.monotonic() >= self._again.get(witness, 0.0)

    def _cosigns(self, connection: Connection, witness: Witness) -> bool:
        try:
            if not show(connection, witness, self._clock):
                return False
        except WitnessFault as fault:
            failures = self._failures[witness] = self._failures.get(witness, 0) + 1
            self._again[witness] = time.monotonic() + min(PAUSE_SECONDS * 2 ** min(failures - 1, 20), LONGEST_PAUSE)
            if failures == 1:
                _LOGGER.warning("no cosignature: %s", fault)
            return False
        if self._failures.pop(witness, 0):
            _LOGGER.info("%s cosigns again", witness.name)
        return True


def show(connection: Connection, witness: Witness, clock: Clock) -> bool:
    """Let a witness cosign the newest checkpoint, and keep that; False where it has done so before.

    The connection acts as the sealer, in autocommit. Raises WitnessFault, which is then told to whoever looks, and
    psycopg.Error.
    """
    kept = Cosignatures(connection)
    newest = kept.newest()
    if newest is None:
        return False
    last = kept.last(witness.verifier, newest.tree)
    if last and last[0] >= newest.number:
        return False
    try:
        made = _cosigned(Store(connection), witness, newest, last[1] if last else 0)
        apart = abs(made.time - clock().timestamp())
        if apart > CLOCK_SECONDS:
            raise WitnessFault("witness.clock", name=witness.name, minutes=int(min(apart, 1e12) // 60))
    except WitnessFault as fault:
        kept.tell(witness.verifier, fault, clock())
        raise
    kept.keep(newest.number, witness.verifier, made, clock())
    kept.tell(witness.verifier, None, clock())
    return True


def _cosigned(store: Store, witness: Witness, newest: Newest, old: int) -> Cosignature:
    status, said = ask(witness, request(old, _proof(store, witness, newest, old), newest.note))
    if status == _CONFLICT:  # it has seen more or less of us than we know; it says how much
        seen = _seen(witness, newest, said, old)
        status, said = ask(witness, request(seen, _proof(store, witness, newest, seen), newest.note))
        if status == _CONFLICT:
            _seen(witness, newest, said, seen)
            raise WitnessFault("witness.busy", name=witness.name)
    if status in _REFUSALS:
        raise WitnessFault(_REFUSALS[status], name=witness.name, origin=newest.origin)
    if status != _OK:
        raise WitnessFault("witness.refused", name=witness.name, status=status)
    try:
        made = cosignature(newest.note.rpartition("\n\n")[0] + "\n", said, witness.verifier)
    except NoteFault as fault:
        raise WitnessFault("witness.bad-answer", name=witness.name, reason=str(fault)) from fault
    if made is None:
        raise WitnessFault("witness.bad-answer", name=witness.name, reason="its key has not signed")
    return made


def _seen(witness: Witness, newest: Newest, said: str, old: int) -> int:
    """The size that a witness has cosigned, from the body of its 409."""
    digits = said.removesuffix("\n")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):  # noqa: PLR2004 - as in a checkpoint
        raise WitnessFault("witness.bad-answer", name=witness.name, reason="its answer 409 holds no size")
    seen = int(digits)
    if seen > newest.size:
        raise WitnessFault("witness.ahead", name=witness.name, origin=newest.origin, cosigned=seen, sealed=newest.size)
    if seen == old == newest.size:  # of that size it has cosigned another tree
        raise WitnessFault("witness.not-consistent", name=witness.name)
    if seen == old:
        raise WitnessFault(
            "witness.bad-answer", name=witness.name, reason="it answers 409 with the size that it was given"
        )
    return seen


def _proof(store: Store, witness: Witness, newest: Newest, old: int) -> Sequence[bytes]:
    try:
        tree = Tree(lambda level, n: store.tile(newest.tree, level, n))
        return tree.consistency(old, newest.size) if old else ()
    except LookupError as fault:
        raise WitnessFault("witness.tiles", name=witness.name, reason=str(fault)) from fault
