"""Asking a side abroad: the coordinator makes a link, the side opens it without an account and answers once."""

from typing import Any, Final

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.asking_sides import ANSWERABLE, MOST_DAYS, Answer, Asked
from application.rights import require
from domain.initiatives.sides import recorded
from domain.initiatives.terms import PartyStatus
from domain.kernel import Refused
from web.casework import Casework
from web.forms import LINE, Form
from web.initiatives.naming import Names
from web.initiatives.opening import OpenCase, open_case
from web.initiatives.presenting import word
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page
from web.parts import Parts
from web.session import PageRequest, language_of, speak

DAYS: Final = 30
_READ_SERBIAN: Final = frozenset({"BA", "HR", "ME"})
_QUESTIONS: Final = {
    PartyStatus.DECIDED: N_("Our assembly or council decided on the cooperation on"),
    PartyStatus.SIGNED: N_("The agreement was signed on"),
    PartyStatus.IN_FORCE: N_("For us it is in force since"),
    PartyStatus.WITHDRAWN: N_("For us it ended on"),
}
_LABELS: Final = {
    **{status.value: text for status, text in _QUESTIONS.items()},
    "name": N_("Your name"),
    "office": N_("Your office"),
    "remark": N_("Anything else that we should know"),
}


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the side is asked, with what stands in the register."""

    name: str
    text: str
    known: str


class AskSidePages(Controller):
    path = "/initiatives/{number:str}/ask"

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        number: FromPath[str],
        asked: NamedDependency[Form],
    ) -> Response[Any]:
        require(person, "ask-side")
        case = open_case(request, person, work, number)
        party = asked.value("party")
        opened = Form.showing(party=party, locale=_locale_of(case, party), days=str(DAYS))
        return _asking(request, case, opened)

    @post(status_code=200, sync_to_thread=True)
    def ask(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
        number: FromPath[str],
        form: NamedDependency[Form],
    ) -> Response[Any]:
        require(person, "ask-side")
        case = open_case(request, person, work, number)
        try:
            with form.reading() as read:
                days = read.number("days", least=1, most=MOST_DAYS)
            secret = parts.asking_sides.ask(person, number, form.value("party"), form.value("locale"), days)
        except Refused as refused:
            return _asking(request, case, form.refused(refused.refusals), status=422)
        address = f"{parts.settings.base_url.rstrip('/')}/confirm/{secret}"
        side = case.teller.side(form.value("party"))
        return page(request, "initiatives/side_link.html", case=case, side=side, address=address, days=days)


class ConfirmPages(Controller):
    """Whoever has the link may answer; nothing else is shown but what the answer is about."""

    path = "/confirm/{secret:str}"
    opt = {"public": True}  # noqa: RUF012 - as Litestar takes it

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        work: NamedDependency[Casework],
        secret: FromPath[str],
    ) -> Response[Any]:
        asked = parts.asking_sides.asked(secret)
        return _question_page(request, work, asked, Form()) if asked else _over(request)

    @post(status_code=200, sync_to_thread=True)
    def answer(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        work: NamedDependency[Casework],
        secret: FromPath[str],
        form: NamedDependency[Form],
    ) -> Response[Any]:
        asked = parts.asking_sides.asked(secret)
        if asked is None:
            return _over(request)
        try:
            done = parts.asking_sides.answer(secret, _answer(form))
        except Refused as refused:
            return _question_page(request, work, asked, form.refused(refused.refusals), status=422)
        if done is None:
            return _over(request)
        speak(request, asked.link.locale)
        return page(request, "initiatives/confirmed.html")


def _answer(form: Form) -> Answer:
    """Raises Refused, each reason at its field."""
    with form.reading() as read:
        days = {status: day for status in ANSWERABLE if (day := read.date_or_none(status.value))}
        name, office = read.line("name", most=90), read.line("office", most=100)
        remark = read.text_or_none("remark")
    return Answer(days=days, source=office, told_by=f"{name}, {office}"[:LINE], remark=remark)


def _locale_of(case: OpenCase, party: str) -> str:
    """In which the side most likely reads."""
    countries = {str(id_): partner.country for id_, partner in case.file.partners.items()}
    if not party:
        party = next((p.key for p in case.state.parties if p.partner), "")
    return "sr-Latn" if countries.get(party) in _READ_SERBIAN else "en"


def _asking(request: PageRequest, case: OpenCase, form: Form, status: int = 200) -> Response[Any]:
    abroad = [(party.key, case.teller.side(party.key)) for party in case.state.parties if party.partner]
    return page(request, "initiatives/ask_side.html", status=status, case=case, form=form, sides=abroad)


def _question_page(request: PageRequest, work: Casework, asked: Asked, form: Form, status: int = 200) -> Response[Any]:
    speak(request, asked.link.locale)
    spoken = language_of(request)
    names = Names(spoken, work.local_governments, work.accounts, work.procedures.now())
    known = {claim.status: claim.on for claim in recorded(asked.state)}
    questions = [
        Question(
            name=status_.value,
            text=spoken.gettext(_QUESTIONS[status_]),
            known=spoken.date(day) if (day := known.get(status_)) else "",
        )
        for status_ in ANSWERABLE
    ]
    return page(
        request,
        "initiatives/confirm.html",
        status=status,
        form=form,
        questions=questions,
        homes=", ".join(names.unit(home.local_government) for home in asked.state.home if home.local_government),
        side=asked.side,
        kind=word(asked.state.kind, spoken),
        until=asked.link.ends_at,
        labels=_LABELS,
    )


def _over(request: PageRequest) -> Response[Any]:
    return page(request, "initiatives/confirm_over.html", status=410)
