"""The page of a case, and its history."""

from typing import Any

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person, Role
from application.rights import may
from web.casework import Casework
from web.forms import Form
from web.initiatives import casepage, moves
from web.initiatives.acting_for import acting_for
from web.initiatives.asking import deed_form
from web.initiatives.history import in_order
from web.initiatives.links import linked_cases
from web.initiatives.needs import needs
from web.initiatives.opening import OpenCase, open_case
from web.initiatives.sentences import GROUPS
from web.initiatives.tasks import open_tasks
from web.pages import page
from web.parts import Parts
from web.session import PageRequest


class CasePages(Controller):
    path = "/initiatives/{number:str}"

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
        number: FromPath[str],
    ) -> Response[Any]:
        case = open_case(request, person, work, number)
        offers = work.advancing.offers(person, case.state)
        today = work.reading.today()
        step = moves.step_card(case, person, offers, today)
        may = {offer.deed: offer.open for offer in offers}
        shown = step.form.code if step and step.form else ""
        return page(
            request,
            "initiatives/case.html",
            case=case,
            acts_for=acting_for(work.advancing.acts_for(person, case.state), case.names),
            road=casepage.road(case),
            led_here=casepage.led_here(case),
            step=step,
            others=moves.other_deeds(case, offers, shown),
            needs=needs(case, work.advancing.checklist(person, case.state), offers, shown),
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
            follows=work.following.follows(person, case.file.case),
            unreached=bool(case.state.handler and parts.unreached([case.state.handler])),
            may=may,
        )

    @get("/history", sync_to_thread=True)
    def history(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
        number: FromPath[str],
    ) -> Response[Any]:
        """`?order=recorded` for the clock of recording; `?kind=…` for some kinds of facts only."""
        case = open_case(request, person, work, number)
        kinds = [kind for kind in asked.values("kind") if kind in GROUPS]
        recorded = asked.value("order") == "recorded"
        return page(
            request,
            "initiatives/history.html",
            case=case,
            entries=[e for e in in_order(case.entries, recorded=recorded) if not kinds or e.group in kinds],
            groups=[(g, text, sum(e.group == g for e in case.entries)) for g, text in GROUPS.items()],
            kinds=kinds,
            recorded=recorded,
            may_correct=may(person, "correct"),
        )


def _leads_others(person: Person, case: OpenCase) -> bool:
    """Whether the case could be this person's and is not."""
    return person.role is Role.COORDINATOR and case.state.handler != person.account
