"""Partners abroad: found by any name, renamed, merged, and never duplicated."""

import pytest

from application.access import Role
from tests.web.casework_stack import Browser, Page, Stack, proposed

FORM = "/partners/new"


def registered(browser: Browser, name: str, country: str, **more: str) -> str:
    """The path of the new partner's file."""
    page = browser.send(browser.open(FORM), FORM, {"name": name, "country": country, **more})
    assert page.status == 200, page.words
    return page.path


def deed(browser: Browser, path: str, code: str, values: dict[str, str]) -> Page:
    return browser.send(browser.open(f"{path}/{code}"), f"{path}/{code}", values)


def test_a_partner_is_found_by_every_name_it_ever_had(coordinator: Browser) -> None:
    path = registered(coordinator, "Târgu Mureș", "RO")
    deed(coordinator, path, "add-name", {"name": "Marosvásárhely", "kind": "exonym", "language": "hu"})
    page = deed(coordinator, path, "rename", {"name": "Tîrgu Mureș", "old_name_is": "alias"})
    assert "Tîrgu Mureș" in page.words
    for text in ("targu", "MAROSVASARHELY", "Тиргу"):
        assert path in coordinator.open(f"/partners?q={text}").answer.text, text
    assert path not in coordinator.open("/partners?q=targu&country=TR").answer.text


def test_two_files_of_one_partner_become_one(coordinator: Browser) -> None:
    number = proposed(coordinator, "Niš", "Sofija", "BG")
    keeps = registered(coordinator, "Sofia Capital", "BG")
    found = coordinator.open("/partners?q=sofija").answer.text
    path = found.split('data-row href="')[1].split('"')[0]
    unknown = deed(coordinator, path, "merge", {"into": "Atlantida"})
    assert unknown.status == 422
    page = deed(coordinator, path, "merge", {"into": "Sofia Capital (BG)", "reason": "Isti grad."})
    assert page.status == 200, page.words
    goes_on = coordinator.open(keeps)
    assert number in goes_on.words
    assert "Sofija" in goes_on.words


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "", "Fill in this field"),
        ("name", "x" * 201, "At most 200"),
        ("country", "RS", "A partner is abroad"),
        ("country", "", "Choose one"),
        ("kind", "village", "Choose one of those offered"),
    ],
)
def test_a_wrong_registration_comes_back_whole(coordinator: Browser, field: str, typed: str, message: str) -> None:
    values = {"name": "Banja Luka", "country": "BA", field: typed}
    page = coordinator.send(coordinator.open(FORM), FORM, values)
    assert page.status == 422
    assert message in page.words
    assert dict(page.form(FORM).fields)["name"] == values["name"]


def test_a_known_partner_is_not_registered_again(coordinator: Browser) -> None:
    registered(coordinator, "Ohrid", "MK")
    page = coordinator.send(coordinator.open(FORM), FORM, {"name": "OHRID", "country": "MK"})
    assert page.status == 422
    assert "Ohrid is in the register already" in page.words


def test_the_second_of_two_sees_what_changed(stack: Stack, coordinator: Browser) -> None:
    path = registered(coordinator, "Pula", "HR")
    page = coordinator.open(f"{path}/add-name")
    stack_partner = stack.browser(name="Milan Đorđević")
    deed(stack_partner, path, "add-name", {"name": "Pola", "kind": "exonym", "language": "it"})
    conflict = coordinator.send(page, f"{path}/add-name", {"name": "Pulj", "kind": "alias"})
    assert conflict.status == 409
    assert "Milan Đorđević" in conflict.words
    assert dict(conflict.form(f"{path}/add-name").fields)["name"] == "Pulj"
    assert coordinator.send(conflict, f"{path}/add-name").status == 200


def test_suggestions_are_a_fragment_with_country(coordinator: Browser) -> None:
    registered(coordinator, "Zadar", "HR")
    text = coordinator.open("/partners/suggestions?partner=zad").answer.text
    assert '<option value="Zadar (HR)">' in text
    assert "<html" not in text
    assert coordinator.open("/partners/suggestions?partner=%00").status == 200


def test_a_partner_that_is_entered_has_its_known_names_in_the_readers_script(coordinator: Browser) -> None:
    path = registered(coordinator, "Trieste", "IT")
    assert "Trst Name in another language, Serbian" in coordinator.open(path).words
    coordinator.speaks("sr-Cyrl")
    assert "Трст" in coordinator.open(path).words
    coordinator.speaks("en")
    assert "Trst" in coordinator.open(f"{path}/remove-name").words
    for text in ("Trst", "ТРСТ"):
        assert path in coordinator.open(f"/partners?q={text}").answer.text


@pytest.mark.parametrize(("typed", "label"), [("Jedr", "Jedrene"), ("једрене", "Једрене")])
def test_a_suggestion_says_by_which_name_it_was_found(coordinator: Browser, typed: str, label: str) -> None:
    if "Edirne" not in coordinator.open("/partners?q=edirne").words:
        registered(coordinator, "Edirne", "TR")
    text = coordinator.open(f"/partners/suggestions?partner={typed}").answer.text
    assert f'<option value="Edirne (TR)" label="{label} – Edirne (TR)"></option>' in text
    assert (
        '<option value="Edirne (TR)"></option>' in coordinator.open("/partners/suggestions?partner=edirne").answer.text
    )


def test_a_suggested_partner_needs_no_country(coordinator: Browser) -> None:
    registered(coordinator, "Simmering", "AT", part_of="Vienna", kind="city_district")
    number = proposed(coordinator, "Voždovac", "Simmering (Vienna) (AT)", "")
    assert "Simmering (Vienna)" in coordinator.open(f"/initiatives/{number}").words


def test_an_officer_reads_partners_and_edits_none(stack: Stack, coordinator: Browser) -> None:
    path = registered(coordinator, "Trogir", "HR")
    officer = stack.browser(Role.OFFICER, "nis")
    assert "Change the official name" not in officer.open(path).words
    assert officer.open(f"{path}/rename").status == 403


@pytest.mark.parametrize("query", ["page=0", "country=Turska", "q=a%00b", f"q={'x' * 300}"])
def test_a_list_that_cannot_be_read_says_so(coordinator: Browser, query: str) -> None:
    page = coordinator.open(f"/partners?{query}")
    assert page.status == 400
    assert "needs mending" in page.words
