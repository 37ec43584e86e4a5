"""What was found about a person, and where it is used."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from application.people_ports import Kept
from application.script import fold
from domain.kernel import Fact
from domain.partners.events import PartnerRegistered
from domain.people.events import RequestReceived

SHORTEST: Final = 3
"""Letters of all words together; less would find half of the vault."""
MOST_WORDS: Final = 6
LONGEST_WORD: Final = 60


class Place(msgspec.Struct, frozen=True):
    """Where an entry is used: `case`, `partner` or `request`, and its number or name. Empty where nobody knows."""

    kind: str
    name: str


class Found(msgspec.Struct, frozen=True):
    entry: Kept
    place: Place


def folded_words(typed: str) -> tuple[str, ...]:
    """The words to look for; none where they are too short to find one person."""
    words = [word[:LONGEST_WORD] for word in fold(typed).split()][:MOST_WORDS]
    return tuple(dict.fromkeys(words)) if sum(map(len, words)) >= SHORTEST else ()


def finding(words: Sequence[str], text: str) -> bool:
    """Whether every word stands in the text, whatever its script."""
    folded = fold(text)
    return bool(words) and all(word in folded for word in words)


def places(first: Mapping[UUID, Fact]) -> dict[UUID, Place]:
    """Names of streams by the facts with which they begin."""
    return {stream: _place(fact) for stream, fact in first.items()}


def _place(fact: Fact) -> Place:
    match fact:
        case RequestReceived(number=number):
            return Place("request", number)
        case PartnerRegistered(name=name):
            return Place("partner", name)
        case _:
            return Place("case", str(getattr(fact, "number", "")))
