"""The local government file: how many cases stand where, and when something changed last."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from adapters.readside.look import Look
from adapters.readside.page import CASES, PARTNERS, Page
from adapters.readside.reads import Connections
from adapters.readside.table import Differences, Key, Rows, Table, Tally
from application.access import Scope
from application.views.partners import LocalGovernmentFile
from domain.initiatives.terms import PartyRole

COUNTS: Final = Tally.named("local_government_counts", "code", "facet", "option")
CHANGED: Final = Table(
    name="local_government_file",
    key=("code",),
    columns={"code": 'text COLLATE "C"', "updated": "timestamptz NOT NULL"},
    storage="fillfactor = 60",
)
_PUT: Final = CHANGED.upsert()
_READ: Final = b"""
    SELECT code, f.updated, jsonb_object_agg(option, n) FILTER (WHERE facet = 'stage'),
           jsonb_object_agg(option, n) FILTER (WHERE facet = 'country')
    FROM views.local_government_counts JOIN views.local_government_file AS f USING (code)
    WHERE %(home)s::text IS NULL OR code = %(home)s
    GROUP BY code, f.updated ORDER BY code
"""


class _Changed(msgspec.Struct, gc=False):
    code: str
    updated: datetime


class LocalGovernmentFileView:
    name = "local_government_file"
    revision = 1
    keeps: Sequence[type] = ()
    needs = (CASES, PARTNERS)
    reads: Sequence[str] = ()
    tables = (COUNTS.table, CHANGED)
    rules: Sequence[object] = ()

    def project(self, page: Page) -> Sequence[Rows | Differences]:
        more, less = list[Key](), list[Key]()
        for change in page.changes:
            before, after = _keys(change.before), _keys(change.after)
            if before != after:
                more += after
                less += before
        return (Differences(COUNTS, more, less), Rows(_PUT, _changed(page)))


def _keys(look: Look | None) -> list[Key]:
    if look is None:
        return []
    stage = look.entry.state.stage.value
    return [
        key
        for home in dict.fromkeys(look.homes)
        for key in [(home, "stage", stage), *((home, "country", country) for country in look.countries)]
    ]


def _changed(page: Page) -> list[_Changed]:
    """A fact concerns those whose case it was before, and those whose it is after."""
    newest: dict[str, datetime] = {}
    for change in page.changes:
        if change.by_facts:
            _note(newest, change.after.homes, change.after.entry.updated)
    for regrouping in page.regrouped:
        home = (p for p in (*regrouping.before, *regrouping.after) if p.role is PartyRole.HOME)
        _note(newest, (p.local_government for p in home if p.local_government), regrouping.recorded_at)
    return [_Changed(code, updated) for code, updated in newest.items()]


def _note(newest: dict[str, datetime], homes: Iterable[str], at: datetime) -> None:
    for home in homes:
        newest[home] = max(at, newest.get(home, at))


class PostgresLocalGovernmentFiles:
    """Implements application.views.partners.LocalGovernmentFiles."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    def all(self, scope: Scope) -> Sequence[LocalGovernmentFile]:
        with self._pool.connection() as connection:
            found = connection.execute(_READ, {"home": scope.local_government}).fetchall()
        return [_file(*row) for row in found]

    def open(self, scope: Scope, code: str) -> LocalGovernmentFile:
        empty = LocalGovernmentFile(code=code, by_stage={}, countries={}, updated=None)
        if not code.isprintable() or scope.local_government not in (None, code):
            return empty
        return next(iter(self.all(Scope(code))), empty)


def _file(
    code: str, updated: datetime, stages: dict[str, Any] | None, countries: dict[str, Any] | None
) -> LocalGovernmentFile:
    return LocalGovernmentFile(code=code, by_stage=stages or {}, countries=countries or {}, updated=updated)
