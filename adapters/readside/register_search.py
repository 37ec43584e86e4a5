"""The words of a search as conditions on the register: sides that bear such a name, and numbers of cases."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from adapters.readside.places import NUMBERS_A_YEAR
from application.reference import LocalGovernments
from application.script import fold

MOST_WORDS: Final = 20
MOST_DIGITS: Final = len(str(NUMBERS_A_YEAR)) - 1
YEARS: Final = range(1900, 2101)
"""In which a running number alone is looked for."""
_FEWEST_DIGITS: Final = 4
_NUMBER: Final = re.compile(r"([0-9]{4})-([0-9]*)")


class Search:
    """Names of local governments are looked through here, those of partners by the server."""

    def __init__(self, names: LocalGovernments) -> None:
        self._units = [(code, fold(unit.name)) for code, unit in names.by_code.items()]

    def conditions(self, text: str) -> tuple[Sequence[str], dict[str, Any]]:
        """Conditions on `views.register AS r` that all hold for a case, and their values; none for a blank text.

        Each word must be found in the name of some side, or be its number: whole, begun, or the part behind the year.
        """
        found = words(text)
        if not found and text.strip():
            return ["false"], {}  # signs alone: nothing bears such a name
        conditions, values = list[str](), dict[str, Any]()
        for place, word in enumerate(found):
            ways, meant = self._ways(word, f"word{place}")
            conditions.append(f"({' OR '.join(ways)})")
            values |= meant
        return conditions, values

    def _ways(self, word: str, name: str) -> tuple[list[str], dict[str, Any]]:
        ways = [f"r.partners && ARRAY(SELECT p.id FROM views.partner_file AS p WHERE p.words LIKE %({name})s)"]  # noqa: S608
        values: dict[str, Any] = {name: f"%{word}%"}
        if units := [code for code, folded in self._units if word in folded]:
            ways.append(f"r.homes && %({name}units)s::text[]")
            ways.append(f"cardinality(r.others) > 0 AND r.others && %({name}units)s::text[]")
            values[f"{name}units"] = units
        if ranges := [*_numbers(word)]:
            ways.append(f"r.number = ANY(%({name}numbers)s::bigint[])")
            values[f"{name}numbers"] = [first for first, last in ranges if first == last]
            for place, (first, last) in enumerate(both for both in ranges if both[0] < both[1]):
                ways.append(f"r.number BETWEEN %({name}from{place})s AND %({name}to{place})s")
                values |= {f"{name}from{place}": first, f"{name}to{place}": last}
        return ways, values


def words(text: str) -> list[str]:
    """Words that must all be found, folded; a case number stays one word. More than MOST_WORDS are not looked for."""
    found = [
        word
        for part in text.split()
        for word in ([part] if _NUMBER.fullmatch(part) and part.isascii() else fold(part).split())
    ]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def _numbers(word: str) -> Iterator[tuple[int, int]]:
    """First and last of the case numbers that a word may mean, as number_of gives them."""
    if number := _NUMBER.fullmatch(word):
        yield from _begun(int(number[1]) * NUMBERS_A_YEAR, number[2])
    elif word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS:
        numbers = [year * NUMBERS_A_YEAR + int(word) for year in YEARS]
        yield from zip(numbers, numbers, strict=True)
        if int(word) in YEARS:
            yield from _begun(int(word) * NUMBERS_A_YEAR, "")


def _begun(year: int, running: str) -> Iterator[tuple[int, int]]:
    """Numbers of a year that begin so; they have four digits, and more only where there are so many."""
    if not running:
        yield year, year + NUMBERS_A_YEAR - 1
        return
    fewest = max(_FEWEST_DIGITS, len(running))
    for digits in range(fewest, MOST_DIGITS + 1 if running[0] != "0" else fewest + 1):
        more = 10 ** (digits - len(running))
        yield year + int(running) * more, year + (int(running) + 1) * more - 1
