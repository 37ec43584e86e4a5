"""What an import says: rows that could not be taken, what it noticed, and what it did."""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from application.script import latin

MOST_KEPT: Final = 1000
"""Findings and names that a report keeps; every one is counted, and handed out while it is fresh."""
LONGEST_VALUE: Final = 80


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something about one row: a code with parameters, never a sentence."""

    file: str
    line: int
    column: str
    """The title as the file has it; empty where the whole row is meant."""
    value: str
    """What stands in the cell, shortened, with signs that cannot be seen spelled out."""
    code: str
    params: Mapping[str, str | int] = {}


MESSAGES: Final[Mapping[str, str]] = {
    # rows that were not taken
    "import.cell-missing": "the cell is empty; it has to be filled in",
    "import.name-missing": "there is no letter in the name of the partner; write the name",
    "import.formula-error": "the cell holds an error of the spreadsheet; mend its formula and save the file again",
    "import.too-long": "the text has {length} characters; shorten it to {most}",
    "import.characters": "the text holds signs that cannot be seen (control or direction signs); type it anew",
    "import.too-many-cells": "the row has more cells than the header; put text that holds a separator in quotes",
    "import.local-government-unknown": (
        "no local government of Serbia is called so, and a settlement is none; write the name as the register has it"
    ),
    "import.local-government-settlement": (
        "a settlement is no local government; this one belongs to {nearest}: write that, if the cooperation is its own"
    ),
    "import.local-government-nearest": (
        "no local government of Serbia is called so, and a settlement is none; did you mean {nearest}?"
    ),
    "import.local-government-unclear": "several local governments are called so; name the city too: {nearest}",
    "import.country-unknown": "no country is called so; write its name in Serbian or English, or its two-letter code",
    "import.countries-differ": "the row names {partners} partners and {countries} countries; name one country, or each",
    "import.kind-unknown": "no kind of cooperation is called so; known are: {known}",
    "import.stage-unknown": "no stage is called so; known are: {known}",
    "import.partner-at-home": (
        "the partner is in Serbia; cooperation at home is inter-municipal cooperation and is kept elsewhere"
    ),
    "import.year-unclear": "a year has four digits, such as 2019",
    "date.unclear": "the date cannot be read; write it as 2023-07-07, 7.7.2023, 2023-07 or 2023",
    "date.impossible": "the calendar has no such day; correct it",
    "date.out-of-range": "the year lies outside what a register can hold; correct it",
    "date.in-future": "the day lies in the future; correct it",
    "initiative.party-twice": "the row names the same side twice; name each side once",
    "initiative.not-live": "a case that has ended cannot be taken over; enter it by hand",
    # rows that need nothing, or a look
    "import.duplicate": "the same as line {line}; it was passed over",
    "import.differs": "it stands in the register as {number} with {register}, here it has {file}; nothing was changed",
    "import.kind-known": (
        "it stands in the register as {number} without a kind of cooperation, here it is {kind}; correct it there"
    ),
    "import.under-way": "it is under way in the register as {number}; record there that it was concluded",
}
"""English sentences by code. They are message identifiers too: a translation is looked up by them."""


def sentence(finding: Finding, translated: Callable[[str], str] = str) -> str:
    """What is wrong and how to mend it, for a person; `translated` turns an English message into another language."""
    params = dict(finding.params)
    if "nearest" in params:
        params["nearest"] = latin(str(params["nearest"]))
    return translated(MESSAGES[finding.code]).format(**params)


def english(finding: Finding) -> str:
    """One line: file, line, column, value, and the mend."""
    where = f"{finding.file}, line {finding.line}"
    if finding.column:
        where += f", {finding.column}"
    value = f" “{finding.value}”" if finding.value else ""
    return f"{where}{value}: {sentence(finding)}"


class Report(msgspec.Struct, kw_only=True):
    """What became of the rows of one file. `rows` is the sum of the five counts that follow it."""

    file: str
    dry_run: bool
    rows: int = 0
    entered: int = 0
    """Entered as agreements that exist."""
    taken_over: int = 0
    """Taken over as initiatives under way."""
    already_there: int = 0
    duplicates: int = 0
    refused: int = 0
    differing: int = 0
    """Of those already there: rows that say something else than the register."""
    new_partners: int = 0
    partners: list[str] = msgspec.field(default_factory=list[str])
    """Names of new partners, the first MOST_KEPT."""
    problems: list[Finding] = msgspec.field(default_factory=list[Finding])
    """Why rows were refused, the first MOST_KEPT."""
    notes: list[Finding] = msgspec.field(default_factory=list[Finding])
    """Duplicates and differences, the first MOST_KEPT."""
    columns_not_read: tuple[str, ...] = ()
    broken: str = ""
    """English line of why the rest of the file could not be read; empty where it was read to its end."""
    broken_code: str = ""
    position: int = 0
    """Log position of the last fact, to wait for in a view; 0 where nothing was appended."""

    def add(self, other: "Report") -> None:
        """Take in what became of a batch."""
        for count in _COUNTS:
            setattr(self, count, getattr(self, count) + getattr(other, count))
        for kept in ("partners", "problems", "notes"):
            mine = getattr(self, kept)
            mine.extend(getattr(other, kept)[: MOST_KEPT - len(mine)])
        self.position = max(self.position, other.position)


_COUNTS: Final = (
    *("rows", "entered", "taken_over", "already_there", "duplicates", "refused", "differing", "new_partners"),
)


def shown(value: str) -> str:
    """A cell's text as a message can quote it: one line, at most LONGEST_VALUE characters, nothing invisible."""
    cut = value[:LONGEST_VALUE]
    visible = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)
    return visible + ("…" if len(value) > LONGEST_VALUE else "")
