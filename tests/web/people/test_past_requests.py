"""Requests of persons as of another day: by what was known then, and never a text that was erased since."""

import re
from datetime import UTC, datetime

import pytest

from tests.web.casework_stack import Browser, Page
from tests.web.people.handling import PEOPLE, entries, found, received, used

NAME = "Svetlana Petronijević"


def moment() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat() + "Z"


def main(page: Page, at: str = "") -> str:
    """What the page shows, without what can be done on it and without its place on the clocks."""
    assert page.status == 200, page.words
    text = page.answer.text.partition("<main")[2].partition("</main>")[0]
    text = re.sub(r"[?]known_at=[^\"&]*", "", text) if at else text
    forms = r'<section class="card"><div class="dialog__in"><h2>(?:New request|What is kept|Answer)</h2>.*?</section>\n'
    return "\n".join(line for line in re.sub(forms, "", text, flags=re.DOTALL).splitlines() if line.strip())


@pytest.fixture(scope="module")
def life(administrator: Browser) -> tuple[str, list[str]]:
    """The address of a request, and the moments before it came, while it waited, and when it had been answered."""
    before = moment()
    address = received(administrator, "erasure", NAME)
    waiting = moment()
    refusal = {"refusal_ground": "unfounded", "refusal_reason": "Javljeno poštom"}
    assert administrator.send(administrator.open(address), f"{address}/refuse", refusal).status == 200
    return address, [before, waiting, moment()]


def test_it_is_listed_from_its_receipt_with_what_was_known_of_its_answer(
    administrator: Browser, life: tuple[str, list[str]]
) -> None:
    address, moments = life
    number = address.rpartition("/")[2]
    before, waiting, answered = (administrator.open(f"{PEOPLE}?known_at={at}") for at in moments)
    assert number not in before.words
    assert "Nobody has asked yet" in before.words
    assert number in waiting.words
    assert "refused" not in waiting.words
    assert "refused" in answered.words
    for page in (before, waiting, answered):
        assert "What was erased since stays erased." in page.words
        assert {form.action for form in page.forms if form.method == "post"} <= {"/sign-out"}
    assert f'href="{address}?known_at=' in waiting.answer.text


def test_the_request_of_a_past_day_tells_no_later_record_and_offers_nothing(
    administrator: Browser, life: tuple[str, list[str]]
) -> None:
    address, (before, waiting, answered) = life
    early = administrator.open(f"{address}?known_at={before}")
    assert early.status == 404
    assert "There is something to see from" in early.words
    open_then = administrator.open(f"{address}?known_at={waiting}")
    assert "Javljeno poštom" not in open_then.words
    assert "Answer by 31 March 2026" in open_then.words
    assert {form.action for form in open_then.forms if form.method == "post"} <= {"/sign-out"}
    assert "Javljeno poštom" in administrator.open(f"{address}?known_at={answered}").words
    assert administrator.open(f"{PEOPLE}/ZL-1900-0001?known_at={waiting}").status == 404


def test_valid_at_counts_from_the_day_of_receipt(administrator: Browser, life: tuple[str, list[str]]) -> None:
    address, _ = life
    there = administrator.open(f"{address}?valid_at=2026-03-01")
    assert there.status == 200
    assert "Javljeno poštom" not in there.words
    assert administrator.open(f"{address}?valid_at=2026-02-28").status == 404


def test_at_the_head_it_is_the_page_of_today(administrator: Browser, life: tuple[str, list[str]]) -> None:
    address, _ = life
    waiting = received(administrator, "access", "Mira Savić")
    for path in (PEOPLE, address, waiting):
        now = moment()
        assert main(administrator.open(f"{path}?known_at={now}"), now) == main(administrator.open(path))


def test_a_text_that_was_erased_is_erased_on_every_day(administrator: Browser) -> None:
    address = received(administrator, "erasure", "Zorana Kovačić")
    then = moment()
    assert "Zorana Kovačić" in administrator.open(f"{address}?known_at={then}").answer.text
    page = found(administrator, address, "Zorana Kovačić")
    preview = used(administrator, address, page, "erase", entries(page))
    administrator.send(preview, f"{address}/erase", {"ground": "objection", "sure": "1"})
    for path in (PEOPLE, address):
        text = administrator.open(f"{path}?known_at={then}").answer.text
        assert "Zorana" not in text
        assert "[erased]" in text


def test_who_does_not_administer_reads_none(coordinator: Browser, life: tuple[str, list[str]]) -> None:
    address, moments = life
    assert coordinator.open(f"{PEOPLE}?known_at={moments[1]}").status == 403
    assert coordinator.open(f"{address}?known_at={moments[1]}").status == 403
