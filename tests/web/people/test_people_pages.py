"""Requests of persons by the forms of the pages: found, copied, corrected, erased, answered."""

import json
from pathlib import Path

import pytest

from domain.people.events import VaultSearched
from tests.web.casework_stack import Browser, Stack, proposed
from tests.web.people.handling import PEOPLE, entries, erased, found, received, used


@pytest.fixture(scope="module")
def case(coordinator: Browser) -> str:
    return proposed(coordinator, "Niš", "Bursa", rationale="Позвао је Радован Ћирић, 064 555 333.")


def history(browser: Browser, case: str) -> str:
    return browser.open(f"/initiatives/{case}/history").answer.text


def test_a_request_waits_in_the_list_with_its_last_day(administrator: Browser) -> None:
    received(administrator, "access", "Mira Savić", words="Šta imate o meni?")
    page = administrator.open(PEOPLE)
    assert "Mira Savić" in page.answer.text
    assert "31 March 2026" in page.words


def test_a_form_that_lacks_something_keeps_the_rest(administrator: Browser) -> None:
    page = administrator.send(administrator.open(PEOPLE), PEOPLE, {"kind": "access", "name": "Mira", "contact": ""})
    assert page.status == 422
    assert ("name", "Mira") in page.form(PEOPLE).fields


def test_what_is_found_is_named_and_shown_only_when_it_is_asked_for(administrator: Browser, case: str) -> None:
    address = received(administrator, "access", "Mira Savić")
    page = found(administrator, address, "radovan CIRIC")
    assert f"Rationale of a proposal, case {case}" in page.answer.text
    assert "064 555 333" not in page.answer.text
    read = used(administrator, address, page, "read", entries(page))
    assert "064 555 333" in read.answer.text
    assert "1 text was read." in administrator.open(address).answer.text
    assert "The vault was searched: 1 entry." in administrator.open(address).answer.text


def test_words_that_were_looked_for_are_in_no_fact(stack: Stack, administrator: Browser, case: str) -> None:
    address = received(administrator, "access", "Mira Savić")
    found(administrator, address, "Radovan")
    last = stack.made.log.page(stack.made.log.head() - 1, 1)[0]
    assert last.fact == VaultSearched(found=1)
    assert "adovan" not in repr(last)


@pytest.mark.parametrize("words", ["", "  ", "ab", "¡!"])
def test_too_little_to_look_for_is_refused(administrator: Browser, words: str) -> None:
    address = received(administrator, "access", "Mira Savić")
    page = administrator.send(administrator.open(address), f"{address}/search", {"words": words})
    assert page.status == 422


def test_a_copy_holds_every_chosen_entry_and_the_account(administrator: Browser, stack: Stack, case: str) -> None:
    stack.account(role=stack.made.keeping_accounts.list(administrator.person)[0].role, name="Radovan Ćirić")
    address = received(administrator, "access", "Radovan Ćirić")
    page = found(administrator, address, "Радован Ћирић")
    copy = json.loads(used(administrator, address, page, "json", entries(page)).answer.content)
    assert copy["person"] == "Radovan Ćirić"
    assert [account["name"] for account in copy["accounts"]] == ["Radovan Ćirić"]
    assert "Позвао је Радован Ћирић, 064 555 333." in [entry["text"] for entry in copy["entries"]]
    printed = used(administrator, address, page, "print", entries(page))
    assert "064 555 333" in printed.answer.text


def test_a_corrected_text_stands_where_the_old_one_stood(
    administrator: Browser, coordinator: Browser, case: str
) -> None:
    address = received(administrator, "correction", "Mira Savić")
    page = found(administrator, address, "Radovan 333")
    (entry,) = entries(page)
    form = used(administrator, address, page, "correct", [entry])
    done = administrator.send(form, f"{address}/correct", {"text": "Позвао је Радован Ћирић, 064 555 334."})
    assert done.path == address
    assert "064 555 334" in history(coordinator, case)
    assert "064 555 333" not in history(coordinator, case)


def test_what_is_erased_is_shown_as_erased_in_every_language(administrator: Browser, coordinator: Browser) -> None:
    case = proposed(coordinator, "Leskovac", "Izmir", rationale="Zvao je Bogdan Stanojčić.")
    address = received(administrator, "erasure", "Bogdan Stanojčić")
    assert erased(administrator, address, "Богдан Станојчић") == 2  # the rationale, and the request's own
    for code, shown in (("en", "[erased]"), ("sr-Latn", "[obrisano]"), ("sr-Cyrl", "[обрисано]")):
        coordinator.speaks(code)
        page = history(coordinator, case)
        assert shown in page
        assert "Stanoj" not in page
    coordinator.speaks("en")
    assert "[erased]" in administrator.open(address).answer.text
    granted = administrator.send(administrator.open(address), f"{address}/grant", {})
    assert granted.path == address
    assert f"{address}/search" not in [form.action for form in granted.forms]


def test_without_ground_and_confirmation_nothing_is_erased(administrator: Browser, coordinator: Browser) -> None:
    case = proposed(coordinator, "Leskovac", "Ankara", rationale="Zvala je Stojanka Ilić.")
    address = received(administrator, "erasure", "X")
    page = found(administrator, address, "Stojanka")
    preview = used(administrator, address, page, "erase", entries(page))
    refused = administrator.send(preview, f"{address}/erase", {"ground": ""})
    assert refused.status == 422
    assert entries(refused) == entries(page)
    assert "Stojanka" in history(coordinator, case)


def test_who_comes_second_is_told_that_the_entry_is_gone(administrator: Browser, coordinator: Browser) -> None:
    proposed(coordinator, "Leskovac", "Adana", rationale="Zvala je Vidosava Perić.")
    address = received(administrator, "erasure", "X")
    page = found(administrator, address, "Vidosava")
    preview = used(administrator, address, page, "erase", entries(page))
    erased(administrator, address, "Vidosava")
    again = administrator.send(preview, f"{address}/erase", {"ground": "objection", "sure": "1"})
    assert again.status == 422
    assert "not there any more" in again.answer.text


def test_a_double_click_erases_once(administrator: Browser, coordinator: Browser, stack: Stack) -> None:
    proposed(coordinator, "Leskovac", "Konya", rationale="Zvala je Grozdana Tošić.")
    address = received(administrator, "erasure", "X")
    page = found(administrator, address, "Grozdana")
    preview = used(administrator, address, page, "erase", entries(page))
    sent = {"ground": "objection", "sure": "1"}
    first = administrator.send(preview, f"{address}/erase", sent)
    head = stack.made.log.head()
    second = administrator.send(preview, f"{address}/erase", sent)
    assert (first.path, second.path) == (address, address)
    assert stack.made.log.head() == head


def test_filters_that_somebody_saved_with_the_name_are_told(
    administrator: Browser, coordinator: Browser, stack: Stack
) -> None:
    keeping = stack.made.saved_views
    keeping.save(coordinator.person, "Slučajevi Živadina Pešića", "country=TR", shared=False)
    keeping.save(
        coordinator.person, "Po imenu", "q=%D0%96%D0%B8%D0%B2%D0%B0%D0%B4%D0%B8%D0%BD+Pe%C5%A1i%C4%87", shared=False
    )
    address = received(administrator, "erasure", "X")
    page = found(administrator, address, "Живадин Пешић").answer.text
    assert "Slučajevi Živadina Pešića" in page
    assert "Po imenu" in page
    assert "Po imenu" not in found(administrator, address, "Neko Treći").answer.text


def test_where_the_list_outside_cannot_be_written_it_is_said_and_the_text_is_gone(
    administrator: Browser, coordinator: Browser, data_dir: Path, stack: Stack
) -> None:
    case = proposed(coordinator, "Leskovac", "Mersin", rationale="Zvao je Obrad Ninković.")
    listed = data_dir / "people" / "erased"
    before = listed.read_text()
    listed.write_text("damaged\n")
    address = received(administrator, "erasure", "X")
    page = found(administrator, address, "Obrad Ninković")
    preview = used(administrator, address, page, "erase", entries(page))
    done = administrator.send(preview, f"{address}/erase", {"ground": "objection", "sure": "1"})
    assert "It could not be listed outside the database" in done.answer.text
    assert "Ninković" not in history(coordinator, case)
    listed.write_text(before)
    assert stack.made.erase_again() == 0
    assert len(listed.read_text().splitlines()) > len(before.splitlines()), "the next start completes it"


def test_references_that_are_none_are_taken_for_nothing(administrator: Browser) -> None:
    address = received(administrator, "erasure", "X")
    page = found(administrator, address, "Savic")
    for chosen in (["x"], [], ["00000000-0000-0000-0000-00000000abcd"]):
        for do in ("read", "erase", "correct", "json?"):
            assert used(administrator, address, page, do, chosen).status == 422
