"""Reading one case back, decoded, against a raw select and a msgspec decode: `python -m benchmarks.replay`.

The fold is the same on both sides and left out. The yardstick selects the same columns over a kept connection and
decodes each body with one decoder.
"""

import hashlib
from contextlib import closing
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import msgspec
import psycopg

from adapters.database.pool import open_pool
from adapters.recording.casebook import CaseBook
from application.ports import Save, Write
from benchmarks.measure import Deed, Figure, compared, migrated_server, show
from domain.kernel import AccountId, CommandKey, Occasion
from domain.partners.events import NameKind, PartnerRenamed

LENGTHS = (10, 100, 1000)
SECONDS, ROUNDS = 0.7, 9
WANTED = {"100 facts": ">= 0.40 (at most 2.5 times raw)"}
ON = Occasion(actor=AccountId(uuid4()), at=datetime.now(UTC), today=date(2026, 3, 1))
RAW = (
    "SELECT originator_id, originator_version, topic, state, notification_id, recorded_at FROM log.facts "
    "WHERE originator_id = %s ORDER BY originator_version"
)


class Body(msgspec.Struct):
    """What the log stores, in one step."""

    actor: UUID
    command: UUID
    fact: PartnerRenamed
    on_behalf_of: UUID | None = None


def main() -> None:
    with (
        migrated_server() as url,
        closing(open_pool(url)) as pool,
        closing(CaseBook(url, pool)) as book,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        figures = [measured(connection, book, length) for length in LENGTHS]
    show("Replay of one case, decoded", "replays/s", figures, WANTED)


def measured(connection: psycopg.Connection[tuple[object, ...]], book: CaseBook, length: int) -> Figure:
    stream = a_case(book, length)
    return compared(f"{length} facts", [lambda: book.read(stream)], [a_raw_reader(connection, stream)], SECONDS, ROUNDS)


def a_raw_reader(connection: psycopg.Connection[tuple[object, ...]], stream: UUID) -> Deed:
    cursor, decoder = connection.cursor(binary=True), msgspec.json.Decoder(Body)

    def read() -> list[Body]:
        rows = cursor.execute(RAW, (stream,), prepare=True).fetchall()
        return [decoder.decode(row[3]) for row in rows]  # pyright: ignore[reportArgumentType] - a bytea

    return read


def a_case(book: CaseBook, length: int) -> UUID:
    stream, key = uuid4(), CommandKey(uuid4())
    facts = [PartnerRenamed(name=f"Општина Пирот {number}", old_name_is=NameKind.ALIAS) for number in range(length)]
    book.append([Save(key=key, digest=hashlib.sha256(key.bytes).digest(), on=ON, writes=[Write(stream, 0, facts)])])
    return stream


if __name__ == "__main__":
    main()
