"""A form as a page shows it: its questions with their options, and with what it opens."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

import msgspec
from msgspec.structs import replace

from application.access import Person, Role
from application.colleagues import sees, takes_tasks
from domain.dates import NotADate, partial_date
from domain.initiatives import events as e
from domain.initiatives.chronology import entry_day, entry_rule
from domain.initiatives.decisions.concluding import BEFORE_CONSENT
from domain.initiatives.initiative import Initiative
from domain.initiatives.liveness import renewed_tacitly
from domain.initiatives.terms import Instrument, Kind, Renewal, Stage
from domain.kernel import VaultRef
from web.forms import Form
from web.initiatives.corrections import CORRECTION_FORMS, in_clear, particulars
from web.initiatives.deed_words import DEEDS
from web.initiatives.forms import DEED_FORMS
from web.initiatives.links import link_options
from web.initiatives.presenting import Teller, word
from web.initiatives.questions import Question
from web.initiatives.tasks import task_options
from web.initiatives.words import LANGUAGES, WORDS
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.words import STAGES

Options = Sequence[tuple[str, str]]
_FEW: Final = 4
"""As many choices stand open beside each other; more go into a list."""
_MINISTRY: Final = N_("Ministry of Public Administration and Local Self-Government")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    question: Question
    options: Options = ()

    @property
    def open(self) -> bool:
        """Whether every choice is seen at once."""
        return self.question.needed and 0 < len(self.options) <= _FEW


class DeedForm(msgspec.Struct, frozen=True, kw_only=True):
    """One deed as a form. `action` is where it is sent, `seen` the version that the person has before them."""

    code: str
    title: str
    button: str
    when: str
    consequence: str
    asked: Sequence[Asked]
    form: Form
    action: str
    seen: int
    bad: bool = False
    """It ends the case."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Name of a field to the message of its label."""
        return {one.question.name: one.question.label for one in self.asked}


def deed_form(code: str, state: Initiative, person: Person, teller: Teller, today: date, form: Form | None) -> DeedForm:
    """The form of a deed as it opens, or `form` as it comes back."""
    spoken, said = teller.spoken, DEEDS[code]
    stage = leads_to(code, state)
    return DeedForm(
        code=code,
        title=spoken.gettext(said.title),
        button=spoken.gettext(said.button),
        when=spoken.gettext(said.when),
        consequence=_consequence(stage, spoken),
        asked=asked(_questions(code, state, teller), state, teller),
        form=form or opening(code, state, person, spoken, today),
        action=f"/initiatives/{state.number}/{code}",
        seen=state.version,
        bad=stage in _BAD,
    )


def _questions(code: str, state: Initiative, teller: Teller) -> list[Question]:
    """Those of the deed; what the case's own procedure asks for is marked as needed."""
    wanted = teller.names.asked_by_procedure(state, code)
    return [replace(q, needed=True) if q.name in wanted else q for q in DEED_FORMS[code]]


def asked(questions: Sequence[Question], state: Initiative, teller: Teller) -> list[Asked]:
    return [Asked(question=q, options=_options(q, state, teller)) for q in questions if _fits(q, state)]


def _fits(question: Question, state: Initiative) -> bool:
    """Whether a question makes sense now: the warning of an early publication only where consent is missing."""
    if question.name != "despite_missing_consent":
        return True
    return state.stage in BEFORE_CONSENT and not state.consent_waived


def _options(question: Question, state: Initiative, teller: Teller) -> Options:
    spoken = teller.spoken
    if question.words is not None:
        words = [w for w in WORDS[question.words] if w not in question.leave_out]
        return [(str(w), word(w, spoken)) for w in words]
    match question.source:
        case "handlers":
            return teller.names.handlers
        case "parties":
            return [(party.key, teller.side(party.key)) for party in state.parties]
        case "languages":
            return [(code, spoken.gettext(name)) for code, name in LANGUAGES.items()]
        case "approvable":
            return teller.names.approvable(state)
        case "procedures":
            return teller.names.procedures(state)
        case "colleagues":
            return teller.names.colleagues(state, sees)
        case "assignees":
            return teller.names.colleagues(state, takes_tasks)
        case "links":
            return link_options(state.links, teller)
        case "tasks":
            return task_options(state.tasks, teller)
        case "homes":
            return teller.names.units
        case _:
            return ()


def opening(code: str, state: Initiative, person: Person, spoken: Language, today: date) -> Form:
    """What is most often right: today, the own name, the usual addressee. Everything can be changed."""
    values: dict[str, str | Sequence[str]] = {"occurred_on": spoken.date(today)}
    if extra := _OPENINGS.get(code):
        values |= extra(state, person, spoken)
    if renewed_tacitly(state.stage, state.term, today):
        values |= _tacitly(state, spoken)
    known = {question.name for question in DEED_FORMS[code]}
    return Form.showing(**{name: value for name, value in values.items() if name in known})


def opened_with(made: DeedForm, given: Form) -> DeedForm:
    """The form with what was given for its questions, in place of what it opened with."""
    names = {one.question.name for one in made.asked} & {name for name, _ in given.fields}
    opened = [(name, value) for name, value in made.form.fields if name not in names]
    return replace(made, form=Form([*opened, *(f for f in given.fields if f[0] in names)]))


def correction_opening(fact: e.Correctable, texts: Mapping[VaultRef, str | None], spoken: Language) -> Form:
    """A correction opens with the fact as it stands."""
    held = particulars(fact)
    shown: dict[str, str | Sequence[str]] = {}
    for question in CORRECTION_FORMS[type(fact)]:
        value = held[question.name]
        if question.keeps:
            value = texts.get(getattr(fact, question.name)) or in_clear(fact, question.name) or ""
        shown[question.name] = _typed(question, value, spoken)
    return Form.showing(**shown)


def _typed(question: Question, value: Any, spoken: Language) -> str | Sequence[str]:
    """A value as a person would have typed it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if question.control == "date":
        return _date(str(value), spoken)
    return cast("Sequence[str]", value) if isinstance(value, list | tuple) else str(value)


def _date(iso: str, spoken: Language) -> str:
    try:
        return spoken.date(partial_date(iso))
    except NotADate:
        return iso


def leads_to(code: str, state: Initiative) -> Stage | None:
    """The stage in which the deed leaves the case, None where it stays as it is."""
    match code:
        case "publish":
            ready = state.stage is Stage.CONSENT_GRANTED or (state.stage is Stage.DECIDED and state.consent_waived)
            return Stage.PUBLISHED if ready else None
        case "grant-consent":
            return Stage.PUBLISHED if state.published else Stage.CONSENT_GRANTED
        case "reinstate":
            return state.ended_from
        case "resume-activity":
            return Stage.RENEWED if state.renewed_before else Stage.ACTIVE
        case _:
            return LEADS_TO.get(code)


def _consequence(stage: Stage | None, spoken: Language) -> str:
    if stage is None:
        return ""
    return spoken.gettext(N_("The case moves to “%(stage)s”.")) % {"stage": spoken.gettext(STAGES[stage])}


def _coordinator(state: Initiative, person: Person, spoken: Language) -> dict[str, str | Sequence[str]]:
    return {"handler": str(person.account)} if person.role is Role.COORDINATOR else {}


def _instrument(state: Initiative, person: Person, spoken: Language) -> dict[str, str | Sequence[str]]:
    usual = Instrument.CHARTER if state.kind is Kind.TWINNING else Instrument.AGREEMENT
    return {"instrument": usual.value, "languages": ["sr"]}


def _tacitly(state: Initiative, spoken: Language) -> dict[str, str | Sequence[str]]:
    """The last day and the clause as they stand; how long it lasts now, the agreement says."""
    term, opens = state.term, dict[str, str | Sequence[str]]()
    opens |= {"renewal": Renewal.TACIT.value, "tacit_renewal": "1"}
    opens |= {"occurred_on": spoken.date(term.ends_on)} if term.ends_on else {}
    opens |= {"notice_months": str(term.notice_months)} if term.notice_months is not None else {}
    return opens


def _entry(state: Initiative, person: Person, spoken: Language) -> dict[str, str | Sequence[str]]:
    """The clause of the decision, and the day that follows from it."""
    opens: dict[str, str | Sequence[str]] = {}
    if rule := entry_rule(state):
        opens["rule"] = rule.value
        if day := entry_day(state, rule):
            opens["occurred_on"] = spoken.date(day)
    return opens


_Opening = Callable[[Initiative, Person, Language], dict[str, str | Sequence[str]]]
_OPENINGS: Final[Mapping[str, _Opening]] = {
    "coordinate": _coordinator,
    "name-handler": lambda state, person, spoken: {"occurred_on": ""} | _coordinator(state, person, spoken),
    "review-draft": lambda state, person, spoken: {"draft_version": "1", "languages": ["sr"]},
    "adopt-decision": lambda state, person, spoken: {"body": "assembly", "fields": [f.value for f in state.fields]},
    "request-consent": lambda state, person, spoken: {"addressee": spoken.gettext(_MINISTRY)},
    "sign-agreement": _instrument,
    "enter-into-force": _entry,
    "hold-visit": lambda state, person, spoken: {"occurred_on": ""},
    "give-support": lambda state, person, spoken: {"items": []},
    "give-task": lambda state, person, spoken: {"assignee": str(person.account)},
    "add-party": lambda state, person, spoken: {"role": "partner"},
    "approve": lambda state, person, spoken: {"deed": state.asked[:1]},
}
_BAD: Final = frozenset({Stage.DECLINED, Stage.WITHDRAWN, Stage.TERMINATED, Stage.EXPIRED, Stage.MERGED})
LEADS_TO: Final[Mapping[str, Stage]] = {
    "coordinate": Stage.COORDINATING,
    "decline": Stage.DECLINED,
    "merge": Stage.MERGED,
    "sign-letter-of-intent": Stage.LETTER_OF_INTENT,
    "start-drafting": Stage.DRAFTING,
    "suspend": Stage.SUSPENDED,
    "resume": Stage.COORDINATING,
    "withdraw": Stage.WITHDRAWN,
    "adopt-decision": Stage.DECIDED,
    "request-consent": Stage.CONSENT_REQUESTED,
    "record-opinion": Stage.OPINIONS,
    "return-file": Stage.RETURNED,
    "supplement-file": Stage.CONSENT_REQUESTED,
    "refuse-consent": Stage.CONSENT_REFUSED,
    "reopen-drafting": Stage.DRAFTING,
    "sign-agreement": Stage.SIGNED,
    "enter-into-force": Stage.ACTIVE,
    "announce-expiry": Stage.EXPIRING,
    "renew": Stage.RENEWED,
    "confirm-expiry": Stage.EXPIRED,
    "mark-dormant": Stage.DORMANT,
    "terminate": Stage.TERMINATED,
}
