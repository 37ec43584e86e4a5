"""Words, dates, numbers and names as one reader reads them."""

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_day_names, get_month_names
from babel.numbers import format_decimal

from application.accounts import LOCALES
from application.script import latin
from domain.dates import PartialDate
from web.language.catalogues import translations

_READ_CYRILLIC = frozenset({"sr-Cyrl", "bg", "mk", "ru"})
"""To whom a Serbian name is shown as it is kept."""
OFFICE_ZONE = ZoneInfo("Europe/Belgrade")
_MONTH_LENGTH, _DAY_LENGTH = 7, 10
_DAYS_SAID, _MONTHS_SAID = 60, 730
_AS_THE_OFFICE_SAYS = {"sr": {"US": "Сједињене Америчке Државе", "PS": "Палестина"}, "en": {"PS": "Palestine"}}
"""Where the everyday name of CLDR is not the one that letters of the office use."""
_NO_STATES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"})
"""Codes of CLDR that name no state by Serbian law, or no country at all."""


class Language:
    """One of ABROAD with everything that is shown differently in it. Made once, shared by all requests."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.serbian = code in ("sr-Latn", "sr-Cyrl")
        self._translations = translations(code)
        self._names = Locale("sr", script="Cyrl") if self.serbian else Locale.parse(code, sep="-")

    def gettext(self, message: str) -> str:
        return self._translations.gettext(message) if message else ""

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self._translations.ngettext(one, many, count)

    def count(self, one: str, many: str, count: int) -> str:
        """A counted sentence; `%(num)s` stands for the number as it is written here."""
        return self.ngettext(one, many, count) % {"num": self.number(count)}

    def name(self, serbian: str) -> str:
        """A Serbian name, which is kept in Cyrillic, in the script of the reader."""
        return serbian if self.code in _READ_CYRILLIC else latin(serbian)

    def either(self, serbian: str, english: str) -> str:
        """A text that is kept in both languages, Serbian in Cyrillic."""
        return self.name(serbian) if self.serbian else english

    def number(self, number: int) -> str:
        """With thousands set off: `12.345`, in English `12,345`."""
        if self.code not in LOCALES:
            return format_decimal(number, locale=self._names)
        return f"{number:,}".replace(",", "." if self.serbian else ",")

    def quoted(self, text: str) -> str:
        return f"„{text}“" if self.serbian else f"“{text}”"

    def country(self, iso: str) -> str:
        """The everyday name of a country by its ISO 3166-1 code; the code itself where there is none."""
        return self.countries.get(iso, iso)

    @cached_property
    def countries(self) -> Mapping[str, str]:
        """ISO code to name, of every country."""
        own = _AS_THE_OFFICE_SAYS.get("sr" if self.serbian else self.code, {})
        return {
            iso: (self.name(own[iso]) if iso in own else name).replace(" & ", " and ")
            for iso, name in self._cldr(self._names.territories).items()
            if len(iso) == len("RS") and iso.isalpha() and iso not in _NO_STATES
        }

    @cached_property
    def months(self) -> Mapping[int, str]:
        """January is 1."""
        return self._cldr(get_month_names("wide", locale=self._names))

    @cached_property
    def weekdays(self) -> Mapping[int, str]:
        """Monday is 0."""
        return self._cldr(get_day_names("wide", locale=self._names))

    def _cldr(self, names: Any) -> dict[Any, str]:
        """Names of CLDR, in the script of the reader."""
        return {code: self.name(name) for code, name in names.items()}

    def date(self, day: PartialDate | dt.date) -> str:
        """`17. 3. 2026.`, `mart 2026.`, `2026.`; in English `17 March 2026`, `March 2026`, `2026`.

        Abroad as Unicode has it: `17. März 2026`, `2026年3月`.
        """
        return self._written(day, numeric=self.serbian)

    def short_date(self, day: PartialDate | dt.date) -> str:
        """For narrow places: `17. 3. 2026.`; in English `17 Mar 2026`."""
        written = self.date(day)
        if self.code != "en":
            return written
        return " ".join(part[:4] if part.isdigit() else part[:3] for part in written.split())

    def long_date(self, day: PartialDate | dt.date) -> str:
        """`17. mart 2026.`, for headings and sentences."""
        return self._written(day, numeric=False)

    def weekday_date(self, day: dt.date) -> str:
        """`utorak, 17. mart 2026.`"""
        return f"{self.weekdays[day.weekday()]}, {self.long_date(day)}"

    def moment(self, at: dt.datetime) -> str:
        """Day and minute on the clock of the office: `17. 3. 2026. 14:05`."""
        local = at.astimezone(OFFICE_ZONE)
        return f"{self.date(local.date())} {local:%H:%M}"

    def distance(self, day: dt.date, today: dt.date) -> str:
        """How far off a day is: `in 3 days`, `today`, `5 days ago`, `2 years ago`."""
        days = (day - today).days
        if days >= -1:
            return self.gettext("yesterday") if days == -1 else self._ahead(days)
        match _roughly(-days):
            case "years", years:
                return self.count("%(num)s year ago", "%(num)s years ago", years)
            case "months", months:
                return self.count("%(num)s month ago", "%(num)s months ago", months)
            case _:
                return self.count("%(num)s day ago", "%(num)s days ago", -days)

    def deadline(self, day: dt.date, today: dt.date) -> str:
        """How a deadline stands: `in 3 days`, `today`, `7 days late`, `5 years late`."""
        days = (day - today).days
        if days >= 0:
            return self._ahead(days)
        match _roughly(-days):
            case "years", years:
                return self.count("%(num)s year late", "%(num)s years late", years)
            case "months", months:
                return self.count("%(num)s month late", "%(num)s months late", months)
            case _:
                return self.count("%(num)s day late", "%(num)s days late", -days)

    def lag(self, days: int) -> str:
        """How much later something was recorded than it happened: `4 days later`, `5 years later`."""
        match _roughly(days):
            case "years", years:
                return self.count("%(num)s year later", "%(num)s years later", years)
            case "months", months:
                return self.count("%(num)s month later", "%(num)s months later", months)
            case _:
                return self.count("%(num)s day later", "%(num)s days later", days)

    def _ahead(self, days: int) -> str:
        if days < len(("today", "tomorrow")):
            return self.gettext("tomorrow") if days else self.gettext("today")
        match _roughly(days):
            case "years", years:
                return self.count("in %(num)s year", "in %(num)s years", years)
            case "months", months:
                return self.count("in %(num)s month", "in %(num)s months", months)
            case _:
                return self.count("in %(num)s day", "in %(num)s days", days)

    def _written(self, day: PartialDate | dt.date, *, numeric: bool) -> str:
        iso = day if isinstance(day, str) else day.isoformat()
        if self.code not in LOCALES:
            return self._as_abroad(iso)
        stop = "." if self.serbian else ""
        year = iso[:4]
        if len(iso) < _MONTH_LENGTH:
            return f"{year}{stop}"
        month = int(iso[5:7])
        if len(iso) < _DAY_LENGTH:
            return f"{self.months[month]} {year}{stop}"
        return f"{int(iso[8:10])}{stop} {f'{month}.' if numeric else self.months[month]} {year}{stop}"

    def _as_abroad(self, iso: str) -> str:
        day = dt.date.fromisoformat((iso + "-01-01")[:_DAY_LENGTH])
        if len(iso) < _DAY_LENGTH:
            return format_skeleton("y" if len(iso) < _MONTH_LENGTH else "yMMMM", day, locale=self._names)
        return format_date(day, "long", self._names)


def _roughly(days: int) -> tuple[str, int]:
    """A span as people say it: days up to two months, months up to two years, then years."""
    if days <= _DAYS_SAID:
        return "days", days
    return ("months", days * 12 // 365) if days < _MONTHS_SAID else ("years", days // 365)


def office_day(at: dt.datetime) -> dt.date:
    """The calendar day of a moment in the office."""
    return at.astimezone(OFFICE_ZONE).date()


def now() -> dt.datetime:
    """The clock of a running installation."""
    return dt.datetime.now(dt.UTC)
