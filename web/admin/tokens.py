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
}
_HOURS: Final = LONGEST_OVERLAP // timedelta(hours=1)
OVERLAPS: Final = ("0", "1", "8", str(_HOURS))
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
        keeping, words = parts.keeping_tokens, asked.value("q")[:LINE]
        parts.keeping_accounts.list(person)  # for administrators only
        working, over = keeping.list(person, words), keeping.list(person, words, ended=True)
        ended = asked.value("show") == ENDED
        return page(
            request,
            "admin/tokens.html",
            tokens=over if ended else working,
            counts=(len(working), len(over)),
            ended=ended,
            words_sought=words,
            now=parts.clock(),
        )

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
            made = parts.keeping_tokens.issue(person, owner, name, form.values("scopes"), timedelta(days=days))
        except Refused as refused:
            return _new(request, person, parts, form.refused(refused.refusals), status=422)
        return _shown(request, *made)

    @get("/{token:str}/rotate", sync_to_thread=True)
    def ask_to_rotate(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        token: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        return _rotate(request, person, parts, token, Form.showing(days=DAYS, hours=OVERLAPS[-1]))

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
                hours = read.number("hours", least=0, most=_HOURS)
                days = read.number("days", least=1, most=LONGEST_TOKEN.days)
            made = parts.keeping_tokens.rotate(person, token, timedelta(hours=hours), timedelta(days=days))
        except Refused as refused:
            return _rotate(request, person, parts, token, form.refused(refused.refusals), status=422)
        return _shown(request, *made)

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
        return page(request, "admin/token_revoke.html", token=parts.keeping_tokens.one(person, token))

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
    spoken = language_of(request)
    accounts = [account for account in parts.keeping_accounts.list(person) if not account.disabled]
    return page(
        request,
        "admin/token_new.html",
        status=status,
        form=form,
        accounts=[(str(one.id), f"{one.name} ({spoken.gettext(ROLES[one.role])})") for one in accounts],
        scopes=[(code, f"{spoken.gettext(text)} ({code})") for code, text in SCOPE_WORDS.items()],
    )


def _rotate(
    request: PageRequest, person: Person, parts: Parts, token: str, form: Form, status: int = 200
) -> Response[Any]:
    """Raises Forbidden; Refused for a token that is none."""
    parts.keeping_accounts.list(person)  # for administrators only
    spoken = language_of(request)
    hours = spoken.ngettext
    overlaps = [(one, hours("%(num)s hour", "%(num)s hours", int(one)) % {"num": one}) for one in OVERLAPS[1:]]
    return page(
        request,
        "admin/token_rotate.html",
        status=status,
        token=parts.keeping_tokens.one(person, token),
        form=form,
        overlaps=[(OVERLAPS[0], spoken.gettext("not at all: it ends now")), *overlaps],
    )


def _shown(request: PageRequest, token: Token, secret: str) -> Response[Any]:
    answer = page(request, "admin/token_shown.html", token=token, secret=secret)
    answer.headers["cache-control"] = "no-store"
    return answer
