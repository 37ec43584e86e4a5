"""An agreement that renews itself, and whose last day has passed, says so where one works."""

import pytest

from application.access import Role
from tests.web.casework_stack import Browser, Stack, proposed
from tests.web.initiatives.test_life import DEEDS, FIRST

SAID = "It renewed tacitly: record it"
TERM = {"ends_on": "15. 9. 2025.", "notice_months": "6", "tacit_renewal": "1"}


@pytest.fixture(scope="module")
def number(coordinator: Browser) -> str:
    """In force, with a term that has ended; led by the coordinator."""
    number = proposed(coordinator, "Niš", "Bursa", occurred_on=FIRST)
    codes = [code for code, _, _ in DEEDS]
    for deed, values, _ in DEEDS[: codes.index("hold-visit")]:
        more = {"handler": str(coordinator.person.account)} if deed == "coordinate" else {}
        coordinator.do(number, deed, {**values, **more, **(TERM if deed == "sign-agreement" else {})})
    return number


def test_desk_and_case_say_so_and_lead_to_the_deeds_that_record_it(
    stack: Stack, coordinator: Browser, number: str
) -> None:
    assert SAID in coordinator.open("/desk/late").words
    officer = stack.browser(Role.OFFICER, "nis")
    assert "SKGO: record of the tacit renewal" in officer.open("/desk/waiting").words
    page = coordinator.open(f"/initiatives/{number}")
    assert f"{SAID} Who SKGO" in page.words
    assert "Its last day, 15 September 2025, has passed" in page.words
    assert "First: Announce that the term ends" in page.words

    page = coordinator.send(page, f"/initiatives/{number}/announce-expiry")
    assert SAID in page.words
    form = page.form(f"/initiatives/{number}/renew")
    opened = {(name, value) for name, value in form.fields}
    assert {("renewal", "tacit"), ("tacit_renewal", "1"), ("notice_months", "6")} <= opened
    assert ("occurred_on", "15 September 2025") in opened
    again = coordinator.open(f"/initiatives/{number}/announce-expiry").words
    assert "is announced already. Record the renewal or the expiry." in again

    page = coordinator.send(page, f"/initiatives/{number}/renew", {"ends_on": "15. 9. 2035."})
    assert (page.status, page.path) == (200, f"/initiatives/{number}")
    assert "Tacit renewal" in page.words
    assert SAID not in page.words
    assert SAID not in coordinator.open("/").words
