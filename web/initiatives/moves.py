"""What may be done on a case: the next step, other open deeds, and those that a rule refuses."""

from collections.abc import Sequence
from datetime import date
from typing import Final, assert_never

import msgspec

from application.access import Person
from application.initiatives import CaseOffer
from domain.initiatives.deadlines import Ground, counted_from, deadline_ground
from domain.initiatives.liveness import renewed_tacitly
from domain.initiatives.procedure import Counted, Deadline, Start, Step
from domain.kernel import Refusal
from web.forms import Form
from web.initiatives.asking import DeedForm, deed_form, opened_with
from web.initiatives.deed_words import DEEDS, TACITLY_RENEWED
from web.initiatives.opening import OpenCase
from web.initiatives.presenting import word
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.language.language import office_day

_NOBODY_ASKS: Final = frozenset(
    {
        "initiative.wrong-stage",
        "initiative.no-other-procedure",
        "initiative.no-deadline",
        "initiative.nothing-to-approve",
        "initiative.nothing-to-settle",
        "initiative.no-task-open",
        "initiative.not-linked",
        "initiative.end-announced-already",
    }
)
"""Nobody looks for a deed that these refuse."""
_NOT_LISTED: Final = frozenset(
    {
        "add-remark",
        "give-task",
        "finish-task",
        "cancel-task",
        "link-case",
        "unlink-case",
        "correct",
        "absorb",
        "receive-report",
    }
)
"""They have places of their own: remarks, tasks, links, the history, the merging of the other case, a side's word."""
_MENDS: Final = {
    "initiative.support-missing": ("give-support",),
    "initiative.not-coordinated": ("complete-coordination", "give-support"),
    "initiative.draft-not-reviewed": ("review-draft",),
    "initiative.consent-missing": ("request-consent", "record-opinion", "grant-consent", "supplement-file"),
    "initiative.publication-missing": ("publish",),
    "initiative.letter-of-intent-missing": ("sign-letter-of-intent",),
    "initiative.term-unknown": ("announce-expiry",),
    "initiative.second-person-missing": ("approve", "ask-approval"),
    "initiative.second-person-same": ("approve", "ask-approval"),
    "initiative.none-to-spare": ("add-party",),
    "initiative.end-announced-already": ("renew",),
}
"""Which deed takes a refusal away; the first of them that is open is offered."""


OF_APPROVALS: Final = ("ask-approval", "approve")


class StepCard(msgspec.Struct, frozen=True, kw_only=True):
    """What is next: what, who, by when, and why then."""

    title: str
    who: str
    due: date | None
    why: str
    said: str
    """What has come about by itself and only waits to be recorded; mostly empty."""
    form: DeedForm | None
    """None where the move is not this person's to record."""


class Open(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    when: str
    href: str


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """A deed that somebody would look for, why it cannot be done, and where that can be mended."""

    title: str
    refusals: tuple[Refusal, ...]
    mend: str = ""
    mend_href: str = ""


def step_card(case: OpenCase, person: Person, offers: Sequence[CaseOffer], today: date) -> StepCard | None:
    """None where nothing is waited for."""
    step, spoken = case.file.step, case.names.spoken
    if step is None:
        return None
    open_now = {offer.deed for offer in offers if offer.open}
    next_deed = next((deed for deed in _candidates(case, step, offers) if deed in open_now), None)
    said = _said_by_the_clause(case, today)
    return StepCard(
        title=spoken.gettext(TACITLY_RENEWED if said else DEEDS[step.deed].title),
        who=word(step.actor, spoken),
        due=case.file.due,
        why=_why(case, step),
        said=said,
        form=_form(case, person, step, next_deed, today) if next_deed else None,
    )


def _said_by_the_clause(case: OpenCase, today: date) -> str:
    spoken, term = case.names.spoken, case.state.term
    if term.ends_on is None or not renewed_tacitly(case.state.stage, term, today):
        return ""
    return spoken.gettext(
        N_(
            "By its own clause the agreement renews itself where no side says otherwise. Its last day, %(day)s, has "
            "passed and nothing else is recorded. Where a side did give notice, record the expiry instead."
        )
    ) % {"day": spoken.date(term.ends_on)}


def _form(case: OpenCase, person: Person, step: Step, deed: str, today: date) -> DeedForm:
    """An approval that the step needs is asked for, or given, for that step."""
    made = deed_form(deed, case.state, person, case.teller, today, None)
    return opened_with(made, Form.showing(deed=step.deed)) if deed in OF_APPROVALS else made


def other_deeds(case: OpenCase, offers: Sequence[CaseOffer], shown: str) -> list[Open]:
    """Open deeds beside the one whose form stands open, in the order of the office's work."""
    spoken = case.names.spoken
    return [
        Open(
            title=spoken.gettext(DEEDS[offer.deed].title),
            when=spoken.gettext(DEEDS[offer.deed].when),
            href=f"{case.path}/{offer.deed}",
        )
        for offer in offers
        if offer.open and offer.deed not in _NOT_LISTED and offer.deed != shown
    ]


def closed_deeds(case: OpenCase, offers: Sequence[CaseOffer]) -> list[Closed]:
    """Deeds that a rule refuses at this stage, and the next one where another has to do it."""
    found = [refused_deed(case, offer, offers) for offer in offers if offer.theirs and _by_a_rule(offer)]
    step = case.file.step
    not_theirs = next((o for o in offers if step and o.deed == step.deed and not o.theirs), None)
    if not_theirs:
        title = case.names.spoken.gettext(DEEDS[not_theirs.deed].title)
        found.insert(0, Closed(title=title, refusals=(Refusal("access.deed-not-yours"),)))
    return found


def _candidates(case: OpenCase, step: Step, offers: Sequence[CaseOffer]) -> list[str]:
    """The deed of the step, then those that take away what stands against it."""
    refusals = [refusal for offer in offers if offer.deed == step.deed for refusal in offer.refusals]
    return [step.deed, *(deed for refusal in refusals for deed in _mends(case, refusal))]


def _mends(case: OpenCase, refusal: Refusal) -> Sequence[str]:
    """Deeds that take it away; an approval is asked for once."""
    asked = refusal.params.get("what") in case.state.asked
    return [deed for deed in _MENDS.get(refusal.code, ()) if not (asked and deed == "ask-approval")]


def _by_a_rule(offer: CaseOffer) -> bool:
    return bool(offer.refusals) and all(refusal.code not in _NOBODY_ASKS for refusal in offer.refusals)


def mending_deed(
    case: OpenCase, refusals: Sequence[Refusal], offers: Sequence[CaseOffer], rather: str = ""
) -> str | None:
    """The open deed that takes refusals away: `rather` where it does, else the first that does."""
    open_now = {offer.deed for offer in offers if offer.open}
    mends = [deed for refusal in refusals for deed in _mends(case, refusal) if deed in open_now]
    return rather if rather in mends else next(iter(mends), None)


def refused_deed(case: OpenCase, offer: CaseOffer, offers: Sequence[CaseOffer]) -> Closed:
    """Why the deed cannot be done, and the open deed that would mend it."""
    spoken = case.names.spoken
    mend = mending_deed(case, offer.refusals, offers, case.file.step.deed if case.file.step else "")
    asked = not mend and any(refusal.params.get("what") in case.state.asked for refusal in offer.refusals)
    return Closed(
        title=spoken.gettext(DEEDS[offer.deed].title),
        refusals=(*offer.refusals, Refusal("initiative.approval-asked-already")) if asked else offer.refusals,
        mend=spoken.gettext(DEEDS[mend].title) if mend else "",
        mend_href=mend_address(case.path, mend, offer.deed) if mend else "",
    )


def mend_address(path: str, mend: str, deed: str) -> str:
    """The form of the deed that mends; one on an approval opens with the deed for which it is wanted."""
    return f"{path}/{mend}?deed={deed}" if mend in OF_APPROVALS else f"{path}/{mend}"


def _why(case: OpenCase, step: Step) -> str:
    """From what the deadline follows."""
    spoken, due, ground = case.names.spoken, case.file.due, deadline_ground(case.state, step)
    if case.file.unknown_year is not None:
        return spoken.gettext(
            N_("The deadline cannot be counted: the public holidays of %(year)s are not known here")
        ) % {"year": case.file.unknown_year}
    if due is None or ground is None:
        since = spoken.date(office_day(case.file.since))
        return spoken.gettext(N_("No deadline is set; at this stage since %(day)s")) % {"day": since}
    match ground:
        case Ground.EXTENDED:
            return spoken.gettext(N_("More time was given for this step; the reason stands in the history"))
        case Ground.SET:
            return spoken.gettext(N_("The day was set for this very case"))
        case Ground.TERM:
            return spoken.gettext(N_("The agreement ends on that day"))
        case Ground.NOTICE:
            ends = spoken.date(case.state.term.ends_on) if case.state.term.ends_on else ""
            return spoken.gettext(N_("Before the notice ends; the agreement ends on %(day)s")) % {"day": ends}
        case Ground.DAYS:
            return _counted(case, step.deadline) if step.deadline else ""
        case _:
            assert_never(ground)


def _counted(case: OpenCase, deadline: Deadline) -> str:
    """Which days were counted, and from when."""
    spoken, waiting = case.names.spoken, case.file.waiting
    began = counted_from(case.state, case.state.stage, deadline, waiting.since)
    said = {"days": days_of(deadline, spoken), "day": spoken.date(began)}
    if waiting.used and not waiting.paused:
        used = spoken.count("%(num)s of them had gone by before", "%(num)s of them had gone by before", waiting.used)
        return spoken.gettext(N_("%(days)s, %(used)s; they go on from %(day)s")) % {**said, "used": used}
    if deadline.start is Start.FACT:
        return spoken.gettext(N_("%(days)s since %(day)s")) % said
    return spoken.gettext(N_("%(days)s since it was recorded as the next step: %(day)s")) % said


def days_of(deadline: Deadline, spoken: Language) -> str:
    """How many days a deadline gives, and which."""
    if deadline.counted is Counted.WORKING:
        return spoken.count("%(num)s working day", "%(num)s working days", deadline.days)
    return spoken.count("%(num)s day", "%(num)s days", deadline.days)
