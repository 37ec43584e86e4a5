"""Every field of a case file in words, so that two moments of a case can be compared."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, get_args

import msgspec

from application.access import Person
from domain.initiatives import events as e
from domain.initiatives.checklist import Checklist
from domain.initiatives.initiative import Standing, tag_of
from web.initiatives import casepage
from web.initiatives.deed_words import DEEDS
from web.initiatives.forms import DEED_FORMS
from web.initiatives.labels import LABELS
from web.initiatives.opening import OpenCase
from web.initiatives.presenting import capitalised, erased, word
from web.initiatives.tasks import open_tasks
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.language.language import office_day
from web.words import KINDS, STAGES

_DAY: Final = LABELS["occurred_on"]
_OF_SIDES: Final = (e.PartyJoined, e.PartyLeft, e.PartyStatusReported)
"""Their fields are those of the sides."""


class Item(msgspec.Struct, frozen=True):
    """One thing that stands in a field."""

    text: str
    foreign: bool = False
    """A name or words that nobody translates."""


class CaseField(msgspec.Struct, frozen=True, kw_only=True):
    """A field with what stands in it; nothing where it is empty."""

    key: str
    """Names the field across moments and languages: `stage`, `initiative.agreement-signed#1.place`."""
    section: str
    label: str
    items: tuple[Item, ...]
    version: int = 0
    """Of the fact that the field belongs to; 0 where it belongs to the case."""


def fields_of(case: OpenCase, person: Person, wanted: Checklist | None) -> list[CaseField]:
    """In the order of the page; a field of the case is there also where it is empty. `wanted` is the checklist of its
    stage."""
    spoken, state, names = case.names.spoken, case.state, case.names
    where, what, work = (
        spoken.gettext(title) for title in (N_("Where the case stands"), N_("What it is about"), N_("Work on it"))
    )
    step = case.file.step

    def field(section: str, key: str, label: str, *texts: str) -> CaseField:
        items = tuple(Item(text) for text in texts if text)
        return CaseField(key=key, section=section, label=spoken.gettext(label), items=items)

    def named(value: date | None) -> str:
        return spoken.long_date(value) if value else ""

    return [
        field(where, "stage", N_("Stage"), spoken.gettext(STAGES[state.stage])),
        field(where, "since", N_("At this stage since"), named(office_day(case.file.since))),
        field(where, "step", N_("Next step"), spoken.gettext(DEEDS[step.deed].title) if step else ""),
        field(where, "who", N_("Whose move it is"), word(step.actor, spoken) if step else ""),
        field(where, "due", N_("Until when"), named(case.file.due)),
        field(where, "needed", N_("What the step needs"), *_checklist(wanted, case)),
        field(where, "handler", N_("Handler"), names.person(state.handler) if state.handler else ""),
        field(where, "merged", N_("Goes on in case"), _merged_into(case)),
        field(what, "kind", N_("Kind of cooperation"), spoken.gettext(KINDS[state.kind])),
        field(what, "origin", N_("Who asked for it"), word(state.origin, spoken) if state.origin else ""),
        field(what, "fields", N_("Fields of cooperation"), *(capitalised(word(one, spoken)) for one in state.fields)),
        field(what, "term", N_("Term"), *(f"{line.label}: {line.value}" for line in case.teller.term(state.term))),
        *_sides(case, person, spoken.gettext(N_("Sides"))),
        field(work, "procedure", N_("Procedure"), names.procedure(state.procedure) if state.procedure else ""),
        field(work, "support", N_("What was given"), *(capitalised(word(one, spoken)) for one in state.support)),
        field(work, "asked", N_("Approval asked for"), *(spoken.gettext(DEEDS[deed].title) for deed in state.asked)),
        field(work, "approved", N_("Approved"), *(spoken.gettext(DEEDS[one.deed].title) for one in state.approvals)),
        CaseField(key="tasks", section=work, label=spoken.gettext(N_("Open tasks")), items=tuple(_tasks(case))),
        field(work, "links", N_("Linked cases"), *(f"{one.number}: {word(one.link, spoken)}" for one in state.links)),
        field(work, "remarks", N_("Remarks"), spoken.number(state.tags.count(tag_of(e.RemarkAdded)))),
        *_facts(case),
    ]


def _merged_into(case: OpenCase) -> str:
    merged = case.state.last(e.InitiativeMerged)
    return merged.into_number if merged else ""


def _checklist(wanted: Checklist | None, case: OpenCase) -> Iterator[str]:
    spoken = case.names.spoken
    for paper, there in wanted.papers if wanted else ():
        yield f"{capitalised(word(paper, spoken))}: {spoken.gettext(N_('done') if there else N_('missing'))}"
    labels = {question.name: question.label for question in DEED_FORMS[wanted.deed]} if wanted else {}
    for name in wanted.particulars if wanted else ():
        yield spoken.gettext(N_("%(particular)s, in the form")) % {"particular": spoken.gettext(labels[name])}


def _sides(case: OpenCase, person: Person, section: str) -> Iterator[CaseField]:
    """One field a side: its role, and what it says of itself."""
    for party, side in zip(case.state.parties, casepage.sides(case, person), strict=True):
        said = (
            ", ".join(filter(None, (report.status, report.on, "" if report.typed else report.source)))
            for report in side.reports
        )
        items = (Item(side.role), *map(Item, said))
        yield CaseField(key=f"side {party.key}", section=section, label=side.name, items=items)


def _tasks(case: OpenCase) -> Iterator[Item]:
    for task in open_tasks(case):
        until = f", {case.names.spoken.date(task.due)}" if task.due else ""
        yield Item(f"{task.what} ({task.who}{until})", foreign=True)


def _facts(case: OpenCase) -> Iterator[CaseField]:
    """The particulars of every fact that can be corrected, each as it stands."""
    spoken = case.names.spoken
    for kind in get_args(e.Correctable):
        if kind in _OF_SIDES:
            continue
        for n, standing in enumerate(case.state.every(kind), 1):
            section = case.teller.tell(standing.fact).title
            yield from _of_fact(case, standing, n, f"{section} ({spoken.number(n)})" if n > 1 else section)


def _of_fact(case: OpenCase, standing: Standing, n: int, section: str) -> Iterable[CaseField]:
    spoken, fact = case.names.spoken, standing.fact
    day = spoken.long_date(fact.occurred_on) if fact.occurred_on else spoken.gettext(N_("day not known"))
    found: dict[str, list[Item]] = {spoken.gettext(_DAY): [Item(day)]}
    for line in case.teller.lines(fact):
        text = erased(spoken) if line.value is None else line.value
        found.setdefault(line.label, []).append(Item(text, foreign=line.foreign or line.words))
    for label, items in found.items():
        key = f"{tag_of(fact)}#{n}.{label}"
        yield CaseField(key=key, section=section, label=label, items=tuple(items), version=standing.version)
