"""How a table names a partner: `Budavár (Budapest)`, `Budapest – Budavár`, `Vukovar-Srijem County`.

Tables put a city and its district in either order. Which of the two is the city decides only how a new partner is
registered; whether two texts mean the same partner never depends on their order, nor on which came first.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from application.script import fold
from domain.partners.events import PartnerKind

_IN_PARENTHESES: Final = re.compile(r"(?P<name>[^()]*\S)\s*\((?P<inside>[^()]+)\)\s*")
_DASH: Final = re.compile(r"\s+[-–—]\s+")
_TWO: Final = 2
_CITY: Final = re.compile(r"(?:Grad|Град|City of)\s+(?=\S)", re.IGNORECASE)

_KIND_WORDS: Final = {
    PartnerKind.COUNTY: "county counties zupanija megye varmegye department departement judet judetul landkreis kreis "
    "okrug okres powiat canton kanton",
    PartnerKind.REGION: "region regija regije regione oblast voivodeship vojvodstvo wojewodztwo bundesland",
    PartnerKind.PROVINCE: "province provincija pokrajina provincia",
    PartnerKind.CITY_DISTRICT: "district rajon cetvrt borough bezirk kerulet arrondissement",
    PartnerKind.ASSOCIATION: "association asocijacija savez udruzenje",
}
_KIND_OF: Final = {word: kind for kind, words in _KIND_WORDS.items() for word in words.split()}
_PLAIN_KINDS: Final = frozenset({"grad", "opstina", "municipality", "city", "town"})
_LARGER: Final = (PartnerKind.COUNTY, PartnerKind.REGION, PartnerKind.PROVINCE)
"""They have names of two halves themselves, and are no part of a city."""
_CITIES: Final = {
    "AT": "wien vienna bec",
    "BA": "sarajevo",
    "BE": "brussels brisel",
    "BG": "sofia sofija",
    "CZ": "praha prague prag",
    "DE": "berlin",
    "ES": "madrid",
    "FR": "paris pariz",
    "GB": "london",
    "GR": "athens atina",
    "HR": "zagreb",
    "HU": "budapest budimpesta",
    "IT": "roma rome rim",
    "MK": "skopje skoplje",
    "PL": "warszawa warsaw varsava",
    "PT": "lisbon lisabon",
    "RO": "bucuresti bucharest bukurest",
    "RU": "moscow moskva saint-petersburg sankt-peterburg",
    "SK": "bratislava",
    "TR": "istanbul",
    "UA": "kyiv kiev kijev",
}
_DIVIDED: Final = {(country, fold(name)) for country, names in _CITIES.items() for name in names.split()}
"""Cities that are known to have districts."""


class Naming(NamedTuple):
    """How a partner is registered: its name, and the city or region that it is a part of."""

    name: str
    part_of: str | None
    kind: PartnerKind


class Namings(NamedTuple):
    """A text as it was read."""

    new: Naming
    """For a partner that nobody knows yet."""
    keys: tuple[str, ...]
    """Every text that means the same partner shares one of them; see `keys_of`."""


@lru_cache(maxsize=65536)
def namings(text: str, country: str) -> Namings:
    """Read the name of a partner in a country.

    Its kind is guessed from clear words only; without one it is a local government.
    """
    whole = Naming(text, None, _kind(text))
    if inside := _IN_PARENTHESES.fullmatch(text):
        return _parenthesised(inside["name"], inside["inside"].strip(), country)
    halves = _DASH.split(text)
    if len(halves) != _TWO or not all(halves) or _is_larger(*halves):
        return Namings(whole, (fold(text),))
    left, right = halves
    keys = tuple(dict.fromkeys((*_keys(left, right), fold(text))))
    return Namings(_district(left, right, country) or _district(right, left, country) or whole, keys)


def keys_of(name: str, part_of: str | None, country: str) -> tuple[str, ...]:
    """Of a partner that is registered so: one of them stands among the keys of every text that means it."""
    return _keys(name, part_of) if part_of else namings(name, country).keys


def keys_of_all(names: Sequence[str], part_of: str | None, country: str) -> list[str]:
    """Of a partner that bears several names: a district is meant by each of its names with each of its city's.

    `Simmering` in `Vienna`, also called `Зимеринг (Беч)`, is meant by `Simmering (Beč)` too.
    """
    if part_of is None:
        return [key for name in names for key in keys_of(name, None, country)]
    read = [_in_its_city(name, part_of, country) for name in names]
    districts, cities = (dict.fromkeys(part) for part in zip(*read, strict=True))
    return [key for district, city in product(districts, cities) for key in _keys(district, city)]


def _in_its_city(name: str, part_of: str, country: str) -> tuple[str, str]:
    """The name of a district, and what its city is called there."""
    if _IN_PARENTHESES.fullmatch(name) and (new := namings(name, country).new).part_of:
        return new.name, new.part_of
    return name, part_of


def _parenthesised(name: str, inside: str, country: str) -> Namings:
    """What stands in parentheses is what the partner belongs to, unless it is its kind, or a district of its own."""
    word = fold(inside)
    if word in _KIND_OF or word in _PLAIN_KINDS:
        return Namings(Naming(name, None, _KIND_OF.get(word, PartnerKind.LOCAL_GOVERNMENT)), (fold(name),))
    kind = _kind(name)
    if kind is PartnerKind.LOCAL_GOVERNMENT and not _is_larger(inside):
        kind = PartnerKind.CITY_DISTRICT
    as_written = Naming(name, _city(inside), kind)
    return Namings(_district(name, inside, country) or as_written, _keys(name, inside))


def _district(city: str, district: str, country: str) -> Naming | None:
    """The second as a part of the first, where one of the two says clearly which is which."""
    named_so = _kind(district) is PartnerKind.CITY_DISTRICT and _kind(city) is PartnerKind.LOCAL_GOVERNMENT
    if named_so or (_is_divided(city, country) and not _is_divided(district, country) and not _is_larger(district)):
        return Naming(district, _city(city), PartnerKind.CITY_DISTRICT)
    return None


def _is_divided(city: str, country: str) -> bool:
    return (country, fold(_city(city))) in _DIVIDED


@lru_cache(maxsize=65536)
def _keys(one: str, other: str) -> tuple[str, str]:
    first, second = fold(_city(one)), fold(_city(other))
    return f"{first} {second}", f"{second} {first}"


def _is_larger(*texts: str) -> bool:
    return any(_kind(text) in _LARGER for text in texts)


def _city(text: str) -> str:
    return _CITY.sub("", text, count=1)


def _kind(name: str) -> PartnerKind:
    return next((_KIND_OF[word] for word in fold(name).split() if word in _KIND_OF), PartnerKind.LOCAL_GOVERNMENT)
