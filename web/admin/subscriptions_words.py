"""How subscriptions, answers and faults are told to administrators: what it is, and how it is mended."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

import msgspec

from application.subscriptions_ports import Answer, WaitingCase
from application.subscriptions_reading import Row
from domain.subscriptions.subscription import Standing
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it


class State(StrEnum):
    """How a subscription stands, as the list tells it."""

    GOING = "going"
    FAILING = "failing"
    REPLAYING = "replaying"
    NEW = "new"
    PAUSED = "paused"
    DISABLED = "disabled"


STATES: Final[Mapping[State, str]] = {
    State.GOING: N_("delivers"),
    State.FAILING: N_("nothing is taken"),
    State.REPLAYING: N_("replay runs"),
    State.NEW: N_("not begun"),
    State.PAUSED: N_("paused"),
    State.DISABLED: N_("disabled"),
}
LOOKS: Final[Mapping[State, tuple[str, str]]] = {
    State.GOING: ("good", "play"),
    State.FAILING: ("bad", "warn"),
    State.REPLAYING: ("go", "back"),
    State.NEW: ("", "clock"),
    State.PAUSED: ("warn", "pause"),
    State.DISABLED: ("", "stop"),
}
"""Tone and sign."""
RANGES: Final[Mapping[str, str]] = {
    "unspecified": N_("the unspecified address"),
    "private": N_("an address of a private network"),
    "shared by a provider's customers": N_("an address that customers of a provider share"),
    "loopback": N_("the machine itself"),
    "link-local": N_("an address of the link alone"),
    "for protocols": N_("an address for protocols"),
    "for documentation": N_("an address for documentation"),
    "6to4 relay": N_("a relay of 6to4"),
    "for measurements": N_("an address for measurements"),
    "multicast": N_("an address of many receivers at once"),
    "reserved": N_("a reserved address"),
    "mapped": N_("an IPv4 address written as IPv6"),
    "NAT64": N_("an address translated by NAT64"),
    "local NAT64": N_("an address translated by NAT64 within a network"),
    "discarded": N_("an address where everything is discarded"),
    "Teredo": N_("an address of Teredo"),
    "6to4": N_("an address of 6to4"),
    "segment routing": N_("an address of segment routing"),
    "unique local": N_("an address of a private network"),
    "site-local": N_("an address of a private network"),
    "not public": N_("an address that is not public"),
}
"""Why deliveries do not go to an address, by the word of the guard."""
_STATUSES: Final[Mapping[int, str]] = {
    401: N_("It does not let us in. Deliveries carry a signature and no password: let it check the signature instead."),
    403: N_("It does not let us in. Deliveries carry a signature and no password: let it check the signature instead."),
    404: N_("There is nothing under this address. Check the path."),
    405: N_("It takes no POST under this address. Check the path."),
    410: N_("It wants no more deliveries, so the subscription is disabled. Resume it when that has changed."),
    413: N_("The event is too large for it. Let it take bodies of up to a megabyte."),
    429: N_("It asked for a pause, and is tried again by itself."),
    503: N_("It asked for a pause, and is tried again by itself."),
}
_REDIRECTED: Final = N_("Redirects are not followed. Give the address to which it leads.")
_DECLINED: Final = N_("Whoever runs the receiver finds the reason in its own log; often the signature was not right.")
_FAILED: Final = N_("The receiver itself failed. Whoever runs it finds the reason in its own log.")
_OUR_SIDE: Final = N_("This is on our side: mend what is said here, and deliveries go on.")
_FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "time-over": (
        N_("no answer within 15 seconds"),
        N_("Let the receiver answer as soon as it has kept the event safely, and work on it afterwards."),
    ),
    "certificate": (
        N_("the certificate does not hold"),
        N_("It must be valid, for this name, and from an authority that the world trusts, with the chain sent along."),
    ),
    "connection": (
        N_("it could not be reached"),
        N_("Check that name and port are right, that the receiver runs, and that its firewall lets us in."),
    ),
}
_RANGE: Final = N_(
    "Deliveries go to public addresses only, never into a network of our own. Let the receiver listen at a public "
    "address, and check to where the name leads."
)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An answer in words."""

    text: str
    good: bool = False
    raw: str = ""
    """As the machine says it, in no language of ours."""
    mend: str = ""


def state_of(row: Row) -> State:
    match row.state.standing:
        case Standing.NEW:
            return State.NEW
        case Standing.PAUSED:
            return State.PAUSED
        case Standing.DISABLED:
            return State.DISABLED
        case Standing.ACTIVE:
            if row.stand and row.stand.fault and (row.lag or not row.stand.waiting):
                return State.FAILING  # else it is only cases that wait, and the others go on
            return State.REPLAYING if row.state.replay else State.GOING


def told(answer: Answer, spoken: Language) -> Told:
    """What an answer means, and how it is mended where it is no good one."""
    if answer.status is not None:
        status = {"status": str(answer.status)}
        if answer.accepted:
            return Told(text=spoken.gettext(N_("taken (%(status)s)")) % status, good=True)
        return Told(text=spoken.gettext(N_("not taken (%(status)s)")) % status, mend=_mend(answer.status, spoken))
    kind, _, rest = answer.fault.partition(": ")
    if kind == "address-refused":
        address, _, why = rest.rpartition(": ")
        known = spoken.gettext(RANGES[why]) if why in RANGES else why
        said = spoken.gettext(N_("nothing may go to %(address)s: it is %(why)s")) % {"address": address, "why": known}
        return Told(text=said, mend=spoken.gettext(_RANGE))
    if kind in _FAULTS:
        text, mend = _FAULTS[kind]
        return Told(text=spoken.gettext(text), raw=rest, mend=spoken.gettext(mend))
    return Told(text=spoken.gettext(N_("nothing was sent")), raw=answer.fault, mend=spoken.gettext(_OUR_SIDE))


def told_fault(fault: str, spoken: Language) -> Told:
    """As deliveries note it: `status 500`, or why there was no answer."""
    status = fault.removeprefix("status ")
    answer = Answer(status=int(status)) if status.isdigit() and status != fault else Answer(fault=fault)
    return told(answer, spoken)


def told_case(case: WaitingCase, spoken: Language) -> Told:
    return told(Answer(status=case.status), spoken) if case.status else told_fault(case.fault, spoken)


def age(span: timedelta, spoken: Language) -> str:
    """How long something waits, in its largest unit."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 1:
        return spoken.gettext(N_("less than a minute"))
    if minutes < 60:  # noqa: PLR2004 - an hour
        return spoken.count("%(num)s minute", "%(num)s minutes", minutes)
    if minutes < 48 * 60:
        return spoken.count("%(num)s hour", "%(num)s hours", minutes // 60)
    return spoken.count("%(num)s day", "%(num)s days", minutes // 1440)


def _mend(status: int, spoken: Language) -> str:
    if status in _STATUSES:
        return spoken.gettext(_STATUSES[status])
    hundred = status // 100
    return spoken.gettext({3: _REDIRECTED, 4: _DECLINED}.get(hundred, _FAILED))
