"""How far each view has come."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from adapters.readside.connection import Connection
from adapters.readside.projecting import Stop

BEING_REBUILT = "being rebuilt"


class Progress(msgspec.Struct, frozen=True):
    position: int
    made_by: str
    stopped_at: int | None
    error: str | None

    @property
    def healthy(self) -> bool:
        return self.stopped_at is None


def read(connection: Connection, *, hold: bool = False) -> Mapping[str, Progress]:
    """All views' progress. `hold` keeps everybody else from moving a view until the transaction ends."""
    asked = b"SELECT view, position, made_by, stopped_at, error FROM views.progress ORDER BY view"
    rows = connection.execute(asked + (b" FOR UPDATE" if hold else b""), prepare=True).fetchall()
    return {view: Progress(*rest) for view, *rest in rows}


def move(connection: Connection, views: Iterable[str], position: int) -> None:
    moved = "UPDATE views.progress SET position = %s WHERE view = ANY(%s)"
    connection.execute(moved, (position, list(views)), prepare=True)


def stop(connection: Connection, stops: Sequence[Stop]) -> None:
    """The views stand still before the facts that they could not take."""
    for stopped in stops:
        connection.execute(
            "UPDATE views.progress SET stopped_at = %s, error = %s, stopped_since = now() WHERE view = %s",
            (stopped.position, stopped.error.replace("\0", "?")[:2_000], stopped.view),
        )


def release(connection: Connection, views: Iterable[str]) -> None:
    """Let the views try again."""
    connection.execute(
        "UPDATE views.progress SET stopped_at = NULL, error = NULL, stopped_since = NULL WHERE view = ANY(%s)",
        (list(views),),
    )


def begin(connection: Connection, view: str, position: int, made_by: str) -> None:
    """A view that stands at a position, without a fault."""
    connection.execute(
        """INSERT INTO views.progress (view, position, made_by) VALUES (%s, %s, %s)
        ON CONFLICT (view) DO UPDATE SET position = EXCLUDED.position, made_by = EXCLUDED.made_by,
            stopped_at = NULL, error = NULL, stopped_since = NULL""",
        (view, position, made_by),
    )
