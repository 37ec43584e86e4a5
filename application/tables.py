"""Tables that come in and go out: their columns, and what a reader of files has to provide."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import ClassVar, Final, NamedTuple, Protocol, runtime_checkable

from application.script import fold
from application.vocabulary import Word


class Column(StrEnum):
    NUMBER = "number"
    LOCAL_GOVERNMENT = "local_government"
    PARTNER = "partner_name"
    COUNTRY = "country"
    COUNTRY_CODE = "partner_country_iso2"
    KIND = "kind"
    STAGE = "stage"
    YEAR = "year"
    AS_OF = "as_of"
    PROPOSED_ON = "proposed_on"
    SIGNED_ON = "date_signed"
    ENDS_ON = "ends_on"
    VISITS = "visits"
    SINCE = "since"
    DUE = "due"
    HANDLER = "handler"
    UPDATED = "updated"
    NOTE = "status_note"
    SOURCE = "source_url"


TITLES: Final[Mapping[Column, Word]] = {
    Column.NUMBER: Word("Број предмета", "Number", ("case number",)),
    Column.LOCAL_GOVERNMENT: Word(
        "Локална самоуправа", "Local government", ("јединица локалне самоуправе", "ЈЛС", "град/општина")
    ),
    Column.PARTNER: Word("Партнер", "Partner", ("назив партнера", "страни партнер", "партнер у иностранству")),
    Column.COUNTRY: Word("Држава", "Country", ("држава партнера", "земља", "partner country")),
    Column.COUNTRY_CODE: Word("Ознака државе", "Country code", ("country_iso2", "ISO")),
    Column.KIND: Word("Врста сарадње", "Kind of cooperation", ("врста", "облик сарадње")),
    Column.STAGE: Word("Фаза", "Stage"),
    Column.YEAR: Word("Година", "Year"),
    Column.AS_OF: Word("Стање на дан", "As of"),
    Column.PROPOSED_ON: Word("Предложено", "Proposed on", ("датум предлога",)),
    Column.SIGNED_ON: Word("Датум потписивања", "Signed on", ("потписано", "date of signing")),
    Column.ENDS_ON: Word("Важи до", "Ends on", ("датум истека", "valid until")),
    Column.VISITS: Word("Посета", "Visits", ("посете", "број посета")),
    Column.SINCE: Word("У фази од", "In this stage since"),
    Column.DUE: Word("Рок", "Due", ("deadline",)),
    Column.HANDLER: Word("Носилац предмета", "Handler"),
    Column.UPDATED: Word("Измењено", "Changed"),
    Column.NOTE: Word("Напомена", "Remark", ("note", "статус")),
    Column.SOURCE: Word("Извор", "Source"),
}
_BY_TITLE: Final = {
    fold(text): column for column, word in TITLES.items() for text in (column.value, *word[:2], *word.also)
}
LONGEST_QUOTE: Final = 60
MOST_CELLS: Final = 64
"""Columns that are looked at; a register has a quarter of that."""
MOST_LINES: Final = 1_048_576
"""Lines of a sheet, as spreadsheets have them."""


class TableRefused(Exception):
    """A file that cannot be read as a table at all. `str()` is one English line: what, where, how to mend it."""

    messages: ClassVar[Mapping[str, str]] = {
        "table.missing": "{file}: there is no such file. Check the path.",
        "table.unreadable": "{file}: cannot be opened ({reason}).",
        "table.empty": "{file}: the file is empty. Its first line must hold the names of the columns.",
        "table.binary": "{file}: this is no table. Save it as CSV or XLSX and try again.",
        "table.old-excel": (
            "{file}: an old Excel file, or one with a password. Save it as XLSX without a password and try again."
        ),
        "table.broken": "{file}: damaged from line {line} on ({reason}). Open it, save it again, and try again.",
        "table.too-big": "{file}: unpacked it would hold more than {megabytes} MB. Split it, or save it as CSV.",
        "table.too-long": "{file}: more than {most} lines. Split it.",
        "table.encoding": "{file}, near line {line}: the text is in no known encoding. Save it as UTF-8 and try again.",
        "table.column-missing": "{file}: there is no column “{column}” ({code}). Add it to the first line.",
        "table.column-twice": "{file}: two columns mean “{column}” ({code}). Keep one of them.",
    }

    def __init__(self, code: str, /, **params: str | int) -> None:
        super().__init__(self.messages[code].format(**params))
        self.code = code
        self.params = params


class Line(NamedTuple):
    """One record of a table: where it begins in the file, and its cells as text."""

    number: int
    cells: Sequence[str]


@runtime_checkable
class Table(Protocol):
    """A table that is read once, line by line. Reading raises TableRefused."""

    @property
    def name(self) -> str:
        """The file's name, as messages show it."""
        ...

    @property
    def header(self) -> Sequence[str]: ...

    @property
    def lines(self) -> Iterator[Line]:
        """What follows the header; lines without any text are left out."""
        ...

    @property
    def read(self) -> float:
        """How much of the file has been read, 0 to 1."""
        ...


class Layout(NamedTuple):
    """Where each known column stands, and which titles mean nothing to us."""

    places: Mapping[Column, int]
    titles: Sequence[str]
    unknown: tuple[str, ...]

    def cell(self, line: Line, column: Column) -> str:
        """The text of a cell, empty where the line or the table lacks it."""
        place = self.places.get(column)
        return line.cells[place].strip() if place is not None and place < len(line.cells) else ""

    def title(self, column: Column) -> str:
        """What the file calls the column."""
        place = self.places.get(column)
        return self.titles[place] if place is not None else column.value


def layout(table: Table) -> Layout:
    """Match the header with the columns of the register, by their names or titles in any script.

    Raises TableRefused where a column is missing that every row needs, or two mean the same.
    """
    places: dict[Column, int] = {}
    unknown: list[str] = []
    for place, title in enumerate(table.header[:MOST_CELLS]):
        column = _BY_TITLE.get(fold(title))
        if column is None:
            unknown.extend([title[:LONGEST_QUOTE]] if title.strip() else [])
        elif column in places:
            raise _about("table.column-twice", table, column)
        else:
            places[column] = place
    for column in (Column.LOCAL_GOVERNMENT, Column.PARTNER, Column.COUNTRY):
        if column not in places and not (column is Column.COUNTRY and Column.COUNTRY_CODE in places):
            raise _about("table.column-missing", table, column)
    return Layout(places, table.header, tuple(unknown))


def _about(code: str, table: Table, column: Column) -> TableRefused:
    return TableRefused(code, file=table.name, column=TITLES[column].spoken("sr-Latn"), code=column.value)
