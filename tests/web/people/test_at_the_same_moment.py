"""Requests that come in at the same moment get a number each; the same form sent twice is one request."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import uuid4

from application.people_requests import ReceivedRequest
from domain.kernel import CommandKey
from domain.people.events import RequestKind
from tests.web.casework_stack import Browser, Stack
from tests.web.people.handling import PEOPLE, received

ASKED = ReceivedRequest(kind=RequestKind.ACCESS, received_on=date(2026, 3, 1), name="Mira", contact="Niš")


def test_everybody_gets_a_number_of_their_own(stack: Stack, administrator: Browser) -> None:
    keys = [CommandKey(uuid4()) for _ in range(12)]

    def enter(key: CommandKey) -> str:
        return stack.made.keeping_people.receive(administrator.person, key, ASKED).number

    with ThreadPoolExecutor(6) as threads:
        numbers = list(threads.map(enter, keys))
    assert len(set(numbers)) == len(keys)
    assert enter(keys[0]) == numbers[0], "the same request once more"
    listed = {row.request.number for row in stack.made.keeping_people.list(administrator.person)}
    assert listed >= set(numbers)


def test_a_double_click_enters_one_request(stack: Stack, administrator: Browser) -> None:
    page = administrator.open(PEOPLE)
    values = {"kind": "access", "received_on": "1. 3. 2026.", "name": "Dva Klika", "contact": "Niš"}
    first, second = (administrator.send(page, PEOPLE, values) for _ in range(2))
    assert first.path == second.path
    assert administrator.open(PEOPLE).answer.text.count("Dva Klika") == 1


def test_those_that_wait_come_first_by_their_last_day(stack: Stack, administrator: Browser) -> None:
    later = received(administrator, "access", "Kasnija", received_on="20. 3. 2026.")
    earlier = received(administrator, "access", "Ranija", received_on="2. 2. 2026.")
    answered = received(administrator, "access", "Rešena", received_on="1. 1. 2026.")
    done = administrator.send(administrator.open(answered), f"{answered}/refuse", REFUSAL)
    assert done.path == answered, done.words
    text = administrator.open(PEOPLE).answer.text
    assert text.index(earlier) < text.index(later) < text.index(answered)


REFUSAL = {"refusal_ground": "nothing_kept", "refusal_reason": "Ništa se ne čuva."}
