"""Looking back: where on the two clocks a page is asked for, and the words and addresses that go with it.

`?known_at=2026-03-10` shows what the office had recorded by the end of that day, `?valid_at=2026-03-01` only what had
happened by then; both together what was thought then of that day. `?as_of=` is another name of `known_at`. Days are
typed as in any form; `known_at` also takes a moment, such as `2026-03-10T14:30` on the clock of the office.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, NewType
from urllib.parse import parse_qsl, urlencode

import msgspec

from application.past import AsOf, day_of, end_of_day
from domain.dates import earliest, latest
from domain.kernel import Refusal, Refused
from web.forms import Form
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.language.language import OFFICE_ZONE
from web.language.reading import read_date

KNOWN: Final = "known_at"
VALID: Final = "valid_at"
ALSO_KNOWN: Final = "as_of"
NAMES: Final = frozenset({KNOWN, VALID, ALSO_KNOWN})
"""Of the parts of an address that say where on the clocks it is meant."""
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
Query = NewType("Query", str)


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for."""

    as_of: AsOf
    known: date | datetime | None
    """As asked; None for what is known now."""
    query: Query
    """The same without anything that depends on the reader, for links and colleagues."""

    @property
    def today(self) -> date:
        """The last day of which the page knows."""
        return self.as_of.today

    @property
    def fields(self) -> list[tuple[str, str]]:
        """For the hidden fields of a form that stays at the same place."""
        return parse_qsl(self.query)

    def address(self, path: str) -> str:
        """An address of this site at the same place on the clocks."""
        path, mark, fragment = path.partition("#")
        return f"{path}{'&' if '?' in path else '?'}{self.query}{mark}{fragment}"


def asked_past(asked: Form, now: datetime) -> Past | None:
    """Where the page is asked for; None for the present. Raises Refused where that cannot be read or has not come."""
    refusals: list[Refusal] = []
    name = KNOWN if asked.value(KNOWN).strip() or not asked.value(ALSO_KNOWN).strip() else ALSO_KNOWN
    known = _known(asked.value(name).strip(), now, refusals)
    valid = _day(asked.value(VALID).strip(), VALID, now, refusals)
    if refusals:
        raise Refused(*refusals)
    if known is None and valid is None:
        return None
    named = {KNOWN: known.isoformat() if known else None, VALID: valid.isoformat() if valid else None}
    return Past(
        as_of=AsOf(known_at=min(_moment(known), now) if known else now, valid_at=valid),
        known=known,
        query=Query(urlencode({key: value for key, value in named.items() if value})),
    )


def on_day(path: str, day: date) -> str:
    """The address of a page as of a day."""
    return f"{path}?{urlencode({KNOWN: day.isoformat()})}"


def said(past: Past, hidden: int | None, spoken: Language) -> tuple[str, str]:
    """For the band above the page: where on the clocks it stands, and what is left out, where that was counted."""
    known = _written(past.known, spoken)
    valid = spoken.long_date(past.as_of.valid_at) if past.as_of.valid_at else ""
    if not valid:
        where = N_("You are looking at %(known)s, as it was known then.")
    elif not known:
        where = N_("You are looking at %(valid)s, with what had happened by then, as far as it is known today.")
    else:
        where = N_("You are looking at %(valid)s, with what had happened by then, as far as it was known on %(known)s.")
    if hidden:
        left_out = spoken.count(
            "%(num)s record is left out, and everything that would change the case.",
            "%(num)s records are left out, and everything that would change the case.",
            hidden,
        )
    elif hidden is None:
        left_out = spoken.gettext(N_("Nothing can be changed here."))
    else:
        left_out = spoken.gettext(N_("No record is left out. Nothing can be changed here."))
    return spoken.gettext(where) % {"known": known, "valid": valid}, left_out


def shown_form(past: Past | None, spoken: Language) -> Form:
    """The two fields, filled with what is looked at."""
    if past is None:
        return Form()
    valid = past.as_of.valid_at
    known = past.known.isoformat() if isinstance(past.known, datetime) else past.known and spoken.date(past.known)
    return Form.showing(known_at=known or None, valid_at=spoken.date(valid) if valid else None)


def _known(typed: str, now: datetime, refusals: list[Refusal]) -> date | datetime | None:
    if not _MOMENT.fullmatch(typed):
        return _day(typed, KNOWN, now, refusals)
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        refusals.append(Refusal("date.impossible", {"day": typed}, KNOWN))
        return None
    at = at if at.tzinfo else at.replace(tzinfo=OFFICE_ZONE)
    if not _within_the_calendar(at, refusals):
        return None
    if at > now:
        refusals.append(Refusal("past.not-come", {"day": at.date().isoformat()}, KNOWN))
        return None
    return at


def _within_the_calendar(at: datetime, refusals: list[Refusal]) -> bool:
    read = read_date(at.date().isoformat(), KNOWN)
    if isinstance(read, Refusal):
        refusals.append(read)
    return not isinstance(read, Refusal)


def _day(typed: str, field: str, now: datetime, refusals: list[Refusal]) -> date | None:
    """The last day of what was typed, and no later than today."""
    if not typed:
        return None
    read = read_date(typed, field)
    if isinstance(read, Refusal):
        refusals.append(read)
        return None
    if earliest(read) > day_of(now):
        refusals.append(Refusal("past.not-come", {"day": read}, field))
        return None
    return min(latest(read), day_of(now))


def _moment(known: date | datetime) -> datetime:
    return known if isinstance(known, datetime) else end_of_day(known)


def _written(known: date | datetime | None, spoken: Language) -> str:
    if known is None:
        return ""
    return spoken.moment(known) if isinstance(known, datetime) else spoken.long_date(known)


class DayOfFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A day on the slider."""

    day: date
    before: date
    """The day before it, with which it is compared."""
    href: str
    count: int
    """Records of that day; none on the last one where nothing has been recorded today."""
    month: str
    """Its month, on the first day of it alone."""
    later: bool
    current: bool


def _month(day: date, spoken: Language, *, with_year: bool) -> str:
    short = spoken.months[day.month][:3]
    return f"{short} {day.year}" if with_year else short


def days_of_facts(
    path: str, moments: Sequence[datetime], past: Past | None, spoken: Language, today: date
) -> list[DayOfFacts]:
    """Every day on which something was recorded, and today, which is the present; the one that is looked at is marked.

    `path` may hold a query, and a day on the other clock stays.
    """
    counts: dict[date, int] = {}
    for at in moments:
        counts[day_of(at)] = counts.get(day_of(at), 0) + 1
    if past is None or past.as_of.valid_at is None:
        counts.setdefault(today, 0)
    known = day_of(past.as_of.known_at) if past else today
    shown = max((day for day in counts if day <= known), default=None)
    found: list[DayOfFacts] = []
    for day, count in counts.items():
        new_month = not found or (day.year, day.month) != (found[-1].day.year, found[-1].day.month)
        found.append(
            DayOfFacts(
                day=day,
                before=day - timedelta(days=1),
                href=_at_day(path, None if day == today else day, past),
                count=count,
                month=_month(day, spoken, with_year=not found or day.year != found[-1].day.year) if new_month else "",
                later=day > known,
                current=day == shown,
            )
        )
    return found


def _at_day(path: str, day: date | None, past: Past | None) -> str:
    """`path` as of a day; None for now."""
    valid = past.as_of.valid_at if past else None
    query = urlencode({key: on.isoformat() for key, on in ((VALID, valid), (KNOWN, day)) if on})
    return f"{path}{'&' if '?' in path else '?'}{query}" if query else path
