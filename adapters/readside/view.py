"""What every view offers to the projector."""

import hashlib
from collections.abc import Sequence
from typing import Final, Protocol

from adapters.readside.page import Page
from adapters.readside.table import Differences, Rows, Table

CONTEXTS: Final = frozenset({"initiative", "pair", "partner"})
"""With these the topics begin that are known. A fact of another context may concern any view."""


class View(Protocol):
    """`project` is pure: it gives the rows to write, and reads nothing but the page."""

    @property
    def name(self) -> str: ...

    @property
    def needs(self) -> Sequence[str]:
        """Views whose entries it is made from; it can only stand where they stand."""
        ...

    @property
    def reads(self) -> Sequence[str]:
        """Those of CONTEXTS whose facts it takes itself; facts of its sources come to these."""
        ...

    @property
    def tables(self) -> Sequence[Table]: ...

    @property
    def rules(self) -> Sequence[object]:
        """Data besides the tables that decide what its rows say; a change of them calls for a rebuild."""
        ...

    def project(self, page: Page) -> Sequence[Rows | Differences]: ...


def fingerprint(view: View) -> str:
    """Changes when the view would have to be built anew."""
    made_by = [view.name, *((t.create, *t.lookups, *t.indexes) for t in view.tables)]
    return hashlib.sha256(repr((made_by, list(view.rules))).encode()).hexdigest()
