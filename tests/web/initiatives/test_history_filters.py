"""The history of a case, narrowed and folded: by kind, by person, by side, and small records in one line."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from application.access import Role
from application.ports import Recorded
from domain.initiatives import events as e
from domain.initiatives.tasks import TaskGiven
from domain.initiatives.terms import Kind, Origin, Party, PartyRole, PartyStatus, Stage
from domain.kernel import AccountId, CommandKey, Fact, VaultRef
from tests.web.casework_stack import Browser, Page, Stack, proposed
from tests.web.initiatives.test_presenting import teller
from web.forms import Form
from web.initiatives.history import Entry, entries_of, in_order
from web.initiatives.history_filters import asked_for, facets
from web.initiatives.history_folding import Fold, folded, span
from web.initiatives.history_sides import concerned
from web.language import language

WORDS = VaultRef(UUID(int=8))
MILA, PETAR = AccountId(UUID(int=1)), AccountId(UUID(int=2))
NIS = Party(role=PartyRole.HOME, local_government="nis")
VRANJE = Party(role=PartyRole.HOME, local_government="vranje")
EDIRNE = Party(role=PartyRole.PARTNER, partner=UUID(int=9))
BEGUN = e.InitiativeProposed(
    number="2026-0001", kind=Kind.TWINNING, parties=(NIS, EDIRNE), origin=Origin.PARTNER, rationale=WORDS
)
REMARK = e.RemarkAdded(remark=WORDS)
TASK = TaskGiven(task=UUID(int=3), assignee=MILA, what=WORDS)
FIRST = datetime(2026, 3, 3, 9, tzinfo=UTC)


def history(
    facts: Sequence[Fact], by: Mapping[int, tuple[AccountId, AccountId | None]] | None = None
) -> list[Recorded]:
    """A fact a day, by Mila unless `by` says otherwise for a version."""
    made: list[Recorded] = []
    for version, fact in enumerate(facts, 1):
        actor, behalf = (by or {}).get(version, (MILA, None))
        at = FIRST + timedelta(days=version - 1)
        made.append(Recorded(UUID(int=5), version, version * 10, at, actor, behalf, CommandKey(uuid4()), fact))
    return made


def entries(facts: Sequence[Fact], by: Mapping[int, tuple[AccountId, AccountId | None]] | None = None) -> list[Entry]:
    return entries_of(history(facts, by), teller("en", {WORDS: "words"}))


def test_each_fact_concerns_the_sides_that_it_names_or_all_or_those_at_home() -> None:
    facts = [
        BEGUN,
        REMARK,
        e.PartyJoined(party=VRANJE),
        e.DraftingStarted(),
        e.VisitHeld(host=EDIRNE.key),
        e.VisitHeld(),
        e.PartyLeft(party="vranje"),
        e.PartyStatusReported(party=EDIRNE.key, status=PartyStatus.SIGNED, known_from=WORDS),
        e.ConsentGranted(act_number="5"),
        e.FactCorrected(corrects=5, restated=e.VisitHeld(host="nis"), reason=WORDS),
    ]
    assert list(concerned(history(facts))) == [
        {"nis", EDIRNE.key},
        set(),
        {"vranje"},
        {"nis", "vranje"},
        {EDIRNE.key},
        {"nis", "vranje", EDIRNE.key},
        {"vranje"},
        {EDIRNE.key},
        {"nis"},
        {"nis", EDIRNE.key},
    ]


def test_a_history_without_its_beginning_concerns_whom_it_names() -> None:
    assert list(concerned(history([e.DraftingStarted(), e.PartyLeft(party="nis")]))) == [set(), {"nis"}]


def test_filters_work_together_and_count_what_each_value_would_show() -> None:
    found = entries([BEGUN, REMARK, e.VisitHeld(host="nis"), REMARK], {2: (PETAR, MILA), 3: (PETAR, PETAR)})
    wanted = asked_for(Form([("by", str(PETAR)), ("kind", "remarks"), ("kind", "remarks"), ("kind", "nonsense")]))
    assert wanted.pairs == [("kind", "remarks"), ("by", str(PETAR))]
    assert [entry.version for entry in found if wanted.takes(entry)] == [2]
    shown = {f.name: f for f in facets(found, wanted, teller("en", {}), lambda name: f"without {name}")}
    assert list(shown) == ["kind", "by", "for", "side"]
    assert {p.value: p.count for p in shown["kind"].picks if p.count} == {"steps": 1, "remarks": 1}
    assert {p.value: p.count for p in shown["by"].picks} == {str(MILA): 1, str(PETAR): 1}
    assert [(p.value, p.count, p.chosen) for p in shown["for"].picks] == [(str(MILA), 1, False)]
    assert {p.value: p.count for p in shown["side"].picks} == {"nis": 0, EDIRNE.key: 0}
    assert shown["by"].clear == "without by"


def test_a_value_that_nothing_has_stays_chosen_and_shows_nothing() -> None:
    found = entries([BEGUN, REMARK])
    wanted = asked_for(Form([("side", "leskovac")]))
    assert not any(map(wanted.takes, found))
    picks = facets(found, wanted, teller("en", {}), str)[-1].picks
    assert [(p.value, p.chosen) for p in picks][-1] == ("leskovac", True)


@pytest.mark.parametrize("typed", ["", "'; DROP", "x" * 61, "Ниш", "..", "<b>"])
def test_what_can_be_no_value_is_left_out(typed: str) -> None:
    assert not asked_for(Form([("by", typed), ("for", typed), ("side", typed), ("kind", typed)])).any


def test_hundreds_of_values_are_cut_short() -> None:
    wanted = asked_for(Form([("side", f"town-{n}") for n in range(900)]))
    assert len(wanted.pairs) == 50


def test_small_records_that_follow_one_another_are_one_line() -> None:
    found = entries([BEGUN, REMARK, TASK, REMARK, e.DraftingStarted(), REMARK, e.DraftReviewed(languages=("sr",))])
    lines = folded(in_order(found, recorded=True)[::-1], language("en"), recorded=True)
    assert [type(line) for line in lines] == [Entry, Fold, Entry, Entry, Entry]
    fold = lines[1]
    assert isinstance(fold, Fold)
    assert fold.text == "3 small records, 4–6 March 2026"
    assert fold.titles == ("A remark was added (2)", "A task was given")
    assert [entry.version for entry in fold.entries] == [2, 3, 4]


def test_nothing_that_moves_the_case_or_changes_its_sides_is_small() -> None:
    facts = [
        BEGUN,
        e.HandlerNamed(handler=MILA),
        e.ApprovalAsked(deed="terminate"),
        e.StepApproved(deed="terminate", seen=3, approver=PETAR),
        e.ProcedureChanged(procedure="twinning@2", reason=WORDS),
        e.PartyJoined(party=VRANJE),
        e.DeadlineExtended(deed="record-opinion", until="2026-05", reason=WORDS),  # type: ignore[arg-type]
        e.InitiativeReinstated(stage=Stage.DRAFTING, reason=WORDS),
        e.FactCorrected(corrects=1, restated=BEGUN, reason=WORDS),
    ]
    assert [entry.version for entry in entries(facts) if entry.small] == [2, 3]


@pytest.mark.parametrize(
    ("first", "last", "code", "said"),
    [
        ("2026-03-03", "2026-03-03", "en", "3 March 2026"),
        ("2026-03-03", "2026-03-07", "en", "3–7 March 2026"),
        ("2026-02-28", "2026-03-03", "sr-Latn", "28. februar 2026. – 3. mart 2026."),
        ("2026-03-03", "2026-03-07", "sr-Cyrl", "3–7. март 2026."),
    ],
)
def test_the_days_of_a_fold_are_said_as_people_say_them(first: str, last: str, code: str, said: str) -> None:
    assert span(date.fromisoformat(first), date.fromisoformat(last), language(code)) == said


# --- on the page


@pytest.fixture(scope="module")
def number(stack: Stack, coordinator: Browser) -> str:
    made = proposed(coordinator, "nis", "Bursa")
    assert coordinator.do(made, "coordinate").status == 200
    officer = stack.browser(Role.OFFICER, "nis", name="Petar Ilić")
    for remark in ("Prva reč.", "Druga reč."):
        assert officer.do(made, "add-remark", {"remark": remark}).status == 200
    assert coordinator.do(made, "hold-visit", {"occurred_on": "2026-01-05", "host": "nis"}).status == 200
    return made


def shown(page: Page) -> list[str]:
    """Versions in the order of the page."""
    return [part.partition('"')[0] for part in page.answer.text.split('<li id="fact-')[1:]]


def test_small_records_stand_folded_until_they_are_asked_for(coordinator: Browser, number: str) -> None:
    path = f"/initiatives/{number}/history?order=recorded"
    page = coordinator.open(path)
    assert "2 small records" in page.words
    assert "A remark was added (2)" in page.words
    inside = page.answer.text.partition('class="fold"')[2].partition("</ol></details>")[0]
    assert 'id="fact-3"' in inside
    assert 'id="fact-4"' in inside
    assert shown(page) == ["5", "4", "3", "2", "1"]
    assert "fold=no" in page.answer.text
    whole = coordinator.open(f"{path}&fold=no")
    assert 'class="fold"' not in whole.answer.text
    assert shown(whole) == ["5", "4", "3", "2", "1"]
    assert "Fold small records" in whole.words


def test_a_filter_by_a_small_kind_unfolds_it(coordinator: Browser, number: str) -> None:
    page = coordinator.open(f"/initiatives/{number}/history?kind=remarks")
    assert 'class="fold"' not in page.answer.text
    assert shown(page) == ["4", "3"]
    assert "nfold" not in page.words


def test_filters_by_person_and_side(stack: Stack, coordinator: Browser, number: str) -> None:
    page = coordinator.open(f"/initiatives/{number}/history")
    assert "Who recorded" in page.words
    assert "Petar Ilić" in page.words
    mine = coordinator.open(f"/initiatives/{number}/history?by={coordinator.person.account}&order=recorded")
    assert shown(mine) == ["5", "2", "1"]
    assert "order=recorded" in mine.answer.text
    home = coordinator.open(f"/initiatives/{number}/history?side=nis&by={coordinator.person.account}")
    assert sorted(shown(home)) == ["1", "5"]


def test_nothing_found_says_so_and_leads_back(coordinator: Browser, number: str) -> None:
    page = coordinator.open(f"/initiatives/{number}/history?kind=corrections")
    assert page.status == 200
    assert "No record fits these filters" in page.words
    assert shown(page) == []
    assert f'href="/initiatives/{number}/history">Clear filters' in page.answer.text


def test_filters_stay_on_the_clocks_and_the_slider_keeps_them(stack: Stack, coordinator: Browser, number: str) -> None:
    today = stack.made.reading.today().isoformat()
    page = coordinator.open(f"/initiatives/{number}/history?kind=steps&known_at={today}&valid_at={today}")
    form = next(f for f in page.forms if {("kind", "steps"), ("known_at", today)} <= {*f.fields})
    assert ("valid_at", today) in form.fields
    assert f"?kind=steps&amp;order=recorded&amp;known_at={today}&amp;valid_at={today}" in page.answer.text
