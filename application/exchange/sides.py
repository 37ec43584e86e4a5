"""How two registers name the same side: codes and ids of their own do not travel, countries and names do."""

from uuid import UUID

from application.access import Scope
from application.exchange.sheet import MOST_SIDES, SheetSide
from application.partners import goes_on
from application.ports import Log
from application.reference import LocalGovernments
from application.views.partners import PartnerFile, PartnerFiles
from domain.initiatives.terms import Party
from domain.kernel import Refusal, Refused
from domain.partners.decisions import HOME_COUNTRY

_EVERYWHERE = Scope()


class Sides:
    def __init__(self, log: Log, partners: PartnerFiles, local_governments: LocalGovernments) -> None:
        self._log = log
        self._partners = partners
        self._local_governments = local_governments

    def known(self, side: str) -> str:
        """A code, or the id of the file that goes on. Raises Refused where nothing has it."""
        if side in self._local_governments.by_code:
            return side
        file = self._file(side)
        if file is None:
            raise Refused(Refusal("exchange.side-unknown", {"side": side}))
        return str(file.id)

    def is_town(self, side: str) -> bool:
        return side in self._local_governments.by_code

    def key_of(self, party: Party) -> str:
        """As `known` gives it."""
        return str(goes_on(self._log, party.partner)) if party.partner else party.key

    def named(self, party: Party) -> SheetSide:
        if party.local_government:
            unit = self._local_governments.by_code.get(party.local_government)
            name = unit.name if unit else party.local_government
            return SheetSide(country=HOME_COUNTRY, names=(name,), role=party.role)
        file = self._file(str(party.partner))
        if file is None:
            raise Refused(Refusal("exchange.side-unknown", {"side": str(party.partner)}))
        return SheetSide(country=file.partner.country, names=file.partner.all_names[:MOST_SIDES], role=party.role)

    def meant(self, side: SheetSide) -> set[str]:
        """Every side here that the words may mean, as `known` gives it."""
        if side.country == HOME_COUNTRY:
            units = (self._local_governments.find(name) for name in side.names)
            return {unit.code for unit in units if unit}
        return {str(file.id) for name in side.names for file in self._partners.named(name, side.country)}

    def _file(self, side: str) -> PartnerFile | None:
        try:
            partner = UUID(side)
        except ValueError:
            return None
        return self._partners.open(_EVERYWHERE, goes_on(self._log, partner))
