"""What is done with one subscription: try, begin, pause, rotate, release; and disable, which administrators do."""

from datetime import timedelta
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from domain.kernel import Refused
from domain.subscriptions.decisions import LONGEST_OVERLAP
from domain.subscriptions.subscription import Standing
from web.admin.subscriptions import show_secret
from web.admin.subscriptions_one import show_one
from web.admin.subscriptions_sides import ADMINISTRATORS, KEEPERS, address_of, desk_page, known_code
from web.forms import Form
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import see_other
from web.parts import Parts
from web.session import PageRequest, language_of

_OVERLAP: Final = 24
_LONGEST_SUBJECT: Final = 80


class KeptDeedPages(Controller):
    path = KEEPERS.path

    @post("/{code:str}/test", status_code=303, sync_to_thread=True)
    def test(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """The answer stands on the page of the subscription."""
        desk = parts.subscriptions
        try:
            with desk.mendable():
                answer = desk.keeping.test(person, known_code(request, person, code))
        except Refused as refused:
            return show_one(request, person, code, form.refused(refused.refusals), 422)
        said = (
            N_("The test delivery was taken.") if answer.accepted else N_("The test delivery was not taken. See why.")
        )
        return see_other(request, f"{address_of(request, code)}#test", language_of(request).gettext(said))

    @post("/{code:str}/resume", status_code=303, sync_to_thread=True)
    def resume(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        try:
            parts.subscriptions.keeping.resume(person, known_code(request, person, code), form.key)
        except Refused as refused:
            return show_one(request, person, code, form.refused(refused.refusals), 422)
        return see_other(request, address_of(request, code), language_of(request).gettext("Deliveries go on."))

    @post("/{code:str}/pause", status_code=303, sync_to_thread=True)
    def pause(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        try:
            parts.subscriptions.keeping.pause(person, known_code(request, person, code), form.key)
        except Refused as refused:
            return show_one(request, person, code, form.refused(refused.refusals), 422)
        said = language_of(request).gettext("Deliveries rest. What comes meanwhile is delivered later.")
        return see_other(request, address_of(request, code), said)

    @get("/{code:str}/rotate", sync_to_thread=True)
    def ask_how_to_rotate(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        known_code(request, person, code)
        return _rotation(request, person, code, Form.showing(overlap_hours=str(_OVERLAP)), parts)

    @post("/{code:str}/rotate", status_code=200, sync_to_thread=True)
    def rotate(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """The one page on which the new secret can be read."""
        desk = parts.subscriptions
        known_code(request, person, code)
        try:
            with form.reading() as read:
                hours = read.number("overlap_hours", least=0, most=LONGEST_OVERLAP)
            with desk.mendable():
                opened = desk.keeping.rotate(person, code, form.key, hours, lost=bool(form.value("lost")))
        except Refused as refused:
            return _rotation(request, person, code, form.refused(refused.refusals), parts, 422)
        return show_secret(request, person, parts, code, opened)

    @post("/{code:str}/release", status_code=303, sync_to_thread=True)
    def release(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """One case by its number, or all that are parked."""
        mending, spoken = parts.subscriptions.mending, language_of(request)
        known_code(request, person, code)
        if form.value("all"):
            number = mending.release_all(person, code, form.key)
            said = spoken.count("%(num)s case is tried again.", "%(num)s cases are tried again.", number)
            return see_other(request, address_of(request, code), said)
        subject = form.value("subject")[:_LONGEST_SUBJECT]
        try:
            mending.release(person, code, form.key, subject)
        except Refused as refused:
            return show_one(request, person, code, form.refused(refused.refusals), 422)
        said = spoken.gettext("%(case)s is tried again; what waits behind it follows in its order.")
        return see_other(request, address_of(request, code), said % {"case": subject})


class SubscriptionDeedPages(KeptDeedPages):
    path = ADMINISTRATORS.path

    @get("/{code:str}/disable", sync_to_thread=True)
    def ask_whether_to_disable(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """What will happen, before it does."""
        row = parts.subscriptions.reading.one(person, known_code(request, person, code))
        if row.state.standing is Standing.DISABLED:
            return see_other(request, address_of(request, code))
        return desk_page(request, "admin/subscription_disable.html", row=row, at=address_of(request, code))

    @post("/{code:str}/disable", status_code=303, sync_to_thread=True)
    def disable(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        parts.subscriptions.keeping.disable(person, known_code(request, person, code), form.key)
        said = language_of(request).gettext("The subscription is disabled. Nothing is delivered any more.")
        return see_other(request, address_of(request, code), said)


def _rotation(
    request: PageRequest, person: Person, code: str, form: Form, parts: Parts, status: int = 200
) -> Response[Any]:
    """Raises NotFound."""
    state, now = parts.subscriptions.keeping.one(person, code), parts.clock()
    return desk_page(
        request,
        "admin/subscription_rotate.html",
        status=status,
        form=form,
        state=state,
        at=address_of(request, code),
        keys=state.signs(now),
        most=LONGEST_OVERLAP,
        usual_until=now + timedelta(hours=_OVERLAP),
    )
