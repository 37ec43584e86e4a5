"""A case as lists show it: its entry joined with the names of its parties."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

import msgspec

from adapters.readside.entries import CaseEntry, PartnerEntry, chain, shown
from adapters.reference.working_days import serbian_calendar
from application.reference import LocalGovernments
from application.script import sort_key
from application.views.register import PartnerName
from domain.initiatives.terms import PartyRole

MOST_NAMES = 50_000
LONGEST_KEY = 600
"""An index takes no more than 2,700 bytes; names that are alike so far may stand in any order."""


class Look(msgspec.Struct, frozen=True, gc=False):
    """A pure function of a case and of its partners, so that every view comes to the same by whatever steps."""

    entry: CaseEntry
    homes: tuple[str, ...]
    partners: tuple[PartnerName, ...]
    """Those of the partners' side; merged ones by the one that goes on."""
    countries: tuple[str, ...]
    ids: tuple[UUID, ...]
    """Every partner by which the case can be found: held, and merged into."""
    others: tuple[str, ...]
    """Local governments that observe."""
    pair: str
    """Sorts by home, then partner, in the order of the alphabet."""
    due: date | None

    @property
    def country(self) -> str:
        """All its countries in one text: most cases have one."""
        return " ".join(self.countries)


def look(entry: CaseEntry, partners: Mapping[UUID, PartnerEntry], names: LocalGovernments) -> Look:
    homes: list[str] = []
    others: list[str] = []
    abroad: dict[UUID, PartnerName] = {}
    ids: set[UUID] = set()
    for party in entry.state.parties:
        if code := party.local_government:
            (homes if party.role is PartyRole.HOME else others).append(code)
        if party.partner:
            held = chain(partners, party.partner)
            goes_on = held[-1]
            ids.update(held)
            if party.role is PartyRole.PARTNER:
                abroad[goes_on] = shown(partners.get(goes_on), goes_on)
    across = tuple(abroad.values())
    pair = "\n".join([*(_sorted(name_of(names, home)) for home in homes), *(_sorted(p.name) for p in across)])
    return Look(
        entry=entry,
        homes=tuple(homes),
        partners=across,
        countries=_countries(across),
        ids=tuple(sorted(ids)) if len(ids) > 1 else tuple(ids),
        others=tuple(others),
        pair=pair[:LONGEST_KEY],
        due=entry.due,
    )


def again(before: Look, entry: CaseEntry) -> Look | None:
    """The look of an entry whose parties are those that `before` was made with; None where they are not."""
    if before.entry.state.parties is not entry.state.parties:
        return None
    return msgspec.structs.replace(before, entry=entry, due=entry.due)


def name_of(names: LocalGovernments, code: str) -> str:
    """The unit's name in Cyrillic; a code that the reference data lack stands for itself."""
    unit = names.by_code.get(code)
    return unit.name if unit else code


def calendar_rules() -> tuple[str]:
    """What due days take from the calendar: other public holidays call for a rebuild."""
    return (serbian_calendar().mark,)


def _countries(across: Sequence[PartnerName]) -> tuple[str, ...]:
    if len(across) == 1:
        return (across[0].country,) if across[0].country else ()
    return tuple(sorted({partner.country for partner in across if partner.country}))


_sorted = lru_cache(MOST_NAMES)(sort_key)


def reference_rules(names: LocalGovernments) -> tuple[tuple[str, str], ...]:
    """What looks take from the reference data: other names call for a rebuild."""
    return tuple(sorted((code, unit.name) for code, unit in names.by_code.items()))
