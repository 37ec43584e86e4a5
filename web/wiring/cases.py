"""What the office does and reads: use cases, and what goes to other registers and comes from them."""

from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import Final

from adapters.exchange.side_links import PostgresSideLinks
from adapters.exchange.trusted import PostgresTrustedRegisters
from adapters.files.parquet_writing import parquet_bytes
from adapters.files.writing import csv_bytes, json_bytes, json_lines, xlsx_bytes
from adapters.identity.attempts import PostgresAttempts
from adapters.identity.kept_entries import PostgresKeptEntries
from adapters.identity.links import PostgresLinks
from adapters.identity.sessions import PostgresSessions
from adapters.office.absences import PostgresAbsences
from adapters.office.reminders import PostgresReminders
from adapters.office.saved_views import PostgresSavedViews
from adapters.recording.topics import published
from adapters.reference.countries import countries
from adapters.reference.partner_names import partner_names
from adapters.reference.working_days import serbian_calendar
from application.absences import KeepingAbsences
from application.access import OPERATOR
from application.accounts import ActiveCoordinators, KeepingAccounts
from application.asking_sides import AskingSides
from application.auditing import MOMENTS, NESTED, NUMBERS
from application.colleagues import ActiveAccounts
from application.exchange.hearing import Hearing
from application.exchange.sides import Sides
from application.exchange.speaking import Speaking
from application.exporting import ExportingRegister
from application.feed import Feed
from application.feed_live import LiveFeed
from application.handing_over import HandingOver
from application.importing import ImportingRegister
from application.initiatives import AdvancingInitiatives
from application.kept_entries import KeepingEntries
from application.own_account import KeepingOwnAccount
from application.pairs import Pairs
from application.partners import KeepingPartners
from application.past import AsOf, Preparing
from application.ports import Recorded
from application.proposing import ProposingInitiatives
from application.reading import Reading
from application.rehearsing import Rehearsing
from application.reminders import GivingReminders
from application.saved_views import KeepingSavedViews
from application.standing_in import StandingIn
from application.views.register import RegisterQuery, RegisterRow
from domain.kernel import Refusal, Refused
from web.language.reading import read_date
from web.wiring.identity import Identity

FILE_WRITERS: Final = {"csv": csv_bytes, "xlsx": xlsx_bytes}
FACT_WRITERS: Final = {
    **FILE_WRITERS,
    "jsonl": partial(json_lines, nested=NESTED),
    "parquet": partial(parquet_bytes, numbers=NUMBERS, moments=MOMENTS),
}


class Cases(Identity):
    """Parts are made when they are first asked for."""

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
        named, known = topics.topic_of.__getitem__, self.local_governments
        return Feed(self.log, self.settings.base_url, named, list(topics.current), known, self.witness)

    @cached_property
    def live_feed(self) -> LiveFeed:
        made = LiveFeed(self.feed, self.log.follower)
        self._closing.append(made.close)
        return made

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
        register, sides = self.read_side.register, self.exchange_sides
        return Speaking(self.log, register, sides, self.vault, self.witness, self.clock)

    @cached_property
    def hearing(self) -> Hearing:
        register, trusted = self.read_side.register, self.trusted_registers
        return Hearing(self.log, register, self.exchange_sides, trusted, self.clock, self.procedures)
