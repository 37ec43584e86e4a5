"""The form of every deed: its questions, in the order in which the office answers them."""

from collections.abc import Mapping
from typing import Final

from domain.initiatives.links import Link
from domain.initiatives.sides import OF_BOTH
from domain.initiatives.terms import (
    DecidingBody,
    EntryRule,
    Field,
    Instrument,
    PartyRole,
    PartyStatus,
    Renewal,
    Stance,
    Support,
    Termination,
)
from web.initiatives.labels import LABELS
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
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

Questions = tuple[Question, ...]
_DAY: Final = occurred()
_REASON: Final = text("reason", needed=True)
_WHY: Final = text("reason")
_TERM: Final = (
    date("ends_on", hint=N_("Leave empty for an indefinite time.")),
    integer("notice_months", least=0, most=MOST_MONTHS, hint=N_("Months before the end in which a side may say no.")),
    tick("tacit_renewal"),
)

DEED_FORMS: Final[Mapping[str, Questions]] = {
    "coordinate": (choice("handler", source="handlers", needed=True), _DAY),
    "decline": (_DAY, _REASON),
    "merge": (line("into_number", needed=True, hint=N_("Its number, such as 2026-0042."), most=12), _DAY, _WHY),
    "give-support": (choices("items", Support, needed=True), _DAY),
    "complete-coordination": (_DAY,),
    "sign-letter-of-intent": (occurred(label=N_("Day of signing")), line("place")),
    "start-drafting": (_DAY,),
    "suspend": (_DAY, date("until"), _REASON),
    "resume": (_DAY,),
    "withdraw": (_DAY, _REASON),
    "review-draft": (
        _DAY,
        integer("draft_version", least=1, most=MOST_DRAFTS),
        choices("languages", source="languages", needed=True),
    ),
    "adopt-decision": (
        number("number", needed=True, label=LABELS["decision_number"]),
        occurred(label=N_("Day of the session")),
        choice("body", DecidingBody, needed=True, label=N_("Adopted by")),
        line("foreign_state", needed=True, hint=N_("As the decision writes it after the foreign unit.")),
        line("title", most=LONG_LINE),
        choice("entry_rule", EntryRule),
        choices("fields", Field),
        tick("budget_clause"),
    ),
    "request-consent": (
        occurred(label=N_("Day of sending")),
        number("registry_number", needed=True),
        line("addressee", needed=True),
    ),
    "waive-consent": (_DAY, text("basis", needed=True)),
    "record-opinion": (
        line("body", needed=True, label=N_("Whose opinion")),
        choice("stance", Stance, needed=True),
        occurred(label=N_("Day of the opinion")),
        number("registry_number"),
    ),
    "return-file": (_DAY, date("due_on", needed=True), text("missing", needed=True)),
    "supplement-file": (_DAY, number("registry_number")),
    "grant-consent": (number("act_number", needed=True), occurred(label=N_("Day of the session"))),
    "refuse-consent": (occurred(label=N_("Day of the session")), number("act_number"), _REASON),
    "reopen-drafting": (number("decision_number", needed=True), _DAY, _REASON),
    "publish": (
        line("gazette_name", needed=True),
        number("gazette_number", needed=True),
        occurred(label=N_("Day of publication")),
        tick("despite_missing_consent"),
    ),
    "sign-agreement": (
        occurred(label=N_("Day of signing")),
        line("place"),
        choice("instrument", Instrument, needed=True),
        line("signatory_home", hint=OFFICE_ONLY),
        line("signatory_partner", hint=OFFICE_ONLY),
        choices("languages", source="languages"),
        *_TERM,
    ),
    "enter-into-force": (_DAY, choice("rule", EntryRule)),
    "hold-visit": (
        occurred(needed=True, label=N_("Day of the visit")),
        choice("host", source="parties"),
        line("place"),
        text("purpose", keeps="remark"),
    ),
    "confirm-partnership": (
        occurred(needed=True, label=N_("Confirmed on")),
        text("remark", keeps="remark", hint=N_("What the sides did together, or mean to do.")),
    ),
    "announce-expiry": (
        date("ends_on", hint=N_("Empty where the agreement itself says it, or it is not known.")),
        _DAY,
    ),
    "renew": (choice("renewal", Renewal, needed=True), _DAY, choice("instrument", Instrument), *_TERM),
    "confirm-expiry": (_DAY,),
    "mark-dormant": (_DAY, _WHY),
    "resume-activity": (_DAY,),
    "terminate": (
        choice("termination", Termination, needed=True),
        number("decision_number", hint=N_("Needed once a decision was adopted; before that nothing is annulled.")),
        _DAY,
        _WHY,
    ),
    "extend-deadline": (date("until", needed=True, label=N_("New day")), _DAY, _REASON),
    "reinstate": (_REASON,),
    "name-handler": (choice("handler", source="handlers", needed=True), _WHY),
    "add-party": (
        choice("role", PartyRole, needed=True, label=N_("As what it joins")),
        line(
            "partner",
            source="partners",
            label=N_("Partner abroad"),
            hint=N_("As it stands in the register of partners; leave empty for a local government in Serbia."),
        ),
        line("local_government", source="homes", label=N_("Local government in Serbia")),
        _DAY,
    ),
    "remove-party": (choice("party", source="parties", needed=True), _DAY, _WHY),
    "report-party-status": (
        choice("party", source="parties", needed=True),
        choice("status", PartyStatus, needed=True),
        _DAY,
        line(
            "known_from",
            needed=True,
            most=LONG_LINE,
            hint=N_("Letter, minutes or address on the web."),
            keeps="remark",
        ),
    ),
    "settle-disagreement": (
        choice(
            "status",
            PartyStatus,
            needed=True,
            label=N_("Over what they differ"),
            leave_out=tuple(status for status in PartyStatus if status not in OF_BOTH),
        ),
        text("note", needed=True, hint=N_("What was found out, and with whom.")),
    ),
    "change-procedure": (
        choice("procedure", source="procedures", needed=True, hint=N_("Its days and rules hold from now on.")),
        _REASON,
    ),
    "ask-approval": (choice("deed", source="approvable", needed=True, label=N_("For what")), _WHY),
    "approve": (choice("deed", source="approvable", needed=True, label=N_("For what")), _WHY),
    "add-remark": (text("remark", needed=True, keeps="remark"), choices("mentions", source="colleagues")),
    "link-case": (
        line("other_number", needed=True, hint=N_("Its number, such as 2026-0042."), most=12),
        choice("link", Link, needed=True, hint=N_("Said of this case; the other one holds the same from its side.")),
    ),
    "unlink-case": (choice("other", source="links", needed=True),),
    "give-task": (
        text("what", needed=True, keeps="remark"),
        choice("assignee", source="assignees", needed=True),
        date("due_on"),
    ),
    "finish-task": (choice("task", source="tasks", needed=True),),
    "cancel-task": (choice("task", source="tasks", needed=True), _REASON),
}
"""By the code of the deed. A correction has the form of the fact that it puts right; `absorb` and
`receive-report` are nobody's."""
