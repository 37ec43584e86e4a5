"""The page of a case."""

from datetime import datetime
from typing import Any, Final

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import READS_ALL, Person, Role
from application.past import NotYet, seen
from domain.initiatives.events import FactCorrected
from domain.kernel import Refused
from web.casework import Casework
from web.clocks import NOT_THEN
from web.forms import Form
from web.initiatives import casepage, moves
from web.initiatives.acting_for import acting_for
from web.initiatives.asking import deed_form
from web.initiatives.deed_words import DEEDS
from web.initiatives.links import linked_cases
from web.initiatives.naming import Names
from web.initiatives.needs import needs
from web.initiatives.opening import OpenCase, names_for, opened
from web.initiatives.tasks import open_tasks
from web.pages import page
from web.parts import Parts
from web.past import Past, asked_past, days_of_facts, on_day, said, shown_form
from web.session import PageRequest, path_of

_THROUGH: Final = "through"
"""`?through=time` shows the slider beside the present too."""


class CasePages(Controller):
    """`?known_at=…` and `?valid_at=…` show the case as it stood, see web.past: nothing can be changed there."""

    path = "/initiatives/{number:str}"

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
        number: FromPath[str],
    ) -> Response[Any]:
        case = looked_at(request, person, work, asked, parts.clock(), number)
        if not isinstance(case, OpenCase):
            return case
        then, now = case.past, case.past is None
        offers = work.advancing.offers(person, case.state) if now else []
        today = then.today if then else work.reading.today()
        step = moves.step_card(case, person, offers, today)
        may = {offer.deed: offer.open for offer in offers} if now else dict.fromkeys(DEEDS, False)
        shown = step.form.code if step and step.form else ""
        return page(
            request,
            "initiatives/case.html",
            **clocks(case),
            today=today,
            acts_for=acting_for(work.advancing.acts_for(person, case.state), case.names) if now else "",
            road=casepage.road(case),
            led_here=casepage.led_here(case),
            step=step,
            others=moves.other_deeds(case, offers, shown),
            needs=needs(case, work.advancing.checklist(person, case.state), offers, shown) if now else None,
            closed=moves.closed_deeds(case, offers),
            sides=casepage.sides(case, person),
            particulars=casepage.particulars(case),
            newest=casepage.newest(case),
            remarks=casepage.remarks(case),
            may_hand_over=may["name-handler"],
            may_take_over=may["name-handler"] and _leads_others(person, case),
            remark=deed_form("add-remark", case.state, person, case.teller, today, None) if may["add-remark"] else None,
            tasks=open_tasks(case),
            links=linked_cases(case, person, work),
            follows=now and work.following.follows(person, case.file.case),
            unreached=bool(now and case.state.handler and parts.unreached([case.state.handler])),
            may=may,
            sees_rights=person.role in READS_ALL,
            days=days_of_facts(
                f"{case.path}?{_THROUGH}=time",
                [r.recorded_at for r in case.whole],
                then,
                case.names.spoken,
                work.reading.today(),
            ),
            replayed=bool(then or asked.value(_THROUGH)),
        )


def looked_at(
    request: PageRequest,
    person: Person,
    work: Casework,
    asked: Form,
    now: datetime,
    number: str,
    names: Names | None = None,
) -> OpenCase | Response[Any]:
    """The case where it is asked for, or the page that says why there is nothing to see there."""
    try:
        return opened(person, work, number, asked_past(asked, now), names or names_for(request, work))
    except Refused as refused:
        form, first = asked.refused(refused.refusals), None
    except NotYet as not_yet:
        form, first = asked, not_yet.first
    path = path_of(request)
    return page(
        request,
        NOT_THEN,
        status=404 if first else 422,
        number=number,
        form=form,
        path=path,
        first=first,
        first_href=on_day(path, first) if first else "",
    )


def clocks(case: OpenCase) -> dict[str, Any]:
    """What a page needs that can be looked at as of a day."""
    spoken = case.names.spoken
    return {
        "case": case,
        "past": case.past,
        "past_said": said(case.past, _left_out(case, case.past), spoken) if case.past else None,
        "past_form": shown_form(case.past, spoken),
    }


def _left_out(case: OpenCase, past: Past) -> int:
    """How many records are not seen; a correction is seen in what it put right."""
    left = {r.version for r in case.recorded}
    left |= {r.version for r in seen(case.whole, past.as_of.known_alone) if isinstance(r.fact, FactCorrected)}
    return len(case.whole) - len(left)


def _leads_others(person: Person, case: OpenCase) -> bool:
    """Whether the case could be this person's and is not."""
    return person.role is Role.COORDINATOR and case.state.handler != person.account
