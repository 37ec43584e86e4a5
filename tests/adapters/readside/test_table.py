"""Rows reach the server as they are, by column and as documents."""

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.readside.table import Rows, Table

NARROW = Table(
    name="narrow",
    key=("id",),
    columns={"id": "uuid", "n": "bigint", "at": "timestamptz", "day": "date", "said": 'text COLLATE "C"'},
)
WIDE = Table(name="wide", key=("id",), columns={"id": "uuid", "many": "text[]", "body": "text"}, documents=("body",))
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


NASTY = ["", "NULL", "null", "{}", '"', "\\", "\\\\n", "\n\t\r\b\f\x01\x7f", "a,b", "и"]


class Narrow(msgspec.Struct):
    id: UUID
    n: int | None
    at: datetime | None
    day: date | None
    said: str | None


class Wide(msgspec.Struct):
    id: UUID
    many: tuple[str, ...]
    body: dict[str, str]


@pytest.fixture(scope="module", autouse=True)
def tables(database):
    with psycopg.connect(database.url, autocommit=True) as connection:
        for table in (NARROW, WIDE):
            connection.execute(table.create)
        yield connection


NARROWS = st.builds(
    Narrow,
    id=st.uuids(),
    n=st.none() | st.integers(-(2**63), 2**63 - 1),
    at=st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    day=st.none() | st.dates(date(1, 1, 1)),
    said=st.none() | TEXT | st.sampled_from(NASTY),
)


@given(st.lists(NARROWS, min_size=1, max_size=8, unique_by=lambda row: row.id))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_columns_come_back_as_they_were(tables, rows):
    tables.execute("TRUNCATE views.narrow")
    write = Rows(NARROW.upsert(), rows)
    tables.execute(*write.ready()[0])
    found = tables.execute("SELECT * FROM views.narrow").fetchall()
    assert sorted(found) == sorted(msgspec.structs.astuple(row) for row in rows)


@given(st.builds(Wide, id=st.uuids(), many=st.lists(TEXT, max_size=4).map(tuple), body=st.dictionaries(TEXT, TEXT)))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lists_and_documents_come_back_as_they_were(tables, row):
    write = Rows(WIDE.upsert(), [row])
    tables.execute(*write.ready()[0])
    many, body = tables.execute("SELECT many, body FROM views.wide WHERE id = %s", (row.id,)).fetchone()
    assert (tuple(many), msgspec.json.decode(body)) == (row.many, row.body)
    assert body.encode() == msgspec.json.encode(row.body)
    delete = Rows(WIDE.delete(), [row])
    tables.execute(*delete.ready()[0])
    assert tables.execute("SELECT count(*) FROM views.wide").fetchone() == (0,)
