"""Words that were erased stand as such in whatever is told of the past."""

from tests.web.casework_stack import Browser, proposed
from tests.web.people.handling import erased, received

CANARY = "Vera Kanarinac predlaže razmenu."


def test_what_changed_tells_erased_words_as_erased(coordinator: Browser, administrator: Browser) -> None:
    number = proposed(coordinator, "nis", "Izmir", rationale=CANARY)
    changes = f"/initiatives/{number}/history/changes"
    assert CANARY in coordinator.open(changes).answer.text
    assert erased(administrator, received(administrator, "erasure", "Vera Kanarinac"), "Kanarinac") >= 1
    then = coordinator.open(changes).answer.text
    assert "Kanarinac" not in then
    assert "[erased]" in then
