"""What `pobratim audit` does by hand beside the sealer."""

import contextlib
from base64 import b64encode
from collections.abc import Generator, Sequence
from contextlib import contextmanager

import msgspec
import psycopg

from adapters.database.urls import lead_url, sealer_url
from adapters.sealing.checkpoint import Point
from adapters.sealing.cosignatures import Cosignatures, WitnessStanding
from adapters.sealing.faults import SealFault
from adapters.sealing.notes import NoteFault, Verifier, opened
from adapters.sealing.sealer import require_role
from adapters.sealing.sealing import Sealing, Told
from adapters.sealing.store import Connection, Store, TreeRow
from adapters.sealing.verifying import SealVerdict, verify_seal
from adapters.sealing.witnesses import NOBODY, Witnesses, WitnessFault
from adapters.sealing.witnessing import show


class SuccessorOf(msgspec.Struct, frozen=True):
    origin: str
    size: int
    root: str


class PolicyOrigin(msgspec.Struct, frozen=True):
    origin: str
    keys: Sequence[str]
    successor_of: SuccessorOf | None


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Which keys this installation answers for, and what it has signed last, so that an auditor can keep it."""

    pobratim_policy: int = 1
    origins: Sequence[PolicyOrigin]
    witnesses: Sequence[str] = ()
    quorum: int = 0
    checkpoints: Sequence[str]


class Auditing:
    """Every method raises SealFault and psycopg.Error."""

    def __init__(self, url: str, sealing: Sealing | None, witnesses: Witnesses = NOBODY) -> None:
        """`url` is the address of the runtime role. Raises SealFault where no data folder is set."""
        if sealing is None:
            raise SealFault("seal.off")
        self._url, self._sealing, self._witnesses = lead_url(url, "pobratim-audit"), sealing, witnesses

    def seal(self, told: Told) -> int:
        """Seal now, and keep a checkpoint also where nothing is new; the size of the tree."""
        with self._sealer() as connection:
            return self._sealing.seal(connection, again=True, told=told)

    def verify(self, told: Told) -> SealVerdict:
        with psycopg.connect(self._url, autocommit=True) as connection:
            return verify_seal(connection, self._sealing, told)

    def witness(self) -> Sequence[WitnessStanding]:
        """Ask every witness now for the newest checkpoint, and tell how each of them stands."""
        with self._sealer() as connection:
            for one in self._witnesses.named:
                with contextlib.suppress(WitnessFault):  # it is told in the standing
                    show(connection, one, self._sealing.clock)
            return Cosignatures(connection).standing(self._witnesses.keys)

    def open_origin(self, reason: str) -> TreeRow:
        with self._sealer() as connection:
            return self._sealing.open_origin(connection, reason)

    def rotate_key(self, *, finish: bool) -> Sequence[str]:
        """The verifier key that came, or those that sign no more."""
        with self._sealer() as connection:
            return self._sealing.rotate(connection, finish=finish)

    def policy(self) -> bytes:
        """As JSON; the newest checkpoint of each origin is in it, with what the witnesses have signed under it."""
        verifiers = self._sealing.keys.verifiers()
        if not verifiers:
            raise SealFault("seal.no-key")
        keys = [str(one) for one in verifiers]
        kept = self._sealing.kept.read(verifiers)
        with psycopg.connect(self._url, autocommit=True) as connection:
            store = Store(connection)
            trees = store.trees()
            newest = [store.newest_checkpoint(tree.number) for tree in trees]
            cosigned = Cosignatures(connection).under([row[1] for row in newest if row], self._witnesses.keys)
        notes: dict[str, None] = dict.fromkeys([*(row[1] for row in newest if row), *([kept.note] if kept else [])])
        names = {tree.origin for tree in trees}
        made = Policy(
            origins=[PolicyOrigin(tree.origin, keys, _ended(tree.successor_of)) for tree in trees],
            witnesses=self._witnesses.keys,
            quorum=self._witnesses.quorum,
            checkpoints=[note + cosigned.get(note, "") for note in notes if _origin(note, verifiers) in names],
        )
        return msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"

    @contextmanager
    def _sealer(self) -> Generator[Connection]:
        require_role(self._url)
        with psycopg.connect(sealer_url(self._url, "pobratim-audit"), autocommit=True) as connection:
            yield connection


def _origin(note: str, verifiers: Sequence[Verifier]) -> str | None:
    """None for one that only keys have signed which are lost."""
    try:
        return opened(note, verifiers)[0].partition("\n")[0]
    except NoteFault:
        return None


def _ended(point: Point | None) -> SuccessorOf | None:
    return SuccessorOf(point.origin, point.size, b64encode(point.root).decode()) if point else None
