"""What a subscriber asks for of the facts, and may see of them: one value, the same by whatever way they leave.

What is said of a fact follows from the log up to that fact and from nothing else, so that the same subscriber gets the
same facts by any way and at any time. A fact of a case is one of a local government that is its home just before or
just after it: a town hears that it joined and that it left, what comes between, and nothing else. Kinds of cooperation
go in the same way, since a correction may change one.

Facts of subscriptions and of persons' requests leave by no way, whoever asks: no subscriber hears of the others and
their addresses, nor of who asked what of the office. The auditors' pages show them. Of erasures everybody hears,
whatever the case, so as to erase too (Regulation (EU) 2016/679, Article 19): such a fact holds a reference, which says
something only to who keeps the text, and a ground.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final, get_args
from uuid import UUID

import msgspec

from application.access import Scope
from application.ports import Archive, Recorded, UnreadableFact
from domain.initiatives import events as e
from domain.initiatives.terms import Kind, Party, PartyRole
from domain.kernel import Fact
from domain.pairs import PairTakenUp

MOST_CASES: Final = 50_000
"""Cases whose homes and kind are remembered by one process."""
_ENTRY: Final = "people.entry-"
"""Topics that say which texts have to go."""
TopicOf = Callable[[type[Fact]], str]
_Beginning = e.InitiativeProposed | e.HistoricAgreementEntered | e.InitiativeTakenOver
_CASE: Final = frozenset(get_args(e.InitiativeEvent))
SHAPING: Final = frozenset({*get_args(_Beginning), e.PartyJoined, e.PartyLeft, e.FactCorrected})
"""Facts that may say another home or kind."""


class Around(msgspec.Struct, frozen=True):
    """Homes and kinds of the case just before and just after a fact."""

    homes: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()


NO_CASE: Final = Around()


@cache
def given_out(topic: str) -> bool:
    """Whether facts of a topic leave at all. The cursor moves over the others."""
    return not topic.startswith(("subscription.", "people.")) or topic.startswith(_ENTRY)


class FeedFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Whatever is empty lets everything through that is given out.

    Facts of cases pass all of it. That a pair was taken up is a fact of its local government and has no kind. Facts
    of partners belong to no local government: whoever asks for one, or may see only one, does not get them. They would
    tell what other towns are at; the names of partners are in `/partners`. Of erasures only topics and a case choose.
    """

    topics: frozenset[str] = frozenset()
    """Current names, such as `initiative.agreement-signed.v1`."""
    stream: UUID | None = None
    local_governments: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    scope: Scope = Scope()
    """What may be seen at all. A fact in it is given whole, as the page of its case shows it; it may name the number
    of a case to which this one is linked."""

    @property
    def asks_around(self) -> bool:
        """Whether homes or kind of a case have to be known."""
        return bool(self.local_governments or self.kinds or self.scope.local_government)

    @property
    def narrows(self) -> bool:
        return bool(self.stream or self.topics) or self.asks_around

    @property
    def chooses(self) -> bool:
        """Whether facts may be passed by that have to be looked at, or at least walked past, one by one."""
        return self.stream is None and (self.asks_around or bool(self.topics))

    def lets(self, topic: str, stream: UUID, around: Around) -> bool:
        asked_for = (not self.topics or topic in self.topics) and self.stream in (None, stream)
        return given_out(topic) and asked_for and (topic.startswith(_ENTRY) or self._lets_around(around))

    def _lets_around(self, around: Around) -> bool:
        return (
            (not self.local_governments or not self.local_governments.isdisjoint(around.homes))
            and (not self.kinds or not self.kinds.isdisjoint(around.kinds))
            and (self.scope.local_government is None or self.scope.local_government in around.homes)
        )


class _Shape(msgspec.Struct, frozen=True):
    """From a version of the case on."""

    version: int
    homes: frozenset[str]
    kind: Kind


class _Known(msgspec.Struct, frozen=True):
    """Everything that a case had said of its homes and kind up to a position of the log."""

    until: int
    shapes: tuple[_Shape, ...]

    def around(self, version: int) -> Around:
        before = next((s for s in reversed(self.shapes) if s.version < version), None)
        after = next((s for s in reversed(self.shapes) if s.version <= version), None)
        seen = [s for s in (before, after) if s]
        return Around(frozenset[str]().union(*(s.homes for s in seen)), frozenset(s.kind for s in seen))


class CaseShapes:
    """Homes and kinds around facts, read from the log once a case. For several threads."""

    def __init__(self, log: Archive, topic_of: TopicOf) -> None:
        self._log, self._topic_of = log, topic_of
        self._known: OrderedDict[UUID, _Known] = OrderedDict()

    def around(self, recorded: Sequence[Recorded]) -> list[Around]:
        """Of each fact. Raises LogUnavailable; UnreadableFact with those before it, where their case says something
        that cannot be read."""
        try:
            known = self._learnt(recorded)
        except UnreadableFact:
            known = self._learnt_one_by_one(recorded)
        return [self._of(r, known) for r in recorded]

    def _of(self, r: Recorded, known: dict[UUID, _Known]) -> Around:
        if isinstance(r.fact, PairTakenUp):
            return Around(frozenset({r.fact.local_government}))
        return known[r.stream].around(r.version) if type(r.fact) in _CASE else NO_CASE

    def _learnt(self, recorded: Sequence[Recorded]) -> dict[UUID, _Known]:
        last = {r.stream: r.position for r in recorded if type(r.fact) in _CASE}
        found = {stream: known for stream in last if (known := self._known.get(stream))}
        missing = [stream for stream, position in last.items() if stream not in found or found[stream].until < position]
        if not missing:
            return found
        until = max(last.values())
        histories: dict[UUID, list[Recorded]] = {stream: [] for stream in missing}
        without = [self._topic_of(fact) for fact in _CASE - SHAPING]
        for r in self._log.read_several(missing, until, without):
            histories[r.stream].append(r)
        for stream, history in histories.items():
            found[stream] = self._known[stream] = _Known(until, tuple(_shapes(history)))
        while len(self._known) > MOST_CASES:
            self._known.popitem(last=False)
        return found

    def _learnt_one_by_one(self, recorded: Sequence[Recorded]) -> dict[UUID, _Known]:
        known: dict[UUID, _Known] = {}
        for place, r in enumerate(recorded):
            try:
                known |= self._learnt([r])
            except UnreadableFact as fault:
                fault.before = recorded[:place]
                raise
        return known


def _shapes(history: Sequence[Recorded]) -> Iterator[_Shape]:
    """As domain.initiatives.initiative folds them: a correction of the beginning restates the kind, never a party."""
    parties: tuple[Party, ...] = ()
    kind, begun = Kind.UNKNOWN, Fact
    for r in history:
        match r.fact:
            case e.InitiativeProposed() | e.HistoricAgreementEntered() | e.InitiativeTakenOver():
                parties, kind, begun = r.fact.parties, r.fact.kind, type(r.fact)
            case e.PartyJoined(party=party):
                parties = (*parties, party)
            case e.PartyLeft(party=key):
                parties = tuple(p for p in parties if p.key != key)
            case e.FactCorrected(corrects=1, restated=restated) if isinstance(restated, _Beginning):
                kind = restated.kind if type(restated) is begun else kind
            case _:
                continue
        homes = frozenset(p.local_government for p in parties if p.role is PartyRole.HOME and p.local_government)
        yield _Shape(r.version, homes, kind)
