"""Asking a side abroad: the coordinator makes a link, the side opens it without an account and answers once."""

from typing import Any, Final

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.asking_sides import ANSWERABLE, MOST_DAYS, Answer, Asked
from application.languages_abroad import language_of_country
from application.rights import require
from domain.initiatives.sides import recorded
from domain.initiatives.terms import Kind, PartyStatus
from domain.kernel import Refused
from domain.partners.events import NameKind
from web.casework import Casework
from web.forms import LINE, Form
from web.initiatives.naming import Names
from web.initiatives.opening import OpenCase, open_case
from web.initiatives.presenting import word
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page
from web.parts import Parts
from web.session import PageRequest, address_of, language_of, speak_abroad
from web.words import LANGUAGES_ABROAD

DAYS: Final = 30
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


REFUSALS: Final = (
    "exchange.nothing-said",
    "form.missing",
    "form.too-long",
    "form.invisible",
    "date.unclear",
    "date.impossible",
    "date.out-of-range",
    "date.in-future",
)
"""What the side may be told when its answer comes back, translated into each of its languages."""


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
    opt = {"public": True, "secret": True}  # noqa: RUF012 - as Litestar takes it

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        work: NamedDependency[Casework],
        secret: FromPath[str],
    ) -> Response[Any]:
        asked = parts.asking_sides.asked(secret)
        return _question_page(request, work, asked, Form()) if asked else _over_page(request)

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
            return _over_page(request)
        try:
            done = parts.asking_sides.answer(secret, _answer(form))
        except Refused as refused:
            if (still := parts.asking_sides.asked(secret)) is None:
                return _over_page(request, asked.link.locale)
            return _question_page(request, work, still, form.refused(refused.refusals), status=422)
        if done is None:
            return _over_page(request, asked.link.locale)
        return _page_abroad(request, "initiatives/confirmed.html", asked.link.locale)


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
    return language_of_country(countries.get(party, ""))


def _asking(request: PageRequest, case: OpenCase, form: Form, status: int = 200) -> Response[Any]:
    abroad = [(party.key, case.teller.side(party.key)) for party in case.state.parties if party.partner]
    languages = LANGUAGES_ABROAD.items()
    return page(
        request, "initiatives/ask_side.html", status=status, case=case, form=form, sides=abroad, languages=languages
    )


def _question_page(request: PageRequest, work: Casework, asked: Asked, form: Form, status: int = 200) -> Response[Any]:
    speak_abroad(request, asked.link.locale)
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
    return _page_abroad(
        request,
        "initiatives/confirm.html",
        asked.link.locale,
        status=status,
        form=form,
        questions=questions,
        homes=", ".join(names.short(home.local_government) for home in asked.state.home if home.local_government),
        side=_name(asked, spoken),
        kind="" if asked.state.kind is Kind.UNKNOWN else word(asked.state.kind, spoken),
        labels=_LABELS,
    )


def _name(asked: Asked, spoken: Language) -> str:
    """The side's name as it is written in the language of the page, where the register has that."""
    code = spoken.code.partition("-")[0]
    own = (name.name for name in asked.names if name.language == code and name.kind is not NameKind.FORMER)
    return asked.side if spoken.serbian else next(own, asked.side)


def _over_page(request: PageRequest, locale: str = "") -> Response[Any]:
    return _page_abroad(request, "initiatives/confirm_over.html", locale, status=410)


def _page_abroad(request: PageRequest, template: str, locale: str, status: int = 200, **context: Any) -> Response[Any]:
    """Offers every language in which a side may be asked, and leads nowhere else."""
    speak_abroad(request, locale)
    return page(request, template, status=status, languages=LANGUAGES_ABROAD, home=address_of(request), **context)
