"""A side abroad gives its own word by a one-time link, without an account."""

import re
from urllib.parse import urlsplit

import psycopg
import pytest
from litestar.testing import TestClient

from application.access import Role
from application.identity import case_id
from application.ports import Recorded
from domain.initiatives import events as e
from domain.initiatives.initiative import fold
from domain.initiatives.terms import Channel, PartyStatus
from tests.web.casework_stack import Browser, Page, Stack, proposed

SAID = {"signed": "12. 5. 2026.", "name": "Anna Rossi", "office": "International relations, Trieste"}


class Stranger(Browser):
    """Somebody abroad, at a browser that has never been here."""

    def __init__(self, stack: Stack, language: str = "it") -> None:
        client = TestClient(stack.app, base_url="http://testserver.local", raise_server_exceptions=True)
        client.headers["accept-language"] = language
        self.client = client

    def answers(self, link: str, **values: str) -> Page:
        page = self.open(link)
        body = dict(page.forms[0].fields) | values
        return Page(self.client.post(link, data=body))


@pytest.fixture
def number(coordinator: Browser) -> str:
    number = proposed(coordinator, "Vranje", f"Trieste {next(COUNTER)}", "IT")
    coordinator.do(number, "coordinate")
    return number


COUNTER = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def facts(stack: Stack, number: str) -> list[Recorded]:
    return list(stack.made.log.read(case_id(number)))


def link(coordinator: Browser, number: str, **values: str) -> str:
    path = f"/initiatives/{number}/ask"
    made = coordinator.send(coordinator.open(path), path, {"locale": "en", "days": "30", **values})
    assert made.status == 200, made.words
    found = re.search(r"https?://\S+/confirm/[\w-]+", made.answer.text)
    assert found
    return urlsplit(found[0]).path


def test_a_side_answers_once_and_its_word_stands_beside_the_register(
    stack: Stack, coordinator: Browser, number: str
) -> None:
    there, stranger = link(coordinator, number), Stranger(stack)
    asked = stranger.open(there)
    assert (asked.status, "Trieste" in asked.words) == (200, True)
    done = stranger.answers(there, **SAID, remark="Glad to go on.")
    assert (done.status, "Thank you" in done.words) == (200, True), done.words
    *_, report, remark = facts(stack, number)
    assert isinstance(report.fact, e.PartyStatusReported)
    assert (report.fact.status, report.fact.occurred_on) == (PartyStatus.SIGNED, "2026-05-12")
    assert (report.fact.channel, report.fact.source) == (Channel.LINK, None)
    known_from = report.fact.known_from
    assert known_from
    assert stack.made.vault.read([known_from])[known_from] == "International relations, Trieste"
    assert isinstance(remark.fact, e.RemarkAdded)
    told_by = report.fact.told_by
    assert told_by
    assert stack.made.vault.read([told_by])[told_by] == "Anna Rossi, International relations, Trieste"
    assert stack.made.read_side.views.caught_up(remark.position, 20)
    page = coordinator.open(f"/initiatives/{number}")
    for words in ("confirmed by the side itself", "the sides differ", "Settle where the sides differ"):
        assert words in page.words, words
    assert "The side abroad" in coordinator.open(f"/initiatives/{number}/history").words

    task = "Find out which side is right"
    for at in ("/", "/desk/tasks"):
        assert task in coordinator.open(at).words, at
        assert task not in stack.browser().open(at).words, at
    assert f'href="/initiatives/{number}#sides"' in coordinator.open("/").answer.text
    listed = coordinator.open("/initiatives?differs=yes").words
    assert number in listed
    assert "The sides differ" in listed
    coordinator.do(number, "settle-disagreement", {"status": "signed", "note": "Reč je o pismu o namerama."})
    assert stack.made.read_side.views.caught_up(facts(stack, number)[-1].position, 20)
    assert number not in coordinator.open("/initiatives?differs=yes").words
    assert task not in coordinator.open("/").words

    again = stranger.open(there)
    assert again.status == 410
    assert len(facts(stack, number)) == remark.version + 1


def test_the_page_speaks_the_language_of_the_link_until_somebody_chooses(
    stack: Stack, coordinator: Browser, number: str
) -> None:
    there, stranger = link(coordinator, number, locale="sr-Cyrl"), Stranger(stack, "en")
    assert "Ваша изјава о сарадњи" in stranger.open(there).words
    stranger.speaks("en")
    assert "Your word on the cooperation" in stranger.open(there).words


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"signed": ""}, "Give at least one day."),
        ({"signed": "31. 2. 2026."}, "31. 2. 2026."),
        ({"signed": "12. 5. 2099."}, "The agreement was signed on: "),
        ({"name": ""}, "Fill in this field."),
        ({"office": "x" * 101}, "At most 100 characters"),
        ({"name": "A\u202eB"}, "U+202E"),
    ],
)
def test_a_bad_answer_is_given_back_and_the_link_stays(
    stack: Stack, coordinator: Browser, number: str, values: dict[str, str], said: str
) -> None:
    there, stranger = link(coordinator, number), Stranger(stack)
    before = len(facts(stack, number))
    back = stranger.answers(there, **SAID | values)
    assert back.status == 422
    assert said in back.words, back.words
    assert len(facts(stack, number)) == before
    assert stranger.answers(there, **SAID).status == 200


def test_two_clicks_are_one_answer(stack: Stack, coordinator: Browser, number: str) -> None:
    there, stranger = link(coordinator, number), Stranger(stack)
    body = dict(stranger.open(there).forms[0].fields) | SAID
    first, second = (stranger.client.post(there, data=body) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 410)
    assert sum(isinstance(r.fact, e.PartyStatusReported) for r in facts(stack, number)) == 1


def test_a_link_ends_with_its_case(stack: Stack, coordinator: Browser, number: str) -> None:
    there = link(coordinator, number)
    coordinator.do(number, "withdraw", {"reason": "Odustali su."})
    state = fold([r.fact for r in facts(stack, number)])  # type: ignore[misc]
    assert state
    assert state.stage == "withdrawn"
    assert Stranger(stack).open(there).status == 410


def test_a_link_ends_with_its_time(stack: Stack, coordinator: Browser, number: str) -> None:
    there = link(coordinator, number)
    with psycopg.connect(stack.made.settings.database_url, autocommit=True) as owner:
        owner.execute("UPDATE access.side_links SET ends_at = now()")
    assert Stranger(stack).open(there).status == 410


def test_only_the_office_asks_and_only_sides_abroad(stack: Stack, coordinator: Browser, number: str) -> None:
    officer = stack.browser(Role.OFFICER, "vranje")
    assert officer.open(f"/initiatives/{number}/ask").status == 403
    assert "Ask this side" not in officer.open(f"/initiatives/{number}").words
    path = f"/initiatives/{number}/ask"
    refused = coordinator.send(coordinator.open(path), path, {"party": "vranje", "locale": "en", "days": "30"})
    assert refused.status == 422
    for bad in ({"days": "0"}, {"days": "91"}, {"days": "x"}, {"locale": "tlh"}):
        assert coordinator.send(coordinator.open(path), path, {"locale": "en", "days": "9", **bad}).status == 422
