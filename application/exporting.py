"""The register as a table for spreadsheets: exactly what a query gives, in the reader's language."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from application.access import Person
from application.accounts import Account
from application.auditing_looks import Place, Witness
from application.handling import OFFICE
from application.ports import Vault
from application.reference import LocalGovernment, LocalGovernments, UnitKind
from application.tables import TITLES, Column
from application.views.register import PartnerName, RegisterRow, Shown
from application.vocabulary import KINDS, STAGES, Countries, in_script
from domain.dates import PartialDate, earliest
from domain.initiatives.terms import CONCLUDED

COLUMNS: Final = (
    Column.NUMBER,
    Column.LOCAL_GOVERNMENT,
    Column.PARTNER,
    Column.COUNTRY,
    Column.COUNTRY_CODE,
    Column.KIND,
    Column.STAGE,
    Column.PROPOSED_ON,
    Column.SIGNED_ON,
    Column.ENDS_ON,
    Column.VISITS,
    Column.DUE,
    Column.HANDLER,
    Column.UPDATED,
    Column.NOTE,
    Column.SOURCE,
)
_FIRST: Final = (Column.NUMBER, Column.LOCAL_GOVERNMENT, Column.PARTNER)
"""Stand before the columns that somebody chose."""
_OF_THE_LIST: Final = {
    Shown.STAGE: Column.STAGE,
    Shown.DUE: Column.DUE,
    Shown.KIND: Column.KIND,
    Shown.UPDATED: Column.UPDATED,
    Shown.HANDLER: Column.HANDLER,
    Shown.COUNTRY: Column.COUNTRY,
    Shown.SINCE: Column.SINCE,
    Shown.PROPOSED: Column.PROPOSED_ON,
    Shown.SIGNED: Column.SIGNED_ON,
    Shown.ENDS: Column.ENDS_ON,
    Shown.VISITS: Column.VISITS,
}
SEPARATOR: Final = "; "
"""Between several sides of one case; the import reads it so."""
_WHOLE_DAY: Final = 10
_KIND_NAMES: Final = {
    UnitKind.CITY: "Град",
    UnitKind.MUNICIPALITY: "Општина",
    UnitKind.CITY_MUNICIPALITY: "Градска општина",
}

Batches = Iterable[Sequence[RegisterRow]]
Cell = str | int | date
"""A whole day is a date, a partial one text, a moment a datetime in UTC."""


class Sheet(NamedTuple):
    """What a writer of files needs: titles, and the rows while they come from the database."""

    titles: Sequence[str]
    rows: Iterator[Sequence[Cell]]
    name: str = "Registar"


class ExportingRegister:
    """What may be seen is decided by whoever gives the rows, see application.reading. Who takes them is kept first."""

    def __init__(
        self,
        vault: Vault,
        local_governments: LocalGovernments,
        countries: Countries,
        accounts: Callable[[], Mapping[UUID, Account]],
        witness: Witness,
    ) -> None:
        self._witness = witness
        self._accounts = accounts
        self._vault = vault
        self._local_governments = local_governments
        self._countries = countries

    def sheet(self, person: Person, batches: Batches, chosen: Sequence[Shown], locale: str) -> Sheet:
        """For CSV and XLSX: the columns that were chosen, else every one.

        Serbian names in the reader's script, foreign ones as their owners write them.
        """
        columns = (*_FIRST, *(_OF_THE_LIST[shown] for shown in chosen)) if chosen else COLUMNS
        titles = [TITLES[column].spoken(locale) for column in columns]
        self._witness.sees(person, Place.REGISTER_EXPORT)
        rows = self._rows(batches)
        return Sheet(titles, (self._cells(row, remark, locale, columns) for row, remark in rows))

    def records(
        self, person: Person, batches: Batches, place: Place = Place.REGISTER_EXPORT
    ) -> Iterator[dict[str, Any]]:
        """For JSON: codes instead of words, each side of a case on its own."""
        self._witness.sees(person, place)
        return (_record(row, remark) | {"handler": self._handler(row)} for row, remark in self._rows(batches))

    def _rows(self, batches: Batches) -> Iterator[tuple[RegisterRow, str]]:
        """Each row with its remark; an erased one is empty."""
        for batch in batches:
            words = self._vault.read([row.remark for row in batch if row.remark])
            for row in batch:
                yield row, (words.get(row.remark) or "") if row.remark else ""

    def _cells(self, row: RegisterRow, remark: str, locale: str, columns: Sequence[Column]) -> Sequence[Cell]:
        cells: dict[Column, Cell | None] = {
            Column.NUMBER: row.number,
            Column.LOCAL_GOVERNMENT: SEPARATOR.join(self._home(code, locale) for code in row.home),
            Column.PARTNER: SEPARATOR.join(_full_name(partner) for partner in row.partners),
            Column.COUNTRY: self._each_country(row, lambda code: self._countries.name(code, locale)),
            Column.COUNTRY_CODE: self._each_country(row, str),
            Column.KIND: KINDS[row.kind].spoken(locale),
            Column.STAGE: STAGES[row.stage].spoken(locale),
            Column.PROPOSED_ON: _day(row.proposed_on),
            Column.SIGNED_ON: _day(row.signed_on),
            Column.ENDS_ON: _day(row.ends_on),
            Column.VISITS: row.visits,
            Column.SINCE: row.since.astimezone(OFFICE).date(),
            Column.DUE: row.due,
            Column.HANDLER: self._handler(row),
            Column.UPDATED: row.updated.astimezone(OFFICE).date(),
            Column.NOTE: remark,
            Column.SOURCE: row.source,
        }
        return ["" if (cell := cells[column]) is None else cell for column in columns]

    def _handler(self, row: RegisterRow) -> str | None:
        found = self._accounts().get(row.handler) if row.handler else None
        return found.name if found else None

    def _each_country(self, row: RegisterRow, said: Callable[[str], str]) -> str:
        """One country where all partners share it, else one for each."""
        codes = [partner.country for partner in row.partners]
        return SEPARATOR.join(said(code) for code in (codes[:1] if len(set(codes)) == 1 else codes))

    def _home(self, code: str, locale: str) -> str:
        unit = self._local_governments.by_code.get(code)
        return in_script(self._official(unit), locale) if unit else code

    def _official(self, unit: LocalGovernment) -> str:
        name = f"{_KIND_NAMES[unit.kind]} {unit.name}" if unit.kind in _KIND_NAMES else unit.name
        return f"{name} ({self._local_governments.by_code[unit.parent].name})" if unit.parent else name


def _full_name(partner: PartnerName) -> str:
    return f"{partner.name} ({partner.part_of})" if partner.part_of else partner.name


def _day(day: PartialDate | None) -> Cell | None:
    return earliest(day) if day and len(day) == _WHOLE_DAY else day


def _record(row: RegisterRow, remark: str) -> dict[str, Any]:
    return {
        "number": row.number,
        "local_governments": row.home,
        "partners": [{"name": p.name, "country": p.country, "part_of": p.part_of} for p in row.partners],
        "kind": row.kind,
        "stage": row.stage,
        "concluded": row.stage in CONCLUDED,
        "proposed_on": row.proposed_on,
        "signed_on": row.signed_on,
        "ends_on": row.ends_on,
        "visits": row.visits,
        "due": row.due,
        "updated": row.updated,
        "remark": remark or None,
        "source": row.source,
    }
