"""Partners as they stood on any day, by what is known: each as it was registered until something else had happened."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import cast
from uuid import UUID

from adapters.readside.entries import PartnerEntry, follow_partner
from application.past import happened_by
from application.ports import Archive, Recorded
from domain.partners.events import PartnerEvent


class PartnersOnDays:
    """Reads each partner once, up to a position."""

    def __init__(self, log: Archive, until: int) -> None:
        self._log = log
        self._until = until
        self._lives: dict[UUID, tuple[list[date], list[PartnerEntry]]] = {}
        """Of each partner the days on which it changed, and how it stood since each of them; the first is any day."""

    def need(self, partners: Collection[UUID]) -> None:
        """Read them, and whom they were merged into."""
        while missing := [partner for partner in partners if partner not in self._lives]:
            histories: dict[UUID, list[Recorded]] = {partner: [] for partner in missing}
            for recorded in self._log.read_several(missing, self._until):
                histories[recorded.stream].append(recorded)
            self._lives |= {partner: _life(history) for partner, history in histories.items()}
            partners = self._merged_into(missing)

    def changed_on(self, partners: Iterable[UUID]) -> set[date]:
        """Days on which one of them, or whom they were merged into, came to stand otherwise."""
        return {day for partner in self._with_merged(partners) for day in self._lives[partner][0][1:]}

    def on(self, day: date, partners: Iterable[UUID]) -> Mapping[UUID, PartnerEntry]:
        """The partners, and whom they were merged into, as they stood."""
        return {partner: entry for partner in self._with_merged(partners) if (entry := self._entry(partner, day))}

    def _entry(self, partner: UUID, day: date) -> PartnerEntry | None:
        days, entries = self._lives[partner]
        return entries[bisect_right(days, day) - 1] if entries else None

    def _with_merged(self, partners: Iterable[UUID]) -> list[UUID]:
        found = list(dict.fromkeys(partners))
        for partner in found:
            found += [into for into in self._merged_into([partner]) if into not in found]
        return found

    def _merged_into(self, partners: Iterable[UUID]) -> list[UUID]:
        lasts = [entries[-1] for partner in partners if (entries := self._lives[partner][1])]
        return [last.state.merged_into for last in lasts if last.state.merged_into]


def _life(history: Sequence[Recorded]) -> tuple[list[date], list[PartnerEntry]]:
    happened = [date.min, *(happened_by(recorded) for recorded in history[1:])]
    days = sorted(set(happened)) if history else []
    return days, [_folded([one for one, on in zip(history, happened, strict=True) if on <= day]) for day in days]


def _folded(history: Sequence[Recorded]) -> PartnerEntry:
    entry: PartnerEntry | None = None
    for recorded in history:
        entry = follow_partner(entry, recorded, cast("PartnerEvent", recorded.fact))
    return cast("PartnerEntry", entry)
