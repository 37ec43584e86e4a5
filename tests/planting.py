"""What a newer version of the program would leave in the log: a fact that this one cannot decode."""

from uuid import UUID, uuid4

import psycopg

NEWER = "initiative.agreement-signed.v9"
_PLANT = """
    INSERT INTO log.facts (originator_id, originator_version, topic, state, notification_id, recorded_at)
    SELECT %(stream)s, 1 + (SELECT count(*) FROM log.facts WHERE originator_id = %(stream)s), %(topic)s, %(state)s,
           1 + coalesce(max(notification_id), 0), clock_timestamp()
    FROM log.facts RETURNING notification_id, pg_notify('pobratim_log', '')
"""


STATE = b'{"actor":"00000000-0000-4000-8000-000000000001","command":"00000000-0000-4000-8000-000000000003","fact":{}}'


def plant(url: str, stream: UUID | None = None, topic: str = NEWER, state: bytes = STATE) -> int:
    """Append a row past every check of the program, behind what the stream holds; its position."""
    with psycopg.connect(url, autocommit=True) as connection:
        values = {"stream": stream or uuid4(), "topic": topic, "state": state}
        row = connection.execute(_PLANT, values).fetchone()
    assert row is not None
    return row[0]
