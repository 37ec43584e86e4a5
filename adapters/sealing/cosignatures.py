"""Cosignatures in the schema `seal`, over one connection in UTC."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from adapters.sealing.notes import Cosignature, Verifier
from adapters.sealing.store import Connection

WITNESSED_WITHIN: Final = timedelta(minutes=1)
_NEWEST: Final = b"""
    SELECT c.number, c.tree, t.origin, c.size, c.note
    FROM seal.checkpoints AS c JOIN seal.trees AS t ON t.number = c.tree ORDER BY c.number DESC LIMIT 1
"""
_PUBLISHED: Final = b"""
    SELECT c.number, c.note FROM seal.checkpoints AS c
    WHERE c.tree = %(tree)s
    AND c.made_at >= (SELECT made_at FROM seal.checkpoints WHERE number = %(newest)s) - %(within)s
    AND (SELECT count(*) FROM seal.cosignatures AS s WHERE s.checkpoint = c.number AND s.witness = ANY(%(witnesses)s))
        >= %(quorum)s
    ORDER BY c.number DESC LIMIT 1
"""
_LAST: Final = b"""
    SELECT c.number, c.size FROM seal.cosignatures AS s JOIN seal.checkpoints AS c ON c.number = s.checkpoint
    WHERE s.witness = %s AND c.tree = %s ORDER BY s.checkpoint DESC LIMIT 1
"""
_KEEP: Final = b"""
    INSERT INTO seal.cosignatures (checkpoint, witness, line, signed_at, kept_at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT DO NOTHING
"""
_TELL: Final = b"""
    INSERT INTO seal.witnesses AS w (witness, asked_at, fault, fault_since)
    VALUES (%(witness)s, %(now)s, %(fault)s, CASE WHEN %(fault)s::text IS NOT NULL THEN %(now)s::timestamptz END)
    ON CONFLICT (witness) DO UPDATE SET asked_at = EXCLUDED.asked_at, fault = EXCLUDED.fault,
        fault_since = CASE WHEN EXCLUDED.fault IS NOT NULL THEN coalesce(w.fault_since, EXCLUDED.fault_since) END
"""
_LINES: Final = b"SELECT line FROM seal.cosignatures WHERE checkpoint = %s AND witness = ANY(%s) ORDER BY witness"
_ALL: Final = b"""
    SELECT c.size, c.note, s.witness, s.line
    FROM seal.cosignatures AS s JOIN seal.checkpoints AS c ON c.number = s.checkpoint
    WHERE c.tree = %s ORDER BY c.number, s.witness
"""
_UNDER: Final = b"""
    SELECT c.note, string_agg(s.line, '' ORDER BY s.witness)
    FROM seal.checkpoints AS c JOIN seal.cosignatures AS s ON s.checkpoint = c.number
    WHERE c.note = ANY(%s) AND s.witness = ANY(%s) GROUP BY c.number
"""
_STANDING: Final = b"""
    SELECT asked.witness, w.fault, w.fault_since, s.size, s.signed_at
    FROM unnest(%s::text[]) WITH ORDINALITY AS asked (witness, place)
    LEFT JOIN seal.witnesses AS w USING (witness)
    LEFT JOIN LATERAL (
        SELECT c.size, s.signed_at FROM seal.cosignatures AS s JOIN seal.checkpoints AS c ON c.number = s.checkpoint
        WHERE s.witness = asked.witness ORDER BY s.checkpoint DESC LIMIT 1
    ) AS s ON true
    ORDER BY asked.place
"""


class Newest(msgspec.Struct, frozen=True):
    """The newest checkpoint."""

    number: int
    tree: int
    origin: str
    size: int
    note: str


class WitnessStanding(msgspec.Struct, frozen=True):
    witness: str
    """Its verifier key."""
    fault: str | None
    """Why it did not cosign when it was last asked."""
    fault_since: datetime | None
    size: int | None
    """Facts under the newest checkpoint that it has cosigned, of any origin; None without one."""
    signed_at: datetime | None

    @property
    def name(self) -> str:
        return self.witness.partition("+")[0]


class Cosignatures:
    """Raises psycopg.Error."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self) -> Newest | None:
        row = self._connection.execute(_NEWEST).fetchone()
        return Newest(*row) if row else None

    def last(self, witness: Verifier, tree: int) -> tuple[int, int] | None:
        """Number and size of the newest checkpoint that it has cosigned of a tree."""
        row = self._connection.execute(_LAST, (str(witness), tree)).fetchone()
        return (row[0], row[1]) if row else None

    def keep(self, checkpoint: int, witness: Verifier, made: Cosignature, now: datetime) -> None:
        """One that was verified; the first one of a witness stays."""
        row = (checkpoint, str(witness), made.line, datetime.fromtimestamp(made.time, UTC), now)
        self._connection.execute(_KEEP, row)

    def tell(self, witness: Verifier, fault: Exception | None, now: datetime) -> None:
        said = str(fault) if fault else None
        self._connection.execute(_TELL, {"witness": str(witness), "now": now, "fault": said})

    def published(self, witnesses: Sequence[str], quorum: int) -> str | None:
        """The newest note with the cosignatures of these witnesses: where so many have not signed it yet, one that they
        have, if it is no more than a minute older."""
        newest = self.newest()
        if newest is None:
            return None
        asked = {"tree": newest.tree, "newest": newest.number, "within": WITNESSED_WITHIN}
        row = self._connection.execute(_PUBLISHED, {**asked, "witnesses": list(witnesses), "quorum": quorum}).fetchone()
        number, note = row or (newest.number, newest.note)
        return note + self.lines(number, witnesses)

    def lines(self, checkpoint: int, witnesses: Sequence[str]) -> str:
        """The cosignatures of these witnesses, as they stand under the note."""
        return "".join(line for (line,) in self._connection.execute(_LINES, (checkpoint, list(witnesses))))

    def all(self, tree: int) -> Iterator[tuple[int, str, str, str]]:
        """Size and note of the checkpoint, witness and line of each over a tree."""
        yield from self._connection.execute(_ALL, (tree,))

    def under(self, notes: Sequence[str], witnesses: Sequence[str]) -> Mapping[str, str]:
        """Those of these witnesses under each of these notes that has some."""
        return dict(self._connection.execute(_UNDER, (list(notes), list(witnesses))).fetchall())

    def standing(self, witnesses: Sequence[str]) -> Sequence[WitnessStanding]:
        return [WitnessStanding(*row) for row in self._connection.execute(_STANDING, (list(witnesses),))]
