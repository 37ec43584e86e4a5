"""The facts of the explorer as a table, in the columns of application.auditing."""

from collections.abc import Iterator, Sequence

from application.access import Person
from application.auditing import COLUMNS, FactQuery, Found
from application.exporting import SEPARATOR, Cell, Sheet
from web.audit.telling import ToldFact, told
from web.casework import Casework
from web.initiatives.naming import Names


def sheet(person: Person, work: Casework, names: Names, query: FactQuery) -> Sheet:
    """Every fact under the filters, newest first, while they come from the database."""
    return Sheet(COLUMNS, _rows(person, work, names, work.exploring.all(person, query)), "Log")


def _rows(person: Person, work: Casework, names: Names, pages: Iterator[Sequence[Found]]) -> Iterator[Sequence[Cell]]:
    for facts in pages:
        for fact in told(person, work, names, facts):
            yield _cells(fact)


def _cells(fact: ToldFact) -> Sequence[Cell]:
    partner = fact.partner or (fact.pair.partner if fact.pair else "")
    return (
        fact.position,
        fact.recorded_at,
        fact.happened_on,
        fact.kind,
        fact.title,
        fact.who,
        str(fact.actor or ""),
        str(fact.on_behalf_of or ""),
        fact.number,
        fact.pair.home if fact.pair else "",
        partner,
        fact.version,
        SEPARATOR.join(f"{line.label}: {line.value}" for line in fact.lines),
        fact.fact,
    )
