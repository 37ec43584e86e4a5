"""The case file: the state of each case, from which every other view of cases is made."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from adapters.readside.connection import Connection, uuids
from adapters.readside.entries import CaseEntry, PartnerEntry, chain, clock_of, office_day, shown
from adapters.readside.look import calendar_rules
from adapters.readside.page import CASES, CaseChange, Page
from adapters.readside.reads import Reads
from adapters.readside.table import Rows, Table, within
from application.access import Scope
from application.procedures import Shelf
from application.views.casefile import CaseFile
from application.views.register import PartnerName
from domain.calendars import UnknownYear
from domain.initiatives.deadlines import Waiting, due_day
from domain.initiatives.initiative import Initiative
from domain.initiatives.procedure import Procedures, Step, next_step
from domain.initiatives.terms import Stage

TABLE: Final = Table(
    name="case_file",
    key=("case_id",),
    columns={
        "case_id": "uuid",
        "number": "text NOT NULL",
        "homes": "text[] NOT NULL",
        "partners": "uuid[] NOT NULL",  # as the case holds them
        "position": "bigint NOT NULL",
        "opened": "timestamptz NOT NULL",
        "updated": "timestamptz NOT NULL",
        "since": "timestamptz NOT NULL",
        "step_since": "timestamptz NOT NULL",
        "used": "smallint NOT NULL",
        "paused": "text",  # the stage whose deadline stands still
        "due": "date",
        "state": "text NOT NULL",
    },
    documents=("state",),
    storage="toast_tuple_target = 8160",  # a state is read whole and often: no packing, no second table
    lookups=("CREATE INDEX case_file_partners ON views.case_file USING gin (partners)",),
    indexes=("CREATE INDEX ON views.case_file (number)",),
)
_PUT: Final = TABLE.upsert()
_LOAD: Final = """
    SELECT case_id, state, position, opened, updated, since, step_since, used, paused
    FROM views.case_file WHERE case_id = ANY(%s::uuid[])
"""
_OF_PARTNERS: Final = """
    WITH RECURSIVE merged AS (
        SELECT unnest(%s::uuid[]) AS id
        UNION SELECT p.id FROM views.partner_file AS p JOIN merged ON p.merged_into = merged.id
    )
    SELECT case_id FROM views.case_file WHERE partners && ARRAY(SELECT id FROM merged)
"""
_OPEN: Final = b"""
    WITH RECURSIVE found AS (
        SELECT * FROM views.case_file
        WHERE number = %(number)s AND (%(home)s::text IS NULL OR homes @> ARRAY[%(home)s::text])
    ), chain AS (
        SELECT held, held AS id FROM found, unnest(partners) AS held
        UNION SELECT chain.held, p.merged_into FROM chain JOIN views.partner_file AS p USING (id)
        WHERE p.merged_into IS NOT NULL
    )
    SELECT case_id, found.state, opened, found.updated, since, step_since, used, paused, due,
           held, p.id, p.name, p.country, p.part_of
    FROM found LEFT JOIN chain ON true LEFT JOIN views.partner_file AS p ON p.id = chain.id AND p.merged_into IS NULL
"""
_STATE: Final = msgspec.json.Decoder(Initiative)


class _Row(msgspec.Struct, gc=False):
    case_id: UUID
    number: str
    homes: tuple[str, ...]
    partners: tuple[UUID, ...]
    position: int
    opened: datetime
    updated: datetime
    since: datetime
    step_since: datetime
    used: int
    paused: Stage | None
    due: date | None
    state: Initiative


class CaseFileView:
    name = CASES
    revision = 5
    keeps = (Initiative,)
    needs: Sequence[str] = ()
    reads = ("initiative",)
    tables = (TABLE,)

    def __init__(self) -> None:
        self.rules: Sequence[object] = calendar_rules()

    def project(self, page: Page) -> Sequence[Rows]:
        return [Rows(_PUT, [_row(change) for change in page.changes if change.by_facts])]


def _row(change: CaseChange) -> _Row:
    entry = change.after.entry
    return _Row(
        case_id=change.case,
        number=entry.state.number,
        homes=change.after.homes,
        partners=tuple(party.partner for party in entry.state.parties if party.partner),
        position=entry.position,
        opened=entry.opened,
        updated=entry.updated,
        since=entry.since,
        step_since=entry.step_since,
        used=entry.waiting.used,
        paused=entry.waiting.paused,
        due=entry.due,
        state=entry.state,
    )


def load_cases(
    connection: Connection, schema: str, ids: Collection[UUID], procedures: Procedures
) -> dict[UUID, CaseEntry]:
    rows = connection.execute(within(schema, _LOAD), (uuids(ids),), binary=True).fetchall()
    return {case: _entry(procedures, *rest) for case, *rest in rows}


def cases_of_partners(connection: Connection, schema: str, partners: Collection[UUID]) -> list[UUID]:
    """Cases that hold one of the partners, or one that was merged into it."""
    found = connection.execute(within(schema, _OF_PARTNERS), (uuids(partners),), binary=True).fetchall()
    return [case for (case,) in found]


def _entry(
    procedures: Procedures,
    state: str,
    position: int,
    opened: datetime,
    updated: datetime,
    since: datetime,
    step_since: datetime,
    used: int,
    paused: str | None,
) -> CaseEntry:
    known = _STATE.decode(state)
    step, waiting = next_step(known, procedures.of(known)), _waiting(step_since, used, paused)
    clock = clock_of(known, step, office_day(since), waiting, office_day(updated), procedures)
    return CaseEntry(known, position, opened, updated, since, step_since, waiting, step, clock)


def _waiting(step_since: datetime, used: int, paused: str | None) -> Waiting:
    return Waiting(office_day(step_since), used, Stage(paused) if paused else None)


class PostgresCaseFiles:
    """Implements application.views.casefile.CaseFiles."""

    def __init__(self, pool: Reads, procedures: Shelf) -> None:
        self._pool = pool
        self._procedures = procedures

    def open(self, scope: Scope, number: str) -> CaseFile | None:
        if not number.isprintable():
            return None
        asked = {"number": number, "home": scope.local_government}
        with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            rows = cursor.execute(_OPEN, asked, prepare=True).fetchall()
        return _file(rows, self._procedures.now()) if rows else None


def file_of(case: UUID, entry: CaseEntry, partners: Mapping[UUID, PartnerEntry], procedures: Procedures) -> CaseFile:
    """The file of a case that was folded here; `partners` holds those of the case and whom they were merged into."""
    goes_on = {party.partner: chain(partners, party.partner)[-1] for party in entry.state.parties if party.partner}
    return CaseFile(
        case=case,
        state=entry.state,
        partners={held: shown(partners.get(partner), partner) for held, partner in goes_on.items()},
        since=entry.since,
        opened=entry.opened,
        updated=entry.updated,
        step=entry.step,
        waiting=entry.waiting,
        due=entry.due,
        unknown_year=None if entry.due else _unknown_year(entry.state, entry.step, entry.waiting, procedures),
    )


def _file(rows: Sequence[tuple[Any, ...]], procedures: Procedures) -> CaseFile:
    case, state, opened, updated, since, step_since, used, paused, due = rows[0][:9]
    known = _STATE.decode(state)
    names = {held: PartnerName(held, str(held), "") for held in (row[9] for row in rows) if held}
    names |= {row[9]: PartnerName(*row[10:]) for row in rows if row[10]}
    step, waiting = next_step(known, procedures.of(known)), _waiting(step_since, used, paused)
    return CaseFile(
        case=case,
        state=known,
        partners=names,
        since=since,
        opened=opened,
        updated=updated,
        step=step,
        waiting=waiting,
        due=due,
        unknown_year=None if due else _unknown_year(known, step, waiting, procedures),
    )


def _unknown_year(state: Initiative, step: Step | None, waiting: Waiting, procedures: Procedures) -> int | None:
    try:
        _ = due_day(state, step, waiting, procedures.calendar) if step else None
    except UnknownYear as unknown:
        return unknown.year
    return None
