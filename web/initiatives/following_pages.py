"""Following a case, and the list of those that a person follows."""

from datetime import datetime
from typing import Any, Final

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.views.followed import FollowedCase
from domain.kernel import Refused
from web.casework import Casework
from web.forms import Form
from web.initiatives.naming import Names, Pair
from web.initiatives.opening import names_for
from web.initiatives.sentences import SENTENCES
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page, see_other
from web.parts import Parts
from web.refusals import sentence
from web.session import PageRequest, language_of

PATH: Final = "/followed"
_PAST: Final = N_("These are the cases that you follow today, and “new” is what you have not looked at until today.")
"""Whom somebody followed earlier, and had looked at, is not kept."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    pair: Pair
    number: str
    href: str
    stage: str
    changes: int
    newest: str
    who: str
    at: datetime


class FollowingPages(Controller):
    path = "/"

    @get(PATH, past=True, past_note=_PAST, sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """Every case that the person follows; those with news say how much is new."""
        found = work.reading.followed(person)
        names = names_for(request, work)
        return page(
            request,
            "initiatives/followed.html",
            lines=[_line(one, names) for one in found],
            position=max((one.position for one in found), default=0),
            news=any(one.changes for one in found),
            later=not found and bool(parts.work.reading.followed(person)),
        )

    @post(f"{PATH}/seen", status_code=303, sync_to_thread=True)
    def seen(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """What the page had shown is no news any more."""
        with form.reading() as reader:
            position = reader.number_or_none("position", least=0, most=999_999_999)
        work.following.look(person, position or 0)
        return see_other(request, PATH)

    @post("/initiatives/{number:str}/follow", status_code=303, sync_to_thread=True)
    def follow(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
        number: FromPath[str],
    ) -> Response[Any]:
        """`do` is `unfollow` to stop."""
        spoken, path = language_of(request), f"/initiatives/{number}"
        if form.value("do") == "unfollow":
            work.following.unfollow(person, number)
            return see_other(request, path, spoken.gettext(N_("You do not follow the case any more.")))
        try:
            work.following.follow(person, number)
        except Refused as refused:
            return see_other(request, path, sentence(refused.refusals[0], spoken))
        then = (PATH, spoken.gettext(N_("Followed cases")))
        return see_other(
            request, path, spoken.gettext(N_("You follow the case: what changes is listed for you.")), then
        )


def _line(one: FollowedCase, names: Names) -> Line:
    return Line(
        pair=names.short_pair(one.case.home, one.case.partners),
        number=one.case.number,
        href=f"/initiatives/{one.case.number}",
        stage=one.case.stage.value,
        changes=one.changes,
        newest=names.spoken.gettext(SENTENCES[one.tag].text),
        who=names.person(one.actor),
        at=one.recorded_at,
    )
