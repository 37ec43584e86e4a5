"""Facts of the whole log as people read them: what, who, for whom, in which case. Words of the vault are left out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from application.access import Person
from application.auditing import Found
from application.ports import Recorded
from application.views.register import RegisterRow
from domain.pairs import PairTakenUp
from domain.partners.events import PartnerEvent
from web.audit.filters import KINDS, PAIR
from web.casework import Casework
from web.initiatives.history import happened_on, who_acted
from web.initiatives.naming import Names, Pair, foreign
from web.initiatives.opening import partner_name, partners_in
from web.initiatives.presenting import Line, Teller
from web.initiatives.sentences import SENTENCES
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it


class ToldFact(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    version: int
    kind: str
    title: str
    icon: str
    tone: str
    recorded_at: datetime
    recorded: str
    happened: str
    """Empty where it is the day of recording."""
    happened_on: str
    """The day as the fact has it, such as `2026-03`."""
    who: str
    actor: UUID | None
    on_behalf_of: UUID | None
    number: str
    """Of the case; empty for partners."""
    pair: Pair | None
    partner: str
    """Of a partner's file its name."""
    href: str
    """Where the fact stands in its history."""
    lines: tuple[Line, ...]
    fact: str
    """As JSON; empty where it cannot be read."""

    @property
    def raw(self) -> str:
        """The fact as JSON over several lines."""
        return msgspec.json.format(self.fact, indent=2) if self.fact else ""


def told(person: Person, work: Casework, names: Names, facts: Sequence[Found]) -> list[ToldFact]:
    """In their order; the cases and partners that they are about are asked for once."""
    read = [found.recorded for found in facts if found.recorded]
    cases = {row.case: row for row in work.reading.cases(person, list({found.stream for found in facts}))}
    teller = Teller(names, {}, _sides(person, work, read, cases.values()))
    partners = {r.stream: partner_name(person, work, r.stream) for r in read if isinstance(r.fact, PartnerEvent)}
    return [_told(found, cases.get(found.stream), partners.get(found.stream, ""), teller) for found in facts]


def _sides(person: Person, work: Casework, read: Sequence[Recorded], cases: Iterable[RegisterRow]) -> Mapping[str, str]:
    known = {str(partner.id): foreign(partner) for row in cases for partner in row.partners}
    for partner in partners_in(read):
        if str(partner) not in known:
            known[str(partner)] = partner_name(person, work, partner)
    return known


def _told(found: Found, row: RegisterRow | None, partner: str, teller: Teller) -> ToldFact:
    names, spoken, r = teller.names, teller.spoken, found.recorded
    title, icon, tone, lines = _sentence(found, teller)
    number = row.number if row else ""
    href = f"/initiatives/{number}/history#fact-{found.version}" if row else ""
    if partner:
        href = f"/partners/{found.stream}"
    if r and isinstance(r.fact, PairTakenUp):
        number = r.fact.case_number
        href = f"/initiatives/{number}"
    happened = r.fact.occurred_on if r else None
    return ToldFact(
        position=found.position,
        version=found.version,
        kind=found.kind,
        title=title,
        icon=icon,
        tone=tone,
        recorded_at=found.recorded_at,
        recorded=spoken.moment(found.recorded_at),
        happened=happened_on(r, teller) if r and happened else "",
        happened_on=happened or "",
        who=who_acted(r, names) if r else "",
        actor=r.actor if r else None,
        on_behalf_of=r.on_behalf_of if r else None,
        number=number,
        pair=names.short_pair(row.home, row.partners) if row else None,
        partner=partner,
        href=href,
        lines=lines,
        fact=msgspec.json.encode(r.fact).decode() if r else "",
    )


def _sentence(found: Found, teller: Teller) -> tuple[str, str, str, tuple[Line, ...]]:
    """Title, icon, tone, particulars."""
    if found.recorded is None:
        said = teller.spoken.gettext(N_("A newer version of the program has written this record (%(kind)s)"))
        return said % {"kind": found.kind}, "warn", "", ()
    if found.kind == PAIR:
        fact = found.recorded.fact
        assert isinstance(fact, PairTakenUp)  # noqa: S101 - its tag says so
        home = Line(label=teller.spoken.gettext(N_("Local government")), value=teller.names.unit(fact.local_government))
        side = Line(label=teller.spoken.gettext(N_("Partner")), value=teller.side(str(fact.partner)), foreign=True)
        return teller.spoken.gettext(KINDS[PAIR]), "link", "", (home, side)
    if found.kind not in SENTENCES:
        return teller.spoken.gettext(KINDS.get(found.kind, found.kind)), "user", "", ()
    told = teller.tell(found.recorded.fact)
    return told.title, told.icon, told.tone, told.lines
