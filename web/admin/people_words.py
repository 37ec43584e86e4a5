"""Words for requests of persons, and for what is kept about them."""

from collections.abc import Mapping
from typing import Final

import msgspec

from application.people_finding import Found, Place
from domain.kernel import Fact
from domain.people import events as e
from web.initiatives.words import ERASURE_GROUNDS, REFUSAL_GROUNDS
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

ENTRIES: Final[Mapping[str, str]] = {
    "rationale": N_("Rationale of a proposal"),
    "reason": N_("Reason, or basis"),
    "remark": N_("Remark, task, or source"),
    "person": N_("Name and contact of a person"),
}
"""By the kinds of the vault."""
_FACTS: Final[Mapping[type[Fact], str]] = {
    e.RequestReceived: N_("The request was received."),
    e.AnswerDelayed: N_("The time for the answer is longer by 60 days."),
    e.RequestGranted: N_("The request was granted."),
}
_PLACES: Final = {
    "case": N_("case %(name)s"),
    "partner": N_("partner %(name)s"),
    "request": N_("request %(name)s"),
}


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the vault in a list; its text only where it was asked for."""

    ref: str
    kind: str
    place: str
    recorded: str
    length: int
    text: str


def entry_row(found: Found, spoken: Language, *, with_text: bool) -> EntryRow:
    entry = found.entry
    return EntryRow(
        ref=str(entry.ref),
        kind=spoken.gettext(ENTRIES[entry.kind]),
        place=place_of(found.place, spoken),
        recorded=spoken.moment(entry.recorded_at),
        length=len(entry.text),
        text=entry.text if with_text else "",
    )


def place_of(place: Place, spoken: Language) -> str:
    """Where an entry is used: `case 2026-0042`."""
    if place.kind not in _PLACES:
        return spoken.gettext(N_("nowhere that is known"))
    return spoken.gettext(_PLACES[place.kind]) % {"name": place.name}


def fact_sentence(fact: Fact, spoken: Language) -> str:
    """What happened to a request; empty for a fact that is none of one."""
    match fact:
        case e.VaultSearched(found=found):
            return spoken.count(
                "The vault was searched: %(num)s entry.", "The vault was searched: %(num)s entries.", found
            )
        case e.EntriesRead(entries=entries):
            return spoken.count("%(num)s text was read.", "%(num)s texts were read.", len(entries))
        case e.EntryErased(ground=ground):
            said = spoken.gettext(N_("An entry was erased: %(ground)s."))
            return said % {"ground": spoken.gettext(ERASURE_GROUNDS[ground])}
        case e.EntryCorrected():
            return spoken.gettext(N_("An entry was corrected; its old text was destroyed."))
        case e.RequestRefused(ground=ground):
            said = spoken.gettext(N_("The request was refused: %(ground)s."))
            return said % {"ground": spoken.gettext(REFUSAL_GROUNDS[ground])}
        case _:
            return spoken.gettext(_FACTS[type(fact)]) if type(fact) in _FACTS else ""
