"""What the machine gives: the database, the log, the vault, accounts, and the read side with what keeps it."""

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Event
from typing import Final, Protocol, TypeVar

from adapters.database.pool import Pool, open_pool
from adapters.database.urls import runtime_url
from adapters.identity.accounts import PostgresAccounts
from adapters.identity.passwords import Argon2Passwords
from adapters.procedures.shelf import FiledProcedures
from adapters.readside.read_side import ReadSide
from adapters.readside.verifying import Verdict
from adapters.recording.casebook import CaseBook
from adapters.reference.units import FiledLocalGovernments, local_governments
from adapters.sealing.witnesses import Witnesses, read_witnesses
from adapters.vault.postgres import PostgresVault
from web.language.language import now
from web.settings import Settings, SettingsFault, origin

CATCH_UP_SECONDS: Final = 60.0
"""How long a command waits for the views to show what it has recorded."""
Told = Callable[[int, int], None]


class _Closes(Protocol):
    def close(self) -> None: ...


_Closable = TypeVar("_Closable", bound=_Closes)


class Machine:
    """Parts are made when they are first asked for."""

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsFault where the witnesses cannot be used."""
        self.settings = settings
        self.clock = now
        self._url = runtime_url(settings.database_url)
        self.witnesses = _witnesses(settings)
        self._closing: list[Callable[[], None]] = []
        self._stopped = Event()
        self._projecting = False

    @cached_property
    def pool(self) -> Pool:
        return self._closed_later(open_pool(self._url))

    @cached_property
    def log(self) -> CaseBook:
        return self._closed_later(CaseBook(self._url, self.pool))

    @cached_property
    def vault(self) -> PostgresVault:
        return PostgresVault(self.pool)

    @cached_property
    def local_governments(self) -> FiledLocalGovernments:
        return local_governments()

    @cached_property
    def procedures(self) -> FiledProcedures:
        return FiledProcedures(self.settings.data_dir)

    @cached_property
    def accounts(self) -> PostgresAccounts:
        return PostgresAccounts(self.pool)

    @cached_property
    def passwords(self) -> Argon2Passwords:
        return Argon2Passwords()

    @cached_property
    def read_side(self) -> ReadSide:
        made = ReadSide(self._url, self.pool, self.log, self.local_governments, self.procedures)
        self._closing += [made.projector.stop, made.past.close]
        return made

    # --- views

    def rebuild(self, names: Sequence[str], told: Told) -> None:
        """Raises a Fault, also for a name that no view has."""
        self.read_side.rebuilding.rebuild(names, told)

    def verify(self, names: Sequence[str], told: Told) -> Sequence[Verdict]:
        """Raises a Fault, also for a name that no view has."""
        return self.read_side.verifying.verify(names, told)

    def catch_up(self, position: int, seconds: float = CATCH_UP_SECONDS) -> bool:
        """Wait until pages show the position; project here where nobody else does."""
        if not self.read_side.health().led:
            self.project()
        return self.read_side.views.caught_up(position, seconds)

    def project(self) -> None:
        """Keep the views up to date from here, as long as nobody else does."""
        if not self._projecting:
            self._projecting = True
            self.read_side.projector.start()

    def close(self) -> None:
        """Stop what runs and close what is open, the newest first."""
        self._stopped.set()
        while self._closing:
            self._closing.pop()()

    def _closed_later(self, part: _Closable) -> _Closable:
        self._closing.append(part.close)
        return part


def _witnesses(settings: Settings) -> Witnesses:
    """Raises SettingsFault."""
    try:
        return read_witnesses(settings.witnesses, settings.witness_quorum)
    except ValueError as fault:
        raise SettingsFault(
            f"{origin('witnesses')}: {fault}. Write VERIFIER-KEY https://ADDRESS, with a comma before the next one; "
            "POBRATIM_WITNESS_QUORUM says how many of them have to sign."
        ) from None
