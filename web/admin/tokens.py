"""Tokens of other systems: list, give, rotate, revoke."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.tokens import LONGEST_NAME, LONGEST_OVERLAP, LONGEST_TOKEN, Token
from domain.kernel import AccountId, Refusal, Refused
from web.forms import LINE, Form
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.menu import OWN_TOKENS
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest, language_of
from web.words import ROLES

PATH: Final = "/admin/tokens"
ENDED: Final = "ended"
DAYS: Final = "90"
SCOPE_WORDS: Final = {
    "events:read": N_("Read the event feed"),
    "cases:read": N_("Read cases, partners and tasks"),
    "cases:write": N_("Work on cases"),
    "audit:read": N_("Search the log, read figures and who looked"),
    "procedures:write": N_("Bring procedures into force"),
    "subscriptions:read": N_("Read subscriptions and their deliveries"),
    "subscriptions:write": N_("Keep subscriptions"),
}
HOURS: Final = LONGEST_OVERLAP // timedelta(hours=1)
OVERLAPS: Final = ("0", "1", "8", str(HOURS))
"""Hours that can be chosen."""


class TokenPages(Controller):
    path = PATH

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        parts.keeping_accounts.list(person)  # for administrators only
        words, ended = asked.value("q")[:LINE], asked.value("show") == ENDED
        return tokens_page(request, person, parts, words, ended=ended)

    @get("/new", sync_to_thread=True)
    def new(
        self, request: PageRequest, person: NamedDependency[Person], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        return _new(request, person, parts, Form.showing(days=DAYS, scopes=["events:read"]))

    @post(status_code=200, sync_to_thread=True)
    def issue(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """The one page on which the secret can be read."""
        known = {str(account.id) for account in parts.keeping_accounts.list(person)}
        try:
            with form.reading() as read:
                name = read.line("name", most=LONGEST_NAME)
                account = read.one_of("account", known)
                if account is None:
                    read.refuse(Refusal("form.choice-missing", field="account"))
                days = read.number("days", least=1, most=LONGEST_TOKEN.days)
            owner = AccountId(UUID(account))
            lasts, scopes = timedelta(days=days), form.values("scopes")
            made = parts.keeping_tokens.issue(person, owner, name, scopes, lasts, form.key)
        except Refused as refused:
            return _new(request, person, parts, form.refused(refused.refusals), status=422)
        return secret_page(request, *made)

    @get("/{token:str}/rotate", sync_to_thread=True)
    def ask_to_rotate(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        token: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        parts.keeping_accounts.list(person)  # for administrators only
        return rotation_page(request, person, parts, token, Form.showing(days=DAYS, hours=OVERLAPS[-1]))

    @post("/{token:str}/rotate", status_code=200, sync_to_thread=True)
    def rotate(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        token: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        parts.keeping_accounts.list(person)  # for administrators only
        try:
            with form.reading() as read:
                hours = read.number("hours", least=0, most=HOURS)
                days = read.number("days", least=1, most=LONGEST_TOKEN.days)
            overlap, lasts = timedelta(hours=hours), timedelta(days=days)
            made = parts.keeping_tokens.rotate(person, token, overlap, lasts, form.key)
        except Refused as refused:
            return rotation_page(request, person, parts, token, form.refused(refused.refusals), status=422)
        return secret_page(request, *made)

    @get("/{token:str}/revoke", sync_to_thread=True)
    def ask_whether_to_revoke(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        token: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """What will happen, before it does."""
        parts.keeping_accounts.list(person)  # for administrators only
        return page(request, "admin/token_revoke.html", token=parts.keeping_tokens.one(person, token), at=PATH)

    @post("/{token:str}/revoke", status_code=303, sync_to_thread=True)
    def revoke(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        token: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        parts.keeping_accounts.list(person)  # for administrators only
        revoked = parts.keeping_tokens.revoke(person, token)
        said = language_of(request).gettext("The token of %(name)s is revoked.")
        return see_other(request, PATH, said % {"name": revoked.name})


def _new(request: PageRequest, person: Person, parts: Parts, form: Form, status: int = 200) -> Response[Any]:
    """Raises Forbidden."""
    return page(
        request,
        "admin/token_new.html",
        status=status,
        form=form,
        accounts=account_choices(request, person, parts),
        scopes=scope_choices(request),
    )


def account_choices(request: PageRequest, person: Person, parts: Parts) -> list[tuple[str, str]]:
    """Accounts for which a system may act. Raises Forbidden."""
    spoken = language_of(request)
    accounts = [account for account in parts.keeping_accounts.list(person) if not account.disabled]
    return [(str(one.id), f"{one.name} ({spoken.gettext(ROLES[one.role])})") for one in accounts]


def scope_choices(request: PageRequest) -> list[tuple[str, str]]:
    spoken = language_of(request)
    return [(code, f"{spoken.gettext(text)} ({code})") for code, text in SCOPE_WORDS.items()]


def tokens_page(
    request: PageRequest, person: Person, parts: Parts, words: str = "", *, ended: bool, own: bool = False
) -> Response[Any]:
    """All that `words` find, or with `own` those of the person."""
    keeping = parts.keeping_tokens
    working, over = (keeping.list(person, words, ended=one, own=own) for one in (False, True))
    return page(
        request,
        "admin/tokens.html",
        tokens=over if ended else working,
        counts=(len(working), len(over)),
        ended=ended,
        words_sought=words,
        now=parts.clock(),
        at=OWN_TOKENS if own else PATH,
        own=own,
    )


def rotation_page(
    request: PageRequest,
    person: Person,
    parts: Parts,
    token: str,
    form: Form,
    status: int = 200,
    *,
    own: bool = False,
) -> Response[Any]:
    """Raises Refused for a token that is none."""
    spoken = language_of(request)
    hours = spoken.ngettext
    overlaps = [(one, hours("%(num)s hour", "%(num)s hours", int(one)) % {"num": one}) for one in OVERLAPS[1:]]
    return page(
        request,
        "admin/token_rotate.html",
        status=status,
        token=parts.keeping_tokens.one(person, token, own=own),
        at=OWN_TOKENS if own else PATH,
        own=own,
        form=form,
        overlaps=[(OVERLAPS[0], spoken.gettext("not at all: it ends now")), *overlaps],
    )


def secret_page(request: PageRequest, token: Token, secret: str, at: str = PATH) -> Response[Any]:
    """The new secret, this once; empty where the same form was sent before."""
    answer = page(request, "admin/token_shown.html", token=token, secret=secret, at=at)
    answer.headers["cache-control"] = "no-store"
    return answer
