"""Proposing: the form, the warning of duplicates while it is filled in, and the first fact of a case."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from application.access import Person
from application.handling import Request
from application.rights import require
from application.views.register import RegisterRow
from domain.kernel import Refused
from web.casework import Casework
from web.forms import Form
from web.initiatives.listing import Row, rows_of
from web.initiatives.naming import Names
from web.initiatives.opening import names_for
from web.initiatives.proposal_form import QUESTIONS, named_pair, opening_form, options, read_proposal
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page, see_other
from web.session import PageRequest, language_of

PATH = "/initiatives/new"
_HOME_FIELD = "local_governments"
"""What the use case calls the field that the form asks one at a time."""


class ProposalPages(Controller):
    path = PATH

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """Fields may be given in the address, so that other pages can open the form half filled in."""
        require(person, "propose")
        names = names_for(request, work)
        given = [(name, value) for name, value in asked.fields if name in {q.name for q in QUESTIONS}]
        opened = opening_form(person, names)
        known = {name for name, _ in given}
        form = Form([*given, *(pair for pair in opened.fields if pair[0] not in known)])
        return _page(request, names, form, ())

    @post(status_code=303, sync_to_thread=True)
    def propose(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        require(person, "propose")
        names = names_for(request, work)
        try:
            proposal, entries = read_proposal(form, person, work)
            asked_for = Request(key=form.key, command=proposal, entries=entries)
            done = work.proposing.propose(person, proposal, asked_for)
        except Refused as refused:
            back = form.refused([_at_our_field(r) for r in refused.refusals])
            return _page(request, names, back, rows_of(_duplicates(person, form, work), names), status=422)
        shown = work.views.caught_up(done.position)
        said = language_of(request).gettext(N_("The case %(number)s is open.")) % {"number": done.number}
        return see_other(request, f"/initiatives/{done.number}" if shown else "/initiatives", said)

    @get("/duplicates", sync_to_thread=True)
    def duplicates(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """A fragment: cases of the pair that is being typed, and the question why this is another matter."""
        require(person, "propose")
        names = names_for(request, work)
        found = rows_of(_duplicates(person, asked, work), names)
        return page(request, "initiatives/_duplicates.html", form=asked, duplicates=found)


def _duplicates(person: Person, form: Form, work: Casework) -> Sequence[RegisterRow]:
    pair = named_pair(form, person, work)
    if pair is None:
        return ()
    home, partner = pair
    try:
        return work.proposing.duplicates(person, [home], partner)
    except Refused:
        return ()


def _at_our_field(refusal: Any) -> Any:
    """The form asks for one local government under a name of its own."""
    return msgspec.structs.replace(refusal, field="local_government") if refusal.field == _HOME_FIELD else refusal


def _page(
    request: PageRequest, names: Names, form: Form, duplicates: Sequence[Row], status: int = 200
) -> Response[Any]:
    return page(
        request, "initiatives/new.html", status=status, form=form, options=options(names), duplicates=duplicates
    )
