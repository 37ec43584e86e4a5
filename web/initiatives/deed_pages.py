"""One deed, one form: shown, carried out, and given back with everything in it when it cannot be."""

from typing import Any, Final

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.handling import Done, Request
from application.initiatives import CaseOffer
from application.ports import Conflict
from application.reading import NotFound
from application.rights import require
from domain.initiatives.events import Correctable
from domain.initiatives.initiative import Initiative
from domain.kernel import Refused
from web.casework import Casework
from web.forms import Form
from web.guards import person_required
from web.initiatives.acting_for import acting_for
from web.initiatives.asking import DeedForm, asked, correction_opening, deed_form, leads_to, opened_with
from web.initiatives.commanding import correction_command, deed_command
from web.initiatives.corrections import correctable, correction_questions
from web.initiatives.deed_words import DEEDS
from web.initiatives.forms import DEED_FORMS
from web.initiatives.history import standing_facts
from web.initiatives.mending import way_to_mend
from web.initiatives.moves import Closed, refused_deed
from web.initiatives.opening import OpenCase, case_file, open_case
from web.initiatives.presenting import word
from web.initiatives.reading import seen_version
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page, see_other
from web.session import PageRequest, language_of
from web.words import STAGES

_PLACES: Final = {
    "add-remark": "#remarks",
    "give-task": "#tasks",
    "finish-task": "#tasks",
    "cancel-task": "#tasks",
    "link-case": "#links",
    "unlink-case": "#links",
}
"""Where on the page of the case a deed shows, if not at its head."""


class DeedPages(Controller):
    path = "/initiatives/{number:str}"

    @get("/{deed:str}", sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        number: FromPath[str],
        deed: FromPath[str],
        asked: NamedDependency[Form],
    ) -> Response[Any]:
        """What the address says of the form's questions stands in it, such as `?task=…`."""
        case, offer = _offered(request, person, work, number, _with_a_form(deed))
        mend = refused_deed(case, offer, work.advancing.offers(person, case.state)) if offer.refusals else None
        made = opened_with(_form_of(case, person, work, deed, None), asked)
        return _deed_page(request, work, case, offer, made, mend=mend)

    @post("/{deed:str}", status_code=303, sync_to_thread=True)
    def carry_out(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
        number: FromPath[str],
        deed: FromPath[str],
    ) -> Response[Any]:
        before = case_file(person, work, number).state
        require(person, _with_a_form(deed))
        try:
            command, entries = deed_command(deed, form, person, work)
            asked_for = Request(key=form.key, command=command, entries=entries, seen=seen_version(form))
            done = work.advancing.advance(person, number, asked_for)
        except Refused as refused:
            case, offer = _offered(request, person, work, number, deed)
            back = _form_of(case, person, work, deed, form.refused(refused.refusals))
            return _deed_page(request, work, case, offer, back, status=422)
        except Conflict:
            fresh = open_case(request, person, work, number)
            return _conflict_page(request, work, fresh, _form_of(fresh, person, work, deed, form), form)
        spoken, path = language_of(request), f"/initiatives/{number}"
        mend = way_to_mend(path, spoken, person, done)
        return _recorded(request, work, path + _PLACES.get(deed, ""), done, _said(deed, before, spoken), mend)

    @get("/history/{version:int}/correct", sync_to_thread=True)
    def show_correction(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        number: FromPath[str],
        version: FromPath[int],
    ) -> Response[Any]:
        case, offer = _offered(request, person, work, number, "correct")
        fact = _to_correct(case, version)
        return _deed_page(request, work, case, offer, _correction(case, version, fact, None))

    @post("/history/{version:int}/correct", status_code=303, sync_to_thread=True)
    def correct(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
        number: FromPath[str],
        version: FromPath[int],
    ) -> Response[Any]:
        case, offer = _offered(request, person, work, number, "correct")
        require(person, "correct")
        fact = _to_correct(case, version)
        try:
            command, entries = correction_command(version, fact, form, case.teller.texts)
            asked_for = Request(key=form.key, command=command, entries=entries, seen=seen_version(form))
            done = work.advancing.advance(person, number, asked_for)
        except Refused as refused:
            back = _correction(case, version, fact, form.refused(refused.refusals))
            return _deed_page(request, work, case, offer, back, status=422)
        except Conflict:
            fresh = open_case(request, person, work, number)
            return _conflict_page(request, work, fresh, _correction(fresh, version, fact, form), form)
        spoken = language_of(request)
        said = spoken.gettext(N_("The correction is recorded."))
        path = f"{case.path}/history#fact-{version}"
        return _recorded(request, work, path, done, said, way_to_mend(case.path, spoken, person, done))


def _with_a_form(deed: str) -> str:
    """Raises NotFound for a deed that does not exist, and for a correction, which is made on a fact."""
    if deed not in DEED_FORMS:
        raise NotFound(deed)
    return deed


def _offered(
    request: PageRequest, person: Person, work: Casework, number: str, deed: str
) -> tuple[OpenCase, CaseOffer]:
    """The case, and how the deed stands for this person. Raises NotFound."""
    case = open_case(request, person, work, number)
    return case, next(offer for offer in work.advancing.offers(person, case.state) if offer.deed == deed)


def _form_of(case: OpenCase, person: Person, work: Casework, deed: str, form: Form | None) -> DeedForm:
    made = deed_form(deed, case.state, person, case.teller, work.reading.today(), form)
    return msgspec.structs.replace(made, form=at_its_fields(made.form, made))


def _correction(case: OpenCase, version: int, fact: Correctable, form: Form | None) -> DeedForm:
    spoken = case.names.spoken
    told = case.teller.tell(fact)
    made = DeedForm(
        code="correct",
        title=spoken.gettext(N_("Correct: %(what)s")) % {"what": told.title},
        button=spoken.gettext(N_("Record the correction")),
        when=spoken.gettext(N_("The wrong record stays in the history, with the right one beside it.")),
        consequence="",
        asked=asked(correction_questions(fact), case.state, case.teller),
        form=form or correction_opening(fact, case.teller.texts, spoken),
        action=f"{case.path}/history/{version}/correct",
        seen=case.version,
    )
    return msgspec.structs.replace(made, form=at_its_fields(made.form, made))


def at_its_fields(form: Form, made: DeedForm) -> Form:
    """A reason at a field that the page does not show belongs to the form as a whole."""
    shown = {one.question.name for one in made.asked}
    if not form.refusals:
        return form
    placed = [r if r.field in shown else msgspec.structs.replace(r, field=None) for r in form.refusals]
    return form.refused(placed)


def _to_correct(case: OpenCase, version: int) -> Correctable:
    """The fact as it stands today. Raises NotFound for one that does not exist or holds nothing to correct."""
    fact = standing_facts(case.recorded).get(version)
    recorded = next((r.fact for r in case.recorded if r.version == version), None)
    if fact is None or recorded is None or not correctable(recorded) or not correctable(fact):
        raise NotFound(str(version))
    return fact


def _deed_page(
    request: PageRequest,
    work: Casework,
    case: OpenCase,
    offer: CaseOffer,
    made: DeedForm,
    status: int = 200,
    mend: Closed | None = None,
) -> Response[Any]:
    return page(
        request,
        "initiatives/deed.html",
        status=status,
        case=case,
        offer=offer,
        deed=made,
        refusals=mend.refusals if mend else offer.refusals,
        mend=mend if mend and mend.mend else None,
        awaited=_awaited(case) if mend or not offer.theirs else "",
        acts_for=_acts_for(request, work, case) if offer.theirs else "",
    )


def _awaited(case: OpenCase) -> str:
    """What one who may not go on here is told: what the case waits for, and whose move that is."""
    spoken, step = case.names.spoken, case.file.step
    if step is None:
        return spoken.gettext(N_("Nothing is waited for in this case now."))
    said = {"deed": spoken.gettext(DEEDS[step.deed].title), "who": word(step.actor, spoken)}
    return spoken.gettext(N_("Next step: %(deed)s. Whose move: %(who)s.")) % said


def _conflict_page(request: PageRequest, work: Casework, case: OpenCase, made: DeedForm, form: Form) -> Response[Any]:
    """409: on the left what is new, on the right the person's own input, to be written over the new version."""
    seen = seen_version(form) or 0
    return page(
        request,
        "initiatives/conflict.html",
        status=409,
        case=case,
        deed=msgspec.structs.replace(made, seen=case.version),
        acts_for=_acts_for(request, work, case),
        seen=seen,
        news=[entry for entry in case.entries if entry.version > seen],
    )


def _acts_for(request: PageRequest, work: Casework, case: OpenCase) -> str:
    return acting_for(work.advancing.acts_for(person_required(request), case.state), case.names)


def _said(deed: str, before: Initiative, spoken: Language) -> str:
    stage = leads_to(deed, before)
    if stage is None or stage is before.stage:
        return spoken.gettext(N_("It is recorded."))
    return spoken.gettext(N_("It is recorded. The case is now at “%(stage)s”.")) % {
        "stage": spoken.gettext(STAGES[stage])
    }


def _recorded(
    request: PageRequest, work: Casework, path: str, done: Done, said: str, then: tuple[str, str] | None
) -> Response[Any]:
    """On to where it shows, once the views have the new facts."""
    spoken = language_of(request)
    if done.repeated:
        said = spoken.gettext(N_("This had been recorded already; nothing was added."))
    elif not work.views.caught_up(done.position):
        said = spoken.gettext(N_("It is recorded; the lists will show it in a moment."))
    return see_other(request, path, said, then)
