"""Partners abroad: the list, one partner's file, and the deeds on it."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.handling import Request
from application.ports import Conflict
from application.reading import History, NotFound
from application.rights import may, require
from application.script import fold, latin
from application.views.partners import PartnerFile
from application.views.register import RegisterQuery
from domain.kernel import Refused
from domain.partners.decisions import RegisterPartner
from domain.partners.events import PartnerKind
from web.casework import Casework
from web.forms import Form
from web.initiatives.commanding import partner_named
from web.initiatives.filters import address
from web.initiatives.history import entries_of, in_order
from web.initiatives.listing import pager_pages, rows_of
from web.initiatives.naming import foreign, other_name
from web.initiatives.opening import names_for
from web.initiatives.presenting import Teller, word
from web.initiatives.reading import converted, read_questions, seen_version
from web.initiatives.words import LANGUAGES
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page, see_other
from web.partners.asking import PATH, opening, partner_form, registration_form
from web.partners.listing import list_address, read_list
from web.partners.words import PARTNER_DEEDS, REGISTER
from web.session import PageRequest, language_of

_MOST_CASES = 40


class PartnerPages(Controller):
    path = PATH

    @get(past=True, sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        query, asked = read_list(asked)
        found = work.reading.partners(person, query)
        spoken = language_of(request)
        return page(
            request,
            "partners/list.html",
            status=400 if asked.refusals else 200,
            asked=asked,
            query=query,
            found=found,
            rows=[(file, foreign(file.partner), word(file.partner.kind, spoken)) for file in found.partners],
            countries=[(o, spoken.country(o.value)) for o in found.countries],
            pages=pager_pages(query.page, found.pages, lambda number: list_address(query, page=number)),
            chips=[
                (spoken.country(c), list_address(query, countries=tuple(o for o in query.countries if o != c)))
                for c in query.countries
            ],
            without_text=list_address(query, text=""),
            may_register=may(person, "register-partner") and not work.reading.as_of,
        )

    @get("/suggestions", sync_to_thread=True)
    def suggestions(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """A fragment: options for what is being typed. The field may be called `partner` or `into`."""
        typed = (asked.value("partner") or asked.value("into"))[:200]
        found = work.reading.partners_like(person, typed, None) if typed.strip() and typed.isprintable() else ()
        return page(request, "partners/_suggestions.html", found=[_suggestion(file, typed) for file in found])

    @get("/new", sync_to_thread=True)
    def showregistration_form(
        self, request: PageRequest, person: NamedDependency[Person], work: NamedDependency[Casework]
    ) -> Response[Any]:
        require(person, "register-partner")
        form = Form.showing(kind=PartnerKind.LOCAL_GOVERNMENT.value)
        return page(request, "partners/deed.html", deed=registration_form(names_for(request, work), form), file=None)

    @post("/new", status_code=303, sync_to_thread=True)
    def register(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        require(person, "register-partner")
        try:
            read = read_questions(form, REGISTER)
            command = converted(read.values, RegisterPartner)
            done = work.keeping_partners.register(person, Request(key=form.key, command=command))
        except Refused as refused:
            back = registration_form(names_for(request, work), form.refused(refused.refusals))
            return page(request, "partners/deed.html", status=422, deed=back, file=None)
        _ = work.views.caught_up(done.position)
        return see_other(request, f"{PATH}/{done.stream}", language_of(request).gettext(N_("It is recorded.")))

    @get("/{partner:uuid}", past=True, sync_to_thread=True)
    def open(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        partner: FromPath[UUID],
    ) -> Response[Any]:
        file = work.reading.partner(person, partner)
        names = names_for(request, work)
        query = RegisterQuery(partner=file.id, size=_MOST_CASES)
        cases = work.reading.register(person, query)
        history = work.reading.partner_history(person, partner)
        now = work.reading.as_of is None
        deeds = [(code, PARTNER_DEEDS[code]) for code in PARTNER_DEEDS if now and may(person, "edit-partner")]
        return page(
            request,
            "partners/file.html",
            file=file,
            name=foreign(file.partner),
            kind=word(file.partner.kind, names.spoken),
            others=[
                (other_name(name, names.spoken), word(name.kind, names.spoken), LANGUAGES.get(name.language or "", ""))
                for name in file.partner.names
            ],
            cases=rows_of(cases.rows, names),
            total=cases.total,
            all_cases=address(RegisterQuery(partner=file.id)),
            entries=in_order(entries_of(history.facts, Teller(names, history.texts, {})), recorded=True),
            deeds=deeds if file.partner.merged_into is None else [],
            may_propose=now and may(person, "propose"),
        )

    @get("/{partner:uuid}/{deed:str}", sync_to_thread=True)
    def show_deed(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        partner: FromPath[UUID],
        deed: FromPath[str],
    ) -> Response[Any]:
        require(person, "edit-partner")
        file = _file(person, work, partner, deed)
        return page(
            request,
            "partners/deed.html",
            deed=partner_form(file, deed, names_for(request, work), opening(file, deed)),
            file=file,
        )

    @post("/{partner:uuid}/{deed:str}", status_code=303, sync_to_thread=True)
    def carry_out(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
        partner: FromPath[UUID],
        deed: FromPath[str],
    ) -> Response[Any]:
        require(person, "edit-partner")
        file = _file(person, work, partner, deed)
        names = names_for(request, work)
        try:
            asked_for = _request(form, deed, person, work)
            done = work.keeping_partners.edit(person, partner, asked_for)
        except Refused as refused:
            back = partner_form(file, deed, names, form.refused(refused.refusals))
            return page(request, "partners/deed.html", status=422, deed=back, file=file)
        except Conflict:
            return _conflict(request, person, work, partner, deed, form)
        _ = work.views.caught_up(done.position)
        said = N_("This had been recorded already; nothing was added.") if done.repeated else N_("It is recorded.")
        return see_other(request, f"{PATH}/{partner}", names.spoken.gettext(said))


def with_country(file: PartnerFile) -> str:
    """`Bursa (TR)`, as the forms read it back."""
    return f"{foreign(file.partner)} ({file.partner.country})"


def _suggestion(file: PartnerFile, typed: str) -> tuple[str, str]:
    """What is entered, and the other name by which it was found: browsers offer nothing that lacks what was typed."""
    shown, wanted = with_country(file), fold(typed)
    if wanted in fold(shown):
        return shown, ""
    met = sorted((name.name for name in file.partner.names if wanted in fold(name.name)), key=len)
    if not met:
        return shown, ""
    return shown, f"{met[0] if latin(typed) != typed else latin(met[0])} – {shown}"


def _request(form: Form, deed: str, person: Person, work: Casework) -> Request:
    """Raises Refused."""
    read = read_questions(form, PARTNER_DEEDS[deed].questions)
    values = dict(read.values)
    if deed == "merge":
        values["into"] = partner_named(values["into"], person, work, "into")
    command = converted(values, PARTNER_DEEDS[deed].command)
    return Request(key=form.key, command=command, entries=read.entries, seen=seen_version(form))


def _file(person: Person, work: Casework, partner: UUID, deed: str) -> PartnerFile:
    if deed not in PARTNER_DEEDS:
        raise NotFound(deed)
    return work.reading.partner(person, partner)


def _conflict(
    request: PageRequest, person: Person, work: Casework, partner: UUID, deed: str, form: Form
) -> Response[Any]:
    """409, as for a case: what is new beside the person's own input."""
    file, names = work.reading.partner(person, partner), names_for(request, work)
    history: History = work.reading.partner_history(person, partner)
    version, seen = history.facts[-1].version, seen_version(form) or 0
    entries = entries_of(history.facts, Teller(names, history.texts, {}))
    made = msgspec.structs.replace(partner_form(file, deed, names, form), seen=version)
    news = [entry for entry in entries if entry.version > seen]
    return page(request, "partners/deed.html", status=409, deed=made, file=file, news=news)
