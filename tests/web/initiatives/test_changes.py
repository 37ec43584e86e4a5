"""What changed in a case between two moments: every field that differs, and the facts that made it so."""

from datetime import date, timedelta

import pytest

from application.access import Role
from domain.initiatives import events as e
from domain.initiatives.tasks import TaskDone
from tests.conftest import Database
from tests.web.casework_stack import Browser, Page, Stack, proposed
from tests.web.initiatives.test_history_filters import BEGUN, MILA, PETAR, REMARK, TASK, VRANJE, WORDS, history
from tests.web.initiatives.test_past_pages import CORRECTED, REALLY, RECORDED, SIGNED, TODAY, english, recorded_on
from web.initiatives.history_changes import between, caused, compared
from web.initiatives.history_fields import CaseField, Item


def field(key: str, *texts: str, section: str = "Case", version: int = 0) -> CaseField:
    return CaseField(key=key, section=section, label=key, items=tuple(map(Item, texts)), version=version)


def test_only_fields_that_differ_are_told_with_what_is_gone_and_what_came() -> None:
    then = [field("stage", "Drafting"), field("tasks", "one", "two"), field("kind", "Twinning")]
    now = [field("stage", "Signed"), field("tasks", "two", "three"), field("kind", "Twinning")]
    (section,) = compared(then, now, {"stage": (4, 5)})
    assert [change.label for change in section.changes] == ["stage", "tasks"]
    stage, tasks = section.changes
    assert stage.versions == (4, 5)
    assert tasks.then == ((Item("one"), True), (Item("two"), False))
    assert tasks.now == ((Item("two"), False), (Item("three"), True))


def test_a_fact_that_one_moment_does_not_know_is_a_section_of_its_own() -> None:
    there = [field("visit#1.Day", "1 March", section="A visit was held", version=3)]
    (came,) = compared([], there, {"fact 3": (3, 4)})
    assert (came.title, came.versions) == ("A visit was held", (3, 4))
    assert came.changes[0].then == ()
    (gone,) = compared(there, [], {})
    assert gone.changes[0].then == ((Item("1 March"), True),)
    assert gone.changes[0].versions == gone.versions == ()


def test_nothing_differs_between_a_moment_and_itself() -> None:
    assert compared([field("stage", "Drafting")], [field("stage", "Drafting")], {}) == []


def test_each_field_names_the_facts_that_changed_it() -> None:
    facts = [
        BEGUN,
        e.CoordinationStarted(handler=MILA),
        TASK,
        REMARK,
        e.HandlerNamed(handler=PETAR),
        TaskDone(task=TASK.task, what=WORDS),
        e.VisitHeld(host="nis"),
        e.FactCorrected(corrects=7, restated=e.VisitHeld(host="nis", place="Niš"), reason=WORDS),
        e.PartyJoined(party=VRANJE),
    ]
    recorded = history(facts)
    assert between(recorded[:2], recorded) == [3, 4, 5, 6, 7, 8, 9]
    found = caused(recorded, between(recorded[:2], recorded))
    assert found["handler"] == (5,)
    assert found["tasks"] == (3, 6)
    assert found["remarks"] == (4,)
    assert found["side"] == (9,)
    assert found["fact 7"] == (7, 8)
    assert "stage" not in found
    assert caused(recorded, [1, 2])["stage"] == (1, 2)


def test_a_history_that_cannot_be_a_case_names_no_causes() -> None:
    broken = history([BEGUN, BEGUN])
    assert caused(broken, [1, 2]) == {}


# --- on the page


@pytest.fixture(scope="module")
def number(coordinator: Browser, database: Database) -> str:
    """Proposed, taken up a day later, a visit held, recorded and corrected as in the tests of the past."""
    made = proposed(coordinator, "nis", "Bursa")
    assert coordinator.do(made, "coordinate", {"occurred_on": (SIGNED - timedelta(days=9)).isoformat()}).status == 200
    assert coordinator.do(made, "hold-visit", {"occurred_on": SIGNED.isoformat(), "place": "Bursa"}).status == 200
    path = f"/initiatives/{made}/history/3/correct"
    answers = {"occurred_on": REALLY.isoformat(), "reason": "The minutes name another day."}
    assert coordinator.send(coordinator.open(path), path, answers).status == 200
    days = {1: SIGNED - timedelta(days=10), 2: SIGNED - timedelta(days=9), 3: RECORDED, 4: CORRECTED}
    recorded_on(database, made, days)
    return made


def look(browser: Browser, number: str, first: date | str = "", last: date | str = "", more: str = "") -> Page:
    return browser.open(f"/initiatives/{number}/history/changes?from={first}&to={last}{more}")


def table(page: Page) -> str:
    return page.answer.text.partition("<table")[2].partition("</table>")[0]


def test_a_correction_shows_the_day_before_and_after_and_its_record(coordinator: Browser, number: str) -> None:
    page = look(coordinator, number, RECORDED, CORRECTED)
    assert page.status == 200
    rows = table(page)
    assert f"<del>{english(SIGNED)}</del>" in rows
    assert f"<ins>{english(REALLY)}</ins>" in rows
    assert f'href="/initiatives/{number}/history?known_at={CORRECTED}#fact-4"' in rows
    assert "In coordination" not in rows  # the stage did not change
    assert "An earlier record was corrected" in page.words


def test_a_step_shows_stage_handler_and_next_step(coordinator: Browser, number: str) -> None:
    rows = table(look(coordinator, number, SIGNED - timedelta(days=10), SIGNED - timedelta(days=9)))
    assert "<del>Proposed</del>" in rows
    assert "<ins>In coordination</ins>" in rows
    assert "<ins>Jelena Marković</ins>" in rows
    assert "#fact-2" in rows
    assert "#fact-3" not in rows


def test_the_order_of_the_moments_does_not_matter(coordinator: Browser, number: str) -> None:
    assert table(look(coordinator, number, CORRECTED, RECORDED)) == table(
        look(coordinator, number, RECORDED, CORRECTED)
    )


def test_before_the_first_record_everything_came_later(coordinator: Browser, number: str) -> None:
    for page in (look(coordinator, number, "2001"), look(coordinator, number)):
        assert page.status == 200
        assert "There was nothing of this case yet" in page.words
        assert "<del>" not in table(page)
        assert "<ins>In coordination</ins>" in table(page)


def test_two_moments_before_the_first_record_say_so(coordinator: Browser, number: str) -> None:
    page = look(coordinator, number, "2001", "2002")
    assert page.status == 200
    assert "There was nothing to see yet" in page.words


def test_nothing_differs_where_nothing_was_recorded(coordinator: Browser, number: str) -> None:
    page = look(coordinator, number, CORRECTED, TODAY)
    assert page.status == 200
    assert "Nothing differs" in page.words
    assert "Records between" not in page.words


def test_both_moments_can_stand_on_the_other_clock(coordinator: Browser, number: str) -> None:
    """By what was known first the visit had been held by that day; by what was known later it had not."""
    page = look(coordinator, number, RECORDED, CORRECTED, f"&valid_at={SIGNED}")
    rows = table(page)
    assert f"<del>{english(SIGNED)}</del>" in rows
    assert "<ins>" not in rows
    assert f"valid_at={SIGNED}" in rows or "A visit was held" in page.words
    assert ("valid_at", english(SIGNED)) in page.form(f"/initiatives/{number}/history/changes").fields


def test_the_moment_of_a_record_is_taken_from_the_history(coordinator: Browser, number: str) -> None:
    history_page = coordinator.open(f"/initiatives/{number}/history").answer.text
    links = [part.partition('"')[0] for part in history_page.split('href="') if "/history/changes?from=" in part[:80]]
    entries = [link.replace("&amp;", "&") for link in links if "T" in link]
    assert len(entries) == 4
    today = f"&to={TODAY}"
    assert "Nothing differs" in coordinator.open(entries[0] + today).words  # after the correction, the newest
    assert "#fact-4" in table(coordinator.open(entries[1] + today))
    slider = [link for link in links if "T" not in link]
    assert slider == []  # today nothing was recorded and nothing came since
    then = coordinator.open(f"/initiatives/{number}/history?known_at={RECORDED}").answer.text
    assert f"/history/changes?from={RECORDED - timedelta(days=1)}&amp;to={RECORDED}" in then
    assert f'/history/changes?from={RECORDED}"' in then


@pytest.mark.parametrize(
    ("query", "said", "field_"),
    [
        ("from=yesterday", "cannot be read as a date", "from"),
        ("from=2026-01-01&to=2026-02-30", "There is no such day", "to"),
        ("to=2199-01-01", "has not come yet", "to"),
        ("from=2199-01-01T10:00", "has not come yet", "from"),
        ("from=2026-01-01&valid_at=nonsense", "cannot be read as a date", "valid_at"),
        ("from=%00", "cannot be read as a date", "from"),
        ("to=" + "9" * 5000, "cannot be read as a date", "to"),
    ],
    ids=["no day", "no such day", "to come", "moment to come", "other clock", "NUL", "long"],
)
def test_a_moment_that_is_none_is_said_at_its_field(
    coordinator: Browser, number: str, query: str, said: str, field_: str
) -> None:
    page = coordinator.open(f"/initiatives/{number}/history/changes?{query}")
    assert page.status == 422
    assert said in page.words
    assert f'id="{field_}-err"' in page.answer.text
    assert page.form(f"/initiatives/{number}/history/changes").method == "get"


def test_a_case_out_of_sight_is_not_there(stack: Stack, number: str) -> None:
    assert look(stack.browser(Role.OFFICER, "leskovac"), number, RECORDED).status == 404
    assert look(stack.browser(Role.OFFICER, "nis"), number, RECORDED).status == 200
    assert look(stack.browser(Role.ADMINISTRATOR), number, RECORDED).status == 403
