"""Since when and until when each row of the register was true, by what is known by now.

*Valid at* asks a question for which the order of recording is of no use: a fact that is recorded today may have
happened twenty years ago, and a correction changes what was true on every day since. So each case has a row for every
day on which something came to be true of it, made anew whenever one more fact of it, or of its partners, is recorded.
The table is filled behind the log, so that neither appending nor projecting waits for it; what it has not seen yet, or
has seen too much of, whoever looks back folds from the histories of these cases alone (see `changed`).
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, cast
from uuid import UUID

import msgspec

from adapters.readside.connection import Connection, uuids
from adapters.readside.entries import CaseEntry
from adapters.readside.look import look
from adapters.readside.page import CaseChange, Unfoldable, follow_case, named
from adapters.readside.partners_on_days import PartnersOnDays
from adapters.readside.register import ROWS, RegisterView, Row, row_of
from adapters.readside.table import Rows, Table, within
from adapters.readside.view import fingerprint
from application.past import as_they_stand, happened_by
from application.ports import Archive, Recorded, UnreadableFact
from application.procedures import Shelf
from application.reference import LocalGovernments

SCHEMA: Final = "past"
PAGE: Final = 100_000
"""Facts of one transaction: the fewer, the more often a case is made anew while many are taken over."""
TOGETHER: Final = 2_000
"""Cases that are held in memory at once."""
REVISION: Final = 1
"""Rises whenever the same facts lead to other days."""
DAYS: Final = Table(
    name="register_days",
    key=("case_id", "since"),
    columns={"since": "date", "until": "date NOT NULL", **ROWS.columns},
    documents=ROWS.documents,
    lookups=(
        "CREATE INDEX register_days_partners ON views.register_days USING gin (partners)",
        "CREATE INDEX register_days_until ON views.register_days (until)",
    ),
)
_PUT: Final = within(SCHEMA, DAYS.insert.statement)
_FORGET: Final = b"DELETE FROM past.register_days WHERE case_id = ANY(%s::uuid[])"
_PROGRESS: Final = b"SELECT position, made_by FROM past.progress WHERE name = 'register_days'"
_MOVED: Final = b"UPDATE past.progress SET position = %s, made_by = %s WHERE name = 'register_days'"
_CHANGED: Final = b"""
    SELECT coalesce(max(position), 0),
           array_agg(DISTINCT stream) FILTER (WHERE starts_with(topic, 'initiative.')),
           array_agg(DISTINCT stream) FILTER (WHERE starts_with(topic, 'partner.'))
    FROM (
        SELECT originator_id AS stream, topic, notification_id AS position FROM log.facts
        WHERE notification_id > %s AND notification_id <= %s ORDER BY notification_id LIMIT %s
    ) AS page
"""
_HOLDING: Final = b"SELECT DISTINCT case_id FROM past.register_days WHERE partners && %s::uuid[]"
_TRUE_ON: Final = f"""
    INSERT INTO views.register ({", ".join(ROWS.columns)})
    SELECT {", ".join(ROWS.columns)} FROM past.register_days
    WHERE since <= %(day)s AND until > %(day)s AND case_id <> ALL(%(but)s::uuid[])
""".encode()  # noqa: S608 - names of our own columns
_LAST: Final = date.max - timedelta(days=1)
"""Nothing happens later than the day of its recording; `until` is one day later where it has not ended."""


class _Day(Row):
    since: date
    until: date


class KeptDays:
    """Keeps the table, and reads it. A case that cannot be folded, or read, stops it until the program begins anew."""

    def __init__(self, log: Archive, names: LocalGovernments, procedures: Shelf) -> None:
        self._log = log
        self._names = names
        self._procedures = procedures
        made_by = f"{REVISION} {DAYS.create} {DAYS.lookups} {fingerprint(RegisterView(names))}"
        self._made_by = hashlib.sha256(made_by.encode()).hexdigest()
        self._stuck = False

    # --- reading

    def reached(self, connection: Connection) -> int | None:
        """The position up to which the table is filled; None where it is still another program's."""
        position, made_by = _progress(connection)
        return position if made_by == self._made_by else None

    def changed(self, connection: Connection, after: int, until: int, most: int) -> Collection[UUID] | None:
        """Cases of which, or of whose partners, something was recorded between two positions; None where there are
        more than `most` facts between them."""
        if until - after > most:
            return None
        _, cases = _touched(connection, after, until, most)
        return cases

    def copy(self, connection: Connection, day: date, but: Collection[UUID]) -> None:
        """What was true on a day into the session's own `views.register`, without some cases."""
        connection.execute(_TRUE_ON, {"day": min(day, _LAST), "but": uuids(but)})

    # --- filling

    def step(self, connection: Connection, most: int = PAGE) -> bool:
        """Take in one page of the log; False where there was nothing to do. Two at once wait for each other."""
        if self._stuck:
            return False
        try:
            with connection.transaction():
                return self._step(connection, most)
        except (UnreadableFact, Unfoldable):
            self._stuck = True
            return False

    def _step(self, connection: Connection, most: int) -> bool:
        after, made_by = _progress(connection, b" FOR UPDATE")
        if made_by != self._made_by:
            after = 0
            connection.execute(within(SCHEMA, f"DROP TABLE IF EXISTS views.{DAYS.name}"))
            for statement in (DAYS.create, *DAYS.lookups):
                connection.execute(within(SCHEMA, statement))
        end, cases = _touched(connection, after, 2**63 - 1, most)
        partners = PartnersOnDays(self._log, end)
        for some in _in_portions(cases):
            connection.execute(_FORGET, (uuids(some),))
            for statement, values in Rows(DAYS.insert, list(self._days(some, end, partners))).ready():
                connection.execute(within(SCHEMA, statement), values)
        if end or made_by != self._made_by:
            connection.execute(_MOVED, (end or after, self._made_by))
        return bool(end)

    def _days(self, cases: Collection[UUID], until: int, partners: PartnersOnDays) -> Iterator[_Day]:
        histories: dict[UUID, list[Recorded]] = {}
        for recorded in self._log.read_several(list(cases), until):
            histories.setdefault(recorded.stream, []).append(recorded)
        partners.need(named(recorded for history in histories.values() for recorded in as_they_stand(history)))
        for history in histories.values():
            yield from self._life(as_they_stand(history), partners)

    def _life(self, facts: Sequence[Recorded], partners: PartnersOnDays) -> Iterator[_Day]:
        """A row for each day on which the case came to look otherwise; none of before it began."""
        happened = [happened_by(recorded) for recorded in facts]
        begun = happened[0]
        turns = {*happened, *partners.changed_on(named(facts))}
        days = [day for day in sorted(turns) if day >= begun]
        rows: list[tuple[date, Row]] = []
        for day, entry in self._entries(facts, happened, days):
            held = [party.partner for party in entry.state.parties if party.partner]
            shown = look(entry, partners.on(day, held), self._names)
            row = row_of(CaseChange(facts[0].stream, None, shown), 0)
            if not rows or rows[-1][1] != row:
                rows.append((day, row))
        rows.append((date.max, rows[-1][1]))
        for (since, row), (until, _) in pairwise(rows):
            yield _Day(**msgspec.structs.asdict(row), since=since, until=until)

    def _entries(
        self, facts: Sequence[Recorded], happened: Sequence[date], days: Sequence[date]
    ) -> Iterator[tuple[date, CaseEntry]]:
        """The case as it was true on each of the days: folded on where what came to be true was recorded last, else
        from the beginning."""
        procedures = self._procedures.now()
        entry: CaseEntry | None = None
        taken: list[Recorded] = []
        for day in days:
            left = [fact for fact, on in zip(facts, happened, strict=True) if on <= day]
            if left[: len(taken)] == taken:
                entry = follow_case(entry, left[len(taken) :], procedures, [], [])
            else:
                entry = follow_case(None, left, procedures, [], [])
            taken = left
            yield day, cast("CaseEntry", entry)


def _progress(connection: Connection, hold: bytes = b"") -> tuple[int, str]:
    row = connection.execute(_PROGRESS + hold).fetchone()
    assert row is not None  # noqa: S101 - the migration has put it there
    return row[0], row[1]


def _touched(connection: Connection, after: int, until: int, most: int) -> tuple[int, Collection[UUID]]:
    """The last position of the page, 0 where there is none, and the cases that may look otherwise since."""
    end, cases, partners = connection.execute(_CHANGED, (after, until, most)).fetchone() or (0, None, None)
    holding = connection.execute(_HOLDING, (uuids(partners),)).fetchall() if partners else []
    return end, dict.fromkeys([*(cases or ()), *(case for (case,) in holding)])


def _in_portions(cases: Collection[UUID]) -> Iterator[Sequence[UUID]]:
    every = list(cases)
    for first in range(0, len(every), TOGETHER):
        yield every[first : first + TOGETHER]
