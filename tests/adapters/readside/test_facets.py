"""Counts beside the filters equal a count by hand, whatever happened to the cases and whatever is filtered."""

from collections import Counter
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.access import Scope
from application.views.register import NOBODY, PHASES, Due, Phase, RegisterQuery, RegisterRow
from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives import terms as t
from domain.partners.events import PartnerKind, PartnerReclassified
from tests.adapters.readside.office import ANA, MIRKO, WORDS, home
from tests.procedures import first_versions

TOWNS = ("nis", "leskovac", "cacak")
COUNTRIES = ("IT", "RO", "AT")
NUMBERS = count(1)
COORDINATED = (e.CoordinationStarted(handler=ANA), e.SupportGiven(items=tuple(t.Support)), e.CoordinationCompleted())
TURNS = (
    (),
    (e.InitiativeDeclined(reason=WORDS),),
    COORDINATED[:1],
    (*COORDINATED, e.HandlerNamed(handler=MIRKO)),
    (*COORDINATED, e.PartyJoined(party=home("cacak"))),
    (*COORDINATED, e.ProcedureSuspended(reason=WORDS), e.ProcedureResumed()),
    (*COORDINATED, e.DraftingStarted(), e.FileReturned(missing=WORDS, due_on=PartialDate("2026-03-20"))),
    (*COORDINATED, e.DraftingStarted(), e.FileReturned(missing=WORDS, due_on=PartialDate("2025"))),
)
HISTORIES = st.lists(
    st.tuples(
        st.sampled_from(TOWNS),
        st.lists(st.integers(0, 3), min_size=1, max_size=2, unique=True),
        st.sampled_from((t.Kind.TWINNING, t.Kind.PROJECT_BASED)),
        st.sampled_from(TURNS),
    ),
    max_size=4,
)
QUERIES = st.builds(
    RegisterQuery,
    phase=st.none() | st.sampled_from(Phase),
    kinds=st.sets(st.sampled_from((t.Kind.TWINNING, t.Kind.PROJECT_BASED, t.Kind.UNKNOWN)), max_size=2).map(tuple),
    countries=st.sets(st.sampled_from((*COUNTRIES, "CN")), max_size=2).map(tuple),
    handlers=st.sets(st.sampled_from((str(ANA), str(MIRKO), NOBODY)), max_size=2).map(tuple),
    due=st.sets(st.sampled_from(Due), max_size=2).map(tuple),
    local_governments=st.sets(st.sampled_from(TOWNS), max_size=1).map(tuple),
    text=st.sampled_from(("", "", "nis", "partner 1")),
    stages=st.sets(st.sampled_from((t.Stage.PROPOSED, t.Stage.RETURNED)), max_size=1).map(tuple),
    size=st.just(200),
)
SCOPES = st.sampled_from((Scope(), Scope(), Scope("nis")))
TODAY = st.sampled_from((date(2026, 3, 15), date(2026, 3, 20), date(2026, 3, 31), date(2030, 1, 1)))


@pytest.fixture(scope="module")
def partners(office):
    return [office.partner(f"Partner {n}", country) for n, country in enumerate((*COUNTRIES, "IT"))]


@given(HISTORIES, QUERIES, SCOPES, TODAY, st.sampled_from(COUNTRIES))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_equal_a_count_by_hand(office, shown, partners, histories, query, scope, today, moved_to):
    for town, chosen, kind, facts in histories:
        number = f"2026-{next(NUMBERS):04d}"
        office.proposed(number, town, *(partners[n] for n in chosen), kind=kind)
        office.add(number, *facts)
    office.record(partners[0], PartnerReclassified(kind=PartnerKind.LOCAL_GOVERNMENT, country=moved_to))
    register = shown().register
    everything = [
        row
        for number in range(1, 1 + len(_every(register)) // 200 + 1)
        for row in register.page(Scope(), RegisterQuery(size=200, page=number, sort="number"), today).rows
    ]
    rows = {row.number: row for row in everything}.values()
    page = register.page(scope, query, today)
    mine = [row for row in rows if scope.local_government in (None, *row.home)]

    assert page.everything == len(mine)
    assert page.total == sum(_passes(row, query, today) for row in mine)
    for facet, options in _by_hand(mine, query, today).items():
        shown_options = {option.value: option.count for option in getattr(page, facet)}
        assert {v: n for v, n in shown_options.items() if n} == {v: n for v, n in options.items() if n}, facet
    assert all(option.chosen == (option.value in query.countries) for option in page.countries)


def _every(register) -> list[RegisterRow]:
    return [row for batch in register.rows(Scope(), RegisterQuery(), date(2026, 1, 1)) for row in batch]


def _by_hand(mine: list[RegisterRow], query: RegisterQuery, today: date) -> dict[str, Counter[str]]:
    def under(*own: str) -> list[RegisterRow]:
        return [row for row in mine if _passes(row, query, today, without=own)]

    phase_of = {stage: phase.value for phase, stages in PHASES.items() for stage in stages}
    return {
        "phases": Counter(phase_of[row.stage] for row in under("phase", "stages")),
        "kinds": Counter(row.kind.value for row in under("kinds")),
        "countries": Counter(c for row in under("countries") for c in {p.country for p in row.partners}),
        "handlers": Counter(str(row.handler or NOBODY) for row in under("handlers")),
        "due": Counter(due.value for row in under("due") for due in Due if _is_due(row, due, today)),
    }


def _passes(row: RegisterRow, query: RegisterQuery, today: date, without: tuple[str, ...] = ()) -> bool:
    names = " ".join((*row.home, *(p.name.lower() for p in row.partners), str(int(row.number[5:]))))
    said = {
        "text": all(word in names.split() for word in query.text.split()),
        "phase": query.phase is None or row.stage in PHASES[query.phase],
        "stages": not query.stages or row.stage in query.stages,
        "kinds": not query.kinds or row.kind in query.kinds,
        "countries": not query.countries or any(p.country in query.countries for p in row.partners),
        "handlers": not query.handlers or str(row.handler or NOBODY) in query.handlers,
        "due": not query.due or any(_is_due(row, due, today) for due in query.due),
        "local_governments": not query.local_governments or any(h in query.local_governments for h in row.home),
    }
    return all(holds for name, holds in said.items() if name not in without)


def _is_due(row: RegisterRow, due: Due, today: date) -> bool:
    sunday = today + timedelta(days=6 - today.weekday())
    match due:
        case Due.NONE:
            return row.due is None
        case Due.LATE:
            return row.due is not None and row.due < today
        case Due.THIS_WEEK:
            return row.due is not None and today <= row.due <= sunday
        case Due.THIS_MONTH:
            return row.due is not None and row.due >= today and row.due.strftime("%Y-%m") == today.strftime("%Y-%m")


def test_a_step_of_every_procedure_is_known():
    """The histories above know two kinds; the procedures of all kinds have the same stages with a step."""
    assert len({frozenset(procedure.steps) for procedure in first_versions().values()}) == 1
