"""Importing the register: each row of a table becomes a case, once, however often the table comes."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, product
from typing import Final

from application import handling
from application.access import Person
from application.importing_cases import Found, Planned, plan, year_of
from application.importing_known import KnownCase, KnownRegister, Pair
from application.importing_report import Finding, Report
from application.importing_rows import Entry, ReadDate, Rows, RowUnfit
from application.known_names import KnownNames
from application.ports import Clock, Conflict, Log, Saved
from application.reference import LocalGovernments
from application.rights import require
from application.tables import Line, Table, TableRefused, layout
from application.vocabulary import KINDS, Countries
from domain.initiatives.terms import Kind
from domain.kernel import Occasion

BATCH: Final = 500
"""Rows that are kept in one transaction."""
MOST_RACES: Final = 20
"""How often a batch is planned anew because somebody else wrote meanwhile."""

_KINDS: Final = {kind: place for place, kind in enumerate(Kind)}

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
        names: KnownNames,
    ) -> None:
        self._log = log
        self._local_governments = local_governments
        self._countries = countries
        self._read_date = read_date
        self._clock = clock
        self._names = names

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
        intake = _Intake(self._log, rows, self._names, handling.occasion(person, self._clock), dry_run)
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

    def __init__(self, log: Log, rows: Rows, names: KnownNames, on: Occasion, dry_run: bool) -> None:
        self._log, self._rows, self._names, self._on, self._dry_run = log, rows, names, on, dry_run
        self._known = KnownRegister.read(log)
        self._lines: dict[int, int] = {}
        """Where in this file a pair of one kind was first named, concluded or under way."""
        self._under_way: set[str] = set()
        """Numbers of the cases that rows of this file tell of as under way."""

    def take(self, batch: Sequence[Line], file: str) -> Report:
        """All of the batch or, where the log cannot be reached, none of it."""
        for left in range(MOST_RACES, 0, -1):
            report = Report(file=file, dry_run=self._dry_run)
            planned = [row for line in batch if (row := self._line(line, report)) is not None]
            try:
                self._keep(planned, report)
            except Conflict:
                if left == 1:
                    raise
                self._plan_anew(planned)
            else:
                return report
        raise AssertionError("unreachable")

    def _keep(self, planned: Sequence[Planned], report: Report) -> None:
        saves = [row.save for row in planned]
        saved = self._log.append(saves) if saves and not self._dry_run else [Saved(0)] * len(saves)
        for row, done in zip(planned, saved, strict=True):
            if done.repeated:
                report.already_there += 1
            else:
                row.count_in(report)
                report.position = max(report.position, done.position)
        if any(done.repeated for done in saved):  # somebody imports the same: what was planned is not what stands
            self._plan_anew(planned)
        elif report.position:
            self._known.kept(saves, report.position, self._log)

    def _plan_anew(self, planned: Sequence[Planned]) -> None:
        """Know what the log holds instead of what was planned."""
        for row in reversed(planned):
            self._known.take_back(row.save)
            self._under_way.discard(row.number)
        self._known.catch_up(self._log)

    def _line(self, line: Line, report: Report) -> Planned | None:
        report.rows += 1
        try:
            return self._entry(self._rows.entry(line), report)
        except RowUnfit as unfit:
            report.refused += 1
            report.problems.append(self._rows.finding(line.number, unfit))
            return None

    def _entry(self, entry: Entry, report: Report) -> Planned | None:
        named = [(country, *self._known.partners.find(country, namings)) for country, namings in entry.partners]
        found = [Found(stream, country, new) for country, stream, new in named]
        pairs = [Pair(home, partner.stream, entry.kind) for home, partner in product(entry.homes, found)]
        if self._repeats(entry, pairs, report):
            return None
        planned = None
        if not self._already_there(entry, pairs, report):
            number = self._known.next_number(year_of(entry, self._on))
            planned = plan(entry, found, number, self._names, self._on)
            self._known.plan(planned.save)
            if planned.under_way:
                self._under_way.add(planned.number)
        for pair in pairs:
            self._lines.setdefault(self._sign(pair, entry), entry.line)
        return planned

    def _sign(self, pair: Pair, entry: Entry) -> int:
        """A whole number for what `_lines` asks, because a file may have a million of them."""
        return (self._known.place(pair) * len(_KINDS) + _KINDS[pair.kind]) * 2 + entry.concluded

    # --- rows that add nothing

    def _repeats(self, entry: Entry, pairs: Sequence[Pair], report: Report) -> bool:
        before = [self._lines.get(self._sign(pair, entry), entry.line) for pair in pairs]
        if max(before) >= entry.line:  # a batch that is planned anew meets its own lines again
            return False
        report.duplicates += 1
        report.notes.append(self._note(entry, "import.duplicate", line=before[0]))
        return True

    def _already_there(self, entry: Entry, pairs: Sequence[Pair], report: Report) -> bool:
        cases = [self._known.same(pair, entry.concluded, self._under_way) for pair in pairs]
        there = [case for case in cases if case]
        if len(there) < len(cases) and entry.key.int not in self._known.keys:
            return False
        report.already_there += 1
        if not entry.concluded:
            self._under_way.update(case.number for case in there)
        notes = list(self._differences(entry, there[0])) if there else []
        report.differing += bool(notes)
        report.notes.extend(notes)
        return True

    def _differences(self, entry: Entry, case: KnownCase) -> Iterator[Finding]:
        if case.kind is Kind.UNKNOWN and entry.kind is not Kind.UNKNOWN:
            kind = KINDS[entry.kind].spoken("sr-Latn")
            yield self._note(entry, "import.kind-known", number=case.number, kind=kind)
        if not entry.concluded:
            return
        if not case.concluded:
            yield self._note(entry, "import.under-way", number=case.number)
        elif entry.day is not None and not (case.day or "").startswith(entry.day):
            yield self._note(entry, "import.differs", number=case.number, register=case.day or "–", file=entry.day)

    def _note(self, entry: Entry, code: str, **params: str | int) -> Finding:
        return self._rows.finding(entry.line, RowUnfit(None, entry.value, code, **params))
