"""The cases to which a case is linked, as its page lists them."""

import msgspec

from application.access import Person
from domain.initiatives.links import LinkedCase
from web.casework import Casework
from web.initiatives.naming import Pair
from web.initiatives.opening import OpenCase
from web.initiatives.presenting import Teller, word


class LinkLine(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    link: str
    number: str
    pair: Pair | None
    """None where the other case is not this reader's to see."""
    stage: str
    """Where the other case stands; empty where that is not to be seen, and in the past."""


def linked_cases(case: OpenCase, person: Person, work: Casework) -> list[LinkLine]:
    """In the order in which they were linked."""
    if not case.state.links:
        return []
    rows = {row.case: row for row in work.reading.cases(person, [linked.case for linked in case.state.links])}
    return [
        LinkLine(
            id=str(linked.case),
            link=word(linked.link, case.names.spoken),
            number=linked.number,
            pair=case.names.short_pair(row.home, row.partners) if (row := rows.get(linked.case)) else None,
            stage=row.stage.value if row and not case.past else "",
        )
        for linked in case.state.links
    ]


def link_options(links: tuple[LinkedCase, ...], teller: Teller) -> list[tuple[str, str]]:
    """To choose one of them: the other case's id, its number and the link."""
    return [(str(linked.case), f"{linked.number}: {word(linked.link, teller.spoken)}") for linked in links]
