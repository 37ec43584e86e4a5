"""Handing several cases over: chosen in the list, looked over on a page of its own, then carried out one by one."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from application.access import Person
from application.handing_over import DEED, MOST, Chosen, HandOver, Outcome, Prospect
from application.rights import require
from domain.kernel import AccountId, Refusal, Refused
from domain.words import CASE_NUMBER
from web.casework import Casework
from web.forms import Form
from web.initiatives.filters import PATH, address, pairs_of, readable
from web.initiatives.naming import Names, Pair
from web.initiatives.opening import names_for
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.local_paths import local_path
from web.pages import page
from web.session import PageRequest

LABELS: Final = {"to": N_("Handler"), "reason": N_("Reason")}
_NOBODY: Final = AccountId(UUID(int=0))
_NUMBER: Final = re.compile(CASE_NUMBER)
_CHOSEN: Final = re.compile(r"([0-9]{4}-[0-9]{4,7})@([0-9]{1,9})")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A case as the pages of a hand-over show it."""

    number: str
    pair: Pair | None = None
    stage: str = ""
    handler: str = ""
    """Who leads it now, as far as somebody does."""
    chosen: str = ""
    """Number and version, as the form sends them on."""
    refusals: tuple[Refusal, ...] = ()


class HandOverPages(Controller):
    path = "/initiatives/hand-over"

    @get(sync_to_thread=True)
    def look(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """What would happen to the cases that were ticked (`case`), or to all under the filters (`all`)."""
        require(person, DEED)
        names, query = names_for(request, work), readable(asked)[0]
        handler, lines, refusals = _handler(asked.value("to"), names), list[Line](), list[Refusal]()
        if asked.value("to") and handler is None:
            refusals.append(Refusal("initiative.not-a-handler", field="to"))
        try:
            numbers = (
                work.handing_over.found(person, query, work.reading.today())
                if asked.value("all")
                else [number for number in asked.values("case") if _NUMBER.fullmatch(number)]
            )
            lines = [_line(prospect, names) for prospect in work.handing_over.look(person, numbers, handler)]
            if not lines:
                refusals.append(Refusal("hand-over.none"))
        except Refused as refused:
            refusals += refused.refusals
        form = Form.showing(to=str(handler) if handler else "").refused(refusals)
        hidden = pairs_of(query)
        return _page(request, names, lines, form, address(query), 400 if refusals else 200, hidden)

    @post(status_code=200, sync_to_thread=True)
    def hand_over(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """Sent twice it has one effect, and the same answer."""
        require(person, DEED)
        names, back = names_for(request, work), local_path(form.value("list"), PATH)
        chosen = [Chosen(found[1], int(found[2])) for one in form.values("case") if (found := _CHOSEN.fullmatch(one))]
        try:
            asked_for = _asked_for(form, chosen)
            done = work.handing_over.hand_over(person, asked_for)
        except Refused as refused:
            lines = _shown_again(chosen, person, work, names, _handler(form.value("to"), names))
            return _page(request, names, lines, form.refused(refused.refusals), back, 422)
        _ = work.views.caught_up(done.position)
        shown = {line.number: line for line in _shown_again(chosen, person, work, names, None)}
        return page(
            request,
            "initiatives/handed_over.html",
            handler=names.person(asked_for.to),
            done=[_with(outcome, shown) for outcome in done.outcomes if not outcome.refusals],
            left=[_with(outcome, shown) for outcome in done.outcomes if outcome.refusals],
            back=back,
        )


def _asked_for(form: Form, chosen: Sequence[Chosen]) -> HandOver:
    """Raises Refused."""
    with form.reading() as reader:
        reason = reader.text("reason")
        handler = _account(form.value("to"))
        if handler is None:
            reader.refuse(Refusal("form.choice-missing", field="to"))
        if not chosen:
            reader.refuse(Refusal("hand-over.none"))
    return HandOver(key=form.key, cases=chosen, to=handler or _NOBODY, reason=reason)


def _account(typed: str) -> AccountId | None:
    try:
        return AccountId(UUID(typed)) if typed else None
    except ValueError:
        return None


def _handler(typed: str, names: Names) -> AccountId | None:
    """One of those who may lead cases."""
    return _account(typed) if typed in dict(names.handlers) else None


def _line(prospect: Prospect, names: Names) -> Line:
    state, partners = prospect.file.state, prospect.file.partners
    abroad = [partners[held] for party in state.partners if (held := party.partner) and held in partners]
    return Line(
        number=state.number,
        pair=names.short_pair([party.key for party in state.home], abroad),
        stage=state.stage.value,
        handler=names.person(state.handler) if state.handler else "",
        chosen=f"{state.number}@{state.version}",
        refusals=prospect.refusals,
    )


def _shown_again(
    chosen: Sequence[Chosen], person: Person, work: Casework, names: Names, handler: AccountId | None
) -> list[Line]:
    """The same cases; each keeps the version that the person had before them when the form was made."""
    seen = {case.number: case.seen for case in chosen[:MOST]}
    lines = [_line(prospect, names) for prospect in work.handing_over.look(person, list(seen), handler)]
    return [msgspec.structs.replace(line, chosen=f"{line.number}@{seen[line.number]}") for line in lines]


def _with(outcome: Outcome, shown: Mapping[str, Line]) -> Line:
    """A case that the person cannot see is told by the number that was sent."""
    line = shown.get(outcome.number) or Line(number=outcome.number)
    return msgspec.structs.replace(line, refusals=outcome.refusals)


def _page(
    request: PageRequest,
    names: Names,
    lines: Sequence[Line],
    form: Form,
    back: str,
    status: int,
    hidden: Sequence[tuple[str, str]] = (),
) -> Response[Any]:
    """`hidden` is what leads back to the same list."""
    handlers = names.handlers
    return page(
        request,
        "initiatives/hand_over.html",
        status=status,
        form=form,
        labels=LABELS,
        ready=[line for line in lines if not line.refusals],
        left=[line for line in lines if line.refusals],
        handlers=handlers,
        named=dict(handlers).get(form.value("to"), ""),
        back=back,
        hidden=hidden,
    )
