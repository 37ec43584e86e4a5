"""How many cases follow each version of a procedure, kept by differences."""

from collections.abc import Iterable
from typing import Final

from adapters.readside.page import CaseChange
from adapters.readside.reads import Connections
from adapters.readside.table import Differences, Key, Tally
from application.procedures import Followed
from domain.initiatives.initiative import Initiative
from domain.initiatives.procedure import CODES

FOLLOWED: Final = Tally.named("register_procedures", "procedure")
_FIRST: Final[dict[str, Key]] = {kind: (f"{code}@1",) for kind, code in CODES.items()}
_COUNTS: Final = b"SELECT procedure, n FROM views.register_procedures"


def followed(changes: Iterable[CaseChange]) -> Differences:
    """What brings the counts from before the page to after it."""
    more, less = list[Key](), list[Key]()
    for change in changes:
        after = _pin(change.after.entry.state)
        before = _pin(change.before.entry.state) if change.before else None
        if before != after:
            more.append(after)
            less += [before] if before else []
    return Differences(FOLLOWED, more, less)


def _pin(state: Initiative) -> Key:
    return (state.procedure,) if state.procedure else _FIRST[state.kind]


class PostgresFollowers:
    """Implements application.procedures.Followers."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    def followed(self) -> Followed:
        with self._pool.connection() as connection:
            return dict(connection.execute(_COUNTS).fetchall())
