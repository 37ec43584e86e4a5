"""What is seen of subscriptions: where each stands, what was sent and answered, what waits for a person."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from application.access import Person
from application.delivering import Events, message_id
from application.feed_events import subject_of
from application.identity import subscription_id
from application.ports import Archive, UnreadableFact
from application.subscriptions_ports import TEST, Delivery, Desk, Outcome, Stand, WaitingCase
from application.subscriptions_rights import keeps, kept, require
from domain.kernel import Refusal, Refused
from domain.subscriptions import events as e
from domain.subscriptions.subscription import Filter, Standing, Subscription, fold

MOST_SHOWN: Final = 200
MOST_TOLD: Final = 20
LONGEST_BODY: Final = 4_000
"""Characters of a delivery's body that are shown."""
PAGE: Final = 1_000
Told = Callable[[int, int], None]
"""Hears how far a count has come, and how far it has to go."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription and where its deliveries stand."""

    id: UUID
    state: Subscription
    stand: Stand | None
    """None where deliveries have not begun."""
    lag: int
    """Positions between what was looked at for it and the newest fact; 0 where nothing waits."""


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt with its request and its answer."""

    delivery: Delivery
    subject: str
    """Number of the case; empty for a test delivery."""
    message: str
    """`webhook-id`."""
    body: str
    """The event, as the feed has it now; its first characters. Empty where it cannot be read, or `let` is False."""
    let: bool = True
    """Whether the filter, as it is now, lets it through. Where not, nothing is told of the fact, the case included."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A case that waits, by the number that events have."""

    case: WaitingCase
    subject: str


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is told by mail."""

    state: Subscription
    parked: Sequence[Waiting]
    """The longest first; MOST_TOLD at most."""
    more: int
    """Others that are parked."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay would send."""

    after: int
    up_to: int
    facts: int
    cases: int
    oldest: datetime | None
    """When the first of them was recorded."""


class ReadingSubscriptions:
    """`by` is whoever asks: an administrator sees all, anybody else what they keep. What else there is raises NotFound
    as what does not exist, and what is for administrators alone raises Forbidden."""

    def __init__(self, log: Archive, desk: Desk, events: Events) -> None:
        self._log, self._desk, self._events = log, desk, events

    def list(self, by: Person) -> Sequence[Row]:
        """By code, those that were disabled last."""
        stands, head = self._desk.stands(), self._log.head()
        every = (self._row(id_, stands.get(id_), head) for id_ in self._desk.subscriptions())
        rows = [row for row in every if row and keeps(by, row.state)]
        return sorted(rows, key=lambda row: (row.state.standing is Standing.DISABLED, row.state.code))

    def one(self, by: Person, code: str) -> Row:
        """Raises NotFound."""
        id_ = subscription_id(code)
        row = self._row(id_, self._desk.stands().get(id_), self._log.head())
        kept(by, row.state if row else None, code)
        assert row is not None  # noqa: S101 - else it were not kept
        return row

    def deliveries(
        self, by: Person, code: str, most: int, before: int | None = None, outcome: Outcome | None = None
    ) -> Sequence[Sent]:
        """The newest first. Raises NotFound."""
        row = self.one(by, code)
        found = self._desk.deliveries(row.id, min(most, MOST_SHOWN), before, outcome)
        subjects = self._subjects([one.stream for one in found if one.stream])
        bodies = self._bodies(row.state.filter, {one.position for one in found if one.position != TEST})
        return [
            Sent(
                delivery=one,
                subject=subjects.get(one.stream, "") if one.stream and let else "",
                message=message_id(row.id, one.position, one.replay),
                body=body or "",
                let=let,
            )
            for one in found
            for body in [bodies.get(one.position, "")]
            for let in [body is not None]
        ]

    def waiting(self, by: Person, code: str, *, parked: bool) -> Sequence[Waiting]:
        """Cases that wait for a person, or those that are tried again by themselves. Raises NotFound."""
        row = self.one(by, code)
        cases = self._desk.cases(row.id, MOST_SHOWN, parked=parked)
        subjects = self._subjects([case.stream for case in cases])
        return [Waiting(case=case, subject=subjects.get(case.stream, str(case.stream))) for case in cases]

    def trouble(self, by: Person, id_: UUID) -> Trouble | None:
        """What waits for a person; None where nothing does any more."""
        require(by)
        stand = self._desk.stands().get(id_)
        row = self._row(id_, stand, 0)
        if row is None or stand is None:
            return None
        gone = row.state.disabled_because is e.DisabledBecause.GONE
        if not gone and not stand.parked:
            return None
        parked = self.waiting(by, row.state.code, parked=True)[:MOST_TOLD]
        return Trouble(state=row.state, parked=parked, more=stand.parked - len(parked))

    def position_of(self, by: Person, moment: datetime) -> int:
        """The position behind which facts were recorded after a moment."""
        require(by)
        return self._log.position_at(moment)

    def plan(self, by: Person, code: str, after: int, told: Told = lambda _done, _all: None) -> Plan:
        """What a replay from a position would send; every fact in question is looked at. Raises NotFound, Refused."""
        require(by)
        row = self.one(by, code)
        up_to = row.stand.cursor if row.stand else 0
        if after > up_to:
            raise Refused(Refusal("subscription.nothing-to-replay", {"up_to": up_to}, "after"))
        facts, oldest, cases, cursor = 0, None, set[UUID](), after
        while cursor < up_to and (page := self._log.page(cursor, PAGE)):
            for event in self._events(row.state.filter, [one for one in page if one.position <= up_to]):
                if event.body is not None:
                    facts += 1
                    cases.add(event.recorded.stream)
                    oldest = oldest or event.recorded.recorded_at
            cursor = page[-1].position
            told(min(cursor, up_to) - after, up_to - after)
        return Plan(after=after, up_to=up_to, facts=facts, cases=len(cases), oldest=oldest)

    # --- within

    def _row(self, id_: UUID, stand: Stand | None, head: int) -> Row | None:
        state = fold([r.fact for r in self._log.read(id_) if isinstance(r.fact, e.SubscriptionEvent)])
        if state is None:
            return None
        begun = stand is not None and stand.applied > 0
        cursor = stand.cursor if stand and begun else state.after
        return Row(id=id_, state=state, stand=stand if begun else None, lag=max(0, head - cursor))

    def _subjects(self, streams: Sequence[UUID]) -> dict[UUID, str]:
        return {stream: subject_of(stream, fact) for stream, fact in self._log.first(list(set(streams))).items()}

    def _bodies(self, let: Filter, positions: set[int]) -> dict[int, str | None]:
        """The events as they would leave now: None where the filter holds one back, none where one cannot be read."""
        found: dict[int, str | None] = {}
        for position in positions:
            try:
                events = self._events(let, self._log.page(position - 1, 1))
            except UnreadableFact:
                continue
            for event in events:
                if event.recorded.position == position:
                    found[position] = event.body.decode()[:LONGEST_BODY] if event.body is not None else None
        return found
