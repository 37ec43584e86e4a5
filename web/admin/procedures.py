"""Procedures: the versions, what each one says, and how a new one comes into force."""

import difflib
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person, Role
from application.past import NotYet, day_of
from application.procedures import Version
from application.reading import NotFound
from domain.initiatives.procedure import IN_TERM, Procedure, Start, Step
from domain.initiatives.reminding import days_before
from domain.initiatives.terms import Stage
from domain.kernel import Refusal, Refused
from web.casework import Casework
from web.clocks import past_of
from web.forms import Form
from web.initiatives.deed_words import DEEDS
from web.initiatives.forms import DEED_FORMS
from web.initiatives.moves import days_of
from web.initiatives.naming import procedure_name
from web.initiatives.presenting import word
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page, see_other
from web.parts import Parts
from web.refusals import sentence
from web.session import PageRequest, language_of

PATH: Final = "/admin/procedures"
_PAST: Final = N_(
    "A version counts from when its file came or a case followed it; those of the program are always shown."
)
"""No day is kept of what comes with the program."""
LONGEST: Final = 100_000
"""Characters of a text; the shipped ones have a tenth."""
_AROUND: Final = 2
_OWN_DAYS: Final = {
    Stage.RETURNED: N_("the day that was set when the file was returned"),
    Stage.SUSPENDED: N_("the day that was set when the procedure was suspended"),
    Stage.EXPIRING: N_("the last day of the agreement"),
}
"""Stages at which the case itself says until when."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One version in the list."""

    title: str
    href: str
    in_force: bool
    shipped: bool
    cases: int


class StageRow(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of a version as a person reads it."""

    stage: str
    actor: str
    deed: str
    deadline: str
    reminders: str
    """Empty where no day can run."""
    escalation: str
    confirmation: str
    """Empty outside of the term of an agreement, as the next one is."""
    dormancy: str
    papers: Sequence[str]
    fields: Sequence[str]
    text: str
    basis: str
    reference: str


class Flaw(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in a text; `source` is the line itself, empty where it has none of its own."""

    line: int
    source: str
    says: str


class Change(msgspec.Struct, frozen=True):
    """A line of the preview: `+`, `-`, or a blank for one that stays."""

    sign: str
    text: str


class ProcedurePages(Controller):
    path = PATH

    @get(past=True, past_note=_PAST, sync_to_thread=True)
    def show(
        self, request: PageRequest, person: NamedDependency[Person], work: NamedDependency[Casework]
    ) -> Response[Any]:
        spoken, keeping = language_of(request), work.keeping_procedures
        rows = _rows(keeping.versions(person), keeping.followed(person), spoken)
        told = keeping.faults(person) if past_of(request) is None else ()
        faults = [(str(f.params.get("file", "")), f.params.get("line", 1), f) for f in told]
        return page(request, "admin/procedures.html", rows=list(rows), faults=faults, edits=_edits(request, person))

    @get("/new", sync_to_thread=True)
    def ask(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        return _form(request, Form.showing(text=work.keeping_procedures.beginning(person, asked.value("code"))))

    @post("/new", status_code=303, sync_to_thread=True)
    def take(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """Show what would change; bring it into force where that was asked for."""
        keeping, spoken = work.keeping_procedures, language_of(request)
        try:
            with form.reading() as read:
                text = read.text("text", most=LONGEST) + "\n"
            if form.value("do") != "adopt":
                draft = keeping.draft(person, text)
                changes = list(_changes(draft.in_force.text, text))
                return _form(request, form, changes=changes, title=procedure_name(draft.procedure, spoken))
            adopted = keeping.adopt(person, text)
        except Refused as refused:
            return _form(request, form, flaws=_flaws(refused.refusals, form.value("text"), spoken), status=422)
        said = spoken.gettext("%(procedure)s is in force for cases that begin from now on.")
        return see_other(request, f"{PATH}/{adopted.pin}", said % {"procedure": procedure_name(adopted, spoken)})

    @get("/{pin:str}", past=True, past_note=_PAST, sync_to_thread=True)
    def open(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        pin: FromPath[str],
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        keeping, spoken = work.keeping_procedures, language_of(request)
        version = keeping.version(person, pin)
        if version is None:
            known_now = parts.work.keeping_procedures.version(person, pin)
            if known_now is None or known_now.since is None:
                raise NotFound(pin)
            raise NotYet(day_of(known_now.since))
        procedure = version.procedure
        return page(
            request,
            "admin/procedure.html",
            title=procedure_name(procedure, spoken),
            procedure=procedure,
            text=version.text,
            cases=keeping.followed(person).get(pin, 0),
            clauses=[word(rule, spoken) for rule in procedure.entry_rules],
            second_person=[spoken.gettext(DEEDS[deed].title) for deed in procedure.second_person],
            stages=[_stage(procedure, stage, spoken) for stage in Stage if stage in procedure.steps],
            edits=_edits(request, person),
        )


def _edits(request: PageRequest, person: Person) -> bool:
    return person.role is Role.ADMINISTRATOR and past_of(request) is None


def _form(
    request: PageRequest,
    form: Form,
    *,
    flaws: Sequence[Flaw] = (),
    changes: Sequence[Change] = (),
    title: str = "",
    status: int = 200,
) -> Response[Any]:
    template = "admin/new_procedure.html"
    return page(request, template, status=status, form=form, flaws=flaws, changes=changes, title=title, most=LONGEST)


def _rows(versions: Sequence[Version], followed: Any, spoken: Language) -> Iterator[Row]:
    seen = set[str]()
    for version in versions:
        procedure = version.procedure
        yield Row(
            title=procedure_name(procedure, spoken),
            href=f"{PATH}/{procedure.pin}",
            in_force=procedure.code not in seen,
            shipped=version.shipped,
            cases=followed.get(procedure.pin, 0),
        )
        seen.add(procedure.code)


def _stage(procedure: Procedure, stage: Stage, spoken: Language) -> StageRow:
    step = procedure.steps[stage]
    labels = {question.name: question.label for question in DEED_FORMS[step.deed]}
    return StageRow(
        stage=stage.value,
        actor=word(step.actor, spoken),
        deed=spoken.gettext(DEEDS[step.deed].title),
        deadline=_deadline(stage, step, spoken),
        reminders=_reminders(stage, step, spoken) if _runs(stage, step) else "",
        escalation=_escalation(step, spoken) if _runs(stage, step) else "",
        confirmation=_silence(step.confirm_months, spoken) if stage in IN_TERM else "",
        dormancy=_silence(step.dormant_months, spoken) if stage in IN_TERM else "",
        papers=[word(document, spoken) for document in step.documents],
        fields=[spoken.gettext(labels.get(name, name)) for name in step.fields],
        text=spoken.either(step.text.sr, step.text.en) if step.text else "",
        basis=spoken.either(step.basis.text.sr, step.basis.text.en) if step.basis else "",
        reference=spoken.name(step.basis.reference) if step.basis else "",
    )


def _deadline(stage: Stage, step: Step, spoken: Language) -> str:
    """The case's own day goes before the days of the procedure."""
    own, days = _OWN_DAYS.get(stage), _days(step, spoken)
    if own is None:
        return days
    said = spoken.gettext(own)
    return spoken.gettext(N_("%(day)s; where there is none: %(days)s")) % {"day": said, "days": days} if days else said


def _days(step: Step, spoken: Language) -> str:
    if step.notice_months is not None:
        return spoken.count(
            "%(num)s month before the end of the term, where the agreement names no notice of its own",
            "%(num)s months before the end of the term, where the agreement names no notice of its own",
            step.notice_months,
        )
    if step.deadline is None:
        return ""
    days = {"days": days_of(step.deadline, spoken)}
    from_when = N_("%(days)s from the recording")
    if step.deadline.start is Start.FACT:
        from_when = N_("%(days)s from the day of the step itself")
    pauses = ", ".join(word(stage, spoken) for stage in step.deadline.pauses)
    said = [spoken.gettext(from_when) % days]
    said += [spoken.gettext(N_("they stand still at: %(stages)s")) % {"stages": pauses}] if pauses else []
    return "; ".join(said)


def _runs(stage: Stage, step: Step) -> bool:
    """Whether there can be a day until when."""
    return step.deadline is not None or stage in IN_TERM or stage in _OWN_DAYS


def _reminders(stage: Stage, step: Step, spoken: Language) -> str:
    before = days_before(stage, step)
    if not before:
        return spoken.gettext(N_("the day after the deadline"))
    *earlier, last = before
    closest = spoken.count("%(num)s day before the deadline", "%(num)s days before the deadline", last)
    days = ", ".join([*map(spoken.number, earlier), closest])
    return spoken.gettext(N_("%(days)s, and the day after it")) % {"days": days}


def _escalation(step: Step, spoken: Language) -> str:
    return spoken.count(
        "when the step is late by more than %(num)s day",
        "when the step is late by more than %(num)s days",
        step.escalate_after,
    )


def _silence(months: int, spoken: Language) -> str:
    if not months:
        return spoken.gettext(N_("never"))
    return spoken.count("after %(num)s month without activity", "after %(num)s months without activity", months)


def _flaws(refusals: Sequence[Refusal], text: str, spoken: Language) -> list[Flaw]:
    lines = text.splitlines()
    found: list[Flaw] = []
    for refusal in refusals:
        line = int(refusal.params.get("line", 0))
        source = lines[line - 1].strip() if 0 < line <= len(lines) else ""
        found.append(Flaw(line=line, source=source[:200], says=sentence(refusal, spoken)))
    return found


def _changes(before: str, after: str) -> Iterator[Change]:
    """Lines that differ, with a few around them."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=_AROUND, lineterm="")
    for line in list(lines)[2:]:
        yield Change("@", "") if line.startswith("@@") else Change(line[0], line[1:])
