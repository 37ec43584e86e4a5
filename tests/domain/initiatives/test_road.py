"""The road of a case, walked by an office that tries everything: every way of the table, then at random."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from random import Random
from typing import get_args
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.initiatives import deeds
from domain.initiatives import events as e
from domain.initiatives.checklist import checklist
from domain.initiatives.deadlines import Waiting, due_day
from domain.initiatives.decisions import (
    anytime,
    approving,
    beginning,
    concluding,
    coordinating,
    extending,
    linking,
    living,
    reinstating,
    tasking,
)
from domain.initiatives.deeds import DEEDS
from domain.initiatives.initiative import LEADS_TO, STANDS, TELLING, Initiative, evolve, fold
from domain.initiatives.links import Link
from domain.initiatives.liveness import liveness
from domain.initiatives.procedure import CODES, Procedures, next_step
from domain.initiatives.sides import disagreements
from domain.initiatives.terms import (
    FINAL,
    LIVE,
    PROPOSABLE_KINDS,
    TABLE,
    Channel,
    Instrument,
    Kind,
    Origin,
    Party,
    PartyRole,
    PartyStatus,
    Renewal,
    Stage,
    Stance,
    Support,
    Termination,
)
from domain.kernel import Command, Refused
from tests.domain.specification import JELENA, MILAN, TODAY, WITH_MODRICA, WORDS, proposed
from tests.procedures import first_versions

Try = Callable[[Initiative, Random], Command]
FIRST = first_versions().values()
ON = msgspec.structs.replace(
    TODAY, procedures=Procedures([*FIRST, *(msgspec.structs.replace(p, version=2) for p in FIRST)])
)
"""Every procedure has a second version, which says the same."""


def day(r: Random) -> str | None:
    """Days that may all be right beside each other."""
    return r.choice([None, "2026", "2026-03", "2026-03-17"])


def later(r: Random) -> str | None:
    return r.choice([None, "2031", "2026-03-17", "2040-05-01"])


def term(r: Random) -> dict[str, object]:
    return {"ends_on": later(r), "notice_months": r.choice([None, 6]), "tacit_renewal": r.random() < 0.5}


def dated(command: type[Command], **fields: object) -> Try:
    """A command whose other fields are always the same, on any day."""
    return lambda state, r: command(occurred_on=day(r), **fields)


def some(choices: Iterable[object], r: Random) -> tuple[object, ...]:
    listed = list(choices)
    return tuple(r.sample(listed, r.randint(1, len(listed))))


LINE = "06-12/2026"
COMMANDS: dict[str, Try] = {
    "coordinate": dated(coordinating.Coordinate, handler=JELENA),
    "decline": dated(coordinating.DeclineInitiative, reason=WORDS),
    "merge": dated(coordinating.MergeInitiative, into=UUID(int=9), into_number="2025-0001"),
    "absorb": lambda s, r: coordinating.AbsorbDuplicate(duplicate=UUID(int=8), duplicate_number="2025-0002"),
    "give-support": lambda s, r: coordinating.GiveSupport(occurred_on=day(r), items=some(Support, r)),
    "complete-coordination": dated(coordinating.CompleteCoordination),
    "suspend": lambda s, r: coordinating.SuspendProcedure(occurred_on=day(r), reason=WORDS, until=later(r)),
    "resume": dated(coordinating.ResumeProcedure),
    "withdraw": dated(coordinating.WithdrawInitiative, reason=WORDS),
    "sign-letter-of-intent": dated(coordinating.SignLetterOfIntent),
    "start-drafting": dated(coordinating.StartDrafting),
    "review-draft": dated(concluding.ReviewDraft, languages=("sr", "it")),
    "adopt-decision": dated(concluding.AdoptDecision, number=LINE, foreign_state="Bosna i Hercegovina"),
    "reopen-drafting": dated(concluding.ReopenDrafting, decision_number=LINE, reason=WORDS),
    "waive-consent": dated(concluding.WaiveConsent, basis=WORDS),
    "request-consent": dated(concluding.RequestConsent, registry_number=LINE, addressee="Vlada"),
    "record-opinion": lambda s, r: concluding.RecordOpinion(
        occurred_on=day(r), body="Ministarstvo", stance=r.choice(list(Stance))
    ),
    "return-file": dated(concluding.ReturnFile, missing=WORDS, due_on="2026-04-01"),
    "supplement-file": dated(concluding.SupplementFile),
    "grant-consent": dated(concluding.GrantConsent, act_number=LINE),
    "refuse-consent": dated(concluding.RefuseConsent, reason=WORDS),
    "publish": dated(
        concluding.PublishDecision, gazette_name="Sl. list", gazette_number=LINE, despite_missing_consent=True
    ),
    "sign-agreement": lambda s, r: concluding.SignAgreement(
        occurred_on="2026-03-17", instrument=r.choice(list(Instrument)), **term(r)
    ),
    "enter-into-force": dated(living.EnterIntoForce),
    "hold-visit": lambda s, r: living.HoldVisit(occurred_on="2026-02"),
    "announce-expiry": lambda s, r: living.AnnounceExpiry(occurred_on=day(r), ends_on=r.choice(["2026-03-17", "2031"])),
    "renew": lambda s, r: living.Renew(
        occurred_on=day(r), renewal=r.choice(list(Renewal)), ends_on=r.choice([None, f"{2042 + s.version}"])
    ),
    "confirm-partnership": lambda s, r: living.ConfirmPartnership(occurred_on="2026-02"),
    "extend-deadline": lambda s, r: extending.ExtendDeadline(until=f"{2042 + s.version}", reason=WORDS),
    "confirm-expiry": dated(living.ConfirmExpiry),
    "mark-dormant": dated(living.MarkDormant),
    "resume-activity": dated(living.ResumeActivity),
    "terminate": lambda s, r: living.Terminate(
        occurred_on=day(r), termination=r.choice(list(Termination)), decision_number=LINE
    ),
    "reinstate": lambda s, r: reinstating.Reinstate(reason=WORDS),
    "name-handler": lambda s, r: anytime.NameHandler(handler=MILAN, reason=WORDS),
    "change-procedure": lambda s, r: anytime.ChangeProcedure(
        procedure=f"{CODES[s.kind]}@{r.choice([1, 2])}", reason=WORDS
    ),
    "add-party": lambda s, r: anytime.AddParty(occurred_on=day(r), party=new_party(s, r)),
    "remove-party": lambda s, r: anytime.RemoveParty(occurred_on=day(r), party=spare_party(s)),
    "report-party-status": lambda s, r: anytime.ReportPartyStatus(
        occurred_on=day(r),
        party=r.choice([p.key for p in s.parties]),
        status=r.choice(list(PartyStatus)),
        known_from=WORDS,
    ),
    "receive-report": lambda s, r: anytime.ReceiveReport(
        occurred_on=day(r),
        party=r.choice([p.key for p in s.parties]),
        status=r.choice(list(PartyStatus)),
        known_from=WORDS,
        channel=Channel.LINK,
    ),
    "settle-disagreement": lambda s, r: anytime.SettleDisagreement(
        status=next((d.status for d in disagreements(s)), PartyStatus.SIGNED), note=WORDS
    ),
    "add-remark": lambda s, r: anytime.AddRemark(remark=WORDS),
    "link-case": lambda s, r: linking.LinkCase(
        other=UUID(int=2000 + s.version), other_number="2025-0100", link=r.choice(list(Link))
    ),
    "unlink-case": lambda s, r: linking.UnlinkCase(other=r.choice(s.links).case if s.links else UUID(int=0)),
    "give-task": lambda s, r: tasking.GiveTask(
        task=UUID(int=s.version), assignee=r.choice([JELENA, MILAN]), what=WORDS, due_on=later(r)
    ),
    "finish-task": lambda s, r: tasking.FinishTask(task=a_task(s, r)),
    "cancel-task": lambda s, r: tasking.CancelTask(task=a_task(s, r), reason=WORDS),
    "ask-approval": lambda s, r: approving.AskApproval(deed="terminate"),
    "approve": lambda s, r: approving.ApproveStep(deed="terminate"),
}


def correction(state: Initiative, r: Random) -> Command:
    """Another day for any of the facts, the newest of its kind or not."""
    wrong = r.choice([s for s in state.facts if isinstance(s.fact, get_args(e.Correctable))])
    days = {"2026", "2026-03", "2026-03-17"} - {wrong.fact.occurred_on}
    moved = msgspec.structs.replace(wrong.fact, occurred_on=r.choice(sorted(days)))
    return anytime.CorrectFact(corrects=wrong.version, restated=moved, reason=WORDS)


COMMANDS["correct"] = correction


def new_party(state: Initiative, r: Random) -> Party:
    return r.choice(
        [
            Party(role=PartyRole.PARTNER, partner=UUID(int=1000 + state.version)),
            Party(role=PartyRole.OBSERVER, local_government="observer-" + "x" * state.version),
        ]
    )


def a_task(state: Initiative, r: Random) -> UUID:
    return r.choice(state.tasks).id if state.tasks else UUID(int=0)


def spare_party(state: Initiative) -> str:
    return state.parties[-1].key if len(state.parties) > len(WITH_MODRICA) else "nobody"


WELL_FORMED_BUT_REFUSABLE = {"remove-party"}
"""Where no party can be spared, a well-formed command does not exist."""


def begun(r: Random) -> e.InitiativeEvent:
    kind = r.choice(PROPOSABLE_KINDS)
    common = {"number": "2026-0009", "parties": WITH_MODRICA, "occurred_on": day(r)}
    ways: list[Command] = [
        beginning.ProposeInitiative(kind=kind, origin=r.choice(list(Origin)), rationale=WORDS, **common),
        beginning.EnterHistoricAgreement(kind=r.choice(list(Kind)), source="public list", **common),
        beginning.TakeOverInitiative(kind=kind, stage=r.choice(sorted(LIVE)), source="report", **common),
    ]
    return deeds.begin(None, r.choice(ways), ON)[0]


def test_every_deed_can_be_tried() -> None:
    assert COMMANDS.keys() == DEEDS.keys()


# --- every way of the table

Edge = tuple[Stage, Stage]
TRIES = 2
"""Commands differ in their days, choices and terms; so many are tried of each where a case stands."""


EVERY_WAY = {(stage, after) for stage, following in TABLE.items() for after in following}


def test_every_way_of_the_table_is_walked_from_a_proposal_and_no_other() -> None:
    assert walked() == EVERY_WAY


def walked() -> set[Edge]:
    """Goes on from each place once, nearest first, and gives every way between two stages that a deed took.

    It ends when it has taken all of the table; that no deed leaves the table holds for every try, here and below.
    """
    waiting = deque[list[e.InitiativeEvent]]([[proposed(kind)] for kind in PROPOSABLE_KINDS])
    known, edges = set[object](), set[Edge]()
    while waiting and not edges >= EVERY_WAY:
        history = waiting.popleft()
        for n in range(TRIES):
            for facts in tried(fold(history), Random(n)):  # noqa: S311 - the same walk each time
                edges |= set(steps(fold(history), facts))
                longer = [*history, *facts]
                if (there := place(longer)) not in known:
                    known.add(there)
                    waiting.append(longer)
    return edges


def place(history: list[e.InitiativeEvent]) -> object:
    """What decides how a case can go on: two histories at one place open the same ways."""
    state = fold(history)
    assert state is not None
    if state.stage in FINAL:
        return state.stage, state.ended_from
    still_open = frozenset(stands.deed for stands in deeds.offers(state, ON) if stands.open)
    return state.kind, state.stage, still_open, state.published, state.renewed_before


# --- at random, from every beginning


@settings(max_examples=500, deadline=None)
@given(seed=st.integers(0, 2**40), length=st.integers(0, 16))
def test_a_deed_is_offered_if_and_only_if_it_is_accepted(seed: int, length: int) -> None:
    r = Random(seed)  # noqa: S311 - a walk, not a secret
    history = [begun(r)]
    for _ in range(length):
        ways = tried(fold(history), r)
        if not ways:
            break
        history += r.choice(ways)
    running: Initiative | None = None
    states = list[Initiative]()
    for fact in history:
        running = evolve(running, fact)
        states.append(running)
    assert running is not None
    assert states == [fold(history[:n]) for n in range(1, len(history) + 1)], "a step changed the state before it"
    assert running == fold(history)
    assert running.version == len(history) == len(running.tags)
    assert msgspec.json.decode(msgspec.json.encode(running), type=Initiative) == running


STATES = 10_000


def test_a_deed_is_offered_if_and_only_if_it_is_accepted_in_ten_thousand_states() -> None:
    """The same walks each time, so that a state which fails is found again."""
    seen, seed = set[bytes](), 0
    while len(seen) < STATES:
        r, seed = Random(seed), seed + 1  # noqa: S311 - a walk, not a secret
        state, ways = evolve(None, begun(r)), [list[e.InitiativeEvent]()]
        for _ in range(24):
            state = after(state, r.choice(ways))
            seen.add(msgspec.json.encode(state))
            assert checklist_agrees(state)
            assert days_are_told(state)
            if not (ways := tried(state, r)):
                break
    assert {Stage(msgspec.json.decode(one)["stage"]) for one in seen} == set(Stage)


def checklist_agrees(state: Initiative) -> bool:
    """The usual deed is open if and only if its checklist leaves nothing but what its form is to say."""
    wanted = checklist(state, ON)
    if wanted is None:
        return state.stage in FINAL
    complete = all(there for _, there in wanted.papers) and not wanted.refusals
    return deeds.offer(DEEDS[wanted.deed], state, ON).open is complete


def days_are_told(state: Initiative) -> bool:
    """Every list asks for these days: a state in which they cannot be told would stop the lists."""
    own = ON.procedures.of(state).steps.get(state.stage)
    asked = liveness(state, own, ON.today)
    step = next_step(state, ON.procedures.of(state))
    due = due_day(state, step, Waiting(ON.today), ON.procedures.calendar) if step else None
    return all(day is None or day > date(1900, 1, 1) for day in (due, asked.confirm_on, asked.dormant_on))


def tried(state: Initiative | None, r: Random) -> list[list[e.InitiativeEvent]]:
    """Try every deed on the state, hold the offer against the answer, and give the ways on."""
    assert state is not None
    ways: list[list[e.InitiativeEvent]] = []
    for stands in deeds.offers(state, ON):
        command = COMMANDS[stands.deed](state, r)
        try:
            facts = deeds.decide(state, command, ON)
        except Refused as refused:
            assert refused.refusals
            assert all(r.code.count(".") == 1 for r in refused.refusals)
            assert not stands.open or stands.deed in WELL_FORMED_BUT_REFUSABLE, (stands.deed, refused)
            continue
        assert stands.open or not facts, f"{stands.deed} was not offered at {state.stage} and yet accepted"
        if facts:
            ways.append(facts)
            assert all(then in TABLE[before] for before, then in steps(state, facts)), (stands.deed, state.stage)
            assert repeats_quietly(after(state, facts), command, stands.deed), stands.deed
    return ways


MAY_HAPPEN_AGAIN = {"hold-visit", "record-opinion", "report-party-status", "receive-report"}
"""Without a full day, two that look alike are two."""
REFUSED_WHEN_REPEATED = {"add-party", "remove-party"}
"""These ask for the same thing by another rule: the party is there or gone."""


def repeats_quietly(state: Initiative, command: Command, deed: str) -> bool:
    """Sent twice, a command has one effect: no fact, or a refusal that says that it is done."""
    try:
        return deeds.decide(state, command, ON) == [] or deed in MAY_HAPPEN_AGAIN
    except Refused:
        return deed in REFUSED_WHEN_REPEATED


def after(state: Initiative, facts: list[e.InitiativeEvent]) -> Initiative:
    for fact in facts:
        state = evolve(state, fact)
    return state


def steps(state: Initiative | None, facts: list[e.InitiativeEvent]) -> list[Edge]:
    """From which stage to which the facts lead, one after the other."""
    assert state is not None
    stages = [after(state, facts[:n]).stage for n in range(len(facts) + 1)]
    return [(before, then) for before, then in pairwise(stages) if before is not then]


def test_every_kind_of_fact_has_its_place_in_the_fold() -> None:
    leading, stands = set(LEADS_TO), set(STANDS)
    assert leading | TELLING | stands == set(get_args(e.InitiativeEvent))
    assert not stands & (leading | TELLING)


def test_an_end_leads_back_to_where_it_came_from_and_a_merging_nowhere() -> None:
    for end in FINAL - {Stage.MERGED}:
        assert TABLE[end] == {stage for stage in LIVE if end in TABLE[stage]}
    assert TABLE[Stage.MERGED] == frozenset()


def test_a_final_stage_is_left_by_one_deed() -> None:
    leaving = {deed.code for deed in DEEDS.values() if deed.stages & FINAL and not deed.stages & LIVE}
    assert leaving == {"reinstate"}


def test_every_stage_of_the_table_is_reached() -> None:
    reachable = {Stage.PROPOSED, Stage.ACTIVE}
    while more := {n for s in reachable for n in TABLE[s]} - reachable:
        reachable |= more
    assert reachable == set(Stage)
