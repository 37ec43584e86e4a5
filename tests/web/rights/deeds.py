"""For every deed a case on which it can be done, and what its form then says."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from application.identity import case_id
from domain.initiatives.decisions import anytime, concluding, coordinating, linking, living, tasking
from domain.initiatives.links import Link
from domain.initiatives.terms import Instrument, Kind, Party, PartyRole, PartyStatus, Stance, Support
from domain.kernel import Command, VaultRef
from tests.web.running import OWN, House

NUMBER: Final = "06-12/2026"
TASK: Final = UUID(int=78)
WORDS: Final = VaultRef(UUID(int=77))
ENDED: Final = "2026-03-01"
_OBSERVER: Final = Party(role=PartyRole.OBSERVER, local_government="sombor")
Road = Sequence[Command]


def roads(house: House) -> Mapping[str, Road]:
    """How a proposal gets where each deed begins, each road by its last step."""
    handler = house.accounts["coordinator"].id
    coordinating_ = (coordinating.Coordinate(handler=handler),)
    supported = (*coordinating_, coordinating.GiveSupport(items=tuple(Support)))
    coordinated = (*supported, coordinating.CompleteCoordination())
    drafting = (*coordinated, coordinating.StartDrafting())
    reviewed = (*drafting, concluding.ReviewDraft(languages=("sr", "de")))
    decided = (*reviewed, concluding.AdoptDecision(number=NUMBER, foreign_state="Savezna Republika Nemačka"))
    requested = (*decided, concluding.RequestConsent(registry_number=NUMBER, addressee="Ministarstvo"))
    opinions = (*requested, concluding.RecordOpinion(body="Sekretarijat", stance=Stance.FAVOURABLE))
    granted = (*opinions, concluding.GrantConsent(act_number=NUMBER))
    published = (*granted, concluding.PublishDecision(gazette_name="Službeni list", gazette_number=NUMBER))
    signed = (*published, concluding.SignAgreement(instrument=Instrument.CHARTER, ends_on=ENDED))
    active = (*signed, living.EnterIntoForce())
    return {
        "proposed": (),
        "declined": (coordinating.DeclineInitiative(reason=WORDS),),
        "coordinating": coordinating_,
        "supported": supported,
        "coordinated": coordinated,
        "suspended": (*coordinating_, coordinating.SuspendProcedure(reason=WORDS)),
        "drafting": drafting,
        "reviewed": reviewed,
        "decided": decided,
        "requested": requested,
        "returned": (*requested, concluding.ReturnFile(missing=WORDS, due_on="2026-04-01")),
        "opinions": opinions,
        "refused": (*opinions, concluding.RefuseConsent(reason=WORDS)),
        "granted": granted,
        "published": published,
        "signed": signed,
        "active": active,
        "expiring": (*active, living.AnnounceExpiry()),
        "dormant": (*active, living.MarkDormant()),
        "differing": (
            *active,
            anytime.ReportPartyStatus(party=OWN, status=PartyStatus.WITHDRAWN, known_from=WORDS, occurred_on="2026"),
        ),
        "tasked": (*active, tasking.GiveTask(task=TASK, assignee=handler, what=WORDS)),
        "observed": (*coordinating_, anytime.AddParty(party=_OBSERVER)),
    }


class Way(NamedTuple):
    """Where a deed begins, and what is typed; `{…}` is filled by `Prepared.said`."""

    start: str
    sent: Mapping[str, str] = {}
    kind: Kind = Kind.TWINNING


_REASON: Final = {"reason": "Nije dostavljeno"}
WAYS: Final[Mapping[str, Way]] = {
    "coordinate": Way("proposed", {"handler": "{handler}"}),
    "decline": Way("proposed", _REASON),
    "merge": Way("proposed", {"into_number": "{target}"}),
    "give-support": Way("coordinating", {"items": "information"}),
    "complete-coordination": Way("supported"),
    "sign-letter-of-intent": Way("coordinated", {"place": "Niš"}),
    "start-drafting": Way("coordinated"),
    "suspend": Way("coordinating", _REASON),
    "resume": Way("suspended"),
    "withdraw": Way("coordinating", _REASON),
    "review-draft": Way("drafting", {"languages": "sr"}),
    "adopt-decision": Way(
        "reviewed", {"number": NUMBER, "body": "assembly", "foreign_state": "Savezna Republika Nemačka"}
    ),
    "request-consent": Way("decided", {"registry_number": NUMBER, "addressee": "Ministarstvo"}),
    "waive-consent": Way("decided", {"basis": "Projektna saradnja"}, Kind.PROJECT_BASED),
    "record-opinion": Way("requested", {"body": "Sekretarijat", "stance": "favourable"}),
    "return-file": Way("requested", {"due_on": "1. 4. 2026.", "missing": "Overen prepis"}),
    "supplement-file": Way("returned"),
    "grant-consent": Way("opinions", {"act_number": NUMBER}),
    "refuse-consent": Way("opinions", _REASON),
    "reopen-drafting": Way("refused", {"decision_number": NUMBER, **_REASON}),
    "publish": Way("granted", {"gazette_name": "Službeni list", "gazette_number": NUMBER}),
    "sign-agreement": Way("published", {"instrument": "charter"}),
    "enter-into-force": Way("signed"),
    "hold-visit": Way("active", {"occurred_on": "mart 2026"}),
    "confirm-partnership": Way("active", {"occurred_on": "mart 2026"}),
    "announce-expiry": Way("active"),
    "renew": Way("expiring", {"renewal": "tacit", "ends_on": "2031"}),
    "confirm-expiry": Way("expiring"),
    "mark-dormant": Way("active"),
    "resume-activity": Way("dormant"),
    "terminate": Way("active", {"termination": "mutual", "decision_number": NUMBER}),
    "extend-deadline": Way("requested", {"until": "1. 4. 2031.", "reason": "Ministarstvo traži još vremena"}),
    "reinstate": Way("declined", _REASON),
    "name-handler": Way("coordinating", {"handler": "{other_handler}"}),
    "add-party": Way("coordinating", {"role": "observer", "local_government": "Sombor"}),
    "remove-party": Way("observed", {"party": "sombor"}),
    "report-party-status": Way("coordinating", {"party": OWN, "status": "proposed", "known_from": "dopis"}),
    "settle-disagreement": Way("differing", {"status": "withdrawn", "note": "Stranka se nije povukla"}),
    "change-procedure": Way(
        "coordinating",
        {"procedure": "project_based@1", "reason": "Prva više odgovara"},
        Kind.PROJECT_BASED,
    ),
    "ask-approval": Way("coordinating", {"deed": "terminate"}, Kind.CROSS_BORDER),
    "approve": Way("coordinating", {"deed": "terminate"}, Kind.CROSS_BORDER),
    "add-remark": Way("active", {"remark": "Poziv primljen"}),
    "link-case": Way("active", {"other_number": "{target}", "link": "continues"}),
    "unlink-case": Way("linked", {"other": "{other}"}),
    "give-task": Way("active", {"what": "Pozvati ambasadu", "assignee": "{handler}", "due_on": "1. 4. 2026."}),
    "finish-task": Way("tasked", {"task": str(TASK)}),
    "cancel-task": Way("tasked", {"task": str(TASK), **_REASON}),
}
"""By the code of the deed. Corrections are made on a fact and stand in the table of routes."""


class Prepared(NamedTuple):
    """A case of Niš that waits for one deed."""

    number: str
    deed: str
    sent: Mapping[str, str]

    @property
    def address(self) -> str:
        return f"/initiatives/{self.number}/{self.deed}"


def prepared(house: House, deed: str) -> Prepared:
    way = WAYS[deed]
    target = house.propose(OWN) if deed in ("merge", "link-case", "unlink-case") else ""
    number = house.propose(OWN, way.kind)
    house.advance(number, *roads(house)["active" if way.start == "linked" else way.start])
    if way.start == "linked":
        house.advance(number, linking.LinkCase(other=case_id(target), other_number=target, link=Link.CONTINUES))
    known = {
        "handler": str(house.accounts["coordinator"].id),
        "other_handler": str(house.accounts["colleague"].id),
        "target": target,
        "other": str(case_id(target)),
    }
    return Prepared(number, deed, {name: value.format(**known) for name, value in way.sent.items()})
