"""Local governments: found across scripts, with what each has under way."""

import pytest

from application.access import Role
from tests.web.casework_stack import Browser, Stack, proposed


@pytest.mark.parametrize("text", ["zajecar", "Зајечар", "ZAJEČAR"])
def test_a_town_is_found_in_any_script(coordinator: Browser, text: str) -> None:
    page = coordinator.open(f"/local-governments?q={text}")
    assert "City of Zaječar" in page.words
    assert "City of Niš" not in page.words


def test_its_file_counts_its_cases_and_leads_to_them(coordinator: Browser) -> None:
    proposed(coordinator, "Zaječar", "Vidin", "BG")
    page = coordinator.open("/local-governments/zajecar")
    assert "Vidin" in page.words
    assert "Bulgaria" in page.words
    assert 'href="/initiatives?stage=proposed&amp;local_government=zajecar"' in page.answer.text
    form = coordinator.open("/initiatives/new?local_government=City+of+Zaje%C4%8Dar")
    assert dict(form.form("/initiatives/new").fields)["local_government"] == "City of Zaječar"


def test_an_officer_sees_only_the_own_one(stack: Stack) -> None:
    officer = stack.browser(Role.OFFICER, "nis")
    page = officer.open("/local-governments")
    assert "City of Niš" in page.words
    assert "Zaječar" not in page.words
    assert officer.open("/local-governments/nis").status == 200
    assert officer.open("/local-governments/zajecar").status == 404


def test_nonsense_finds_nothing_and_breaks_nothing(coordinator: Browser) -> None:
    assert "No local government has this name" in coordinator.open("/local-governments?q=atlantida").words
    assert "No local government has this name" in coordinator.open("/local-governments?q=%25").words
    assert coordinator.open("/local-governments?q=a%00").status == 400
