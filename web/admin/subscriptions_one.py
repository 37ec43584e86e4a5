"""The page of one subscription: how it stands, what waits for a person, what was sent last, and what can be done."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from litestar import Response

from application.access import Person
from application.subscriptions_ports import Delivery
from application.subscriptions_reading import Sent, Waiting
from application.subscriptions_rights import administers, may_resume
from domain.subscriptions.subscription import Standing, Subscription
from domain.words import CASE_NUMBER
from web.admin.subscriptions_forms import filter_words, type_name
from web.admin.subscriptions_sides import address_of, desk_page, known_code
from web.admin.subscriptions_words import LOOKS, STATES, State, Told, age, state_of, told, told_case, told_fault
from web.forms import Form
from web.initiatives.presenting import word
from web.language import Language
from web.parts import Parts, parts_of
from web.session import PageRequest, language_of

NEWEST: Final = 5
_TYPE_AT: Final = '"type":"'


class WaitingLine(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    since: datetime
    age: str
    attempts: int
    next_at: datetime | None
    told: Told


class SentLine(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt."""

    delivery: Delivery
    subject: str
    number: str
    """Of the case; empty where it is about none."""
    type: str
    message: str
    body: str
    let: bool
    """Whether the filter, as it is now, lets it through."""
    told: Told


def show_one(request: PageRequest, person: Person, code: str, form: Form, status: int = 200) -> Response[Any]:
    """`form` has the reasons why something was not done. Raises Forbidden, NotFound."""
    parts, spoken = parts_of(request), language_of(request)
    desk = parts.subscriptions
    line = desk.showing.one(person, known_code(request, person, code))
    row, now = line.row, parts.clock()
    test = desk.showing.test(person, row)
    parked = desk.reading.waiting(person, code, parked=True)
    waiting = desk.reading.waiting(person, code, parked=False)
    state = state_of(row)
    return desk_page(
        request,
        "admin/subscription.html",
        status=status,
        form=form,
        row=row,
        at=address_of(request, code),
        active=row.state.standing is Standing.ACTIVE,
        may_resume=may_resume(person, row.state),
        can_replay=row.state.standing not in (Standing.NEW, Standing.DISABLED),
        look=(*LOOKS[state], spoken.gettext(STATES[state])),
        new=state is State.NEW,
        disabled_because=word(row.state.disabled_because, spoken) if row.state.disabled_because else "",
        fault=told_fault(row.stand.fault, spoken) if state is State.FAILING and row.stand else None,
        since=line.since,
        age=age(now - line.since, spoken) if line.since else "",
        test=test,
        tested=told(test.answer, spoken) if test else None,
        parked=waiting_lines(parked, now, spoken),
        waiting=waiting_lines(waiting, now, spoken),
        sent=sent_lines(desk.reading.deliveries(person, code, NEWEST), spoken),
        lets=filter_words(row.state.filter, parts, spoken),
        signing=word(row.state.signing, spoken),
        keys=row.state.signs(now),
        keeper=keeper_of(person, parts, row.state),
        delivers=desk.delivers(),
    )


def keeper_of(person: Person, parts: Parts, state: Subscription) -> str:
    """Empty where every administrator is told. Whoever is no administrator sees the own ones only."""
    if state.keeper is None or state.keeper == person.account:
        return person.name if state.keeper else ""
    accounts = parts.keeping_accounts.list(person) if administers(person) else ()
    return next((one.name for one in accounts if one.id == state.keeper), "")


def waiting_lines(cases: Sequence[Waiting], now: datetime, spoken: Language) -> list[WaitingLine]:
    return [
        WaitingLine(
            subject=one.subject,
            since=one.case.since,
            age=age(now - one.case.since, spoken),
            attempts=one.case.attempts,
            next_at=None if one.case.parked_at else one.case.next_at,
            told=told_case(one.case, spoken),
        )
        for one in cases
    ]


def sent_lines(found: Sequence[Sent], spoken: Language) -> list[SentLine]:
    return [
        SentLine(
            delivery=one.delivery,
            subject=one.subject,
            number=one.subject if re.fullmatch(CASE_NUMBER, one.subject) else "",
            type=type_name(_type_of(one.body), spoken) if one.body else "",
            message=one.message if one.delivery.position else "",
            body=_readable(one.body),
            let=one.let,
            told=told(one.delivery.answer, spoken),
        )
        for one in found
    ]


def _type_of(body: str) -> str:
    """Of an event that may have been cut."""
    _, found, rest = body.partition(_TYPE_AT)
    return rest.partition('"')[0] if found else ""


def _readable(body: str) -> str:
    """With line ends, where it is whole."""
    try:
        return msgspec.json.format(body, indent=2)
    except msgspec.DecodeError:
        return body
