"""The form of a correction: the particulars of the fact as they stand, to be written anew."""

from collections.abc import Mapping
from typing import Any, Final, TypeGuard

import msgspec

from domain.initiatives import events as e
from domain.initiatives.terms import (
    DecidingBody,
    EntryRule,
    Field,
    Instrument,
    Kind,
    Origin,
    PartyStatus,
    Renewal,
    Stance,
    Support,
    Termination,
)
from web.initiatives.labels import LABELS, OWN_LABELS
from web.initiatives.questions import (
    LONG_LINE,
    MOST_DRAFTS,
    MOST_MONTHS,
    OFFICE_ONLY,
    Question,
    choice,
    choices,
    date,
    integer,
    line,
    number,
    occurred,
    text,
    tick,
)
from web.initiatives.reading import Read, converted

Questions = tuple[Question, ...]
_DAY: Final = occurred()
_REASON: Final = text("reason", needed=True)
_TERM: Final = (
    date("term.ends_on"),
    integer("term.notice_months", least=0, most=MOST_MONTHS),
    tick("term.tacit_renewal"),
)

CORRECTION_FORMS: Final[Mapping[type[e.Correctable], Questions]] = {
    e.InitiativeProposed: (
        _DAY,
        choice("kind", Kind, needed=True),
        choice("origin", Origin, needed=True),
        number("letter_number"),
        choices("fields", Field),
        text("rationale", needed=True, keeps="rationale"),
    ),
    e.HistoricAgreementEntered: (
        _DAY,
        choice("kind", Kind, needed=True),
        line("source", needed=True, most=LONG_LINE),
        text("remark", keeps="remark"),
        tick("confirmed"),
        *_TERM,
    ),
    e.InitiativeTakenOver: (
        _DAY,
        choice("kind", Kind, needed=True),
        line("source", needed=True, most=LONG_LINE),
        text("remark", keeps="remark"),
    ),
    e.InitiativeDeclined: (_DAY,),
    e.InitiativeMerged: (_DAY,),
    e.CoordinationStarted: (_DAY,),
    e.SupportGiven: (choices("items", Support, needed=True), _DAY),
    e.CoordinationCompleted: (_DAY,),
    e.ProcedureSuspended: (_DAY, date("until")),
    e.ProcedureResumed: (_DAY,),
    e.InitiativeWithdrawn: (_DAY,),
    e.LetterOfIntentSigned: (_DAY, line("place")),
    e.DraftingStarted: (_DAY,),
    e.DraftReviewed: (
        _DAY,
        choices("languages", source="languages", needed=True),
        integer("draft_version", least=1, most=MOST_DRAFTS),
    ),
    e.DecisionAdopted: (
        number("number", needed=True, label=LABELS["decision_number"]),
        _DAY,
        choice("body", DecidingBody, needed=True),
        line("foreign_state", needed=True),
        line("title", most=LONG_LINE),
        choice("entry_rule", EntryRule),
        choices("fields", Field),
        tick("budget_clause"),
    ),
    e.DraftingReopened: (number("decision_number", needed=True), _DAY),
    e.ConsentNotRequired: (_DAY, text("basis", needed=True, keeps="reason")),
    e.ConsentRequested: (_DAY, number("registry_number", needed=True), line("addressee", needed=True)),
    e.OpinionReceived: (
        line("body", needed=True, label=OWN_LABELS["initiative.opinion-received.body"]),
        choice("stance", Stance, needed=True),
        _DAY,
        number("registry_number"),
    ),
    e.FileReturned: (_DAY, date("due_on", needed=True), text("missing", needed=True, keeps="reason")),
    e.FileSupplemented: (_DAY, number("registry_number")),
    e.ConsentGranted: (_DAY, number("act_number", needed=True)),
    e.ConsentRefused: (_DAY, number("act_number")),
    e.DecisionPublished: (_DAY, line("gazette.name", needed=True), number("gazette.number", needed=True)),
    e.AgreementSigned: (
        _DAY,
        line("place"),
        choice("instrument", Instrument, needed=True),
        line("signatory_home", hint=OFFICE_ONLY),
        line("signatory_partner", hint=OFFICE_ONLY),
        choices("languages", source="languages"),
        *_TERM,
    ),
    e.AgreementEnteredIntoForce: (_DAY, choice("rule", EntryRule)),
    e.VisitHeld: (occurred(needed=True), choice("host", source="parties"), line("place")),
    e.ExpiryApproached: (_DAY, date("ends_on")),
    e.AgreementRenewed: (_DAY, choice("renewal", Renewal, needed=True), choice("instrument", Instrument), *_TERM),
    e.AgreementExpired: (_DAY,),
    e.FellDormant: (_DAY,),
    e.ActivityResumed: (_DAY,),
    e.AgreementTerminated: (
        _DAY,
        choice("termination", Termination, needed=True),
        number("decision_number"),
    ),
    e.PartnershipConfirmed: (occurred(needed=True), text("remark", keeps="remark")),
    e.DeadlineExtended: (
        _DAY,
        date("until", needed=True, label=OWN_LABELS["initiative.deadline-extended.until"]),
    ),
    e.PartyJoined: (_DAY,),
    e.PartyLeft: (_DAY,),
    e.PartyStatusReported: (
        _DAY,
        choice("party", source="parties", needed=True),
        choice("status", PartyStatus, needed=True),
        line("known_from", needed=True, most=LONG_LINE, keeps="remark"),
    ),
}
"""What may be put right. What makes a fact that fact stays: number, sides and stage of a beginning, a handler, a party,
the case into which a duplicate went. Steps mend those."""


def correction_questions(fact: e.Correctable) -> Questions:
    """The fact's own questions, then the reason for correcting it."""
    return (*CORRECTION_FORMS[type(fact)], _REASON)


def correctable(fact: object) -> TypeGuard[e.Correctable]:
    """Whether a fact has particulars that may have been recorded wrongly."""
    return type(fact) in CORRECTION_FORMS


def restated(fact: e.Correctable, read: Read) -> e.Correctable:
    """The fact with what the form says in place of its particulars; what no form asks stays. Raises Refused."""
    body: dict[str, Any] = msgspec.to_builtins(fact)
    for asked in CORRECTION_FORMS[type(fact)]:
        _put(body, asked.name, read.values[asked.name])
    if "known_from" in body:
        body.pop("source", None)
    return converted(body, type(fact))


def in_clear(fact: e.Correctable, name: str) -> str | None:
    """What an old fact holds itself, where today's points into the vault by the field `name`."""
    return fact.source if isinstance(fact, e.PartyStatusReported) and name == "known_from" else None


def particulars(fact: e.Correctable) -> dict[str, Any]:
    """The fact's values as JSON has them, by the names of its form's questions."""
    body: dict[str, Any] = msgspec.to_builtins(fact)
    return {asked.name: _at(body, asked.name) for asked in CORRECTION_FORMS[type(fact)]}


def _put(body: dict[str, Any], name: str, value: Any) -> None:
    part, _, inner = name.rpartition(".")
    empty = value in (None, [], False)
    if part and (part in body or not empty):
        body = body.setdefault(part, {})
    if empty:
        body.pop(inner, None)
    else:
        body[inner] = value


def _at(body: dict[str, Any], name: str) -> Any:
    part, _, inner = name.rpartition(".")
    held: dict[str, Any] = body.get(part, {}) if part else body
    return held.get(inner)
