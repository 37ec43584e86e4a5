"""What every view offers to the projector."""

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Final, Protocol, cast

import msgspec

from adapters.readside.page import Page
from adapters.readside.table import Columns, Differences, Rows, Table

CONTEXTS: Final = frozenset({"initiative", "pair", "partner", "people", "subscription"})
"""With these the topics begin that are known. A fact of another context may concern any view."""


class View(Protocol):
    """`project` is pure: it gives the rows to write, and reads nothing but the page."""

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> int:
        """Rises whenever the same facts lead to other rows; tests/adapters/readside/test_revisions.py says when."""
        ...

    @property
    def keeps(self) -> Sequence[type]:
        """What its documents hold."""
        ...

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
        """Data besides the tables that decide what its rows say; a change of them calls for a rebuild.

        Versions of procedures are not among them: none changes once a case follows it.
        """
        ...

    def project(self, page: Page) -> Sequence[Rows | Columns | Differences]: ...


def fingerprint(view: View) -> str:
    """Changes when the view would have to be built anew: other tables, rules, documents, or another revision."""
    made_by = [view.name, *((t.create, *t.lookups, *t.indexes) for t in view.tables)]
    documents = [_shape(kind) for kind in view.keeps]
    return hashlib.sha256(repr((made_by, list(view.rules), view.revision, documents)).encode()).hexdigest()


@cache
def _shape(kind: type) -> str:
    """The JSON schema, without the words in it."""
    return repr(_without_words(msgspec.json.schema(kind)))


def _without_words(schema: object) -> object:
    match schema:
        case dict():
            items = cast("dict[str, object]", schema).items()
            return {k: _without_words(v) for k, v in items if not (k == "description" and isinstance(v, str))}
        case list():
            return [_without_words(one) for one in cast("list[object]", schema)]
        case _:
            return schema
