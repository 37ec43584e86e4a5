"""Saved inquiries of the log: kept from the page, opened by an address that stays, renamed and removed on their own
page. Coordinators share theirs, as they do with saved filters of the register."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from application.access import Person
from application.auditing import require_audit
from application.saved_views import LONGEST_NAME, LONGEST_QUERY, SavedView, may_change, may_share
from domain.kernel import Refusal, Refused
from web.audit.filters import PATH, pairs_of, readable
from web.audit.places import places
from web.casework import Casework
from web.forms import MOST_FIELDS, Form
from web.initiatives.naming import Names
from web.initiatives.opening import names_for
from web.initiatives.saved_view_pages import LABELS, Kept, replaceable
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page, see_other
from web.session import PageRequest, language_of

HERE: Final = "/audit/log/inquiries"


class InquiryPages(Controller):
    path = HERE

    @get(sync_to_thread=True)
    def show(
        self, request: PageRequest, person: NamedDependency[Person], work: NamedDependency[Casework]
    ) -> Response[Any]:
        require_audit(person)
        return _page(request, person, work, Form())

    @post(status_code=303, sync_to_thread=True)
    def save(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """The filters that the page shows, under a new name or in place of an inquiry that there is."""
        require_audit(person)
        try:
            query = _query(form, work)
            with form.reading() as reader:
                replaces = reader.one_of("replaces", [str(one.id) for one in work.inquiries.all(person)])
                name = (reader.line if replaces is None else reader.line_or_none)("name", most=LONGEST_NAME)
            if replaces is None:
                kept = work.inquiries.save(person, name or "", query, shared=bool(form.value("shared")))
            else:
                kept = work.inquiries.change(person, UUID(replaces), name, query)
        except Refused as refused:
            return _page(request, person, work, form.refused(refused.refusals), 422)
        return see_other(request, _address(kept), _said(request, kept))

    @get("/{inquiry:uuid}", sync_to_thread=True)
    def open(
        self, person: NamedDependency[Person], work: NamedDependency[Casework], inquiry: FromPath[UUID]
    ) -> Response[Any]:
        """The address that stays, whatever the inquiry asks by then."""
        require_audit(person)
        return Redirect(_address(work.inquiries.open(person, inquiry)), status_code=303)

    @post("/{inquiry:uuid}", status_code=303, sync_to_thread=True)
    def change(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
        inquiry: FromPath[UUID],
    ) -> Response[Any]:
        """Another name, and whether it is shared."""
        require_audit(person)
        try:
            with form.reading() as reader:
                name = reader.line("name", most=LONGEST_NAME)
            shared = bool(form.value("shared")) if may_share(person) else None
            kept = work.inquiries.change(person, inquiry, name, shared=shared)
        except Refused as refused:
            return _page(request, person, work, Form().refused(refused.refusals), 422)
        return see_other(request, HERE, _said(request, kept))

    @post("/{inquiry:uuid}/remove", status_code=303, sync_to_thread=True)
    def remove(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        inquiry: FromPath[UUID],
    ) -> Response[Any]:
        require_audit(person)
        gone = work.inquiries.remove(person, inquiry)
        said = language_of(request).gettext(N_("“%(name)s” is removed.")) % {"name": gone.name}
        return see_other(request, HERE, said)


def kept_inquiries(
    person: Person, work: Casework, names: Names, pairs: Sequence[tuple[str, str]] | None = None
) -> list[Kept]:
    """Own and shared ones; `pairs` are the filters that the page shows now."""
    shown = None if pairs is None else urlencode(pairs)
    return [
        Kept(
            id=str(one.id),
            name=one.name,
            href=_address(one),
            shared=one.shared,
            by=names.person(one.owner) if one.owner != person.account else "",
            current=one.query == shown,
            mine_to_change=may_change(person, one),
        )
        for one in work.inquiries.all(person)
    ]


def _address(inquiry: SavedView) -> str:
    return f"{PATH}?{inquiry.query}" if inquiry.query else PATH


def _said(request: PageRequest, kept: SavedView) -> str:
    return language_of(request).gettext(N_("Saved as “%(name)s”.")) % {"name": kept.name}


def _query(form: Form, work: Casework) -> str:
    """Only what the explorer understands is kept. Raises Refused."""
    try:
        asked = Form(parse_qsl(form.value("query")[: 2 * LONGEST_QUERY], max_num_fields=MOST_FIELDS))
    except ValueError:
        raise Refused(Refusal("saved-view.unreadable")) from None
    _, read = readable(asked, tuple(work.local_governments.by_code))
    kept = urlencode(pairs_of(asked))
    if read.refusals or len(kept) > LONGEST_QUERY:
        raise Refused(Refusal("saved-view.unreadable"))
    return kept


def _page(request: PageRequest, person: Person, work: Casework, form: Form, status: int = 200) -> Response[Any]:
    kept = kept_inquiries(person, work, names_for(request, work))
    return page(
        request,
        "audit/inquiries.html",
        status=status,
        places=places(person),
        form=form,
        labels=LABELS,
        kept=kept,
        may_share=may_share(person),
        replaceable=replaceable(kept),
        saving="query" in dict(form.fields),
    )
