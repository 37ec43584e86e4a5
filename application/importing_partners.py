"""How a table names a partner: `Budavár (Budapest)`, `Budapest – Budavár`, `Vukovar-Srijem County`."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from application.script import fold
from domain.partners.events import PartnerKind

_IN_PARENTHESES: Final = re.compile(r"(?P<name>[^()]*\S)\s*\((?P<inside>[^()]+)\)\s*")
_DASH: Final = re.compile(r"\s+[-–—]\s+")
_TWO: Final = 2
_CITY: Final = re.compile(r"(?:Grad|Град|City of)\s+(?=\S)", re.IGNORECASE)

_KIND_WORDS: Final = {
    PartnerKind.COUNTY: "county zupanija megye department departement judet landkreis kreis",
    PartnerKind.REGION: "region regija regije oblast",
    PartnerKind.PROVINCE: "province provincija pokrajina provincia",
    PartnerKind.CITY_DISTRICT: "district rajon cetvrt borough",
    PartnerKind.ASSOCIATION: "association asocijacija savez udruzenje",
}
_KIND_OF: Final = {word: kind for kind, words in _KIND_WORDS.items() for word in words.split()}
_PLAIN_KINDS: Final = frozenset({"grad", "opstina", "municipality", "city", "town", "okrug"})


class Naming(NamedTuple):
    """One way to read a text: a name, and the city that the named part belongs to."""

    name: str
    part_of: str | None
    kind: PartnerKind

    @property
    def key(self) -> tuple[str, str]:
        """The same for every spelling of the same name."""
        return fold(self.name), fold(self.part_of or "")


class Namings(NamedTuple):
    """Every way to read a text, the likeliest for a partner that nobody knows yet last."""

    readings: tuple[Naming, ...]

    @property
    def new(self) -> Naming:
        return self.readings[-1]


@lru_cache(maxsize=65536)
def namings(text: str) -> Namings:
    """Read a partner's name. Its kind is guessed from clear words only; without one it is a local government."""
    if inside := _IN_PARENTHESES.fullmatch(text):
        return Namings((_parenthesised(inside["name"], inside["inside"].strip()),))
    whole = Naming(text, None, _kind(text))
    halves = _DASH.split(text)
    if len(halves) != _TWO or not all(halves):
        return Namings((whole,))
    left, right = halves
    reverse = Naming(left, _city(right), PartnerKind.CITY_DISTRICT)
    return Namings((whole, reverse, Naming(right, _city(left), PartnerKind.CITY_DISTRICT)))


def _parenthesised(name: str, inside: str) -> Naming:
    """What stands in parentheses is a city, unless it is the kind of the partner itself."""
    word = fold(inside)
    if word in _KIND_OF:
        return Naming(name, None, _KIND_OF[word])
    if word in _PLAIN_KINDS:
        return Naming(name, None, PartnerKind.LOCAL_GOVERNMENT)
    kind = _kind(name)
    return Naming(name, _city(inside), PartnerKind.CITY_DISTRICT if kind is PartnerKind.LOCAL_GOVERNMENT else kind)


def _city(text: str) -> str:
    return _CITY.sub("", text, count=1)


def _kind(name: str) -> PartnerKind:
    return next((_KIND_OF[word] for word in fold(name).split() if word in _KIND_OF), PartnerKind.LOCAL_GOVERNMENT)
