"""The history of a case as a page."""

from typing import Any, Final

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import READS_ALL, Person
from application.rights import may
from web.casework import Casework
from web.forms import Form
from web.initiatives.case_pages import clocks, looked_at
from web.initiatives.history import in_order
from web.initiatives.history_filters import asked_for, facets
from web.initiatives.history_folding import folded
from web.initiatives.opening import OpenCase
from web.pages import page
from web.parts import Parts
from web.past import days_of_facts
from web.session import PageRequest

_RECORDED: Final = ("order", "recorded")
_UNFOLDED: Final = ("fold", "no")


class HistoryPages(Controller):
    """`?known_at=…` and `?valid_at=…` show the history as it stood, see web.past."""

    path = "/initiatives/{number:str}/history"

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
        """`?order=recorded` for the clock of recording, filters as in web.initiatives.history_filters; `?fold=no` shows
        every small record, as does a filter by kind."""
        case = looked_at(request, person, work, asked, parts.clock(), number)
        if not isinstance(case, OpenCase):
            return case
        path, wanted, spoken = f"{case.path}/history", asked_for(asked), case.names.spoken
        recorded = asked.value("order") == "recorded"
        order = (_RECORDED,) if recorded else ()
        shown = [entry for entry in in_order(case.entries, recorded=recorded) if wanted.takes(entry)]
        lines = folded(shown, spoken, recorded=recorded)
        may_unfold = len(lines) < len(shown) and not wanted.chosen["kind"]
        fold = may_unfold and asked.value("fold") != "no"
        unfolded = (_UNFOLDED,) if may_unfold and not fold else ()

        def address(*more: tuple[str, str], without: str = "") -> str:
            return case.at_its_time(wanted.address(path, *more, without=without))

        return page(
            request,
            "initiatives/history.html",
            **clocks(case),
            entries=lines if fold else shown,
            facets=facets(case.entries, wanted, case.teller, lambda name: address(*order, *unfolded, without=name)),
            hidden=[*(case.past.fields if case.past else ()), *order, *unfolded],
            narrowed=wanted.any,
            everything=case.at_its_time(path),
            orders=(address(*unfolded), address(_RECORDED, *unfolded)),
            recorded=recorded,
            unfolding=address(*order, _UNFOLDED) if fold else "",
            folding=address(*order) if unfolded else "",
            days=days_of_facts(
                wanted.address(path, *order, *unfolded),
                [r.recorded_at for r in case.whole],
                case.past,
                spoken,
                work.reading.today(),
            ),
            may_correct=case.past is None and may(person, "correct"),
            may_audit=person.role in READS_ALL,
        )
