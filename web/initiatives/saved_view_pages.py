"""Saved views: kept from the list, opened by an address that stays, renamed, shared and removed on their own page."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from application.access import Person
from application.saved_views import LONGEST_NAME, LONGEST_QUERY, SavedView, may_change, may_share
from application.views.register import RegisterQuery
from domain.kernel import Refusal, Refused
from web.casework import Casework
from web.forms import MOST_FIELDS, Form
from web.initiatives.filters import PATH, pairs_of, readable
from web.initiatives.naming import Names
from web.initiatives.opening import names_for
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page, see_other
from web.session import PageRequest, language_of

HERE: Final = "/initiatives/views"
LABELS: Final = {"name": N_("Name"), "replaces": N_("In place of")}


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A saved view as menus and the page of all of them show it."""

    id: str
    name: str
    href: str
    shared: bool
    by: str
    """Whose it is, where it is somebody else's."""
    current: bool
    """It shows what the list shows now."""
    mine_to_change: bool


class SavedViewPages(Controller):
    path = HERE

    @get(sync_to_thread=True)
    def show(
        self, request: PageRequest, person: NamedDependency[Person], work: NamedDependency[Casework]
    ) -> Response[Any]:
        return _page(request, person, work, Form())

    @post(status_code=303, sync_to_thread=True)
    def save(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """What the list shows, under a new name or in place of a view that there is."""
        try:
            query = kept_query(form.value("query"))
            with form.reading() as reader:
                replaces = _id(form.value("replaces"))
                name = (reader.line if replaces is None else reader.line_or_none)("name", most=LONGEST_NAME)
            if replaces is None:
                kept = work.saved_views.save(person, name or "", query, shared=bool(form.value("shared")))
            else:
                kept = work.saved_views.change(person, replaces, name, query)
        except Refused as refused:
            return _page(request, person, work, form.refused(refused.refusals), 422)
        said = language_of(request).gettext(N_("Saved as “%(name)s”.")) % {"name": kept.name}
        return see_other(request, _address(kept), said)

    @get("/{view:uuid}", sync_to_thread=True)
    def open(
        self, person: NamedDependency[Person], work: NamedDependency[Casework], view: FromPath[UUID]
    ) -> Response[Any]:
        """The address that stays, whatever the view shows by then."""
        return Redirect(_address(work.saved_views.open(person, view)), status_code=303)

    @post("/{view:uuid}", status_code=303, sync_to_thread=True)
    def change(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
        view: FromPath[UUID],
    ) -> Response[Any]:
        """Another name, and whether it is shared."""
        try:
            with form.reading() as reader:
                name = reader.line("name", most=LONGEST_NAME)
            shared = bool(form.value("shared")) if may_share(person) else None
            kept = work.saved_views.change(person, view, name, shared=shared)
        except Refused as refused:
            return _page(request, person, work, Form().refused(refused.refusals), 422)
        said = language_of(request).gettext(N_("Saved as “%(name)s”.")) % {"name": kept.name}
        return see_other(request, HERE, said)

    @post("/{view:uuid}/remove", status_code=303, sync_to_thread=True)
    def remove(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        view: FromPath[UUID],
    ) -> Response[Any]:
        gone = work.saved_views.remove(person, view)
        said = language_of(request).gettext(N_("“%(name)s” is removed.")) % {"name": gone.name}
        return see_other(request, HERE, said)


def query_string(query: RegisterQuery) -> str:
    """What a view of this list keeps."""
    return urlencode(pairs_of(query))


def kept_views(
    person: Person, work: Casework, names: Names, query: RegisterQuery | None = None, path: str = PATH
) -> list[Kept]:
    """Own and shared ones; `query` is what the page shows now, and `path` the page that is to show them."""
    shown = None if query is None else query_string(query)
    return [
        Kept(
            id=str(view.id),
            name=view.name,
            href=_address(view, path),
            shared=view.shared,
            by=names.person(view.owner) if view.owner != person.account else "",
            current=view.query == shown,
            mine_to_change=may_change(person, view),
        )
        for view in work.saved_views.all(person)
    ]


def replaceable(kept: Sequence[Kept]) -> list[tuple[str, str]]:
    return [(view.id, view.name) for view in kept if view.mine_to_change]


def _address(view: SavedView, path: str = PATH) -> str:
    return f"{path}?{view.query}" if view.query else path


def kept_query(given: str) -> str:
    """Read and written anew, so that nothing is kept that the register does not understand. Raises Refused."""
    try:
        asked = Form(parse_qsl(given[: 2 * LONGEST_QUERY], max_num_fields=MOST_FIELDS))
    except ValueError:
        asked = Form([("column", "?")])
    query, read = readable(asked)
    kept = query_string(query)
    if read.refusals or len(kept) > LONGEST_QUERY:
        raise Refused(Refusal("saved-view.unreadable"))
    return kept


def _id(typed: str) -> UUID | None:
    """Raises Refused."""
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise Refused(Refusal("form.choice-unknown", field="replaces")) from None


def _page(request: PageRequest, person: Person, work: Casework, form: Form, status: int = 200) -> Response[Any]:
    kept = kept_views(person, work, names_for(request, work))
    return page(
        request,
        "initiatives/views.html",
        status=status,
        form=form,
        labels=LABELS,
        kept=kept,
        may_share=may_share(person),
        replaceable=replaceable(kept),
        saving="query" in dict(form.fields),
    )
