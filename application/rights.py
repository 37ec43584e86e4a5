"""Which role may do which deed. The table is the whole truth: a deed that it lacks nobody may do."""

from typing import Final

from application.access import Forbidden, Person, Role
from domain.initiatives.initiative import Initiative

_OFFICE: Final = frozenset({Role.COORDINATOR})
_OFFICE_AND_TOWN: Final = frozenset({Role.COORDINATOR, Role.OFFICER})
_SECOND_PERSON: Final = frozenset({Role.COORDINATOR, Role.APPROVER})
_ALL_AT_WORK: Final = frozenset({Role.COORDINATOR, Role.OFFICER, Role.APPROVER})

MAY: Final[dict[str, frozenset[Role]]] = {
    "propose": _OFFICE_AND_TOWN,
    "enter-historic": _OFFICE,
    "take-over": _OFFICE,
    "coordinate": _OFFICE,
    "decline": _OFFICE,
    "merge": _OFFICE,
    "absorb": frozenset(),  # only ever the other end of a merging
    "give-support": _OFFICE,
    "complete-coordination": _OFFICE,
    "sign-letter-of-intent": _OFFICE,
    "start-drafting": _OFFICE,
    "suspend": _OFFICE,
    "resume": _OFFICE,
    "withdraw": _OFFICE_AND_TOWN,
    "review-draft": _OFFICE,
    "adopt-decision": _OFFICE_AND_TOWN,
    "request-consent": _OFFICE_AND_TOWN,
    "waive-consent": _OFFICE,
    "record-opinion": _OFFICE,
    "return-file": _OFFICE,
    "supplement-file": _OFFICE_AND_TOWN,
    "grant-consent": _OFFICE,
    "refuse-consent": _OFFICE,
    "reopen-drafting": _OFFICE,
    "publish": _OFFICE_AND_TOWN,
    "sign-agreement": _OFFICE,
    "enter-into-force": _OFFICE,
    "hold-visit": _OFFICE_AND_TOWN,
    "confirm-partnership": _OFFICE_AND_TOWN,
    "announce-expiry": _OFFICE,
    "renew": _OFFICE,
    "confirm-expiry": _OFFICE,
    "mark-dormant": _OFFICE,
    "resume-activity": _OFFICE,
    "terminate": _OFFICE,
    "extend-deadline": _OFFICE,
    "reinstate": _OFFICE,
    "name-handler": _SECOND_PERSON,
    "change-procedure": _OFFICE,
    "add-party": _OFFICE,
    "remove-party": _OFFICE,
    "report-party-status": _OFFICE_AND_TOWN,
    "receive-report": frozenset(),  # only ever by a link or a file of the side itself
    "settle-disagreement": _OFFICE,
    "ask-side": _OFFICE,
    "ask-approval": _OFFICE_AND_TOWN,
    "approve": frozenset({Role.APPROVER}),
    "add-remark": _ALL_AT_WORK,
    "link-case": _OFFICE,
    "unlink-case": _OFFICE,
    "give-task": _ALL_AT_WORK,
    "finish-task": _ALL_AT_WORK,
    "cancel-task": _ALL_AT_WORK,
    "correct": _OFFICE,
    "register-partner": _OFFICE_AND_TOWN,
    "edit-partner": _OFFICE,
}


def may(person: Person, deed: str) -> bool:
    """Whether the person's role allows the deed at all."""
    return person.role in MAY.get(deed, frozenset())


def require(person: Person, deed: str) -> None:
    """Raise Forbidden unless the person's role allows the deed."""
    if not may(person, deed):
        raise Forbidden("access.deed-not-yours")


def within_scope(person: Person, state: Initiative) -> bool:
    """An officer reaches the cases of the own local government only."""
    if person.role is not Role.OFFICER:
        return True
    return any(p.local_government == person.local_government for p in state.home)
