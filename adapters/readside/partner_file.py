"""The partner file: the state of each partner, from which names in every other view are taken."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from adapters.readside.connection import Connection, uuids
from adapters.readside.entries import PartnerEntry
from adapters.readside.kept_past import Kept
from adapters.readside.look import LONGEST_KEY
from adapters.readside.page import PARTNERS, Page
from adapters.readside.table import Columns, Rows, Table, within
from application.script import fold, sort_key
from domain.partners.partner import Partner

FILE: Final = Table(
    name="partner_file",
    key=("id",),
    columns={
        "id": "uuid",
        "name": "text NOT NULL",
        "country": "text NOT NULL",
        "part_of": "text",
        "merged_into": "uuid",
        "words": "text NOT NULL",
        "sorted": 'text COLLATE "C" NOT NULL',
        "updated": "timestamptz NOT NULL",
        "block": "integer NOT NULL",  # in which it was written, see kept_past
        "state": "text NOT NULL",
    },
    documents=("state",),
    lookups=("CREATE INDEX partner_file_merged ON views.partner_file (merged_into) WHERE merged_into IS NOT NULL",),
    indexes=(
        "CREATE INDEX ON views.partner_file (sorted, id)",
        "CREATE INDEX ON views.partner_file USING gin (words {trigrams})",
    ),
)
NAMES: Final = Table(
    name="partner_names",
    key=("folded", "partner"),
    columns={"folded": 'text COLLATE "C"', "partner": "uuid"},
    lookups=("CREATE INDEX partner_names_partner ON views.partner_names (partner)",),
    indexes=("CREATE INDEX ON views.partner_names USING gin (folded {trigrams})",),
)
KEPT: Final = Kept.of(FILE)
_FORGET_NAMES: Final = NAMES.delete(key=("partner",))
_PUT: Final = FILE.upsert()
_NAME_IT: Final = NAMES.insert
_LOAD: Final = """
    WITH RECURSIVE chain AS (
        SELECT unnest(%s::uuid[]) AS id
        UNION SELECT p.merged_into FROM views.partner_file AS p JOIN chain USING (id) WHERE p.merged_into IS NOT NULL
    )
    SELECT id, state, updated FROM views.partner_file JOIN chain USING (id)
"""
STATE: Final = msgspec.json.Decoder(Partner)


class _Row(msgspec.Struct, gc=False):
    id: UUID
    name: str
    country: str
    part_of: str | None
    merged_into: UUID | None
    words: str
    sorted: str
    updated: datetime
    block: int
    state: Partner


class _Name(msgspec.Struct, gc=False):
    folded: str
    partner: UUID


class PartnerFileView:
    name = PARTNERS
    revision = 2
    keeps = (Partner,)
    needs: Sequence[str] = ()
    reads = ("partner",)
    tables = (FILE, KEPT.was, NAMES)
    rules: Sequence[object] = ()

    def project(self, page: Page) -> Sequence[Rows | Columns]:
        if not page.partners:
            return ()
        new = {recorded.stream for recorded in page.facts if recorded.version == 1}
        names = [
            _Name(folded, partner)
            for partner, entry in page.partners.items()
            for folded in dict.fromkeys(fold(name)[:LONGEST_KEY] for name in entry.state.all_names)
        ]
        return (
            KEPT.before([partner for partner in page.partners if partner not in new], page.block),
            Rows(_PUT, [_row(partner, entry, page.block) for partner, entry in page.partners.items()]),
            Rows(_FORGET_NAMES, [_Name("", partner) for partner in page.partners]),
            Rows(_NAME_IT, names),
        )


def _row(partner: UUID, entry: PartnerEntry, block: int) -> _Row:
    state = entry.state
    return _Row(
        id=partner,
        name=state.name,
        country=state.country,
        part_of=state.part_of,
        merged_into=state.merged_into,
        words="|".join(dict.fromkeys(map(fold, (*state.all_names, state.part_of or "")))),
        sorted=sort_key(state.name)[:LONGEST_KEY],
        updated=entry.updated,
        block=block,
        state=state,
    )


def load_partners(connection: Connection, schema: str, ids: Collection[UUID]) -> dict[UUID, PartnerEntry]:
    """The partners, and whom they were merged into."""
    rows = connection.execute(within(schema, _LOAD), (uuids(ids),), binary=True).fetchall()
    return {partner: PartnerEntry(STATE.decode(state), updated) for partner, state, updated in rows}
