"""Requests of persons whose data are kept: the list, one of them, and its answer."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.people import KeepingPeople
from application.people_requests import File, ReceivedRequest
from application.people_requests import Row as Known
from domain.kernel import Refused
from domain.people import events as e
from web.admin.people_words import fact_sentence
from web.clocks import past_of
from web.forms import Form
from web.initiatives.words import REFUSAL_GROUNDS
from web.initiatives.words import REQUEST_KINDS as KINDS
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest, language_of

PATH: Final = "/admin/people"
LONGEST_CONTACT: Final = 300
ERASED: Final = N_("[erased]")
_PAST: Final = N_("What was erased since stays erased.")
_OUTCOMES: Final = {e.RequestGranted: N_("granted"), e.RequestRefused: N_("refused")}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One request in the list."""

    number: str
    href: str
    name: str
    kind: str
    received: str
    due: Any
    """A date while the request waits for its answer, else None."""
    outcome: str


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of a request; several alike of one moment are told once."""

    at: str
    who: str
    says: str
    words: str
    times: int = 1


class PeoplePages(Controller):
    path = PATH

    @get(past=True, past_note=_PAST, sync_to_thread=True)
    def show(
        self, request: PageRequest, person: NamedDependency[Person], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        return _list(request, person, parts, Form())

    @post(status_code=303, sync_to_thread=True)
    def receive(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        try:
            with form.reading() as read:
                asked = ReceivedRequest(
                    kind=read.choice("kind", e.RequestKind),
                    received_on=read.day("received_on"),
                    name=read.line("name"),
                    contact=read.line("contact", most=LONGEST_CONTACT),
                    words=read.text_or_none("words"),
                )
            done = parts.keeping_people.receive(person, form.key, asked)
        except Refused as refused:
            return _list(request, person, parts, form.refused(refused.refusals), status=422)
        said = language_of(request).gettext("The request %(number)s is entered.")
        return see_other(request, f"{PATH}/{done.number}", said % {"number": done.number})

    @get("/{number:str}", past=True, past_note=_PAST, sync_to_thread=True)
    def open(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        number: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        return request_page(request, person, parts, number, Form())

    @post("/{number:str}/delay", status_code=303, sync_to_thread=True)
    def delay(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        number: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        try:
            with form.reading() as read:
                reason = read.text("delay_reason")
            parts.keeping_people.delay(person, number, form.key, reason)
        except Refused as refused:
            return request_page(request, person, parts, number, form.refused(refused.refusals), status=422)
        return see_other(request, f"{PATH}/{number}", language_of(request).gettext("The new last day is entered."))

    @post("/{number:str}/grant", status_code=303, sync_to_thread=True)
    def grant(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        number: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        try:
            with form.reading() as read:
                remark = read.text_or_none("remark")
            parts.keeping_people.grant(person, number, form.key, remark)
        except Refused as refused:
            return request_page(request, person, parts, number, form.refused(refused.refusals), status=422)
        return see_other(request, f"{PATH}/{number}", language_of(request).gettext("The answer is entered."))

    @post("/{number:str}/refuse", status_code=303, sync_to_thread=True)
    def refuse(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        number: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        try:
            with form.reading() as read:
                ground, reason = read.choice("refusal_ground", e.RefusalGround), read.text("refusal_reason")
            parts.keeping_people.refuse(person, number, form.key, ground, reason)
        except Refused as refused:
            return request_page(request, person, parts, number, form.refused(refused.refusals), status=422)
        return see_other(request, f"{PATH}/{number}", language_of(request).gettext("The answer is entered."))


def request_page(
    request: PageRequest, person: Person, parts: Parts, number: str, form: Form, status: int = 200
) -> Response[Any]:
    """One request, with what can be done about it. Raises NotFound, Forbidden."""
    spoken, file = language_of(request), _keeping(request, parts).open(person, number)
    name = file.name
    erased = spoken.gettext(ERASED)
    about = file.texts.get(file.request.person)
    return page(
        request,
        "admin/person_request.html",
        status=status,
        form=form,
        asked=file.request,
        kind=spoken.gettext(KINDS[file.request.kind]),
        name=name or erased,
        contact=about.partition("\n")[2] if about else erased,
        own_words=(file.texts.get(file.request.words) or erased) if file.request.words else "",
        searched=name or "",
        events=list(_events(file, parts, spoken)),
        done=len(file.request.erased) or len(file.request.corrected),
        grounds=[(ground.value, spoken.gettext(text)) for ground, text in REFUSAL_GROUNDS.items()],
    )


def _keeping(request: PageRequest, parts: Parts) -> KeepingPeople:
    past = past_of(request)
    return parts.keeping_people.at(past.as_of) if past else parts.keeping_people


def _list(request: PageRequest, person: Person, parts: Parts, form: Form, status: int = 200) -> Response[Any]:
    spoken = language_of(request)
    rows = [_row(known, spoken) for known in _keeping(request, parts).list(person)]
    kinds = [(kind.value, spoken.gettext(text)) for kind, text in KINDS.items()]
    return page(request, "admin/people.html", status=status, form=form, rows=rows, kinds=kinds)


def _row(known: Known, spoken: Language) -> Row:
    asked = known.request
    outcome = _OUTCOMES[type(asked.outcome)] if asked.outcome else ""
    return Row(
        number=asked.number,
        href=f"{PATH}/{asked.number}",
        name=known.name or spoken.gettext(ERASED),
        kind=spoken.gettext(KINDS[asked.kind]),
        received=spoken.date(asked.received_on),
        due=asked.due_on if asked.open else None,
        outcome=spoken.gettext(outcome) if outcome else "",
    )


def _events(file: File, parts: Parts, spoken: Language) -> Iterator[Event]:
    """The newest first."""
    accounts = parts.work.accounts.lately()
    last: Event | None = None
    for recorded in reversed(file.history):
        fact = recorded.fact
        ref = getattr(fact, "reason", None) or getattr(fact, "remark", None)
        event = Event(
            at=spoken.moment(recorded.recorded_at),
            who=accounts[recorded.actor].name if recorded.actor in accounts else "Pobratim",
            says=fact_sentence(fact, spoken),
            words=(file.texts.get(ref) or spoken.gettext(ERASED)) if ref else "",
        )
        if last and (last.at, last.who, last.says) == (event.at, event.who, event.says) and not event.words:
            last = msgspec.structs.replace(last, times=last.times + 1)
            continue
        if last:
            yield last
        last = event
    if last:
        yield last
