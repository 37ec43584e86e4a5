"""Who looked: for auditors, by person, case and days."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from application.access import Person
from application.auditing_looks import KEPT_YEARS, NONE, KeptLook, LookQuery, Place, require_looks
from application.identity import case_id
from domain.kernel import Refused
from web.audit.filters import LABELS, address, cursor, days, number, person_id
from web.audit.log_pages import people_of
from web.audit.places import places
from web.casework import Casework
from web.forms import Form
from web.initiatives.naming import Names, Pair
from web.initiatives.opening import names_for, partner_name
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.language.language import OFFICE_ZONE
from web.pages import page
from web.session import PageRequest

PATH: Final = "/audit/looks"
PLACES: Final = {
    Place.CASE: N_("a case, with its reasons and remarks"),
    Place.PARTNER: N_("a partner’s file, with its reasons"),
    Place.TASKS: N_("the own tasks"),
    Place.REGISTER_EXPORT: N_("the register was exported"),
    Place.API: N_("cases, by a token"),
    Place.LOG: N_("the log"),
    Place.LOG_EXPORT: N_("the log was exported"),
    Place.BUNDLE: N_("a bundle was taken"),
    Place.EXCHANGE: N_("a file for another register was written"),
    Place.FEED: N_("the stream of events, by a token"),
}
_FILTERS: Final = ("from", "to", "person", "case", "place")


class LookLine(msgspec.Struct, frozen=True, kw_only=True):
    hour: str
    who: str
    place: str
    version: int
    """Words of its records up to this one were shown; 0 where it is about no history."""
    number: str
    pair: Pair | None
    partner: str
    href: str


@get(PATH, sync_to_thread=True)
def show_looks(
    request: PageRequest,
    person: NamedDependency[Person],
    asked: NamedDependency[Form],
    work: NamedDependency[Casework],
) -> Response[Any]:
    require_looks(person)
    query, asked = _readable(asked)
    found, older = work.reading_looks.page(person, query)
    names = names_for(request, work)
    pairs = [(name, value) for name, value in asked.fields if name in _FILTERS and value.strip()]
    return page(
        request,
        "audit/looks.html",
        status=400 if asked.refusals else 200,
        places=places(person),
        asked=asked,
        labels={**LABELS, "place": N_("Where")},
        looks=_lines(person, work, names, found),
        kinds=[(place.value, names.spoken.gettext(text)) for place, text in PLACES.items()],
        people=people_of(work, names),
        years=KEPT_YEARS,
        older=address(pairs, PATH, before=older) if older and not asked.refusals else "",
        newest=address(pairs, PATH) if query.before is not None else "",
        filtered=bool(pairs),
    )


def _readable(asked: Form) -> tuple[LookQuery, Form]:
    try:
        with asked.reading() as reader:
            since, until = days(reader)
            case = number(reader)
            query = LookQuery(
                since=_midnight(since) if since else None,
                until=_midnight(until + timedelta(days=1)) if until else None,
                person=person_id(asked.value("person"), reader),
                subject=case_id(case) if case else None,
                place=reader.choice_or_none("place", Place),
                before=cursor(asked, reader, "before"),
            )
    except Refused as refused:
        return LookQuery(), asked.refused(refused.refusals)
    return query, asked


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), OFFICE_ZONE).astimezone(UTC)


def _lines(person: Person, work: Casework, names: Names, found: Sequence[KeptLook]) -> list[LookLine]:
    subjects = {kept.look.subject for kept in found} - {NONE}
    cases = {row.case: row for row in work.reading.cases(person, list(subjects))}
    partners = {kept.look.subject for kept in found if kept.look.place is Place.PARTNER}
    called = {partner: partner_name(person, work, partner) for partner in partners}
    lines: list[LookLine] = []
    for kept in found:
        look = kept.look
        row, partner = cases.get(look.subject), called.get(look.subject, "")
        lines.append(
            LookLine(
                hour=_hour(look.hour, names),
                who=names.with_town(look.account),
                place=names.spoken.gettext(PLACES[look.place]),
                version=look.version,
                number=row.number if row else "",
                pair=names.short_pair(row.home, row.partners) if row else None,
                partner=partner,
                href=f"/partners/{look.subject}" if partner else "",
            )
        )
    return lines


def _hour(hour: datetime, names: Names) -> str:
    """`17. 3. 2026. 14:00–15:00`."""
    return f"{names.spoken.moment(hour)}–{(hour + timedelta(hours=1)).astimezone(OFFICE_ZONE):%H:%M}"
