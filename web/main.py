"""The composition root: the one place where the web and the command line learn which adapters exist."""

import contextlib
import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec
import psycopg

from adapters.auditing.figures import PostgresFigures
from adapters.auditing.index import AuditIndex
from adapters.auditing.indexer import AuditIndexer
from adapters.auditing.looks import PostgresLooks
from adapters.auditing.searching import PostgresFactSearch
from adapters.database.faults import DatabaseFault
from adapters.database.leading import Leader
from adapters.database.migrate import migrate, pending, require_migrated
from adapters.database.pool import Pool, open_pool
from adapters.database.urls import readable, runtime_url
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.exchange import signing
from adapters.exchange.side_links import PostgresSideLinks
from adapters.exchange.trusted import PostgresTrustedRegisters
from adapters.fault import Fault
from adapters.files.calendar_writing import ics_bytes
from adapters.files.parquet_writing import parquet_bytes
from adapters.files.reading import open_table
from adapters.files.writing import csv_bytes, json_bytes, json_lines, write_file, xlsx_bytes
from adapters.identity.accounts import PostgresAccounts
from adapters.identity.attempts import PostgresAttempts
from adapters.identity.kept_entries import PostgresKeptEntries
from adapters.identity.links import PostgresLinks
from adapters.identity.passwords import Argon2Passwords
from adapters.identity.sessions import PostgresSessions
from adapters.identity.tokens import PostgresTokens
from adapters.office.absences import PostgresAbsences
from adapters.office.calendar_feeds import PostgresCalendarFeeds
from adapters.office.followed import PostgresFollowed
from adapters.office.mails import PostgresMails
from adapters.office.notice_choices import PostgresChoices
from adapters.office.notices import PostgresNotices
from adapters.office.notifier import Notifier
from adapters.office.postman import Postman
from adapters.office.reminders import PostgresReminders
from adapters.office.saved_views import PostgresSavedViews
from adapters.office.smtp import Smtp
from adapters.office.sweeper import Sweeper
from adapters.procedures.shelf import FiledProcedures
from adapters.readside.read_side import ReadSide
from adapters.readside.verifying import Verdict
from adapters.recording.casebook import CaseBook
from adapters.recording.topics import published
from adapters.reference.countries import countries
from adapters.reference.partner_names import partner_names
from adapters.reference.units import FiledLocalGovernments, local_governments
from adapters.reference.working_days import serbian_calendar
from adapters.sealing.auditing import Auditing
from adapters.sealing.bundle import Bundling
from adapters.sealing.faults import SealFault
from adapters.sealing.handing_out import HandingOut
from adapters.sealing.look import SealLook
from adapters.sealing.sealer import Sealer, require_role
from adapters.sealing.sealing import Sealing
from adapters.sealing.witnesses import Witnesses, read_witnesses
from adapters.sealing.witnessing import Witnessing
from adapters.vault.erased_list import FiledErasures
from adapters.vault.faults import ErasedListFault
from adapters.vault.postgres import PostgresPeopleFacts, PostgresVault
from application.absences import KeepingAbsences
from application.access import OPERATOR
from application.accounts import ActiveCoordinators, KeepingAccounts
from application.asking_sides import AskingSides
from application.auditing import MOMENTS, NESTED, NUMBERS, ExploringLog
from application.auditing_figures import ReadingFigures
from application.auditing_looks import ReadingLooks, Witness
from application.bundles import TakingBundles
from application.calendar_feed import KeepingCalendarFeed
from application.colleagues import ActiveAccounts
from application.exchange.hearing import Hearing
from application.exchange.sheet import Sheet
from application.exchange.sides import Sides
from application.exchange.speaking import Speaking
from application.exporting import ExportingRegister
from application.feed import Feed
from application.following import FollowingCases
from application.handing_over import HandingOver
from application.importing import ImportingRegister
from application.initiatives import AdvancingInitiatives
from application.kept_entries import KeepingEntries
from application.mailing import Mailing
from application.notice_choices import KeepingChoices
from application.notices import ReadingNotices
from application.own_account import KeepingOwnAccount
from application.pairs import Pairs
from application.partners import KeepingPartners
from application.past import AsOf, Preparing
from application.people import KeepingPeople
from application.people_reapplying import Reapplying
from application.ports import LogUnavailable, Recorded, UnreadableFact
from application.procedures import KeepingProcedures
from application.proposing import ProposingInitiatives
from application.reading import Reading
from application.rehearsing import Rehearsing
from application.reminders import GivingReminders
from application.saved_views import KeepingSavedViews
from application.signing_in import SigningIn
from application.standing_in import StandingIn
from application.tables import TableRefused
from application.views.register import RegisterQuery, RegisterRow
from application.who_could_act import WhoCouldAct
from domain.initiatives.procedure import UnknownProcedure
from domain.kernel import Refusal, Refused
from web.casework import Casework
from web.language.language import now
from web.language.reading import read_date
from web.mail_server import mail_server
from web.orphans import end_with_parent
from web.settings import Settings, SettingsFault, origin, read_settings

if TYPE_CHECKING:  # the web framework is imported by those who serve, not by every command
    from litestar import Litestar

    from web.parts import Outdated, Parts, Readiness

CATCH_UP_SECONDS: Final = 60.0
"""How long a command waits for the views to show what it has recorded."""
FILE_WRITERS: Final = {"csv": csv_bytes, "xlsx": xlsx_bytes}
FACT_WRITERS: Final = {
    **FILE_WRITERS,
    "jsonl": partial(json_lines, nested=NESTED),
    "parquet": partial(parquet_bytes, numbers=NUMBERS, moments=MOMENTS),
}
Told = Callable[[int, int], None]


class _Closes(Protocol):
    def close(self) -> None: ...


_Closable = TypeVar("_Closable", bound=_Closes)


class Installation:
    """One running Pobratim over one database. Parts are made when they are first asked for."""

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsFault where the witnesses cannot be used."""
        self.settings = settings
        self.clock = now
        self._url = runtime_url(settings.database_url)
        self.witnesses = _witnesses(settings)
        self._closing: list[Callable[[], None]] = []
        self._stopped = Event()
        self._projecting = False

    # --- what the machine gives

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

    # --- use cases

    @cached_property
    def reading(self) -> Reading:
        side = self.read_side
        return Reading(
            side.models,
            side.past,
            side.case_files,
            side.past_case_files,
            self.log,
            self.log,
            self.vault,
            self.clock,
            self.witness,
        )

    @cached_property
    def pairs(self) -> Pairs:
        return Pairs(self.log, self.read_side.register, self.read_side.views)

    @cached_property
    def proposing(self) -> ProposingInitiatives:
        return ProposingInitiatives(
            self.log,
            self.read_side.register,
            self.read_side.partner_files,
            self.local_governments,
            self.pairs,
            self.clock,
            partner_names(),
            self.procedures,
        )

    @cached_property
    def advancing(self) -> AdvancingInitiatives:
        handlers = ActiveCoordinators(self.accounts)
        return AdvancingInitiatives(
            self.log,
            self.read_side.partner_files,
            self.local_governments,
            handlers,
            self.pairs,
            self.clock,
            self.procedures,
            self.standing_in,
            ActiveAccounts(self.accounts),
        )

    @cached_property
    def handing_over(self) -> HandingOver:
        side = self.read_side
        return HandingOver(self.advancing, ActiveCoordinators(self.accounts), side.case_files, side.register)

    @cached_property
    def standing_in(self) -> StandingIn:
        return StandingIn(PostgresAbsences(self.pool), self.accounts)

    @cached_property
    def keeping_absences(self) -> KeepingAbsences:
        return KeepingAbsences(PostgresAbsences(self.pool), self.accounts, self.clock)

    @cached_property
    def keeping_partners(self) -> KeepingPartners:
        return KeepingPartners(self.log, self.read_side.partner_files, self.clock, partner_names())

    @cached_property
    def keeping_accounts(self) -> KeepingAccounts:
        return KeepingAccounts(self.accounts, PostgresLinks(self.pool), self.passwords, self.clock)

    @cached_property
    def keeping_own_account(self) -> KeepingOwnAccount:
        sessions, attempts = PostgresSessions(self.pool), PostgresAttempts(self.pool)
        return KeepingOwnAccount(self.accounts, sessions, attempts, self.passwords, self.clock)

    @cached_property
    def keeping_entries(self) -> KeepingEntries:
        return KeepingEntries(PostgresKeptEntries(self.pool), PostgresSessions(self.pool), self.clock)

    @cached_property
    def signing_in(self) -> SigningIn:
        return SigningIn(
            self.accounts,
            PostgresSessions(self.pool),
            PostgresLinks(self.pool),
            PostgresTokens(self.pool),
            PostgresAttempts(self.pool),
            self.passwords,
            self.clock,
        )

    @cached_property
    def importing(self) -> ImportingRegister:
        return ImportingRegister(
            self.log,
            self.local_governments,
            countries(),
            read_date,
            self.clock,
            partner_names(),
            self.procedures,
        )

    @cached_property
    def reminders(self) -> PostgresReminders:
        return PostgresReminders(self.pool)

    @cached_property
    def giving_reminders(self) -> GivingReminders:
        return GivingReminders(self.reminders, self.read_side.views, self.log, self.clock)

    @cached_property
    def rehearsing(self) -> Rehearsing:
        return Rehearsing(self.log, self.log.head, published().topic_of.__getitem__, self.clock, serbian_calendar())

    @cached_property
    def exporting(self) -> ExportingRegister:
        known = self.local_governments
        return ExportingRegister(self.vault, known, countries(), self.accounts.lately, self.witness)

    @cached_property
    def saved_views(self) -> KeepingSavedViews:
        return KeepingSavedViews(PostgresSavedViews(self.pool), self.clock)

    @cached_property
    def feed(self) -> Feed:
        topics = published()
        return Feed(self.log, self.settings.base_url, topics.topic_of.__getitem__, list(topics.current), self.witness)

    def exported(self, kind: str, locale: str, as_of: AsOf | None = None) -> Iterator[bytes]:
        """The whole register in pieces of a file: `csv`, `xlsx` or `json`; as of a place on the clocks, or now."""
        rows = self._every_row(as_of)
        if kind == "json":
            return json_bytes(self.exporting.records(OPERATOR, rows))
        return FILE_WRITERS[kind](self.exporting.sheet(OPERATOR, rows, (), locale))

    def _every_row(self, as_of: AsOf | None) -> Iterator[Sequence[RegisterRow]]:
        """Waits for the past to be put together."""
        reading, query = self.reading.at(as_of), RegisterQuery(sort="number", descending=False)
        while True:
            try:
                reading.register(OPERATOR, query)
                return reading.rows(OPERATOR, query)
            except Preparing:
                continue

    def pages(self, after: int, *, follow: bool) -> Iterator[Sequence[Recorded]]:
        """Facts after a position: those that there are, or for ever."""
        if follow:
            follower = self.log.follower()
            self._closing.append(follower.stop)
            yield from follower.follow(after)
        while page := self.log.page(after, 500):
            yield page
            after = page[-1].position

    def link_address(self, secret: str) -> str:
        """Where a sign-in link leads."""
        return f"{self.settings.base_url.rstrip('/')}/sign-in/link/{secret}"

    def check_local_government(self, code: str | None) -> None:
        """Raises Refused for a code that the reference data does not know."""
        if code is not None and code not in self.local_governments.by_code:
            raise Refused(Refusal("initiative.local-government-unknown", {"code": code}, "local_government"))

    # --- other registers

    @cached_property
    def trusted_registers(self) -> PostgresTrustedRegisters:
        return PostgresTrustedRegisters(self.pool)

    @cached_property
    def asking_sides(self) -> AskingSides:
        files = self.read_side.partner_files
        return AskingSides(self.log, PostgresSideLinks(self.pool), files, self.clock, self.procedures)

    @cached_property
    def exchange_sides(self) -> Sides:
        return Sides(self.log, self.read_side.partner_files, self.local_governments)

    @cached_property
    def speaking(self) -> Speaking:
        return Speaking(self.log, self.read_side.register, self.exchange_sides, self.clock)

    @cached_property
    def hearing(self) -> Hearing:
        register, trusted = self.read_side.register, self.trusted_registers
        return Hearing(self.log, register, self.exchange_sides, trusted, self.clock, self.procedures)

    # --- persons whose data are kept

    @cached_property
    def erased(self) -> FiledErasures | None:
        """None where no data folder is set."""
        return FiledErasures(Path(self.settings.data_dir)) if self.settings.data_dir else None

    @cached_property
    def keeping_people(self) -> KeepingPeople:
        facts = PostgresPeopleFacts(self.pool, self.log.fact_mapper)
        drafts, filters = PostgresKeptEntries(self.pool), PostgresSavedViews(self.pool)
        return KeepingPeople(self.log, facts, self.vault, self.accounts, drafts, filters, self.erased, self.clock)

    @cached_property
    def reapplying(self) -> Reapplying | None:
        """None where no data folder is set."""
        return Reapplying(self.log, self.vault, self.erased, self.clock) if self.erased else None

    def erase_again(self) -> int:
        """How many entries of the vault had come back. Raises a Fault."""
        if self.reapplying is None:
            return 0
        try:
            return self.reapplying.reapply()
        except OSError as fault:
            reason = fault.strerror or str(fault)
            raise ErasedListFault("people.list-unreadable", file=str(fault.filename), reason=reason) from fault

    # --- the seal

    @cached_property
    def sealing(self) -> Sealing | None:
        """None where no data folder is set."""
        host = urlsplit(self.settings.base_url).hostname or ""
        return Sealing(Path(self.settings.data_dir), host, self.clock) if self.settings.data_dir else None

    @cached_property
    def seal(self) -> SealLook:
        return SealLook(self.pool, self.sealing, self.witnesses)

    @cached_property
    def auditing(self) -> Auditing:
        """Raises a Fault where no data folder is set, and where the login may not act as the sealer."""
        return Auditing(self._url, self.sealing, self.witnesses)

    @cached_property
    def bundling(self) -> Bundling:
        return Bundling(self._url, self.witnesses)

    @cached_property
    def handing_out(self) -> HandingOut:
        return HandingOut(self.bundling, self._url, self.witnesses, lambda: self.auditing)

    def seal_role_fault(self) -> SealFault | None:
        """Where this login may not act as the sealer."""
        try:
            require_role(self._url)
        except SealFault as fault:
            return fault
        return None

    @cached_property
    def exploring(self) -> ExploringLog:
        return ExploringLog(self.fact_search, self.witness)

    @cached_property
    def figures(self) -> ReadingFigures:
        return ReadingFigures(PostgresFigures(self.pool, self.fact_search), self.witness)

    @cached_property
    def fact_search(self) -> PostgresFactSearch:
        return PostgresFactSearch(self.pool, self.log)

    @cached_property
    def looks(self) -> PostgresLooks:
        return self._closed_later(PostgresLooks(self.pool))

    @cached_property
    def witness(self) -> Witness:
        return Witness(self.looks, self.clock)

    # --- health

    def readiness(self) -> "Readiness":
        """Raises LogUnavailable where the database does not answer."""
        from web.parts import Readiness  # noqa: PLC0415 - see above

        health = self.read_side.health()
        missing = [view.view for view in health.stopped]
        missing += [] if health.views else ["views"]
        missing += [] if health.led else ["projector"]
        fault = self.seal.glance()
        return Readiness(
            ready=not missing,
            lag=health.lag,
            missing=tuple(missing),
            seal=fault.code if fault else msgspec.UNSET,
            witnesses=tuple(self.seal.silent()) or msgspec.UNSET,
        )

    def outdated(self) -> "Outdated | None":
        """What the band on every page says; fresh to a second."""
        from web.parts import Outdated  # noqa: PLC0415 - see above

        stopped = self.read_side.glance.stopped()
        return Outdated(tuple(stopped), min(stopped.values())) if stopped else None

    def parts(self) -> "Parts":
        from web.parts import Parts  # noqa: PLC0415 - see above

        return Parts(
            settings=self.settings,
            clock=self.clock,
            signing_in=self.signing_in,
            keeping_accounts=self.keeping_accounts,
            keeping_own_account=self.keeping_own_account,
            keeping_absences=self.keeping_absences,
            keeping_entries=self.keeping_entries,
            notices=ReadingNotices(PostgresNotices(self.pool), self.clock),
            notice_choices=KeepingChoices(PostgresChoices(self.pool)),
            unreached=self.mails.unreached,
            local_governments=self.local_governments,
            readiness=self.readiness,
            outdated=self.outdated,
            work=Casework(
                reading=self.reading,
                proposing=self.proposing,
                advancing=self.advancing,
                handing_over=self.handing_over,
                standing_in=self.standing_in,
                keeping_partners=self.keeping_partners,
                following=FollowingCases(PostgresFollowed(self.pool), self.reading, self.log, self.clock),
                saved_views=self.saved_views,
                exporting=self.exporting,
                file_writers=FILE_WRITERS,
                exploring=self.exploring,
                bundles=TakingBundles(self.handing_out, self.clock, self.witness),
                inquiries=KeepingSavedViews(PostgresSavedViews(self.pool, "log"), self.clock),
                reading_looks=ReadingLooks(self.looks),
                figures=self.figures,
                fact_writers=FACT_WRITERS,
                local_governments=self.local_governments,
                accounts=self.accounts,
                views=self.read_side.views,
                who_could_act=WhoCouldAct(self.accounts.lately, self.standing_in, self.procedures),
                procedures=self.procedures,
                keeping_procedures=KeepingProcedures(self.procedures, self.read_side.followers),
                calendar_feed=KeepingCalendarFeed(
                    PostgresCalendarFeeds(self.pool), self.read_side.calendar, self.clock
                ),
                calendar_writer=ics_bytes,
            ),
            asking_sides=self.asking_sides,
            keeping_people=self.keeping_people,
            feed=self.feed,
            seal=self.seal,
        )

    # --- life

    def work(self) -> None:
        """What runs beside the pages: views are kept, and people told. Each is done by one process of all."""
        self.project()
        mailing = self.mailing
        choices = PostgresChoices(self.pool) if mailing else None
        self._begun(
            Notifier(
                self._url, self.log, self.reminders, self.accounts, self.clock, PostgresAbsences(self.pool), choices
            )
        )
        if mailing:
            self._begun(Postman(self._url, mailing))
        self._begun(Sweeper(self.giving_reminders))
        self._begun(AuditIndexer(self._url, AuditIndex(self.log)))
        if self.sealing:
            self._begun(Sealer(self._url, self.sealing))
        if self.sealing and self.witnesses.named:
            self._begun(Witnessing(self._url, self.witnesses.named, self.clock))

    def _begun(self, leader: Leader | Sweeper) -> None:
        self._closing.append(leader.stop)
        leader.start()

    @cached_property
    def mails(self) -> PostgresMails:
        return PostgresMails(self.pool)

    @cached_property
    def post(self) -> Smtp | None:
        """None where no mail is sent."""
        server = mail_server(self.settings.smtp_url, self.settings.mail_from, self.settings.base_url)
        return Smtp(server) if server else None

    @cached_property
    def mailing(self) -> Mailing | None:
        """None where no mail is sent."""
        from web.notices.letters import Letters  # noqa: PLC0415 - see above

        letters = Letters(self.settings.base_url, self.local_governments, self.accounts, self.procedures)
        return Mailing(self.mails, self.accounts, letters, self.post, self.clock) if self.post else None

    def work_until_stopped(self) -> None:
        """For `pobratim worker`: until Ctrl-C or SIGTERM."""
        signal.signal(signal.SIGTERM, self._stop)
        self.work()
        with contextlib.suppress(KeyboardInterrupt):
            self._stopped.wait()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopped.set()

    def close(self) -> None:
        """Stop what runs and close what is open, the newest first."""
        self._stopped.set()
        while self._closing:
            self._closing.pop()()

    def _closed_later(self, part: _Closable) -> _Closable:
        self._closing.append(part.close)
        return part


@contextmanager
def installation(settings: Settings) -> Generator[Installation]:
    """An installation for one command. Raises a Fault where the database cannot be used as it is."""
    require_usable(settings)
    made = Installation(settings)
    try:
        yield made
    finally:
        made.close()


def erase_again(settings: Settings) -> int:
    """Before anything is served: what was erased since the backup of a restored database was made. How many entries.

    Raises a Fault, also where the list of erasures cannot be read or written.
    """
    with installation(settings) as made:
        return made.erase_again()


def require_erased(made: Installation) -> int | None:
    """How many erasures are listed outside the database; None where no list is kept.

    Raises a Fault where one is not in the list, or its text is in the vault.
    """
    if made.reapplying is None or made.erased is None:
        return None
    if back := len(made.reapplying.back()):
        raise ErasedListFault("people.came-back", entries=back)
    if unlisted := made.reapplying.unlisted():
        raise ErasedListFault("people.unlisted", entries=unlisted, file=str(made.erased.path))
    return len(made.erased.listed())


def require_usable(settings: Settings) -> None:
    """Raises SettingsFault, or a Fault where the database is away or not of this version."""
    if not settings.database_url:
        raise SettingsFault(
            "POBRATIM_DATABASE_URL is not set. Name the database there, or try everything with: pobratim demo"
        )
    require_migrated(runtime_url(_database(settings)), name=origin("database_url"))


def _witnesses(settings: Settings) -> Witnesses:
    """Raises SettingsFault."""
    try:
        return read_witnesses(settings.witnesses, settings.witness_quorum)
    except ValueError as fault:
        raise SettingsFault(
            f"{origin('witnesses')}: {fault}. Write VERIFIER-KEY https://ADDRESS, with a comma before the next one; "
            "POBRATIM_WITNESS_QUORUM says how many of them have to sign."
        ) from None


def procedures_of(settings: Settings) -> FiledProcedures:
    """The versions of procedures, without a database."""
    return FiledProcedures(settings.data_dir)


def bring_up_to_date(settings: Settings) -> list[str]:
    """Apply missing migrations as the owner and name them."""
    if not (settings.migration_url or settings.database_url):
        raise SettingsFault("Neither POBRATIM_MIGRATION_URL nor POBRATIM_DATABASE_URL is set. Name the database.")
    which = "migration_url" if settings.migration_url else "database_url"
    return migrate(_database(settings, which), name=origin(which))


def _database(settings: Settings, which: Literal["database_url", "migration_url"] = "database_url") -> str:
    """The address as it was given. Raises SettingsFault, without any part of it, where it is none."""
    url = settings.database_url if which == "database_url" else settings.migration_url
    if readable(url):
        return url
    raise SettingsFault(
        f"{origin(which)} is no address of a PostgreSQL database. Write it as postgresql://user:password@host/name, "
        "and the signs %, @, :, / and ? of a password as %25, %40, %3A, %2F and %3F."
    )


@contextmanager
def embedded(folder: Path) -> Generator[EmbeddedPostgres]:
    """PostgreSQL from the package over a data folder. Raises a Fault; where the disk is full, one that says so."""
    with EmbeddedPostgres(folder) as server:
        try:
            yield server
        except (LogUnavailable, DatabaseFault, psycopg.Error):
            server.require_space()
            raise
        except OSError as fault:
            if fault.filename is not None:  # not our own standard output
                server.require_space()
            raise


def web_process() -> "Litestar":
    """One worker of the server; its settings come from the environment."""
    end_with_parent()
    made = Installation(read_settings())
    if not os.environ.get("POBRATIM_WEB_ONLY"):
        made.work()
    return build(made)


class ServerFacts(NamedTuple):
    """What `pobratim doctor` asks the server."""

    version: str
    now: datetime
    may_change: bool
    """The runtime role could change a fact, were it not for the triggers."""


def server_facts(settings: Settings) -> ServerFacts:
    """Raises SettingsFault, or psycopg.OperationalError where the server is away."""
    asked = """
        SELECT current_setting('server_version'), clock_timestamp(),
               to_regclass('log.facts') IS NOT NULL
               AND has_table_privilege(to_regclass('log.facts'), 'UPDATE, DELETE, TRUNCATE')
    """
    if settings.migration_url:
        _database(settings, "migration_url")
    with psycopg.connect(runtime_url(_database(settings))) as connection:
        row = connection.execute(asked).fetchone()
    assert row is not None  # noqa: S101 - a SELECT without FROM gives one row
    return ServerFacts(f"PostgreSQL {row[0]}", row[1], row[2])


def build(made: Installation) -> "Litestar":
    """The web application over an installation, which is closed when the server stops."""
    from web.app import create_app  # noqa: PLC0415 - see above
    from web.logs import configure_logs  # noqa: PLC0415
    from web.routes import ROUTES  # noqa: PLC0415

    configure_logs(made.settings.log)
    app = create_app(made.parts(), ROUTES)
    app.on_shutdown.append(made.close)
    return app


def known_fault(fault: Exception) -> str | None:
    """The one line for a fault that was foreseen, None for any other."""
    match fault:
        case Fault() | TableRefused() | SettingsFault():
            return str(fault)
        case Refused():
            from web.language import language  # noqa: PLC0415
            from web.refusals import with_place  # noqa: PLC0415

            return " ".join(with_place(refusal, language("en")) for refusal in fault.refusals)
        case UnknownProcedure():
            return (
                f"A case follows the procedure {fault.pin}, which is not here. Put its file back into the data folder."
            )
        case psycopg.errors.DiskFull():
            reason = " ".join(str(fault).split())
            return f"The disk of the database is full ({reason}). Free some space there; what was recorded is kept."
        case UnreadableFact():
            return f"The fact at {fault}. A newer version has written it: install that version here too."
        case LogUnavailable() | psycopg.OperationalError():
            reason = " ".join(str(fault).split())
            url = origin("database_url")
            return f"The database does not answer ({reason}). See that it runs and that {url} names it."
        case _:
            return None


# --- files between registers


def own_exchange_key(settings: Settings) -> str:
    """The public key of this register; made when it is first asked for. Raises a Fault."""
    return signing.public_key(signing.own_key(_key_file(settings)))


def signed_sheet(settings: Settings, sheet: Sheet) -> bytes:
    """Raises a Fault."""
    return signing.sign(sheet, signing.own_key(_key_file(settings)))


def _key_file(settings: Settings) -> Path:
    return Path(settings.data_dir or ".") / "exchange" / "key.pem"


read_exchange_file = signing.read
checked_exchange_key = signing.checked_key

__all__ = [
    "EmbeddedPostgres",
    "Installation",
    "bring_up_to_date",
    "build",
    "checked_exchange_key",
    "embedded",
    "installation",
    "open_table",
    "own_exchange_key",
    "pending",
    "read_exchange_file",
    "signed_sheet",
    "write_file",
]
