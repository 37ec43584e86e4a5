"""Words that were erased stand as such in whatever is told of the past."""

from tests.web.casework_stack import Browser, proposed
from tests.web.people.handling import erased, received

CANARY = "Vera Kanarinac predlaže razmenu."


def test_what_changed_and_the_account_tell_erased_words_as_erased(coordinator: Browser, administrator: Browser) -> None:
    number = proposed(coordinator, "nis", "Izmir", rationale=CANARY)
    changes, account = f"/initiatives/{number}/history/changes", f"/initiatives/{number}/account?lang=sr-Cyrl"
    for address in (changes, account):
        assert CANARY in coordinator.open(address).answer.text
    assert erased(administrator, received(administrator, "erasure", "Vera Kanarinac"), "Kanarinac") >= 1
    for address, said in ((changes, "[erased]"), (account, "[обрисано]")):
        then = coordinator.open(address).answer.text
        assert "Kanarinac" not in then
        assert said in then
