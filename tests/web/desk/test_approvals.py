"""What waits for a second person comes to the approver's desk, and goes from there when it is approved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from litestar.testing import TestClient

from application.access import Role
from tests.conftest import Database
from tests.web.casework_stack import Browser, Stack, proposed
from tests.web.running import with_a_second_person
from web.main import Installation, build
from web.settings import Settings


@pytest.fixture(scope="module")
def strict(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Twinnings begin under a version that asks for a second person."""
    data_dir = tmp_path_factory.mktemp("data")
    with_a_second_person(Path(data_dir), "twinning", "terminate", "start-drafting")
    settings = Settings(
        database_url=database.owner_url,
        base_url="http://testserver.local",
        secret_key="x" * 40,
        data_dir=str(data_dir),
    )
    made = Installation(settings)
    made.project()
    assert made.read_side.views.caught_up(0, 20.0)
    with TestClient(build(made)) as client:
        yield Stack(client.app, made)
    structlog.reset_defaults()


def led(browser: Browser, partner: str) -> str:
    number = proposed(browser, "Niš", partner)
    browser.do(number, "coordinate", {"handler": str(browser.person.account)})
    return number


def test_what_was_asked_for_is_approved_from_the_desk_and_then_done(strict: Stack) -> None:
    coordinator, approver = strict.browser(name="Jelena"), strict.browser(Role.APPROVER, name="Zoran Šef")
    number = led(coordinator, "Bursa")
    refused = coordinator.open(f"/initiatives/{number}/terminate").words
    assert "A head of department approves it first." in refused
    assert "Ask for approval" in refused
    way = f"/initiatives/{number}/ask-approval?deed=terminate"
    assert f'href="{way}"' in coordinator.open(f"/initiatives/{number}").answer.text
    opened = coordinator.open(way).form(f"/initiatives/{number}/ask-approval")
    assert [value for name, value in opened.fields if name == "deed"] == ["terminate"]
    assert "For approval" not in approver.open("/").words

    coordinator.do(number, "ask-approval", {"deed": "terminate", "reason": "Partner je odustao."})
    assert "was asked for already" in coordinator.open(f"/initiatives/{number}/terminate").words
    desk = approver.open("/")
    assert "For approval 1" in desk.words
    assert f"Record the termination Niš ⁠ Bursa TR {number}" in desk.words
    assert number in approver.open("/desk/approvals").words
    form = approver.open(f"/initiatives/{number}/approve").form(f"/initiatives/{number}/approve")
    assert ("deed", "terminate") in form.fields, "what was asked for is chosen already"
    approver.do(number, "approve", {"deed": "terminate"})
    assert "For approval" not in approver.open("/").words

    done = coordinator.do(number, "terminate", {"termination": "mutual"})
    assert (done.status, "Terminated" in done.words) == (200, True)
    history = coordinator.open(f"/initiatives/{number}/history").words
    for words in ("A second person approved", "Zoran Šef", "Partner je odustao.", "For what Record the termination"):
        assert words in history


def test_a_usual_step_says_first_that_approval_is_needed(strict: Stack) -> None:
    coordinator, approver = strict.browser(name="Mira"), strict.browser(Role.APPROVER, name="Vesna")
    number = led(coordinator, "Izmir")
    coordinator.do(number, "give-support", {"items": ["information", "partner_profile", "model_documents"]})
    coordinator.do(number, "complete-coordination")
    case = coordinator.open(f"/initiatives/{number}")
    assert "First: Ask for approval" in case.words
    assert "First: Approve as the second person" in approver.open(f"/initiatives/{number}").words
    coordinator.send(case, f"/initiatives/{number}/ask-approval")
    approver.do(number, "approve", {"deed": "start-drafting"})
    assert "Drafting" in coordinator.do(number, "start-drafting").words


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OFFICER])
def test_only_approvers_have_the_list(strict: Stack, role: Role) -> None:
    browser = strict.browser(role, "nis" if role is Role.OFFICER else None)
    browser.client.raise_server_exceptions = False  # type: ignore[attr-defined]
    assert browser.open("/desk/approvals").status == 404


def test_an_administrator_links_accounts_of_one_person(strict: Stack) -> None:
    approver, twin = strict.browser(Role.APPROVER, name="Vera Dva"), strict.browser(name="Vera Jedan")
    keeper = strict.browser(Role.ADMINISTRATOR)
    path = f"/admin/accounts/{twin.person.account}/same-person"
    keeper.send(keeper.open(path), path, {"other": str(approver.person.account)})
    assert "The same person now: Vera Dva" in keeper.open(path).words
    number = led(twin, "Adana")
    approver.do(number, "approve", {"deed": "terminate"})
    page = twin.open(f"/initiatives/{number}/terminate")
    assert "It takes two different people" in page.words

    keeper.send(keeper.open(path), path, {"other": ""})
    assert twin.do(number, "terminate", {"termination": "mutual"}).status == 200
