"""What the rows of a table were: each row of the past, with the blocks between which it stood so.

A row says in `block` in which one it was written. Before it is written again in a later block, it is copied into a
table beside, with that block in `until`. So the rows as they stood before block `n` are those with `block < n` that are
still there, and the copies with `block < n <= until`. What a row was within a block is not kept: it is projected anew.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from adapters.readside.table import Columns, Table, Write

BLOCK: Final = "block"


class Kept(msgspec.Struct, frozen=True):
    """`was` is the table of copies; `keep` takes keys of rows that are about to be written, each with the block."""

    table: Table
    was: Table
    keep: Write

    @classmethod
    def of(cls, table: Table) -> "Kept":
        """The table has one key column, a uuid, and a column `block`."""
        was = Table(
            name=f"{table.name}_was",
            key=(*table.key, "until"),
            columns={**table.columns, "until": "integer"},
            documents=table.documents,
            indexes=(f"CREATE INDEX ON views.{table.name}_was (until)",),
        )
        return cls(table, was, was.copying(table, f"t.{BLOCK} < r.until"))

    def before(self, keys: Sequence[UUID], block: int) -> Columns:
        """To be written before the rows with these keys are."""
        return Columns(self.keep, (keys, [block] * len(keys)))

    def as_of(self, block: int) -> str:
        """A query for the rows as they stood before a block, from the live tables of the schema in quotation marks."""
        names = ", ".join(self.table.columns)
        return f"""
            SELECT {names} FROM "views".{self.table.name} WHERE {BLOCK} < {block:d}
            UNION ALL SELECT {names} FROM "views".{self.was.name} WHERE {BLOCK} < {block:d} AND until >= {block:d}
        """  # noqa: S608 - names of our own tables, and a number
