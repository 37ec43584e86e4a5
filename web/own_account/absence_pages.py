"""Absences: one's own, and of those for whom one may enter them; who stands in meanwhile."""

from collections.abc import Sequence
from typing import Any, Final, cast
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.absences import EnterAbsence
from application.access import Person
from application.accounts import Account
from domain.kernel import AccountId, Refused
from web.forms import Form
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.menu import OWN_ACCOUNT
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest, language_of
from web.words import ROLES

PATH: Final = f"{OWN_ACCOUNT}/absence"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One absence, present or coming."""

    who: str
    substitute: str
    days: str
    entered: str
    href: str
    """Where it is ended."""
    now: bool


class AbsencePages(Controller):
    path = PATH

    @get(sync_to_thread=True)
    def show(
        self, request: PageRequest, person: NamedDependency[Person], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        return _absences(request, person, parts, Form.showing(account=str(person.account)))

    @post(status_code=303, sync_to_thread=True)
    def enter(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        keeping, spoken = parts.keeping_absences, language_of(request)
        try:
            people, substitutes = keeping.people(person), keeping.substitutes(person)
            with form.reading() as read:
                wish = EnterAbsence(
                    account=_chosen(read.one_of("account", _ids(people)) or read.line("account")),
                    substitute=_chosen(read.one_of("substitute", _ids(substitutes)) or read.line("substitute")),
                    first_day=read.day("first_day"),
                    last_day=read.day("last_day"),
                )
            absence = keeping.enter(person, wish)
        except Refused as refused:
            return _absences(request, person, parts, form.refused(refused.refusals), status=422)
        names = {one.id: one.name for one in (*people, *substitutes)}
        said = spoken.gettext(N_("%(substitute)s stands in for %(name)s: %(days)s."))
        days = {"days": _days(absence.first_day, absence.last_day, spoken)}
        return see_other(
            request, PATH, said % {"substitute": names[absence.substitute], "name": names[absence.account], **days}
        )

    @post("/{absence:uuid}/end", status_code=303, sync_to_thread=True)
    def end(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        absence: FromPath[UUID],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        try:
            parts.keeping_absences.end(person, absence)
        except Refused as refused:
            blank = Form.showing(account=str(person.account)).refused(refused.refusals)
            return _absences(request, person, parts, blank, status=422)
        return see_other(request, PATH, language_of(request).gettext(N_("The absence is over.")))


def _chosen(value: str | None) -> AccountId:
    """One of the ids offered. Where nothing was chosen the form is refused, and the value never used."""
    return AccountId(UUID(value)) if value else cast("AccountId", None)


def _ids(accounts: Sequence[Account]) -> frozenset[str]:
    return frozenset(str(account.id) for account in accounts)


def _absences(request: PageRequest, person: Person, parts: Parts, form: Form, status: int = 200) -> Response[Any]:
    spoken, keeping, today = language_of(request), parts.keeping_absences, parts.work.reading.today()
    people, known = keeping.people(person), parts.work.accounts.lately()
    rows = [
        Row(
            who=known[one.account].name,
            substitute=known[one.substitute].name,
            days=_days(one.first_day, one.last_day, spoken),
            entered=known[one.entered_by].name if one.entered_by in known else "",
            href=f"{PATH}/{one.id}/end",
            now=one.covers(today),
        )
        for one in keeping.shown(person)
    ]
    return page(
        request,
        "own_account/absence.html",
        status=status,
        form=form,
        rows=rows,
        people=_options(people, parts, spoken),
        substitutes=_options(keeping.substitutes(person), parts, spoken),
    )


def _days(first: Any, last: Any, spoken: Language) -> str:
    return f"{spoken.date(first)} – {spoken.date(last)}"


def _options(accounts: Sequence[Account], parts: Parts, spoken: Language) -> Sequence[tuple[str, str]]:
    """Name, and as what: a substitute has the same role in the same town."""
    return [(str(account.id), f"{account.name} ({_role(account, parts, spoken)})") for account in accounts]


def _role(account: Account, parts: Parts, spoken: Language) -> str:
    unit = parts.local_governments.by_code.get(account.local_government or "")
    role = spoken.gettext(ROLES[account.role])
    return f"{role}, {spoken.name(unit.name)}" if unit else role
