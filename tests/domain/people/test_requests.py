"""A person's request: its days, what may be done about it, and its end."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from domain.kernel import AccountId, Command, Occasion, Refused, VaultRef
from domain.people import decisions as d
from domain.people import events as e
from domain.people.request import BrokenHistory, PersonRequest, fold

TODAY = date(2026, 3, 17)
WORDS, OTHER = VaultRef(UUID(int=1)), VaultRef(UUID(int=2))


def on(day: date = TODAY) -> Occasion:
    return Occasion(actor=AccountId(UUID(int=7)), at=datetime(2026, 3, 17, 9, tzinfo=UTC), today=day)


def received(kind: e.RequestKind = e.RequestKind.ERASURE, day: date = TODAY) -> list[e.PeopleEvent]:
    command = d.ReceiveRequest(number="ZL-2026-0001", kind=kind, received_on=day, person=WORDS)
    return d.decide(None, command, on())


def after(*facts: e.PeopleEvent) -> PersonRequest:
    state = fold(facts)
    assert state is not None
    return state


def refused(state: PersonRequest | None, command: Command, day: date = TODAY) -> list[str]:
    with pytest.raises(Refused) as fault:
        d.decide(state, command, on(day))
    return [refusal.code for refusal in fault.value.refusals]


def test_thirty_days_run_from_the_day_on_which_it_was_received() -> None:
    state = after(*received(day=date(2026, 2, 20)))
    assert (state.received_on, state.due_on, state.open) == (date(2026, 2, 20), date(2026, 3, 22), True)


@pytest.mark.parametrize(
    ("day", "code"),
    [(TODAY + timedelta(days=1), "date.in-future"), (date(2016, 1, 1), "people.too-old")],
    ids=["tomorrow", "years ago"],
)
def test_a_day_that_cannot_be_is_refused(day: date, code: str) -> None:
    with pytest.raises(Refused) as fault:
        received(day=day)
    assert [refusal.code for refusal in fault.value.refusals] == [code]


def test_sixty_days_more_are_given_once_and_in_time() -> None:
    facts, delay = received(), d.DelayAnswer(reason=OTHER)
    last = TODAY + timedelta(days=30)
    state = after(*facts, *d.decide(after(*facts), delay, on(last)))
    assert state.due_on == TODAY + timedelta(days=90)
    assert refused(state, delay) == ["people.delayed-before"]
    assert refused(after(*facts), delay, last + timedelta(days=1)) == ["people.delayed-too-late"]


def test_only_what_was_asked_for_is_done() -> None:
    erase = d.EraseEntries(entries=(OTHER,), ground=e.ErasureGround.UNLAWFUL)
    correct = d.CorrectEntry(entry=OTHER, replaced_by=WORDS)
    for kind in e.RequestKind:
        state = after(*received(kind))
        for command, wanted in ((erase, e.RequestKind.ERASURE), (correct, e.RequestKind.CORRECTION)):
            if kind is wanted:
                assert len(d.decide(state, command, on())) == 1
            else:
                assert refused(state, command) == ["people.not-asked-for"]


def test_each_entry_is_erased_by_a_fact_of_its_own() -> None:
    erase = d.EraseEntries(entries=(OTHER, WORDS, OTHER), ground=e.ErasureGround.OBJECTION)
    facts = d.decide(after(*received()), erase, on())
    ground = e.ErasureGround.OBJECTION
    assert facts == [e.EntryErased(entry=OTHER, ground=ground), e.EntryErased(entry=WORDS, ground=ground)]
    assert after(*received(), *facts).erased == (OTHER, WORDS)


def test_nobody_chooses_the_ground_of_a_restore() -> None:
    erase = d.EraseEntries(entries=(OTHER,), ground=e.ErasureGround.RESTORED)
    assert refused(after(*received()), erase) == ["form.choice-unknown"]


def test_it_is_granted_when_something_was_done() -> None:
    grant = d.GrantRequest()
    assert refused(after(*received()), grant) == ["people.nothing-done"]
    erased = e.EntryErased(entry=OTHER, ground=e.ErasureGround.UNLAWFUL)
    assert not after(*received(), erased, *d.decide(after(*received(), erased), grant, on())).open
    assert d.decide(after(*received(e.RequestKind.ACCESS)), grant, on()) == [e.RequestGranted()]


@pytest.mark.parametrize(
    "command",
    [
        d.DelayAnswer(reason=OTHER),
        d.SearchVault(found=1),
        d.ReadEntries(entries=(OTHER,)),
        d.EraseEntries(entries=(OTHER,), ground=e.ErasureGround.UNLAWFUL),
        d.CorrectEntry(entry=OTHER, replaced_by=WORDS),
        d.GrantRequest(),
        d.RefuseRequest(ground=e.RefusalGround.UNFOUNDED, reason=OTHER),
    ],
    ids=lambda command: type(command).__name__,
)
def test_after_the_answer_and_before_the_receipt_nothing_is_done(command: Command) -> None:
    answered = after(*received(), e.RequestRefused(ground=e.RefusalGround.UNFOUNDED, reason=OTHER))
    assert refused(answered, command) == ["people.answered"]
    assert refused(None, command) == ["people.unknown"]


def test_a_history_that_is_none_is_told() -> None:
    with pytest.raises(BrokenHistory):
        fold([e.VaultSearched(found=1)])
    with pytest.raises(BrokenHistory):
        fold([*received(), *received()])
