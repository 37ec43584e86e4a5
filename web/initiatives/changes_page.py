"""What changed in a case between two moments, as a page."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.past import NotYet
from domain.kernel import Refusal, Refused
from web.casework import Casework
from web.forms import Form
from web.initiatives.history import Entry
from web.initiatives.history_changes import between, caused, compared
from web.initiatives.history_fields import CaseField, fields_of
from web.initiatives.opening import OpenCase, open_case
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page
from web.parts import Parts
from web.past import KNOWN, VALID, Past, asked_past
from web.session import PageRequest, language_of

_PATH = "/initiatives/{number:str}/history/changes"


class _Moment(msgspec.Struct, frozen=True):
    """One of both moments. `past` is None for now, and for before the first record."""

    before_all: bool
    past: Past | None


@get(_PATH, sync_to_thread=True)
def show_changes(
    request: PageRequest,
    person: NamedDependency[Person],
    asked: NamedDependency[Form],
    work: NamedDependency[Casework],
    parts: NamedDependency[Parts],
    number: FromPath[str],
) -> Response[Any]:
    """`?from=…&to=…`, each a day or a moment as `known_at` of web.past takes it: without `to` up to now, without
    `from` from before the first record. `?valid_at=…` is the day on the other clock, for both. The earlier moment
    comes first, in whatever order they are given."""
    refusals: dict[str | None, Refusal] = {}
    moments = [_asked(asked, name, parts.clock(), refusals) for name in ("from", "to")]
    if refusals:
        asked = asked.refused(tuple(refusals.values()))
        case = open_case(request, person, work, number)
        return page(request, "initiatives/changes.html", status=422, case=case, asked=asked, sections=None)
    then, now = sorted(moments, key=_order)
    was, is_now = (_opened(request, person, work, number, moment) for moment in (then, now))
    spoken = language_of(request)
    versions = between(was.recorded if was else (), is_now.recorded if is_now else ())
    known = is_now or was
    return page(
        request,
        "initiatives/changes.html",
        case=known or open_case(request, person, work, number),
        asked=_shown(asked, then, now, spoken),
        sections=compared(
            _fields(was, person, work), _fields(is_now, person, work), caused(known.recorded if known else (), versions)
        ),
        heads=(_said(then, spoken), _said(now, spoken)),
        was=was,
        is_now=is_now,
        facts=_entries(versions, was, is_now),
        history=now.past.address(f"/initiatives/{number}/history") if now.past else f"/initiatives/{number}/history",
    )


def _asked(asked: Form, name: str, now: datetime, refusals: dict[str | None, Refusal]) -> _Moment:
    typed, valid = asked.value(name).strip(), asked.value(VALID)
    try:
        past = asked_past(Form.showing(known_at=typed or None, valid_at=valid or None), now)
    except Refused as refused:
        for refusal in refused.refusals:
            field = name if refusal.field == KNOWN else refusal.field
            refusals[field] = msgspec.structs.replace(refusal, field=field)
        past = None
    before_all = name == "from" and not typed
    return _Moment(before_all, None if before_all else past)


def _order(moment: _Moment) -> datetime:
    """Before all, then by the clock, then now."""
    if moment.before_all:
        return datetime.min.replace(tzinfo=UTC)
    return moment.past.as_of.known_at if moment.past else datetime.max.replace(tzinfo=UTC)


def _opened(request: PageRequest, person: Person, work: Casework, number: str, at: _Moment) -> OpenCase | None:
    """None where there was nothing to see yet."""
    if at.before_all:
        return None
    try:
        return open_case(request, person, work, number, at.past)
    except NotYet:
        return None


def _fields(case: OpenCase | None, person: Person, work: Casework) -> list[CaseField]:
    return fields_of(case, person, work.advancing.checklist(person, case.state)) if case else []


def _entries(versions: list[int], *cases: OpenCase | None) -> list[Entry]:
    """The facts between, first to last, as the later moment reads them."""
    known = {entry.version: entry for case in cases if case for entry in case.entries}
    return [known[version] for version in versions]


def _shown(asked: Form, then: _Moment, now: _Moment, spoken: Language) -> Form:
    """The form filled with what is looked at, the earlier moment first."""
    fields = {"from": then.past and then.past.known, "to": now.past and now.past.known}
    valid = next((m.past.as_of.valid_at for m in (now, then) if m.past), None)
    fields[VALID] = valid
    written = {name: _typed(value, spoken) for name, value in fields.items() if value}
    return Form.showing(**written)


def _typed(known: date | datetime, spoken: Language) -> str:
    return known.isoformat() if isinstance(known, datetime) else spoken.date(known)


def _said(moment: _Moment, spoken: Language) -> str:
    if moment.before_all:
        return spoken.gettext(N_("Before the first record"))
    known = moment.past.known if moment.past else None
    if known is None:
        return spoken.gettext(N_("Now"))
    return spoken.moment(known) if isinstance(known, datetime) else spoken.long_date(known)
