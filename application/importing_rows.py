"""One row of a table, read into what the register needs, or the reasons why it cannot be taken."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final
from unicodedata import normalize

import msgspec

from application.identity import command_key
from application.importing_home import HomeNames
from application.importing_partners import Namings, namings
from application.importing_report import Finding, shown
from application.reference import LocalGovernments
from application.script import fold
from application.tables import Column, Layout, Line
from application.vocabulary import KINDS, STAGES, Countries, Word, kind_of, stage_of
from domain.dates import NotADate, PartialDate, partial_date
from domain.initiatives.terms import CONCLUDED, Kind, Stage
from domain.kernel import CommandKey, Refusal
from domain.partners.decisions import NOT_FOREIGN
from domain.words import Line as TextLine
from domain.words import LongLine

ReadDate = Callable[[str], PartialDate | Refusal]
"""Reads a date as people type it: `7. 7. 2023.`, `jul 2023`."""

SEPARATOR: Final = "; "
"""Between several local governments, partners or countries of one case."""
_NOTE: Final = re.compile(r"(active|aktivno|aktivna|активно|активна|unknown|nepoznato|непознато)\s*(?:;\s*|$)", re.I)
_ACTIVE: Final = frozenset("aа")
"""First letters of the words for `active`, Latin and Cyrillic."""
_YEAR: Final = re.compile(r"([0-9]{4})(?:\.0?)?")
_CLOCK: Final = re.compile(r"(?<=[0-9])[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?Z?$")
"""Databases write a day as midnight of it."""
_SOFT_HYPHEN: Final = "\u00ad"
_NOTHING: Final = frozenset({"-", "–", "—", "/"})
"""Whole cells that say that there is nothing to say."""
_ERRORS: Final = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
_GUARDED: Final = re.compile(r"'(?=[=+\-@\t\r])")
"""Spreadsheets are kept from taking a text for a formula by an apostrophe; our own export does so too."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A row that can be taken, as far as the row alone tells."""

    line: int
    homes: tuple[str, ...]
    partners: tuple[tuple[str, Namings], ...]
    """Country and name."""
    kind: Kind
    stage: Stage
    day: PartialDate | None
    day_from: Column
    """The column that gave the day."""
    ends_on: PartialDate | None
    confirmed: bool
    remark: str | None
    source: str
    key: CommandKey
    """The same for the same row of any file."""
    value: str
    """The pair, for messages."""

    @property
    def concluded(self) -> bool:
        return self.stage in CONCLUDED


class RowUnfit(Exception):
    """The row cannot be taken."""

    def __init__(self, column: Column | None, value: str, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.column, self.value, self.code, self.params = column, value, code, params


class Rows:
    """Reads the rows of one file."""

    def __init__(
        self,
        file: str,
        layout: Layout,
        local_governments: LocalGovernments,
        countries: Countries,
        read_date: ReadDate,
    ) -> None:
        self._file, self._layout = file, layout
        self._countries, self._read_date = countries, read_date
        self._home = HomeNames(local_governments)

    def entry(self, line: Line) -> Entry:
        """Raises RowUnfit for the first thing that is wrong."""
        if any(cell.strip() for cell in line.cells[len(self._layout.titles) :]):
            raise RowUnfit(None, line.cells[-1], "import.too-many-cells")
        home, partner = (self._text(line, c, TextLine, 200) for c in (Column.LOCAL_GOVERNMENT, Column.PARTNER))
        homes = tuple(self._unit(name) for name in _several(home))
        countries = self._country_codes(line)
        names = _several(partner)
        if nameless := [name for name in names if not any(map(str.isalpha, name))]:
            raise RowUnfit(Column.PARTNER, nameless[0], "import.name-missing")
        if len(countries) not in (1, len(names)):
            params = {"partners": len(names), "countries": len(countries)}
            raise RowUnfit(Column.COUNTRY, "; ".join(countries), "import.countries-differ", **params)
        if len(countries) == 1:
            countries *= len(names)
        partners = tuple((country, namings(name, country)) for country, name in zip(countries, names, strict=True))
        kind, stage = self._kind(line), self._stage(line)
        confirmed, remark = self._note(line)
        day, day_from = self._day(line, stage)
        return Entry(
            line=line.number,
            homes=homes,
            partners=partners,
            kind=kind,
            stage=stage,
            day=day,
            day_from=day_from,
            ends_on=self._date(line, Column.ENDS_ON),
            confirmed=confirmed,
            remark=remark,
            source=self._text(line, Column.SOURCE, LongLine, 500, needed=False) or self._file,
            key=command_key("import", *homes, *countries, *map(_folded, names), kind, str(stage in CONCLUDED)),
            value=f"{home} – {partner}",
        )

    def finding(self, line: int, unfit: RowUnfit) -> Finding:
        """What is told about the row."""
        column = unfit.column
        if column is Column.COUNTRY and column not in self._layout.places:
            column = Column.COUNTRY_CODE
        return Finding(
            file=self._file,
            line=line,
            column=self._layout.title(column) if column else "",
            value=shown(unfit.value),
            code=unfit.code,
            params=unfit.params,
        )

    # --- cells

    def _cell(self, line: Line, column: Column) -> str:
        """On one line, as people wrap text in spreadsheets; empty where a sign says so."""
        text = " ".join(normalize("NFC", self._layout.cell(line, column)).replace(_SOFT_HYPHEN, "").split())
        if text in _ERRORS:
            raise RowUnfit(column, text, "import.formula-error")
        return "" if text in _NOTHING else text

    def _text(self, line: Line, column: Column, bound: Any, most: int, needed: bool = True) -> str:
        text = _GUARDED.sub("", self._cell(line, column), count=1)
        if not text:
            if needed:
                raise RowUnfit(column, "", "import.cell-missing")
            return ""
        if len(text) > most:
            raise RowUnfit(column, text, "import.too-long", length=len(text), most=most)
        try:
            return msgspec.convert(text, bound)
        except msgspec.ValidationError:
            raise RowUnfit(column, text, "import.characters") from None

    def _unit(self, name: str) -> str:
        found = self._home.find(name)
        if isinstance(found, Refusal):
            raise RowUnfit(Column.LOCAL_GOVERNMENT, name, found.code, **found.params)
        return found.code

    def _country_codes(self, line: Line) -> list[str]:
        column = Column.COUNTRY_CODE if self._cell(line, Column.COUNTRY_CODE) else Column.COUNTRY
        return [self._country(column, text) for text in _several(self._text(line, column, TextLine, 200))]

    def _country(self, column: Column, text: str) -> str:
        code = self._countries.find(text)
        if code is None:
            raise RowUnfit(column, text, "import.country-unknown")
        if code in NOT_FOREIGN:
            raise RowUnfit(column, text, "import.partner-at-home")
        return code

    def _kind(self, line: Line) -> Kind:
        text = self._cell(line, Column.KIND)
        kind = kind_of(text) if text else Kind.UNKNOWN
        if kind is None:
            raise RowUnfit(Column.KIND, text, "import.kind-unknown", known=_words(KINDS))
        return kind

    def _stage(self, line: Line) -> Stage:
        text = self._cell(line, Column.STAGE)
        stage = stage_of(text) if text else Stage.ACTIVE
        if stage is None:
            raise RowUnfit(Column.STAGE, text, "import.stage-unknown", known=_words(STAGES))
        return stage

    def _note(self, line: Line) -> tuple[bool, str | None]:
        """`active; charter of 1976` gives True and the remark."""
        note = self._text(line, Column.NOTE, LongLine, 500, needed=False)
        status = _NOTE.match(note)
        remark = note[status.end() :] if status else note
        return bool(status and status[1][0].lower() in _ACTIVE), remark.strip() or None

    # --- dates

    def _day(self, line: Line, stage: Stage) -> tuple[PartialDate | None, Column]:
        """The day of signing, or as much as the year; of an initiative the day for which its stage is reported."""
        order = (Column.SIGNED_ON, Column.YEAR) if stage in CONCLUDED else (Column.AS_OF, Column.PROPOSED_ON)
        for column in order:
            if day := self._date(line, column):
                return day, column
        return None, order[0]

    def _date(self, line: Line, column: Column) -> PartialDate | None:
        text = _CLOCK.sub("", self._cell(line, column))
        if text and column is Column.YEAR and not (text := _year(text)):
            raise RowUnfit(column, self._cell(line, column), "import.year-unclear")
        return self._checked(column, text) if text else None

    def _checked(self, column: Column, text: str) -> PartialDate:
        try:
            return partial_date(text)
        except NotADate:
            day = self._read_date(text)
        if isinstance(day, Refusal):
            raise RowUnfit(column, text, day.code)
        return day


def _several(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split(SEPARATOR.strip())) if part] or [text]


def _year(text: str) -> str:
    year = _YEAR.fullmatch(text)
    return year[1] if year else ""


def _words(words: Any) -> str:
    each: list[Word] = list(words.values())
    return ", ".join(word.spoken("sr-Latn") for word in each)


_folded = lru_cache(maxsize=65536)(fold)
