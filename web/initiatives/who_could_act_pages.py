"""Who could act on a case, and why: a page for whoever answers for rights, of today or of a past day."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.who_could_act import Could
from web.casework import Casework
from web.forms import Form
from web.initiatives.case_pages import clocks, looked_at
from web.initiatives.deed_words import DEEDS
from web.initiatives.opening import OpenCase
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page
from web.parts import Parts
from web.session import PageRequest
from web.words import ROLES


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One person."""

    name: str
    why: tuple[str, ...]
    deeds: tuple[str, ...]


@get("/initiatives/{number:str}/who-could-act", sync_to_thread=True)
def show_who_could_act(
    request: PageRequest,
    person: NamedDependency[Person],
    asked: NamedDependency[Form],
    work: NamedDependency[Casework],
    parts: NamedDependency[Parts],
    number: FromPath[str],
) -> Response[Any]:
    case = looked_at(request, person, work, asked, parts.clock(), number)
    if not isinstance(case, OpenCase):
        return case
    at = case.past.as_of.known_at if case.past else parts.clock()
    today = case.past.today if case.past else work.reading.today()
    found = work.who_could_act.on(person, case.state, at, today)
    return page(request, "initiatives/who_could_act.html", **clocks(case), lines=[_line(one, case) for one in found])


def _line(could: Could, case: OpenCase) -> Line:
    names, spoken = case.names, case.names.spoken
    why = [spoken.gettext(ROLES[could.person.role])]
    if could.leads:
        why.append(spoken.gettext(N_("leads the case")))
    if could.person.local_government:
        why.append(
            spoken.gettext(N_("of %(town)s, a side of the case")) % {"town": names.unit(could.person.local_government)}
        )
    for absent in could.stands_in_for:
        said = {"name": names.with_town(absent.account), "day": spoken.date(absent.until)}
        why.append(spoken.gettext(N_("stands in for %(name)s, absent until %(day)s")) % said)
    return Line(
        name=could.person.name, why=tuple(why), deeds=tuple(spoken.gettext(DEEDS[deed].title) for deed in could.deeds)
    )
