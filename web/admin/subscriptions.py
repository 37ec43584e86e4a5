"""Subscriptions of other systems: the list, a new one, one of them, and changes to it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from application.access import Person
from application.script import fold
from application.subscriptions import Opened
from application.subscriptions_rights import administers, require
from application.subscriptions_showing import Line
from domain.kernel import Refusal, Refused
from domain.subscriptions.events import Signing
from domain.subscriptions.subscription import Standing
from web.admin.subscriptions_forms import LABELS, Start, choices, read_start, read_wish, seen, showing
from web.admin.subscriptions_one import show_one
from web.admin.subscriptions_sides import ADMINISTRATORS, KEEPERS, Side, address_of, desk_page, known_code, side_of
from web.admin.subscriptions_words import LOOKS, STATES, State, Told, age, state_of, told
from web.forms import Form
from web.initiatives.words import SIGNINGS
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import see_other
from web.parts import Parts
from web.session import PageRequest, language_of


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list."""

    line: Line
    href: str
    look: tuple[str, str, str]
    """Tone, sign, word."""
    age: str
    told: Told | None


class KeptSubscriptionPages(Controller):
    """For whoever keeps a subscription; administrators are led to their own pages."""

    path = KEEPERS.path

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        spoken, desk, side = language_of(request), parts.subscriptions, side_of(request)
        if side.administers:
            require(person)
        elif administers(person):
            return Redirect(ADMINISTRATORS.path, status_code=303)
        lines = desk.showing.list(person)
        try:
            with asked.reading() as read:
                text, state = read.line_or_none("q") or "", read.choice_or_none("state", State)
        except Refused as refused:
            asked, text, state = asked.refused(refused.refusals), "", None
        found = [line for line in lines if state in (None, state_of(line.row)) and _bears(line, text)]
        return desk_page(
            request,
            "admin/subscriptions.html",
            status=400 if asked.refusals else 200,
            asked=asked,
            text=text,
            without_text=_list_address(side, "", state),
            state=state,
            without_state=_list_address(side, text, None),
            states=[(one.value, spoken.gettext(word)) for one, word in STATES.items()],
            any=bool(lines),
            lines=[_shown(line, side, parts, spoken) for line in found],
            delivers=desk.delivers(),
        )

    @get("/{code:str}", sync_to_thread=True)
    def open(self, request: PageRequest, person: NamedDependency[Person], code: FromPath[str]) -> Response[Any]:
        if administers(person) and not side_of(request).administers:
            return Redirect(ADMINISTRATORS.at(known_code(request, person, code)), status_code=303)
        return show_one(request, person, code, Form())


class SubscriptionPages(KeptSubscriptionPages):
    """For administrators, with what only they do."""

    path = ADMINISTRATORS.path

    @get("/new", sync_to_thread=True)
    def ask(
        self, request: PageRequest, person: NamedDependency[Person], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        require(person)
        return _form(request, person, parts, Form.showing(signing=Signing.HMAC.value, start=Start.NOW.value))

    @post("/new", status_code=200, sync_to_thread=True)
    def create(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """The one page on which the secret can be read."""
        require(person)
        desk = parts.subscriptions
        try:
            with form.reading() as read:
                code = read.line("code", most=40)
                wish, after = read_wish(read, form, person, parts), read_start(read)
                signing = read.choice("signing", Signing)
            with desk.mendable():
                opened = desk.keeping.create(person, form.key, code, wish, signing, after)
        except Refused as refused:
            if _created_already(refused, person, form, parts):
                said = N_("It was created already. If you have not seen its secret, give it a new one.")
                return see_other(
                    request, address_of(request, form.value("code").strip()), language_of(request).gettext(said)
                )
            return _form(request, person, parts, form.refused(refused.refusals), status=422)
        return show_secret(request, person, parts, code, opened)

    @get("/{code:str}/change", sync_to_thread=True)
    def ask_what_changes(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        state = parts.subscriptions.keeping.one(person, known_code(request, person, code))
        return _form(request, person, parts, showing(state), code=code)

    @post("/{code:str}/change", status_code=303, sync_to_thread=True)
    def change(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        code: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """What somebody else has changed since the form was opened is shown first."""
        keeping = parts.subscriptions.keeping
        state = keeping.one(person, known_code(request, person, code))
        try:
            with form.reading() as read:
                wish = read_wish(read, form, person, parts)
            if form.value("seen") not in (seen(state), seen(wish)):
                mine = Form([(name, value) for name, value in form.fields if name != "seen"] + [("seen", seen(state))])
                told = mine.refused((Refusal("log.conflict"),))
                return _form(request, person, parts, told, code=code, status=409, now=state)
            done = keeping.change(person, code, form.key, wish)
        except Refused as refused:
            return _form(request, person, parts, form.refused(refused.refusals), code=code, status=422)
        said = N_("Nothing differs.") if done.repeated else N_("It is changed, also for what waits to be delivered.")
        return see_other(request, address_of(request, code), language_of(request).gettext(said))


def show_secret(
    request: PageRequest, person: Person, parts: Parts, code: str, opened: Opened, status: int = 200
) -> Response[Any]:
    """The new secret, this once."""
    state = parts.subscriptions.keeping.one(person, code)
    older = [key for key in state.signs(parts.clock()) if key.until]
    return desk_page(
        request,
        "admin/subscription_secret.html",
        status=status,
        state=state,
        at=address_of(request, code),
        secret=opened.for_receiver,
        public=state.signing is Signing.ED25519,
        begun=state.standing is not Standing.NEW,
        both_until=max((key.until for key in older if key.until), default=None),
    )


def _form(
    request: PageRequest,
    person: Person,
    parts: Parts,
    form: Form,
    *,
    code: str = "",
    status: int = 200,
    now: Any = None,
) -> Response[Any]:
    """`code` is of the one that is changed; `now` as somebody else has left it."""
    spoken = language_of(request)
    state = parts.subscriptions.keeping.one(person, code) if code else None
    return desk_page(
        request,
        "admin/subscription_form.html",
        status=status,
        form=form,
        labels=LABELS,
        code=code,
        state=state,
        now=now,
        action=f"{ADMINISTRATORS.at(code)}/change" if code else f"{ADMINISTRATORS.path}/new",
        back=ADMINISTRATORS.at(code) if code else ADMINISTRATORS.path,
        choices=choices(person, parts, form, spoken),
        signings=[(signing.value, spoken.gettext(text)) for signing, text in SIGNINGS.items()],
    )


def _created_already(refused: Refused, person: Person, form: Form, parts: Parts) -> bool:
    """A form that was sent twice: what it asks for is there, and has not begun."""
    if [refusal.code for refusal in refused.refusals] != ["subscription.exists"]:
        return False
    state = parts.subscriptions.keeping.one(person, form.value("code").strip())
    same = (state.name, state.address) == (" ".join(form.value("name").split()), form.value("address").strip())
    return same and state.standing is Standing.NEW


def _bears(line: Line, text: str) -> bool:
    state = line.row.state
    return not text or any(fold(text) in fold(name) or text in name for name in (state.name, state.code, state.address))


def _shown(line: Line, side: Side, parts: Parts, spoken: Language) -> Shown:
    state = state_of(line.row)
    return Shown(
        line=line,
        href=side.at(line.row.state.code),
        look=(*LOOKS[state], spoken.gettext(STATES[state])),
        age=age(parts.clock() - line.since, spoken) if line.since else "",
        told=told(line.last.answer, spoken) if line.last else None,
    )


def _list_address(side: Side, text: str, state: State | None) -> str:
    pairs: Sequence[tuple[str, str]] = [("q", text)] * bool(text) + [("state", state or "")] * bool(state)
    return f"{side.path}?{urlencode(pairs)}" if pairs else side.path
