"""Cases as they stood: the projector's folds over what is left of a history."""

from collections.abc import Sequence
from uuid import UUID

from adapters.readside.case_file import file_of
from adapters.readside.entries import PartnerEntry, follow_partner
from adapters.readside.page import follow_case
from application.past import AsOf, seen
from application.ports import Log, Recorded
from application.procedures import Shelf
from application.views.casefile import CaseFile
from domain.partners.events import PartnerEvent


class PastCases:
    """Implements application.views.casefile.PastCaseFiles."""

    def __init__(self, log: Log, procedures: Shelf) -> None:
        self._log = log
        self._procedures = procedures

    def at(self, recorded: Sequence[Recorded], as_of: AsOf) -> CaseFile | None:
        procedures = self._procedures.now()
        entry = follow_case(None, recorded, procedures, [], [])
        if entry is None:
            return None
        held = [party.partner for party in entry.state.parties if party.partner]
        return file_of(recorded[0].stream, entry, self._partners(held, as_of), procedures)

    def _partners(self, held: Sequence[UUID], as_of: AsOf) -> dict[UUID, PartnerEntry]:
        """The partners, and whom they were merged into, as they stood; one that had not been registered by a day is
        shown as it was registered."""
        found: dict[UUID, PartnerEntry] = {}
        waiting = list(held)
        for partner in waiting:
            history = self._log.read(partner)
            left = seen(history, as_of) or history[:1]
            entry: PartnerEntry | None = None
            for recorded in left:
                fact: PartnerEvent = recorded.fact  # pyright: ignore[reportAssignmentType] - a partner's stream holds its facts
                entry = follow_partner(entry, recorded, fact)
            if entry is None:
                continue
            found[partner] = entry
            into = entry.state.merged_into
            if into and into not in waiting:
                waiting.append(into)
        return found
