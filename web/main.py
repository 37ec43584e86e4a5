"""The composition root: the one place where the web and the command line learn which adapters exist."""

import contextlib
import gc
import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
import psycopg

from adapters.auditing.index import AuditIndex
from adapters.auditing.indexer import AuditIndexer
from adapters.broker.faults import BrokerFault
from adapters.database.faults import DatabaseFault
from adapters.database.leading import Leader
from adapters.database.migrate import migrate, pending, require_migrated
from adapters.database.urls import readable, runtime_url
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.exchange import signing
from adapters.fault import Fault
from adapters.files.calendar_writing import ics_bytes
from adapters.files.event_file import event_file
from adapters.files.reading import open_table
from adapters.files.writing import write_file
from adapters.identity.answers import PostgresAnswers
from adapters.identity.buckets import PostgresBuckets
from adapters.office.absences import PostgresAbsences
from adapters.office.calendar_feeds import PostgresCalendarFeeds
from adapters.office.followed import PostgresFollowed
from adapters.office.mails import PostgresMails
from adapters.office.notice_choices import PostgresChoices
from adapters.office.notices import PostgresNotices
from adapters.office.notifier import Notifier
from adapters.office.postman import Postman
from adapters.office.saved_views import PostgresSavedViews
from adapters.office.smtp import Smtp
from adapters.office.sweeper import Sweeper
from adapters.procedures.shelf import FiledProcedures
from adapters.sealing.sealer import Sealer
from adapters.sealing.witnessing import Witnessing
from adapters.vault.faults import ErasedListFault
from application.allowances import WRONG_TOKENS, Allowances
from application.answers import KeepingAnswers
from application.auditing_looks import ReadingLooks
from application.bundles import TakingBundles
from application.calendar_feed import KeepingCalendarFeed
from application.exchange.sheet import Sheet
from application.following import FollowingCases
from application.mailing import Mailing
from application.notice_choices import KeepingChoices
from application.notices import ReadingNotices
from application.ports import LogUnavailable, UnreadableFact
from application.procedures import KeepingProcedures
from application.publishing import Broker
from application.saved_views import KeepingSavedViews
from application.tables import TableRefused
from application.who_could_act import WhoCouldAct
from domain.initiatives.procedure import UnknownProcedure
from domain.kernel import Refused
from web.casework import Casework
from web.held_signals import release_when_begun
from web.mail_server import mail_server
from web.orphans import end_with_parent
from web.settings import Settings, SettingsFault, origin, read_settings
from web.wiring.cases import FACT_WRITERS, FILE_WRITERS
from web.wiring.subscribing import Subscribing

if TYPE_CHECKING:  # the web framework is imported by those who serve, not by every command
    from litestar import Litestar

    from web.parts import Outdated, Parts, Readiness


class Installation(Subscribing):
    """One running Pobratim over one database."""

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
        from web.api.feed.event_streams import EventStreams  # noqa: PLC0415 - see above
        from web.parts import Parts  # noqa: PLC0415

        buckets = PostgresBuckets(self.pool)
        return Parts(
            settings=self.settings,
            clock=self.clock,
            signing_in=self.signing_in,
            keeping_accounts=self.keeping_accounts,
            keeping_tokens=self.keeping_tokens,
            keeping_clients=self.keeping_clients,
            allowances=Allowances(buckets, int(self.settings.api_rate), self.clock),
            wrong_tokens=Allowances(buckets, WRONG_TOKENS, self.clock),
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
                keeping_procedures=KeepingProcedures(self.procedures, self.read_side.followers, self.read_side.past),
                calendar_feed=KeepingCalendarFeed(
                    PostgresCalendarFeeds(self.pool), self.read_side.calendar, self.clock
                ),
                calendar_writer=ics_bytes,
            ),
            asking_sides=self.asking_sides,
            keeping_people=self.keeping_people,
            feed=self.feed,
            event_streams=EventStreams(self.feed, self.live_feed, self.signing_in),
            keeping_answers=KeepingAnswers(PostgresAnswers(self.pool), self.clock),
            subscriptions=self.subscription_desk(),
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
        self._begun(AuditIndexer(self._url, [AuditIndex(self.log), self.read_side.kept_days]))
        self._begun(self.courier(mails=mailing is not None))
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
        from web.notices.subscription_letters import SubscriptionLetters  # noqa: PLC0415

        letters = Letters(self.settings.base_url, self.local_governments, self.accounts, self.procedures)
        about = SubscriptionLetters(self.settings.base_url, self.reading_subscriptions)
        if self.post is None:
            return None
        return Mailing(self.mails, self.accounts, letters, self.post, self.clock, about)

    def work_until_stopped(self) -> None:
        """For `pobratim worker`: until Ctrl-C or SIGTERM."""
        signal.signal(signal.SIGTERM, self._stop)
        self.work()
        with contextlib.suppress(KeyboardInterrupt):
            self._stopped.wait()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopped.set()


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
    app = build(made)
    app.on_startup.append(release_when_begun)
    gc.collect()
    gc.freeze()  # what is here now stays: walking it again and again took half of the time of a page of the feed
    return app


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
    parts = made.parts()
    app = create_app(parts, ROUTES)
    app.on_startup.append(parts.event_streams.end_on_signal)
    app.on_shutdown += [parts.event_streams.end, made.close]
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


# --- brokers


def jetstream(
    url: str, named: str, stream: str, prefix: str, *, create: bool, credentials: Path | None, ca: Path | None
) -> Broker:
    """A stream of NATS; `named` is where the address was given. Raises a Fault."""
    try:
        from adapters.broker.address import read_address  # noqa: PLC0415 - the client is an extra
        from adapters.broker.jetstream import JetStream  # noqa: PLC0415
    except ModuleNotFoundError as fault:
        raise BrokerFault("broker.no-client", reason=str(fault)) from None
    return JetStream(read_address(url, named), stream, prefix, create=create, credentials=credentials, ca=ca)


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
    "event_file",
    "installation",
    "jetstream",
    "open_table",
    "own_exchange_key",
    "pending",
    "read_exchange_file",
    "signed_sheet",
    "write_file",
]
