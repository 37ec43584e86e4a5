"""A newer version of the program has written into the log: what this one cannot read is told, all else goes on."""

import re

from tests.planting import NEWER, plant
from tests.web.casework_stack import Stack

FEED = "/api/v1/events"


def test_the_feed_gives_what_stands_before_it_and_then_a_problem_that_names_it(stack: Stack, subscriber) -> None:
    head = stack.made.log.head()
    planted = plant(stack.made.settings.database_url)
    first = subscriber.get(f"{FEED}?after={head - 3}&limit=100")
    assert [int(event["id"]) for event in first.json()] == [head - 2, head - 1, head]
    assert f"after={head}&" in first.headers["link"]

    stopped = subscriber.get(re.findall("<(.+)>", first.headers["link"])[0])

    assert (stopped.status_code, stopped.headers["content-type"]) == (503, "application/problem+json")
    problem = stopped.json()
    assert problem["code"] == "log.unreadable"
    assert problem["params"] == {"position": planted, "topic": NEWER}
    assert f"Fact {planted:,}" in problem["detail"]
    assert stopped.headers["retry-after"] == "30"
    assert subscriber.get(f"{FEED}?after={planted}").status_code == 200


def test_a_filter_that_passes_it_by_is_served(stack: Stack, subscriber) -> None:
    plant(stack.made.settings.database_url)
    answer = subscriber.get(f"{FEED}?type=initiative.terminated.v1")
    assert (answer.status_code, answer.json()) == (200, [])
