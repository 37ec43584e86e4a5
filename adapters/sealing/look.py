"""What the seal says of itself: to anybody who asks for it, to the doctor and to whoever watches the server."""

import threading
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from adapters.database.pool import Pool
from adapters.identity.connection import connected
from adapters.sealing.cosignatures import Cosignatures, WitnessStanding
from adapters.sealing.faults import SealFault
from adapters.sealing.sealer import LEAD
from adapters.sealing.sealing import Sealing
from adapters.sealing.witnesses import NOBODY, Witnesses
from application.ports import LogUnavailable

GLANCE_SECONDS: Final = 10.0
_STANDING: Final = b"""
    SELECT c.size, c.made_at, (
        SELECT count(*) FROM (
            SELECT FROM log.facts WHERE notification_id > coalesce((
                SELECT last_position FROM seal.tiles WHERE tree = c.tree AND level = 0 ORDER BY n DESC LIMIT 1
            ), 0) LIMIT 1000
        ) AS waiting
    )
    FROM seal.checkpoints AS c ORDER BY c.number DESC LIMIT 1
"""
_LED: Final = b"""
    SELECT EXISTS (
        SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (classid::bigint << 32) + objid::bigint = %s
    )
"""


class Standing(msgspec.Struct, frozen=True):
    """How far the seal has come."""

    size: int = 0
    """Facts under the newest checkpoint."""
    made_at: datetime | None = None
    waiting: int = 0
    """Facts that no tile holds yet, 1,000 at most."""
    led: bool = False
    """Some process is sealing."""


class SealLook:
    """Raises LogUnavailable where the database is away."""

    def __init__(self, pool: Pool, sealing: Sealing | None, witnesses: Witnesses = NOBODY) -> None:
        self._pool, self._sealing, self._witnesses = pool, sealing, witnesses
        self._asking = threading.Lock()
        self._again = 0.0
        self._found: SealFault | None = None
        self._silent: Sequence[str] = ()

    def checkpoint(self) -> str | None:
        """The newest signed note with its cosignatures, as `Cosignatures.published`; None where there is none."""
        with connected(self._pool) as connection:
            return Cosignatures(connection).published(self._witnesses.keys, self._witnesses.quorum)

    def keys(self) -> str | None:
        """Every verifier key, one a line, the newest last; None where there is none that can be read."""
        if self._sealing is None:
            return None
        try:
            return "".join(f"{key}\n" for key in self._sealing.keys.verifiers()) or None
        except SealFault:  # the doctor says which
            return None

    def standing(self) -> Standing:
        with connected(self._pool) as connection:
            row = connection.execute(_STANDING).fetchone()
            led = connection.execute(_LED, (LEAD,)).fetchone()
        return Standing(*(row or ()), led=bool(led and led[0]))

    def witnesses(self) -> Sequence[WitnessStanding]:
        """How each witness stands that is named, in their order."""
        with connected(self._pool) as connection:
            return Cosignatures(connection).standing(self._witnesses.keys)

    def fault(self) -> SealFault | None:
        """Why nothing can be sealed here, as it is now."""
        if self._sealing is None:
            return SealFault("seal.off")
        with connected(self._pool) as connection:
            return self._sealing.stopped(connection)

    def glance(self) -> SealFault | None:
        """As `fault`, fresh to ten seconds; without a data folder there is none."""
        if self._sealing and time.monotonic() >= self._again and self._asking.acquire(blocking=False):
            try:
                self._found = self.fault()
                self._silent = [one.name for one in self.witnesses() if one.fault]
                self._again = time.monotonic() + GLANCE_SECONDS
            except LogUnavailable:
                pass
            finally:
                self._asking.release()
        return self._found

    def silent(self) -> Sequence[str]:
        """Names of the witnesses that did not cosign when they were last asked, as old as the last `glance`."""
        return self._silent
