"""Local governments: reference data, not events. A code names a unit for good."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol, runtime_checkable

import msgspec


class UnitKind(StrEnum):
    CITY = "city"
    MUNICIPALITY = "municipality"
    CITY_MUNICIPALITY = "city_municipality"
    ASSOCIATION = "association"
    """The national association of towns and municipalities itself."""


class LocalGovernment(msgspec.Struct, frozen=True, kw_only=True):
    """A local self-government unit; names are kept in Cyrillic, Latin follows from them."""

    code: str
    name: str
    """Cyrillic, without the kind: `Лесковац`."""
    kind: UnitKind
    parent: str | None = None
    """Code of the city of a city municipality."""
    district: str
    """Cyrillic."""
    official_code: str | None = None
    outside_kosovo: bool = True
    """One of the 145 units outside Kosovo and Metohija, or a city municipality in one of them."""


@runtime_checkable
class LocalGovernments(Protocol):
    @property
    def by_code(self) -> Mapping[str, LocalGovernment]: ...

    def find(self, text: str) -> LocalGovernment | None:
        """The unit that a text names in any script, order or spelling; None where none or several fit.

        Reads `Grad Niš`, `Ниш`, `nis`, `Palilula (Niš)`, `Niš – Palilula`, `Gradska opština Palilula (Niš)`.
        """
        ...

    def of_settlement(self, text: str) -> LocalGovernment | None:
        """The unit to which a settlement belongs, for those that are often taken for local governments themselves."""
        ...
