"""Importing the register: each row of a table becomes a case, once, however often the table comes."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, product
from typing import Final
from uuid import UUID

from application import handling
from application.access import Person
from application.identity import case_id, vault_ref
from application.importing_known import KnownCase, KnownRegister, Pair
from application.importing_partners import Naming
from application.importing_report import Finding, Report, shown
from application.importing_rows import Entry, ReadDate, Rows, RowUnfit
from application.ports import Clock, Conflict, Log, Save, VaultEntry, Write
from application.reference import LocalGovernments
from application.rights import require
from application.tables import Line, Table, TableRefused, layout
from application.vocabulary import Countries
from domain.dates import earliest
from domain.initiatives import deeds
from domain.initiatives.decisions.beginning import EnterHistoricAgreement, TakeOverInitiative
from domain.initiatives.terms import Party, PartyRole, Stage, Term
from domain.kernel import Occasion, Refused, VaultRef
from domain.partners import decisions

BATCH: Final = 500
"""Rows that are kept in one transaction."""
MOST_RACES: Final = 20
"""How often a batch is planned anew because somebody else wrote meanwhile."""

Progress = Callable[[Report, float], None]
"""Told after each batch: the counts so far, and how much of the file was read, 0 to 1."""
Tell = Callable[[Finding], None]


class ImportingRegister:
    """Rights are checked here, whoever calls."""

    def __init__(
        self,
        log: Log,
        local_governments: LocalGovernments,
        countries: Countries,
        read_date: ReadDate,
        clock: Clock,
    ) -> None:
        self._log = log
        self._local_governments = local_governments
        self._countries = countries
        self._read_date = read_date
        self._clock = clock

    def take(
        self,
        person: Person,
        table: Table,
        *,
        dry_run: bool = False,
        progress: Progress = lambda report, read: None,
        tell: Tell = lambda finding: None,
    ) -> Report:
        """Take every row that can be taken; `tell` hears of each that cannot, and of what was noticed.

        A row that the register has already, in whatever spelling, adds no fact. With `dry_run` nothing is written
        and the report says what would happen. Where it is broken off, the same call continues.
        Raises Forbidden; TableRefused where the table has no usable header; LogUnavailable.
        """
        require(person, "enter-historic")
        columns = layout(table)
        rows = Rows(table.name, columns, self._local_governments, self._countries, self._read_date)
        intake = _Intake(self._log, rows, handling.occasion(person, self._clock), dry_run)
        report = Report(file=table.name, dry_run=dry_run, columns_not_read=columns.unknown)
        lines = table.lines
        while batch := _next_batch(lines, report):
            taken = intake.take(batch, table.name)
            report.add(taken)
            for finding in (*taken.problems, *taken.notes):
                tell(finding)
            progress(report, table.read)
        return report


def _next_batch(lines: Iterator[Line], report: Report) -> list[Line]:
    """Up to BATCH lines; what comes before a place where the file is damaged still counts."""
    batch: list[Line] = []
    try:
        for line in islice(lines, BATCH):
            batch.append(line)
    except TableRefused as refused:
        report.broken, report.broken_code = str(refused), refused.code
    return batch


class _Intake:
    """Takes batches of one file in their order."""

    def __init__(self, log: Log, rows: Rows, on: Occasion, dry_run: bool) -> None:
        self._log, self._rows, self._on, self._dry_run = log, rows, on, dry_run
        self._known = KnownRegister.read(log)
        self._lines: dict[tuple[Pair, bool], int] = {}
        """Where in this file a pair was first named."""

    def take(self, batch: Sequence[Line], file: str) -> Report:
        """All of the batch or, where the log cannot be reached, none of it."""
        for left in range(MOST_RACES, 0, -1):
            report = Report(file=file, dry_run=self._dry_run)
            saves = [save for line in batch if (save := self._line(line, report)) is not None]
            if self._dry_run or not saves:
                return report
            try:
                report.position = self._log.append(saves)[-1].position
            except Conflict:
                if left == 1:
                    raise
                self._known = KnownRegister.read(self._log)
            else:
                return report
        raise AssertionError("unreachable")

    def _line(self, line: Line, report: Report) -> Save | None:
        report.rows += 1
        try:
            return self._entry(self._rows.entry(line), report)
        except RowUnfit as unfit:
            report.refused += 1
            report.problems.append(self._rows.finding(line.number, unfit))
            return None

    def _entry(self, entry: Entry, report: Report) -> Save | None:
        found = [self._known.partner(country, namings) for country, namings in entry.partners]
        partners = [stream for stream, _ in found]
        pairs = [Pair(home, partner, entry.kind) for home, partner in product(entry.homes, partners)]
        if self._repeats(entry, pairs, report):
            return None
        if self._already_there(entry, pairs, report):
            self._remember(entry, pairs)
            return None
        registrations = [
            self._registration(stream, country, new)
            for (stream, new), (country, _) in zip(found, entry.partners, strict=True)
            if new
        ]
        case = self._case(entry, partners)
        for write in (*registrations, case):
            for fact in write.facts:
                self._known.apply(write.stream, fact)
        self._known.keys.add(entry.key)
        self._remember(entry, pairs)
        report.partners.extend(_label(new) for _, new in found if new)
        report.new_partners += len(registrations)
        if entry.stage is Stage.ACTIVE:
            report.entered += 1
        else:
            report.taken_over += 1
        # The row's identity is the request: the same row with another date must not count as another request.
        mark = hashlib.sha256(entry.key.bytes).digest()
        words = [VaultEntry(_remark(entry), "remark", entry.remark)] if entry.remark else ()
        return Save(key=entry.key, digest=mark, on=self._on, writes=[*registrations, case], entries=words)

    # --- rows that add nothing

    def _repeats(self, entry: Entry, pairs: Sequence[Pair], report: Report) -> bool:
        before = [self._lines.get((pair, entry.concluded), entry.line) for pair in pairs]
        if max(before) >= entry.line:  # a batch that is planned anew meets its own lines again
            return False
        report.duplicates += 1
        report.notes.append(self._note(entry, "import.duplicate", line=before[0]))
        return True

    def _remember(self, entry: Entry, pairs: Sequence[Pair]) -> None:
        for pair in pairs:
            self._lines.setdefault((pair, entry.concluded), entry.line)

    def _already_there(self, entry: Entry, pairs: Sequence[Pair], report: Report) -> bool:
        cases = [self._known.same(pair, entry.concluded) for pair in pairs]
        there = [case for case in cases if case]
        if len(there) < len(cases) and entry.key not in self._known.keys:
            return False
        report.already_there += 1
        if there and (note := self._difference(entry, there[0])):
            report.differing += 1
            report.notes.append(note)
        return True

    def _difference(self, entry: Entry, case: KnownCase) -> Finding | None:
        if not entry.concluded:
            return None
        if not case.concluded:
            return self._note(entry, "import.under-way", number=case.number)
        if entry.day is None or (case.day or "").startswith(entry.day):
            return None
        return self._note(entry, "import.differs", number=case.number, register=case.day or "–", file=entry.day)

    def _note(self, entry: Entry, code: str, **params: str | int) -> Finding:
        return self._rows.finding(entry.line, RowUnfit(None, entry.value, code, **params))

    # --- decisions

    def _registration(self, stream: UUID, country: str, new: Naming) -> Write:
        command = decisions.RegisterPartner(name=new.name, country=country, kind=new.kind, part_of=new.part_of)
        return Write(stream, 0, decisions.register(None, command, self._on))

    def _case(self, entry: Entry, partners: Sequence[UUID]) -> Write:
        year = earliest(entry.day).year if entry.day else self._on.today.year
        number = self._known.next_number(year)
        parties = (
            *(Party(role=PartyRole.HOME, local_government=home) for home in entry.homes),
            *(Party(role=PartyRole.PARTNER, partner=partner) for partner in partners),
        )
        try:
            facts = deeds.begin(None, _command(entry, number, parties), self._on)
        except Refused as refused:
            reason = refused.refusals[0]
            if entry.day and reason.field == "occurred_on":
                raise RowUnfit(entry.day_from, entry.day, reason.code, **reason.params) from None
            raise RowUnfit(None, entry.value, reason.code, **reason.params) from None
        return Write(case_id(number), 0, facts)


def _command(entry: Entry, number: str, parties: tuple[Party, ...]) -> EnterHistoricAgreement | TakeOverInitiative:
    remark = _remark(entry) if entry.remark else None
    if entry.stage is not Stage.ACTIVE:
        return TakeOverInitiative(
            number=number,
            kind=entry.kind,
            parties=parties,
            stage=entry.stage,
            source=entry.source,
            remark=remark,
            occurred_on=entry.day,
        )
    return EnterHistoricAgreement(
        number=number,
        kind=entry.kind,
        parties=parties,
        source=entry.source,
        remark=remark,
        confirmed=entry.confirmed,
        occurred_on=entry.day,
        term=Term(ends_on=entry.ends_on) if entry.ends_on else None,
    )


def _remark(entry: Entry) -> VaultRef:
    return vault_ref(entry.key, "remark")


def _label(new: Naming) -> str:
    return shown(f"{new.name} ({new.part_of})" if new.part_of else new.name)
