"""From what the application reads to what the API shows."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from application.access import Person
from application.auditing_looks import Place
from application.initiatives import CaseOffer
from application.views.casefile import CaseFile
from application.views.partners import PartnerFile
from application.views.register import PartnerName, RegisterRow
from domain.initiatives import events as e
from domain.initiatives.initiative import occurred
from domain.initiatives.procedure import Actor
from domain.initiatives.terms import CONCLUDED, Party
from domain.kernel import AccountId, Refusal
from web.api.http.answering import AsOfAnswer
from web.api.register.shapes import (
    AccountName,
    Awaited,
    Case,
    CaseLink,
    CaseParty,
    CaseSummary,
    CaseTerm,
    GivenApproval,
    OpenTask,
    OtherName,
    PartnerShown,
    PartnerSide,
    Reason,
    RefusedDeed,
)
from web.casework import Casework
from web.language import language
from web.refusals import sentence

WRONG_STAGE = "initiative.wrong-stage"


class Telling:
    """Names of accounts are asked for once an answer."""

    def __init__(self, person: Person, work: Casework) -> None:
        self._person, self._work = person, work
        self._accounts = work.accounts.lately()

    def account(self, account: AccountId | None) -> AccountName | None:
        return self.named(account) if account else None

    def summaries(self, rows: Sequence[RegisterRow]) -> tuple[CaseSummary, ...]:
        """With their remarks; that somebody sees them is kept first."""
        records = self._work.exporting.records(self._person, [rows], Place.API)
        return tuple(self._summary(row, record["remark"]) for row, record in zip(rows, records, strict=True))

    def case(self, file: CaseFile, offers: Iterable[CaseOffer], as_of: AsOfAnswer | None) -> Case:
        state, step = file.state, file.step
        theirs = [offer for offer in offers if offer.theirs]
        return Case(
            number=state.number,
            version=state.version,
            kind=state.kind,
            stage=state.stage,
            concluded=state.stage in CONCLUDED,
            origin=state.origin,
            parties=tuple(_party(party, file) for party in state.parties),
            handler=self.account(state.handler),
            fields=state.fields,
            support=state.support,
            procedure=self._work.procedures.now().of(state).pin,
            term=CaseTerm(state.term.ends_on, state.term.notice_months, state.term.tacit_renewal),
            next=Awaited(step.deed, step.actor, file.due) if step else None,
            opened=file.opened,
            since=file.since,
            updated=file.updated,
            proposed_on=occurred(state, e.InitiativeProposed),
            signed_on=occurred(state, e.AgreementSigned) or occurred(state, e.HistoricAgreementEntered),
            visits=len(state.visits),
            tasks=tuple(
                OpenTask(id=task.id, assignee=self.named(task.assignee), what=task.what, due_on=task.due_on)
                for task in state.tasks
            ),
            links=tuple(CaseLink(linked.number, linked.link) for linked in state.links),
            asked=state.asked,
            approvals=tuple(
                GivenApproval(given.deed, given.version, tuple(self.named(one) for one in given.people))
                for given in state.approvals
            ),
            deeds=tuple(offer.deed for offer in theirs if offer.open),
            refused=tuple(
                RefusedDeed(offer.deed, reasons(offer.refusals))
                for offer in theirs
                if offer.refusals and offer.refusals[0].code != WRONG_STAGE
            ),
            as_of=as_of,
        )

    def _summary(self, row: RegisterRow, remark: str | None) -> CaseSummary:
        return CaseSummary(
            number=row.number,
            version=row.version,
            kind=row.kind,
            stage=row.stage,
            concluded=row.stage in CONCLUDED,
            local_governments=row.home,
            partners=tuple(side(partner) for partner in row.partners),
            handler=self.account(row.handler),
            next=Awaited(row.deed, row.actor or Actor.ASSOCIATION, row.due) if row.deed else None,
            since=row.since,
            updated=row.updated,
            proposed_on=row.proposed_on,
            signed_on=row.signed_on,
            ends_on=row.ends_on,
            tacit_renewal=row.tacit_renewal,
            visits=row.visits,
            source=row.source,
            remark=remark,
        )

    def named(self, account: UUID) -> AccountName:
        found: Any = self._accounts.get(account)
        return AccountName(account, found.name if found else None)


def side(partner: PartnerName) -> PartnerSide:
    return PartnerSide(partner.id, partner.name, partner.country, partner.part_of)


def partner(file: PartnerFile) -> PartnerShown:
    state = file.partner
    return PartnerShown(
        id=file.id,
        version=state.version,
        name=state.name,
        country=state.country,
        kind=state.kind,
        part_of=state.part_of,
        names=tuple(OtherName(name.name, name.kind, name.language) for name in state.names),
        merged_into=state.merged_into,
        cases=file.cases,
        updated=file.updated,
    )


def reasons(refusals: Iterable[Refusal]) -> tuple[Reason, ...]:
    english = language("en")
    return tuple(Reason(r.code, r.params, r.field, sentence(r, english)) for r in refusals)


def _party(party: Party, file: CaseFile) -> CaseParty:
    known = file.partners.get(party.partner) if party.partner else None
    unnamed = PartnerName(party.partner, "", "") if party.partner else None
    shown = known or unnamed
    return CaseParty(
        key=party.key,
        role=party.role,
        local_government=party.local_government,
        partner=side(shown) if shown else None,
    )
