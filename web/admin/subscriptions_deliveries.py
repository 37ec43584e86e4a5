"""What was sent to one subscriber and how it was answered, and what is sent again."""

import datetime as dt
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.handling import OFFICE
from application.past import Preparing
from application.subscriptions_ports import Outcome
from application.subscriptions_reading import Plan
from domain.kernel import Refused
from domain.subscriptions.subscription import Filter
from web import csrf
from web.admin.subscriptions_one import sent_lines, show_one
from web.admin.subscriptions_sides import ADMINISTRATORS, KEEPERS, address_of, desk_page, known_code
from web.audit.filters import cursor
from web.forms import Form, Reader
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import see_other
from web.parts import Parts
from web.session import PageRequest, language_of

ON_A_PAGE: Final = 25
OUTCOMES: Final = {
    None: N_("All"),
    Outcome.TAKEN: N_("Taken"),
    Outcome.NOT_TAKEN: N_("Not taken"),
    Outcome.TEST: N_("Tests"),
}
_LARGEST: Final = 999_999_999


class From(StrEnum):
    """From where is sent again."""

    BEGINNING = "beginning"
    DAY = "day"
    POSITION = "position"


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as the form carries it: what was shown is what is begun, unless the filter has changed since."""

    plan: Plan
    filter: Filter


class KeptDeliveryPages(Controller):
    path = KEEPERS.path

    @get("/{code:str}/deliveries", sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        asked: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        spoken, desk = language_of(request), parts.subscriptions
        state = desk.keeping.one(person, known_code(request, person, code))
        try:
            with asked.reading() as read:
                outcome, before = read.choice_or_none("outcome", Outcome), cursor(asked, read, "before")
        except Refused as refused:
            asked, outcome, before = asked.refused(refused.refusals), None, None
        found = desk.reading.deliveries(person, code, ON_A_PAGE + 1, before, outcome)
        shown = found[:ON_A_PAGE]
        here = f"{address_of(request, code)}/deliveries"
        return desk_page(
            request,
            "admin/subscription_deliveries.html",
            status=400 if asked.refusals else 200,
            asked=asked,
            state=state,
            at=address_of(request, code),
            sent=sent_lines(shown, spoken),
            outcomes=[
                (_address(here, outcome=one), spoken.gettext(text), one == outcome) for one, text in OUTCOMES.items()
            ],
            newest=_address(here, outcome=outcome) if before else "",
            older=_address(here, outcome=outcome, before=shown[-1].delivery.id) if len(found) > ON_A_PAGE else "",
        )


class DeliveryPages(KeptDeliveryPages):
    """And what is sent again, which administrators say."""

    path = ADMINISTRATORS.path

    @get("/{code:str}/replay", sync_to_thread=True)
    def ask_what_to_replay(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        asked: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """How far the running one is; else the plan of the one that is asked for."""
        known_code(request, person, code)
        return _replay(request, person, code, asked, parts)

    @post("/{code:str}/replay", status_code=303, sync_to_thread=True)
    def begin_replay(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """Only a plan that was shown here is begun, with the filter for which it was made."""
        desk, spoken = parts.subscriptions, language_of(request)
        state = desk.keeping.one(person, known_code(request, person, code))
        offer = offered(form.value("offer"), code, parts)
        if offer is None or offer.filter != state.filter:
            said = N_("The subscription has changed since the plan was made. This is the new one.")
            there = urlencode([("from", From.POSITION), ("after", form.value("after")[:12])])
            return see_other(request, f"{address_of(request, code)}/replay?{there}", spoken.gettext(said))
        try:
            desk.mending.begin_replay(person, code, form.key, offer.plan)
        except Refused as refused:
            return _replay(request, person, code, Form().refused(refused.refusals), parts, 422)
        return see_other(request, f"{address_of(request, code)}/replay", spoken.gettext("The replay begins."))

    @post("/{code:str}/replay/stop", status_code=303, sync_to_thread=True)
    def stop_replay(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        try:
            parts.subscriptions.mending.stop_replay(person, known_code(request, person, code), form.key)
        except Refused as refused:
            return show_one(request, person, code, form.refused(refused.refusals), 422)
        said = language_of(request).gettext("The replay is stopped; deliveries go on where they had stood.")
        return see_other(request, address_of(request, code), said)


def _replay(
    request: PageRequest, person: Person, code: str, asked: Form, parts: Parts, status: int = 200
) -> Response[Any]:
    desk = parts.subscriptions
    row, progress = desk.reading.one(person, code), desk.mending.progress(person, code)
    plan = counting = None
    if progress is None and asked.value("from") and not asked.refusals:
        try:
            with asked.reading() as read:
                after = _start(read, person, parts)
            plan = desk.planning.plan(person, code, after)
        except Refused as refused:
            asked, status = asked.refused(refused.refusals), 422
        except Preparing as preparing:
            counting = (preparing.done, preparing.whole)
    return desk_page(
        request,
        "admin/subscription_replay.html",
        status=status,
        form=asked if asked.value("from") else Form([("from", From.BEGINNING)], refusals=asked.refusals),
        row=row,
        at=address_of(request, code),
        progress=progress,
        plan=plan,
        counting=counting,
        offer=sealed(Offer(plan=plan, filter=row.state.filter), code, parts) if plan else "",
    )


def _start(read: Reader, person: Person, parts: Parts) -> int:
    """The position behind which is sent again."""
    match read.choice("from", From):
        case From.DAY:
            day = read.day("since")
            if read.refusals:
                return 0
            midnight = dt.datetime.combine(day, dt.time(), OFFICE) - dt.timedelta(microseconds=1)
            return parts.subscriptions.reading.position_of(person, midnight)
        case From.POSITION:
            return read.number("after", least=0, most=_LARGEST)
        case _:
            return 0


def sealed(offer: Offer, code: str, parts: Parts) -> str:
    """So that nobody begins what was not counted."""
    text = msgspec.json.encode(offer).decode()
    return f"{csrf.token(parts.settings.secret_key, f'replay {code} {text}')} {text}"


def offered(given: str, code: str, parts: Parts) -> Offer | None:
    """None where it is not one of ours."""
    seal, _, text = given.partition(" ")
    if not csrf.fits(seal, parts.settings.secret_key, f"replay {code} {text}"):
        return None
    return msgspec.json.decode(text, type=Offer)


def _address(path: str, *, outcome: Outcome | None, before: int | None = None) -> str:
    pairs = [("outcome", str(outcome))] * (outcome is not None) + [("before", str(before))] * (before is not None)
    return f"{path}?{urlencode(pairs)}" if pairs else path
