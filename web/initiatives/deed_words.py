"""How each deed is called: in a heading, on its button, and when it is the right one."""

from typing import Final, NamedTuple

from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it


class DeedWords(NamedTuple):
    title: str
    button: str
    when: str = ""
    """One sentence beside the deed, where its title does not say enough."""
    awaited: str = ""
    """What one waits for while the deed is somebody else's."""


TACITLY_RENEWED: Final = N_("It renewed tacitly: record it")
"""Stands in the place of the next deed where the last day of an agreement that renews itself has passed."""
DEEDS: Final[dict[str, DeedWords]] = {
    "coordinate": DeedWords(
        N_("Start coordination"),
        N_("Start the coordination"),
        N_("Names who leads the case at SKGO."),
        awaited=N_("start of the coordination"),
    ),
    "decline": DeedWords(N_("Decline the proposal"), N_("Decline"), N_("Ends the case; the reason is kept.")),
    "merge": DeedWords(
        N_("Merge as a duplicate"),
        N_("Merge into that case"),
        N_("The case ends here and goes on under the other number."),
    ),
    "give-support": DeedWords(
        N_("Record the support given"),
        N_("Record the support"),
        N_("Information, the partner's profile and model documents complete the coordination."),
        awaited=N_("support of SKGO"),
    ),
    "complete-coordination": DeedWords(
        N_("Complete the coordination"),
        N_("Complete it"),
        N_("The second milestone."),
        awaited=N_("completion of the coordination"),
    ),
    "sign-letter-of-intent": DeedWords(
        N_("Record the letter of intent"),
        N_("Record the letter"),
        N_("Where the mayors sign one; it may be skipped."),
    ),
    "start-drafting": DeedWords(N_("Start drafting"), N_("Start the draft"), "", N_("start of drafting")),
    "suspend": DeedWords(N_("Suspend the procedure"), N_("Suspend"), N_("Asks for a reason; the case can be resumed.")),
    "resume": DeedWords(N_("Resume the procedure"), N_("Resume"), awaited=N_("resumption of the procedure")),
    "withdraw": DeedWords(N_("Withdraw the initiative"), N_("Withdraw"), N_("Ends the case; the reason is kept.")),
    "review-draft": DeedWords(
        N_("Record the review of the draft"),
        N_("Record the review"),
        N_("SKGO reviews the draft in every language before the assembly decides."),
    ),
    "adopt-decision": DeedWords(
        N_("Record the decision of the assembly"),
        N_("Record the decision"),
        "",
        N_("decision establishing the cooperation"),
    ),
    "request-consent": DeedWords(
        N_("Request the Government's consent"),
        N_("Record that the request was sent"),
        "",
        N_("request for consent"),
    ),
    "waive-consent": DeedWords(
        N_("Record why no consent is needed"),
        N_("Record the reason"),
        N_("For project and cross-border cooperation."),
    ),
    "record-opinion": DeedWords(N_("Record an opinion"), N_("Record the opinion"), "", N_("opinion on the request")),
    "return-file": DeedWords(
        N_("Return the file for supplement"),
        N_("Return the file"),
        N_("Says what is missing and until when."),
    ),
    "supplement-file": DeedWords(
        N_("Record the supplement"),
        N_("Record it as supplemented"),
        N_("The request for consent goes on its way again."),
        N_("supplement of the file"),
    ),
    "grant-consent": DeedWords(
        N_("Record the Government's consent"), N_("Record the consent"), "", N_("consent of the Government")
    ),
    "refuse-consent": DeedWords(
        N_("Record the refusal of consent"),
        N_("Record the refusal"),
        N_("The case can only go on by a new decision."),
    ),
    "reopen-drafting": DeedWords(
        N_("Return to drafting by a new decision"),
        N_("Return to drafting"),
        "",
        N_("new decision after the refusal"),
    ),
    "publish": DeedWords(
        N_("Record the publication"),
        N_("Record it as published"),
        N_("In the official gazette of the local government."),
        N_("publication in the gazette"),
    ),
    "sign-agreement": DeedWords(
        N_("Record the signing"), N_("Record it as signed"), "", N_("signing of the agreement")
    ),
    "enter-into-force": DeedWords(
        N_("Record the entry into force"), N_("Record it as in force"), awaited=N_("entry into force")
    ),
    "hold-visit": DeedWords(
        N_("Record a visit"), N_("Record the visit"), N_("Every held visit, also one before the signing.")
    ),
    "confirm-partnership": DeedWords(
        N_("Confirm that the partnership is alive"),
        N_("Record the confirmation"),
        N_("The local government is asked once a year."),
        N_("yearly confirmation of the partnership"),
    ),
    "announce-expiry": DeedWords(
        N_("Announce that the term ends"),
        N_("Announce the end of the term"),
        N_("Opens the time in which the sides renew it or let it end, also where its end is not known."),
        N_("announcement that the term ends"),
    ),
    "renew": DeedWords(N_("Record the renewal"), N_("Record it as renewed"), "", N_("renewal or its end")),
    "confirm-expiry": DeedWords(
        N_("Confirm that the agreement expired"),
        N_("Confirm the expiry"),
        N_("Where no side renewed it."),
    ),
    "mark-dormant": DeedWords(N_("Mark as dormant"), N_("Mark it dormant"), N_("Where nothing has happened for long.")),
    "resume-activity": DeedWords(
        N_("Record that activity resumed"), N_("Record the activity"), "", N_("word of new activity")
    ),
    "terminate": DeedWords(
        N_("Record the termination"),
        N_("Record it as terminated"),
        N_("Ends the case; one side may do so alone. What was decided takes an annulling decision."),
    ),
    "extend-deadline": DeedWords(
        N_("Extend the deadline"),
        N_("Extend it"),
        N_("For the step that is waited for now; asks for a reason."),
    ),
    "reinstate": DeedWords(
        N_("Reinstate the case"),
        N_("Reinstate it"),
        N_("Where it was ended by mistake: it goes on from the stage before the end, which stays in the history."),
    ),
    "name-handler": DeedWords(N_("Name who leads the case"), N_("Name the handler")),
    "add-party": DeedWords(N_("Add a party"), N_("Add the party"), N_("One act may bind several partners.")),
    "remove-party": DeedWords(N_("Remove a party"), N_("Remove the party")),
    "report-party-status": DeedWords(
        N_("Report where a side stands"),
        N_("Record the report"),
        N_("With its own date and source; where sides differ, both reports stand."),
    ),
    "receive-report": DeedWords(N_("Receive the word of a side"), N_("Receive it")),
    "settle-disagreement": DeedWords(
        N_("Settle where the sides differ"),
        N_("Record it as settled"),
        N_(
            "What every side said stays in the history; it waits for nobody any more until somebody says something new."
        ),
    ),
    "change-procedure": DeedWords(
        N_("Move the case to another version of the procedure"),
        N_("Move it"),
        N_("Where another version suits the case better than the one under which it began."),
    ),
    "ask-approval": DeedWords(
        N_("Ask for approval"),
        N_("Ask for it"),
        N_("The procedure wants a second person for some deeds; the head of department finds the case on the desk."),
    ),
    "approve": DeedWords(
        N_("Approve as the second person"),
        N_("Approve"),
        N_("It holds until that is done, or the case comes to another stage."),
    ),
    "add-remark": DeedWords(N_("Add a remark"), N_("Add the remark")),
    "link-case": DeedWords(N_("Link a case"), N_("Link it"), N_("Both cases show the link.")),
    "unlink-case": DeedWords(N_("Take a link away"), N_("Unlink"), N_("In both cases; the history keeps it.")),
    "give-task": DeedWords(
        N_("Give a task"),
        N_("Give the task"),
        N_("Beside the road of the case: it stands on the other's desk until done."),
    ),
    "finish-task": DeedWords(N_("Record a task as done"), N_("It is done")),
    "cancel-task": DeedWords(N_("Cancel a task"), N_("Cancel the task"), N_("Where it is not to be done any more.")),
    "correct": DeedWords(N_("Correct a fact"), N_("Record the correction")),
    "absorb": DeedWords(N_("Take in a duplicate"), N_("Take in the duplicate")),
}
