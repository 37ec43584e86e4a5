"""What stands on a day, in the reader's words."""

from datetime import date

import msgspec

from application.calendar_feed import Entry, Event, Item
from application.views.calendar import Dated, Day, Sort
from web.initiatives.deed_words import DEEDS
from web.initiatives.naming import Names, Pair
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

ICONS = {Sort.DEADLINE: "clock", Sort.ENDS: "stop", Sort.VISIT: "people"}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    sort: str
    what: str
    pair: Pair
    number: str
    href: str
    stage: str
    icon: str
    late: bool


class DayLines(msgspec.Struct, frozen=True, kw_only=True):
    """`more` counts what stands on the day and is not among the lines."""

    day: date
    lines: tuple[Line, ...]
    more: int


def what_of(dated: Dated, names: Names) -> str:
    """`Publication in the gazette`, `End of the agreement`, `Visit`."""
    match dated.sort:
        case Sort.ENDS:
            return names.spoken.gettext(N_("End of the agreement"))
        case Sort.VISIT:
            return names.spoken.gettext(N_("Visit"))
        case Sort.DEADLINE:
            return deed_awaited(dated.row.deed or "", names)


def deed_awaited(deed: str, names: Names) -> str:
    """What is waited for until the deed is done."""
    said = DEEDS[deed]
    text = names.spoken.gettext(said.awaited or said.title)
    return text[:1].upper() + text[1:]


def lines_of(day: Day, names: Names, today: date) -> DayLines:
    lines = tuple(_line(day.day, dated, names, today) for dated in day.shown)
    return DayLines(day=day.day, lines=lines, more=day.total - len(lines))


def _line(day: date, dated: Dated, names: Names, today: date) -> Line:
    row = dated.row
    return Line(
        sort=dated.sort.value,
        what=what_of(dated, names),
        pair=names.short_pair(row.home, row.partners),
        number=row.number,
        href=f"/initiatives/{row.number}",
        stage=row.stage.value,
        icon=ICONS[dated.sort],
        late=dated.sort is Sort.DEADLINE and day < today,
    )


def event_of(entry: Entry, names: Names, site: str) -> Event:
    """An entry of a feed for a calendar program; `site` is the address of this installation."""
    if entry.dated is None:
        return event(entry.item, entry.item.number, site)
    pair = names.short_pair(entry.dated.row.home, entry.dated.row.partners)
    return event(entry.item, summary(what_of(entry.dated, names), pair), site, told(entry.item.number, names))


def event(item: Item, said: str, site: str, more: str = "") -> Event:
    host = site.partition("://")[2]
    return Event(
        uid=f"{item.case}-{item.step}@{host}",
        sequence=item.sequence,
        day=item.day,
        changed_at=item.changed_at,
        summary=said,
        description=more,
        url=f"{site}/initiatives/{item.number}",
        cancelled=item.cancelled,
    )


def summary(what: str, pair: Pair) -> str:
    return f"{what}: {pair.home} – {pair.partner}"


def told(number: str, names: Names) -> str:
    return names.spoken.gettext(N_("Case %(number)s")) % {"number": number}
