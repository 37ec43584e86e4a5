"""One case with its facts, its words and its names, as far as the person may see it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from application.access import Person
from application.ports import Recorded
from application.reading import NotFound
from application.views.casefile import CaseFile
from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative
from domain.initiatives.terms import Party
from domain.words import CASE_NUMBER
from web.casework import Casework
from web.initiatives.history import Entry, entries_of
from web.initiatives.naming import Names, Pair, foreign
from web.initiatives.presenting import Teller
from web.language import Language
from web.past import Past
from web.session import PageRequest, language_of

_NUMBER: Final = re.compile(CASE_NUMBER)


@dataclass(frozen=True)
class OpenCase:
    """A case as one person reads it, in their language."""

    file: CaseFile
    recorded: Sequence[Recorded]
    teller: Teller
    past: Past | None = None
    """Where on the two clocks it is looked at; None for now."""
    whole: Sequence[Recorded] = ()
    """In the past, the history up to today."""

    @property
    def state(self) -> Initiative:
        return self.file.state

    @property
    def names(self) -> Names:
        return self.teller.names

    @property
    def path(self) -> str:
        return f"/initiatives/{self.state.number}"

    def at_its_time(self, address: str) -> str:
        """An address of the case, for the day at which it is looked at."""
        return self.past.address(address) if self.past else address

    @property
    def version(self) -> int:
        """The newest version in the log; the view may be a moment behind."""
        return self.recorded[-1].version if self.recorded else self.state.version

    @property
    def pair(self) -> Pair:
        ids = [party.partner for party in self.state.partners if party.partner]
        partners = [self.file.partners[id_] for id_ in ids if id_ in self.file.partners]
        return self.names.short_pair([p.key for p in self.state.home], partners)

    @cached_property
    def entries(self) -> list[Entry]:
        return entries_of(self.recorded, self.teller)


def names_for(request: PageRequest, work: Casework) -> Names:
    """Names in the language of the one who asks."""
    return names_in(language_of(request), work)


def names_in(spoken: Language, work: Casework) -> Names:
    return Names(spoken, work.local_governments, work.accounts, work.procedures.now())


def case_file(person: Person, work: Casework, number: str) -> CaseFile:
    """The case without its history. Raises as open_case."""
    if not _NUMBER.fullmatch(number):
        raise NotFound(number)
    return work.reading.case(person, number)


def open_case(request: PageRequest, person: Person, work: Casework, number: str, past: Past | None = None) -> OpenCase:
    """In the language of the one who asks. Raises as opened."""
    return opened(person, work, number, past, names_for(request, work))


def opened(person: Person, work: Casework, number: str, past: Past | None, names: Names) -> OpenCase:
    """Raises NotFound, also for a case outside the person's scope; Forbidden for who does no casework; NotYet."""
    if not _NUMBER.fullmatch(number):
        raise NotFound(number)
    if past:
        then = work.reading.case_as_of(person, number, past.as_of)
        file, history, whole = then.file, then.history, then.whole
    else:
        file, history = work.reading.case_with_history(person, number)
        whole = history.facts
    teller = Teller(names, history.texts, _sides(person, work, file, history.facts))
    return OpenCase(file, history.facts, teller, past, whole)


def _sides(person: Person, work: Casework, file: CaseFile, recorded: Sequence[Recorded]) -> Mapping[str, str]:
    """Names of the partners that the case has or had, by the key of the party."""
    known = {str(id_): foreign(name) for id_, name in file.partners.items()}
    for partner in partners_in(recorded):
        if str(partner) not in known:
            known[str(partner)] = partner_name(person, work, partner)
    return known


def partner_name(person: Person, work: Casework, partner: UUID) -> str:
    try:
        return foreign(work.reading.partner(person, partner).partner)
    except NotFound:
        return str(partner)


def partners_in(recorded: Sequence[Recorded]) -> list[UUID]:
    parties: list[Party] = []
    for r in recorded:
        match r.fact:
            case e.PartyJoined(party=party):
                parties.append(party)
            case e.InitiativeProposed() | e.HistoricAgreementEntered() | e.InitiativeTakenOver():
                parties += r.fact.parties
            case _:
                pass
    return [party.partner for party in parties if party.partner]
