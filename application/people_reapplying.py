"""Erasures that are done again: a restored database holds again what had been erased since its backup was made."""

from collections.abc import Sequence
from typing import Final

from application import handling
from application.access import OPERATOR
from application.identity import RESTORED, command_key
from application.people_ports import ErasedList, PersonVault
from application.ports import Clock, Conflict, Log, Save, Write
from domain.kernel import VaultRef
from domain.people.events import EntryErased, ErasureGround

AT_ONCE: Final = 500
"""Erasures of one transaction."""
_ATTEMPTS: Final = 5


class Reapplying:
    """Done before anything is served, and by `pobratim people reapply`."""

    def __init__(self, log: Log, vault: PersonVault, erased: ErasedList, clock: Clock) -> None:
        self._log, self._vault, self._erased, self._clock = log, vault, erased, clock

    def back(self) -> Sequence[VaultRef]:
        """Entries that were erased and stand in the vault again. Raises a fault where the list cannot be read."""
        listed = self._erased.listed()
        return [entry.ref for entry in self._vault.kept(sorted(listed))] if listed else []

    def unlisted(self) -> int:
        """How many erasures of the database the list lacks."""
        return len({erasure.ref for erasure in self._vault.erasures()} - self._erased.listed())

    def reapply(self) -> int:
        """Erase again what came back, and complete the list; how many were erased. Safe to repeat, and by two at once.

        Raises a fault where the list cannot be read, OSError where it cannot be written, LogUnavailable.
        """
        done = 0
        for left in range(_ATTEMPTS, 0, -1):
            try:
                while back := self.back():
                    self._erase(back[:AT_ONCE])
                    done += len(back[:AT_ONCE])
                break
            except Conflict:  # somebody else does the same at this moment
                if left == 1:
                    raise
        self._erased.add(self._vault.erasures())
        return done

    def _erase(self, refs: Sequence[VaultRef]) -> None:
        """A fact for each: the log says that it happened once more."""
        facts = [EntryErased(entry=ref, ground=ErasureGround.RESTORED) for ref in refs]
        after = len(self._log.read(RESTORED))
        key = command_key("erased again", str(after), *map(str, refs))
        save = Save(
            key=key,
            digest=handling.digest_of(facts),
            on=handling.occasion(OPERATOR, self._clock),
            writes=[Write(RESTORED, after, facts)],
        )
        self._log.append([save])
