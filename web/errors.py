"""What went wrong, for people as a page and for systems as a problem document; never how it went wrong inside."""

import secrets
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final

import structlog
from litestar import Response
from litestar.exceptions import HTTPException

from application.access import Forbidden, Role
from application.oidc_clients import ProviderUnavailable
from application.past import NotYet, Preparing
from application.ports import CommandKeyReused, Conflict, LogUnavailable, UnreadableFact
from application.reading import NotFound
from domain.initiatives.procedure import UnknownProcedure
from domain.kernel import Refusal, Refused
from web.api.feed.event_streams import NoRoom
from web.clocks import NOT_THEN, has_past
from web.forms import Form
from web.guards import SAFE, ForeignForm, SignInNeeded, StaleForm, TokenNeeded, TooManyRequests, asked_of, form_of
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.local_paths import local_path
from web.pages import page
from web.past import NAMES, on_day
from web.problems import Problem, problem
from web.refusals import sentence
from web.session import API, PageRequest, address_of, language_of, path_of, person_of
from web.sign_in.asking import ask_to_sign_in

_log = structlog.get_logger()

_TITLES: Final = {
    400: (N_("This request cannot be read"), N_("Something in the address or in the form is not as it should be.")),
    403: (N_("You may not do this"), N_("Ask whoever administers Pobratim if you should be able to.")),
    404: (N_("There is no such page"), N_("Perhaps the address was mistyped, or the record lies outside your rights.")),
    405: (N_("This cannot be done here"), N_("Open the page from the menu and try from there.")),
    409: (
        N_("Somebody changed this while you were writing"),
        N_("Your entry was not recorded, and it is not lost. See what is new, then enter yours again."),
    ),
    413: (N_("This is too large"), N_("What you sent is larger than can be taken. Send less at once.")),
    415: (N_("This kind of content is not taken"), N_("Send the form from its page.")),
    422: (N_("This was not recorded"), N_("Nothing that you typed is lost.")),
    500: (
        N_("Something went wrong on our side"),
        N_("Nothing was lost that had been recorded. If it happens again, tell the administrator this number:"),
    ),
    503: (
        N_("The register cannot be reached right now"),
        N_("Try again in a minute. Sending the same form again has no double effect."),
    ),
}
_UNREADABLE: Final = (
    N_("This page cannot be shown right now"),
    N_("Nothing was recorded now, and what was recorded before is not lost."),
)
_TO_THE_ADMINISTRATOR: Final = {
    403: (N_("You may not do this"), N_("Administrators keep the accounts. Cases are for those who work on them.")),
    500: (
        N_("Something went wrong on our side"),
        N_("Nothing was lost that had been recorded. The log of the server tells more under this number:"),
    ),
}
"""Who administers need not ask the administrator."""
_STALE: Final = (
    N_("Please confirm what you entered"),
    N_("The page was open for a long time, or you signed in again since. Check your entry and send it."),
)
_FOREIGN: Final = (
    N_("This form came from another site"),
    N_("For your safety it was not accepted. Nothing was changed."),
)


def handlers() -> dict[type[Exception], Callable[[PageRequest, Any], Response[Any]]]:
    """For the application: every exception ends in an answer."""
    return {
        Refused: refused,
        NoRoom: no_room,
        TooManyRequests: too_many_requests,
        Forbidden: forbidden,
        Conflict: conflict,
        CommandKeyReused: key_reused,
        Preparing: preparing,
        NotYet: not_yet,
        LogUnavailable: unavailable,
        ProviderUnavailable: without_provider,
        UnreadableFact: unreadable,
        UnknownProcedure: without_procedure,
        NotFound: not_found,
        SignInNeeded: sign_in_needed,
        TokenNeeded: token_needed,
        Problem: told_of_problem,
        StaleForm: stale_form,
        ForeignForm: foreign_form,
        HTTPException: not_served,
        RecursionError: too_deep,
        Exception: unexpected,
    }


def refused(request: PageRequest, fault: Refused) -> Response[Any]:
    if path_of(request).startswith(API):
        return problem(request, 422, fault.refusals)
    if has_past(request) and any(refusal.field in NAMES for refusal in fault.refusals):
        form = asked_of(request).refused(fault.refusals)
        path = path_of(request)
        return page(request, NOT_THEN, status=422, number="", form=form, path=path, first=None, first_href="")
    asked_only = request.method in SAFE  # then it is the address that is wrong, and nothing was typed
    return _page(request, 422, words=_TITLES[400] if asked_only else None, refusals=fault.refusals)


def not_yet(request: PageRequest, fault: NotYet) -> Response[Any]:
    """Of a page with a past; a case tells it by itself, with its number."""
    path, first = path_of(request), fault.first
    form, href = asked_of(request), on_day(path_of(request), first)
    return page(request, NOT_THEN, status=404, number="", form=form, path=path, first=first, first_href=href)


def forbidden(request: PageRequest, fault: Forbidden) -> Response[Any]:
    return _answer(request, 403, Refusal(fault.code, fault.params))


def no_room(request: PageRequest, fault: NoRoom) -> Response[Any]:
    answer = problem(request, fault.status, (Refusal(fault.code, {"most": fault.most}),))
    answer.headers["retry-after"] = "10"
    return answer


def too_many_requests(request: PageRequest, fault: TooManyRequests) -> Response[Any]:
    answer = problem(request, 429, (Refusal(fault.code, {"seconds": fault.wait}),))
    answer.headers["retry-after"] = str(fault.wait)
    return answer


def conflict(request: PageRequest, _: Conflict) -> Response[Any]:
    return _answer(request, 409, Refusal("log.conflict"))


def key_reused(request: PageRequest, _: CommandKeyReused) -> Response[Any]:
    return _answer(request, 422, Refusal("log.key-reused"))


def not_found(request: PageRequest, _: NotFound) -> Response[Any]:
    """What lies outside a person's rights looks like what does not exist."""
    return _answer(request, 404, Refusal("request.not-found"))


def preparing(request: PageRequest, fault: Preparing) -> Response[Any]:
    """A past day over a long log takes its time; whoever asks again soon gets it."""
    if path_of(request).startswith(API):
        answer = problem(request, 503, (Refusal("past.preparing", {"done": fault.done, "whole": fault.whole}),))
    else:
        answer = page(request, "preparing.html", status=503, done=fault.done, whole=fault.whole)
    answer.headers["retry-after"] = "2"
    return answer


def unavailable(request: PageRequest, fault: LogUnavailable) -> Response[Any]:
    _log.warning("unavailable", path=path_of(request), reason=str(fault))
    answer = _answer(request, 503, Refusal("log.unavailable"))
    answer.headers["retry-after"] = "30"
    return answer


def without_provider(request: PageRequest, fault: ProviderUnavailable) -> Response[Any]:
    """Whether the access token holds cannot be known; it may well."""
    answer = problem(request, 503, (Refusal("access.provider-unavailable"),))
    answer.headers["retry-after"] = str(fault.wait)
    return answer


def unreadable(request: PageRequest, fault: UnreadableFact) -> Response[Any]:
    """As a rule a newer version has written the fact, and this process is about to be replaced."""
    _log.error("unreadable", path=path_of(request), reason=str(fault))
    return _not_now(request, Refusal("log.unreadable", {"position": fault.position, "topic": fault.topic}))


def without_procedure(request: PageRequest, fault: UnknownProcedure) -> Response[Any]:
    """A file is missing that cases follow; whoever runs the installation has to put it back."""
    _log.error("procedure missing", path=path_of(request), pin=fault.pin)
    return _not_now(request, Refusal("procedure.not-at-hand", {"pin": fault.pin}))


def _not_now(request: PageRequest, refusal: Refusal) -> Response[Any]:
    if path_of(request).startswith(API):
        answer = problem(request, 503, (refusal,))
    else:
        answer = _page(request, 503, words=_UNREADABLE, refusals=(refusal,))
    answer.headers["retry-after"] = "30"
    return answer


def sign_in_needed(request: PageRequest, fault: SignInNeeded) -> Response[Any]:
    return ask_to_sign_in(request, fault.form, fault.kept)


def token_needed(request: PageRequest, _: TokenNeeded) -> Response[Any]:
    answer = problem(request, 401, (Refusal("access.token-missing"),))
    answer.headers["www-authenticate"] = "Bearer"
    return answer


def told_of_problem(request: PageRequest, fault: Problem) -> Response[Any]:
    answer = problem(request, fault.status, (fault.refusal,))
    answer.headers.update(fault.headers)
    return answer


def stale_form(request: PageRequest, fault: StaleForm) -> Response[Any]:
    title, text = _STALE
    spoken = language_of(request)
    return page(
        request,
        "kept.html",
        status=403,
        title=spoken.gettext(title),
        text=spoken.gettext(text),
        action=_address(request),
        entry=fault.form,
    )


def foreign_form(request: PageRequest, _: ForeignForm) -> Response[Any]:
    return _page(request, 403, words=_FOREIGN, entry=Form())


def not_served(request: PageRequest, fault: HTTPException) -> Response[Any]:
    """Whatever the framework refuses: no such address, a wrong method, bytes that are no form, too many of them."""
    status = fault.status_code
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return unexpected(request, fault)
    answer = _answer(request, status, Refusal(f"request.{HTTPStatus(status).phrase.lower().replace(' ', '-')}"))
    answer.headers.update({name: value for name, value in (fault.headers or {}).items() if name.lower() == "allow"})
    return answer


def too_deep(request: PageRequest, fault: RecursionError) -> Response[Any]:
    """JSON nested deeper than the decoder goes; anything else that recurses is a fault of ours."""
    if request.content_type[0].endswith("json") and request.method not in SAFE:
        return _answer(request, 400, Refusal("request.bad-request"))
    return unexpected(request, fault)


def unexpected(request: PageRequest, fault: Exception) -> Response[Any]:
    reference = secrets.token_hex(4)
    _log.error("unexpected", reference=reference, method=request.method, path=path_of(request), exc_info=fault)
    if path_of(request).startswith(API):
        return problem(request, 500, (Refusal("request.unexpected", {"reference": reference}),))
    return _page(request, 500, reference=reference)


def _answer(request: PageRequest, status: int, refusal: Refusal) -> Response[Any]:
    if path_of(request).startswith(API):
        return problem(request, status, (refusal,))
    known = (refusal,) if status in (403, 422) else ()
    return _page(request, status, refusals=known)


def _page(
    request: PageRequest,
    status: int,
    *,
    words: tuple[str, str] | None = None,
    refusals: Sequence[Refusal] = (),
    reference: str = "",
    entry: Form | None = None,
) -> Response[str]:
    spoken = language_of(request)
    person = person_of(request)
    known = _TITLES | _TO_THE_ADMINISTRATOR if person and person.role is Role.ADMINISTRATOR else _TITLES
    title, text = words or known.get(status, known[400])
    return page(
        request,
        "error.html",
        status=status,
        title=spoken.gettext(title),
        text=spoken.gettext(text),
        sentences=[_about(request, refusal) + sentence(refusal, spoken) for refusal in refusals],
        reference=reference,
        entry=form_of(request) if entry is None and person else Form(),
        back=local_path(path_of(request)),
    )


def _about(request: PageRequest, refusal: Refusal) -> str:
    """Names the parameter of an address, which stands in no form where the sentence could be shown beside it."""
    return f"{refusal.field}: " if refusal.field and refusal.field in request.query_params else ""


def _address(request: PageRequest) -> str:
    return local_path(address_of(request))
