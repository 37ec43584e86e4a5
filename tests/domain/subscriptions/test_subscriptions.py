"""A subscription: its life, its secrets, its replays."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.kernel import AccountId, Command, Occasion, Refused
from domain.subscriptions import decisions as d
from domain.subscriptions import events as e
from domain.subscriptions.subscription import BrokenHistory, Filter, Standing, Subscription, fold

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)
FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))
CREATE = d.CreateSubscription(
    code="nis-portal",
    name=" Portal  of Niš ",
    address="https://portal.ni.rs/pobratim",
    signing=e.Signing.HMAC,
    secret=FIRST,
    after=17,
    filter=Filter(types=("initiative.agreement-signed.v1",)),
)


def on(at: datetime = NOW) -> Occasion:
    return Occasion(actor=AccountId(UUID(int=7)), at=at, today=date(2026, 3, 17))


class Story:
    """The facts so far; `do` decides and takes what was decided in."""

    def __init__(self) -> None:
        self.facts: list[e.SubscriptionEvent] = []

    @property
    def state(self) -> Subscription:
        state = fold(self.facts)
        assert state is not None
        return state

    def do(self, command: Command, at: datetime = NOW) -> list[e.SubscriptionEvent]:
        decided = d.decide(fold(self.facts), command, on(at))
        self.facts += decided
        return decided

    def refused(self, command: Command) -> list[str]:
        with pytest.raises(Refused) as fault:
            d.decide(fold(self.facts), command, on())
        return [refusal.code for refusal in fault.value.refusals]


@pytest.fixture
def story() -> Story:
    made = Story()
    made.do(CREATE)
    return made


@pytest.fixture
def active(story: Story) -> Story:
    story.do(d.ResumeSubscription())
    return story


def test_it_rests_until_it_is_resumed(story: Story) -> None:
    assert (story.state.standing, story.state.after, story.state.name) == (Standing.NEW, 17, "Portal of Niš")
    assert story.refused(d.PauseSubscription()) == ["subscription.not-active"]
    story.do(d.ResumeSubscription())
    assert story.state.standing is Standing.ACTIVE


@pytest.mark.parametrize("code", ["", "Niš", "a b", "-nis", "nis-", "n" * 41, "nis_portal", "nis\n"], ids=ascii)
def test_a_code_is_for_programs(code: str) -> None:
    assert Story().refused(replace(CREATE, code=code)) == ["subscription.code"]


def test_a_code_is_never_used_again(story: Story) -> None:
    story.do(d.DisableSubscription())
    assert story.refused(CREATE) == ["subscription.exists"]


@pytest.mark.parametrize(
    ("name", "code"),
    [(" ", "form.missing"), ("n" * 121, "form.too-long"), ("a\u202eb", "form.not-printable")],
    ids=["empty", "long", "invisible"],
)
def test_a_name_can_be_read(story: Story, name: str, code: str) -> None:
    change = d.ChangeSubscription(name=name, address="https://x.rs/", filter=Filter())
    assert story.refused(change) == [code]
    assert Story().refused(replace(CREATE, name=name)) == [code]


def test_what_has_been_led_to_is_not_recorded_again(active: Story) -> None:
    assert active.do(d.ResumeSubscription()) == []
    assert len(active.do(d.PauseSubscription())) == 1
    assert active.do(d.PauseSubscription()) == []
    assert len(active.do(d.DisableSubscription())) == 1
    assert active.do(d.DisableSubscription(because=e.DisabledBecause.GONE)) == []


def test_a_change_is_whole_and_only_where_something_differs(story: Story) -> None:
    state = story.state
    same = d.ChangeSubscription(name=state.name, address=state.address, filter=state.filter)
    assert story.do(same) == []
    story.do(replace(same, address="https://other.rs/", filter=Filter(case="2026-0042")))
    assert (story.state.address, story.state.filter) == ("https://other.rs/", Filter(case="2026-0042"))


def test_what_a_receiver_ended_goes_on_when_a_person_says_so(active: Story) -> None:
    active.do(d.DisableSubscription(because=e.DisabledBecause.GONE))
    assert active.state.disabled_because is e.DisabledBecause.GONE
    active.do(d.ResumeSubscription())
    assert (active.state.standing, active.state.disabled_because) == (Standing.ACTIVE, None)


def signing(story: Story, at: datetime) -> list[UUID]:
    return [key.secret for key in story.state.signs(at)]


def test_two_secrets_sign_while_one_takes_over(story: Story) -> None:
    story.do(d.RotateSecret(secret=SECOND, overlap_hours=24))
    assert signing(story, NOW) == [SECOND, FIRST]
    assert signing(story, NOW + timedelta(hours=23, minutes=59)) == [SECOND, FIRST]
    assert signing(story, NOW + timedelta(hours=24)) == [SECOND]


def test_after_a_leak_no_older_secret_signs(story: Story) -> None:
    story.do(d.RotateSecret(secret=SECOND, overlap_hours=168))
    story.do(d.RotateSecret(secret=THIRD, overlap_hours=0))
    assert signing(story, NOW) == [THIRD]


def test_a_later_rotation_does_not_lengthen_an_earlier_overlap(story: Story) -> None:
    story.do(d.RotateSecret(secret=SECOND, overlap_hours=1))
    story.do(d.RotateSecret(secret=THIRD, overlap_hours=24))
    assert signing(story, NOW) == [THIRD, SECOND, FIRST]
    assert signing(story, NOW + timedelta(hours=2)) == [THIRD, SECOND]


def test_not_too_many_secrets_sign_at_once(story: Story) -> None:
    for number in range(2, 5):
        story.do(d.RotateSecret(secret=UUID(int=number), overlap_hours=24))
    assert story.refused(d.RotateSecret(secret=UUID(int=9), overlap_hours=24)) == ["subscription.too-many-secrets"]
    assert len(story.do(d.RotateSecret(secret=UUID(int=9), overlap_hours=0))) == 1


@pytest.mark.parametrize("hours", [-1, 169])
def test_an_overlap_has_bounds(story: Story, hours: int) -> None:
    assert story.refused(d.RotateSecret(secret=SECOND, overlap_hours=hours)) == ["form.number-out-of-range"]


REPLAY = d.BeginReplay(after=0, up_to=400, facts=120, cases=30)


def test_one_replay_at_a_time(active: Story) -> None:
    active.do(REPLAY)
    assert active.state.replay is not None
    assert active.refused(REPLAY) == ["subscription.replay-runs"]
    active.do(d.StopReplay())
    assert (active.state.replay, active.state.replays) == (None, 1)
    assert active.refused(d.StopReplay()) == ["subscription.no-replay"]
    active.do(REPLAY)
    assert active.state.replays == 2


def test_a_replay_that_was_stopped_meanwhile_is_not_finished(active: Story) -> None:
    active.do(REPLAY)
    active.do(d.StopReplay())
    assert active.do(d.FinishReplay(replay=1)) == []
    active.do(REPLAY)
    assert active.do(d.FinishReplay(replay=1)) == []
    assert active.do(d.FinishReplay(replay=2)) == [e.ReplayFinished(replay=2)]


def test_only_what_was_delivered_is_delivered_again(story: Story) -> None:
    assert story.refused(REPLAY) == ["subscription.not-active"]
    story.do(d.ResumeSubscription())
    assert story.refused(replace(REPLAY, facts=0)) == ["subscription.nothing-to-replay"]


@pytest.mark.parametrize(
    "command",
    [
        d.PauseSubscription(),
        d.ResumeSubscription(),
        d.DisableSubscription(),
        d.RotateSecret(secret=SECOND, overlap_hours=1),
        d.ReleaseCase(stream=FIRST, subject="2026-0042"),
        REPLAY,
        d.StopReplay(),
        d.FinishReplay(replay=1),
        d.ChangeSubscription(name="x", address="https://x.rs/", filter=Filter()),
    ],
    ids=lambda command: type(command).__name__,
)
def test_before_it_is_created_nothing_is_done(command: Command) -> None:
    assert Story().refused(command) == ["subscription.unknown"]


def test_a_history_that_is_none_is_told(story: Story) -> None:
    with pytest.raises(BrokenHistory):
        fold([e.SubscriptionPaused()])
    with pytest.raises(BrokenHistory):
        fold([*story.facts, *story.facts])
