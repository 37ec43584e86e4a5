"""Other names of partners that are known before anybody enters them: `Roma` and `Рим` of Rome."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from domain.kernel import Occasion
from domain.partners import decisions
from domain.partners.decisions import AddName, RegisterPartner
from domain.partners.events import PartnerEvent
from domain.partners.partner import Partner, fold


@runtime_checkable
class KnownNames(Protocol):
    def others(self, country: str, name: str, part_of: str | None) -> Sequence[AddName]:
        """Every other name of the partner that bears this one; none where it is not known, or could be two."""
        ...


def registered(state: Partner | None, new: RegisterPartner, names: KnownNames, on: Occasion) -> list[PartnerEvent]:
    """The facts of a new file: its registration, and its other names. Raises Refused where there is a file."""
    facts = decisions.register(state, new, on)
    for other in names.others(new.country, new.name, new.part_of):
        facts += decisions.decide(fold(facts), other, on)
    return facts
