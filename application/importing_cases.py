"""What a row leads to: a case, the partners that it is the first to name, and the words of its source."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from application.identity import case_id, vault_ref
from application.importing_partners import Naming
from application.importing_report import Report, shown
from application.importing_rows import Entry, RowUnfit
from application.known_names import KnownNames, registered
from application.ports import Save, VaultEntry, Write
from domain.dates import earliest
from domain.initiatives import deeds
from domain.initiatives.decisions.beginning import EnterHistoricAgreement, TakeOverInitiative
from domain.initiatives.terms import Party, PartyRole, Stage, Term
from domain.kernel import Occasion, Refused, VaultRef
from domain.partners import decisions


class Found(NamedTuple):
    """A partner that a row names; `new` where its file has to be opened."""

    stream: UUID
    country: str
    new: Naming | None


class Planned(NamedTuple):
    """A row on its way into the log."""

    number: str
    save: Save
    under_way: bool
    partners: tuple[str, ...]
    """Names of new partners."""

    def count_in(self, report: Report) -> None:
        """Say in the report that it was taken."""
        if self.under_way:
            report.taken_over += 1
        else:
            report.entered += 1
        report.new_partners += len(self.partners)
        report.partners.extend(self.partners)


def year_of(entry: Entry, on: Occasion) -> int:
    """The year in which the case gets its number."""
    return earliest(entry.day).year if entry.day else on.today.year


def plan(entry: Entry, found: Sequence[Found], number: str, names: KnownNames, on: Occasion) -> Planned:
    """Decide what the row leads to. Raises RowUnfit where a rule refuses it."""
    try:
        case = Write(case_id(number), 0, deeds.begin(None, _command(entry, found, number), on))
    except Refused as refused:
        reason = refused.refusals[0]
        if entry.day and reason.field == "occurred_on":
            raise RowUnfit(entry.day_from, entry.day, reason.code, **reason.params) from None
        raise RowUnfit(None, entry.value, reason.code, **reason.params) from None
    files = [
        Write(partner.stream, 0, registered(None, _registration(partner.country, partner.new), names, on))
        for partner in found
        if partner.new
    ]
    words = [VaultEntry(_remark(entry), "remark", entry.remark)] if entry.remark else ()
    # The row's identity is the request: the same pair with another date must not count as another request.
    mark = hashlib.sha256(entry.key.bytes).digest()
    save = Save(key=entry.key, digest=mark, on=on, writes=[*files, case], entries=words)
    new = tuple(_label(partner.new) for partner in found if partner.new)
    return Planned(number, save, entry.stage is not Stage.ACTIVE, new)


def _registration(country: str, new: Naming) -> decisions.RegisterPartner:
    return decisions.RegisterPartner(name=new.name, country=country, kind=new.kind, part_of=new.part_of)


def _command(entry: Entry, found: Sequence[Found], number: str) -> EnterHistoricAgreement | TakeOverInitiative:
    parties = (
        *(Party(role=PartyRole.HOME, local_government=home) for home in entry.homes),
        *(Party(role=PartyRole.PARTNER, partner=partner.stream) for partner in found),
    )
    remark = _remark(entry) if entry.remark else None
    if entry.stage is not Stage.ACTIVE:
        return TakeOverInitiative(
            number=number,
            kind=entry.kind,
            parties=parties,
            stage=entry.stage,
            source=entry.source,
            remark=remark,
            occurred_on=entry.day,
        )
    return EnterHistoricAgreement(
        number=number,
        kind=entry.kind,
        parties=parties,
        source=entry.source,
        remark=remark,
        confirmed=entry.confirmed,
        occurred_on=entry.day,
        term=Term(ends_on=entry.ends_on) if entry.ends_on else None,
    )


def _remark(entry: Entry) -> VaultRef:
    return vault_ref(entry.key, "remark")


def _label(new: Naming) -> str:
    return shown(f"{new.name} ({new.part_of})" if new.part_of else new.name)
