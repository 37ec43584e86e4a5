"""The words that stand for a code in files that people exchange: read in three languages, written in one."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple, Protocol, TypeVar, runtime_checkable

from application.script import fold, latin
from domain.initiatives.terms import Kind, Stage


class Word(NamedTuple):
    """One term: Cyrillic is the master, Latin follows from it; `also` lists what is read but never written."""

    serbian: str
    english: str
    also: tuple[str, ...] = ()

    def spoken(self, locale: str) -> str:
        """As a reader of `sr-Latn`, `sr-Cyrl` or `en` has it."""
        return in_script(self.serbian, locale) if locale != "en" else self.english


def in_script(cyrillic: str, locale: str) -> str:
    """A Serbian name in the reader's script; English readers get Latin."""
    return cyrillic if locale == "sr-Cyrl" else latin(cyrillic)


KINDS: Final[Mapping[Kind, Word]] = {
    Kind.TWINNING: Word("братимљење", "Town twinning", ("twin town", "побратимљени град", "побратимство")),
    Kind.DECENTRALISED: Word("децентрализована сарадња", "Decentralised cooperation", ("decentralized",)),
    Kind.PROJECT_BASED: Word("пројектна сарадња", "Project cooperation", ("project", "пројекат")),
    Kind.CROSS_BORDER: Word("прекогранична сарадња", "Cross-border cooperation"),
    Kind.ASSOCIATION: Word("сарадња асоцијација", "Cooperation of associations", ("асоцијација",)),
    Kind.COOPERATION: Word("сарадња", "Cooperation"),
    Kind.FRIENDSHIP: Word("пријатељство", "Friendship"),
    Kind.UNKNOWN: Word("непозната врста", "Kind unknown", ("непознато", "непозната")),
}

STAGES: Final[Mapping[Stage, Word]] = {
    Stage.PROPOSED: Word("предложено", "Proposed"),
    Stage.COORDINATING: Word("у координацији", "In coordination", ("координација",)),
    Stage.SUSPENDED: Word("застој", "Suspended"),
    Stage.LETTER_OF_INTENT: Word("писмо о намерама", "Letter of intent"),
    Stage.DRAFTING: Word("израда нацрта", "Drafting", ("нацрт",)),
    Stage.DECIDED: Word("одлука донета", "Decided"),
    Stage.CONSENT_REQUESTED: Word("затражена сагласност", "Consent requested"),
    Stage.OPINIONS: Word("чекају се мишљења", "Awaiting opinions"),
    Stage.RETURNED: Word("враћено на допуну", "Returned for supplement"),
    Stage.CONSENT_GRANTED: Word("сагласност дата", "Consent granted"),
    Stage.CONSENT_REFUSED: Word("сагласност одбијена", "Consent refused"),
    Stage.PUBLISHED: Word("објављено", "Published"),
    Stage.SIGNED: Word("потписано", "Signed"),
    Stage.ACTIVE: Word("активно", "Active"),
    Stage.EXPIRING: Word("истиче", "Expiring"),
    Stage.RENEWED: Word("продужено", "Renewed"),
    Stage.DORMANT: Word("у мировању", "Dormant"),
    Stage.EXPIRED: Word("истекло", "Expired"),
    Stage.TERMINATED: Word("раскинуто", "Terminated"),
    Stage.DECLINED: Word("одбијено", "Declined"),
    Stage.WITHDRAWN: Word("повучено", "Withdrawn"),
    Stage.MERGED: Word("спојено", "Merged"),
}

C = TypeVar("C", bound=StrEnum)


def by_word(words: Mapping[C, Word]) -> dict[str, C]:
    """Folded text to code: the code itself, both scripts, English, and what is read besides."""
    return {fold(text): code for code, word in words.items() for text in (code.value, *word[:2], *word.also)}


@cache
def _kinds() -> dict[str, Kind]:
    return by_word(KINDS)


@cache
def _stages() -> dict[str, Stage]:
    return by_word(STAGES)


def kind_of(text: str) -> Kind | None:
    """The kind of cooperation that a text names in any language; None where it names none."""
    return _kinds().get(fold(text))


def stage_of(text: str) -> Stage | None:
    """The stage that a text names in any language; None where it names none."""
    return _stages().get(fold(text))


@runtime_checkable
class Countries(Protocol):
    def find(self, text: str) -> str | None:
        """ISO 3166-1 alpha-2 code of the country that a text names in Serbian or English, or the code itself.

        None where it names none. Kosovo gives `XK`, which no rule of the office takes for a foreign country.
        """
        ...

    def name(self, code: str, locale: str) -> str:
        """The country's name for a reader of `sr-Latn`, `sr-Cyrl` or `en`; the code itself where there is none."""
        ...
