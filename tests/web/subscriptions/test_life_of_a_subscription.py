"""From the form of a new subscription to a replay, by the pages alone, against a real receiver."""

import re
import threading
import time
from collections.abc import Callable
from html import unescape

import msgspec
from standardwebhooks import Webhook

from tests.receivers import Received, Receiver, Reply, receiver
from tests.web.casework_stack import Browser, Page, proposed

LIST = "/admin/subscriptions"


class Refuses:
    """Answers 500 to one case until it is mended; waits while `slow` is not set."""

    def __init__(self, number: str) -> None:
        self.number, self.took, self.slow = number, list[str](), threading.Event()
        self.slow.set()

    def __call__(self, received: Received) -> Reply:
        self.slow.wait(10)
        subject = msgspec.json.decode(received.body)["subject"]
        if subject == self.number:
            return Reply(500, body="Не разумем".encode())
        self.took.append(subject)
        return Reply()


def until(seen: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def created(administrator: Browser, to: str, code: str, **more: str | list[str]) -> Page:
    values = {"name": f"Portal {code}", "code": code, "address": to, **more}
    return administrator.send(administrator.open(f"{LIST}/new"), f"{LIST}/new", values)


def secret_of(page: Page) -> str:
    found = re.search(r'<textarea class="linkbox" id="secret"[^>]*>([^<]+)</textarea>', page.answer.text)
    assert found, page.words
    return unescape(found[1]).strip()


def test_an_empty_list_says_what_a_subscription_is_and_how_to_begin(administrator: Browser) -> None:
    page = administrator.open(LIST)
    assert page.status == 200
    assert "No other system is told of anything yet" in page.words
    assert f'href="{LIST}/new"' in page.answer.text


def test_from_the_form_to_the_replay(
    administrator: Browser, coordinator: Browser, quick: None, delivering: None
) -> None:
    numbers = [proposed(coordinator, "Niš", partner) for partner in ("Bursa", "Izmir")]
    refuses, at = Refuses(numbers[0]), f"{LIST}/nis"
    with receiver(refuses) as to:
        page = created(administrator, to.address, "nis", start="beginning", type="initiative.proposed.v1")
        secret = secret_of(page)
        assert "shown only here, this once" in page.words
        assert secret not in administrator.open(at).answer.text
        assert not to.arrived, "nothing is sent before somebody asks for it"

        page = administrator.send(page, f"{at}/test")
        assert page.path == at
        assert "taken (204)" in page.words
        Webhook(secret).verify(to.arrived[0].body, to.arrived[0].headers)
        assert to.positions == [0], "a test delivery tells of no fact"

        administrator.send(page, f"{at}/resume")
        until(lambda: "1 case parked" in administrator.open(LIST).words)
        page = administrator.open(at)
        assert f"{numbers[0]} : not taken (500)" in page.words
        assert "The receiver itself failed." in page.words
        until(lambda: numbers[1] in subjects(to))
        deliveries_are_shown(administrator, at, numbers)

        refuses.number = ""
        stale = page
        page = administrator.send(page, f"{at}/release", {"subject": numbers[0]})
        assert f"{numbers[0]} is tried again" in page.words
        until(lambda: "case parked" not in administrator.open(LIST).words and len(taken(to, refuses)) == 2)
        again = administrator.send(stale, f"{at}/release", {"subject": numbers[0]})
        assert again.status == 422, "a stale page releases nothing twice"
        assert f"“{numbers[0]}” is not parked here." in again.words
        until(lambda: "nothing" in administrator.open(at).words.split("What waits")[1][:12])
        replayed(administrator, at, to, refuses)


def deliveries_are_shown(administrator: Browser, at: str, numbers: list[str]) -> None:
    failed = administrator.open(f"{at}/deliveries?outcome=not_taken")
    assert "Не разумем" in failed.answer.text
    assert "initiative.proposed" in failed.answer.text, "with what was sent"
    assert numbers[0] in failed.words
    assert numbers[1] not in failed.words
    taken = administrator.open(f"{at}/deliveries?outcome=taken").words
    assert numbers[1] in taken
    assert numbers[0] not in taken
    assert "Test delivery" in administrator.open(f"{at}/deliveries?outcome=test").words
    assert administrator.open(f"{at}/deliveries?outcome=lost&before=x").status == 400


def replayed(administrator: Browser, at: str, to: Receiver, refuses: Refuses) -> None:
    plan = administrator.send(administrator.open(f"{at}/replay"), f"{at}/replay", {"from": "beginning"})
    assert "2 records 2 cases and files" in reordered(plan)
    before = len(to.arrived)
    form = dict(plan.form(f"{at}/replay").fields)
    forged = form["offer"].replace('"facts":2', '"facts":9')
    assert forged != form["offer"]
    page = administrator.send(plan, f"{at}/replay", {"offer": forged})
    assert "This would be sent again" in page.words, "what was not counted is not begun"
    assert len(to.arrived) == before

    refuses.slow.clear()
    page = administrator.send(plan, f"{at}/replay")
    assert "The replay begins." in page.words
    assert "A replay runs" in page.words
    assert "2 records of 2 cases and files are sent again." in page.words
    assert 'hx-trigger="every 2s"' in page.answer.text
    assert "replay runs" in administrator.open(LIST).words
    page = administrator.send(page, f"{at}/replay/stop")
    assert page.path == at
    assert "The replay is stopped" in page.words
    refuses.slow.set()
    assert administrator.send(page, f"{at}/test").status == 200

    plan = administrator.send(administrator.open(f"{at}/replay"), f"{at}/replay", {"from": "position", "after": "0"})
    administrator.send(plan, f"{at}/replay")
    until(lambda: "A replay runs" not in administrator.open(f"{at}/replay").words)
    assert "_r2" in {one.headers["webhook-id"][-3:] for one in to.arrived}
    late = administrator.open(f"{at}/replay?from=position&after=999999")
    assert late.status == 422
    assert "Nothing was delivered behind that position" in late.words
    assert administrator.open(f"{at}/replay?from=day&since=31.+2.+2026.").status == 422


def reordered(page: Page) -> str:
    """Figures with their number first."""
    return re.sub(r"(records|cases and files) ([0-9]+)", r"\2 \1", page.words)


def subjects(to: Receiver) -> list[str]:
    return [msgspec.json.decode(one.body)["subject"] for one in to.arrived]


def taken(to: Receiver, refuses: Refuses) -> set[str]:
    return {subject for subject in refuses.took if subject.startswith("2")}
