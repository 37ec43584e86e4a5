"""One pass over a bundle. Memory is one counter for each stream; the rest does not grow with the bundle."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from pobratim_verify import bundle
from pobratim_verify.leaves import Sealed, is_of, parted, sealed
from pobratim_verify.notes import Checkpoint, opened
from pobratim_verify.policy import Origin, Policy
from pobratim_verify.tree import CompactRange, leaf_hash
from pobratim_verify.verdicts import DoesNotHold, Leaf

_CASE_TOPICS = "initiative."


@dataclass(frozen=True)
class Proof:
    """What holds."""

    opening: bundle.Opening
    origin: Origin
    facts: int
    """With a state, recorded within the interval."""
    cases: int
    """Cases with such a fact; partners and pairs have streams too and are not counted."""
    leaves: int
    before: Checkpoint | None
    after: Checkpoint
    compared: Sequence[Checkpoint]
    """Checkpoints that the auditor had kept and that agree."""
    kept_elsewhere: int
    """Kept ones that could not be compared: of another origin, or of a size outside of the bundle."""
    named: int
    """Witnesses that the policy names."""
    quorum: int
    """So many of them have signed each checkpoint, at least."""


def verify(file: BinaryIO, policy: Policy) -> Proof:
    """Raises DoesNotHold or CannotJudge."""
    lines = bundle.lines(file)
    opening = bundle.opening(_next(lines))
    origin = policy.origins.get(opening.origin)
    if origin is None:
        raise DoesNotHold("the bundle is of an installation or origin that the policy does not name")
    front = bundle.before(_next(lines))
    before = _trusted(front.note, "before", origin, policy) if front.note is not None else None
    walk = _Walk(opening, front, before, [one for one in policy.kept if one.origin == origin.name])
    closing = walk.through(lines)
    after = _trusted(closing.note, "after", origin, policy)
    walk.end_at(after, closing.leaves)
    return Proof(
        opening=opening,
        origin=origin,
        facts=walk.facts,
        cases=len(walk.cases),
        leaves=closing.leaves,
        before=before,
        after=after,
        compared=walk.compared,
        kept_elsewhere=len(policy.kept) - len(walk.compared),
        named=len(policy.witnesses),
        quorum=policy.quorum,
    )


def _next(lines: Iterator[bytes]) -> bytes:
    line = next(lines, None)
    if line is None:
        raise DoesNotHold("the bundle is cut: it ends before its last line")
    return line


def _trusted(note: str, which: str, origin: Origin, policy: Policy) -> Checkpoint:
    try:
        checkpoint = opened(note, [*origin.keys, *policy.witnesses])
    except ValueError as fault:
        raise DoesNotHold(f"the checkpoint {which!r} is wrong: {fault}") from fault
    if checkpoint.origin != origin.name:
        raise DoesNotHold(f"the checkpoint {which!r} is of another origin")
    if not set(origin.keys) & set(checkpoint.signed_by):
        raise DoesNotHold(f"the checkpoint {which!r} is signed by no key that the policy names for its origin")
    if not origin.agrees_with(checkpoint):
        raise DoesNotHold(f"the checkpoint {which!r} names another tree before it than the policy does")
    witnesses = len(set(policy.witnesses) & set(checkpoint.signed_by))
    if witnesses < policy.quorum:
        raise DoesNotHold(
            f"the checkpoint {which!r} has {witnesses} of {policy.quorum} witnesses that the policy asks for"
        )
    return checkpoint


class _Walk:
    """The state of the one pass."""

    def __init__(
        self, opening: bundle.Opening, front: bundle.Before, before: Checkpoint | None, kept: Iterable[Checkpoint]
    ) -> None:
        self.opening = opening
        self.scope = opening.case.stream if opening.case else None
        self.first = front.size
        self.unseen = None if front.size else 0
        """The version of a stream before its first leaf here: known only where nothing stands before the bundle."""
        self.versions: dict[str, int] = {}
        self.last: Sealed | None = None
        self.facts = 0
        self.cases: set[str] = set()
        self.compared: list[Checkpoint] = []
        try:
            self.tree = CompactRange(front.size, front.range)
        except (ValueError, OverflowError) as fault:
            raise DoesNotHold(f"the range before the bundle is wrong: {fault}") from fault
        self.doubtful = Leaf(front.size)
        self._begin_at(front, before)
        self.kept = [one for one in kept if one.size >= front.size]
        self._compare()

    def _begin_at(self, front: bundle.Before, before: Checkpoint | None) -> None:
        """The bundle starts where `before` ends, and nothing in front of it belongs to the interval."""
        if before is None:
            if front.size or front.last is not None:
                raise DoesNotHold("a bundle without a checkpoint before it begins with the first leaf")
            return
        if before.size != front.size or before.root != self.tree.root():
            raise DoesNotHold("the range before the bundle does not lead to the checkpoint 'before'")
        if not front.size and front.last is None:
            return
        if not front.size or front.last is None:
            raise DoesNotHold("the leaf before the bundle is missing, or there is none before it")
        if not self.tree.ends_with(front.last.encode(), front.path):
            raise DoesNotHold("it does not stand before the bundle in the tree", Leaf(front.size - 1))
        last = sealed(front.last, front.size - 1)
        if last.index != front.size - 1 or last.recorded_at != before.newest:
            raise DoesNotHold("it is not the newest of the checkpoint 'before'", Leaf(front.size - 1, last.position))
        if last.recorded_at >= self.opening.start:
            raise DoesNotHold(
                f"it was recorded at {last.recorded_at}, within the interval, and the bundle begins behind it",
                Leaf(last.index, last.position),
            )
        self.last = last
        self.versions[last.stream] = last.version

    def through(self, lines: Iterator[bytes]) -> bundle.Closing:
        """Every leaf, up to the line that closes the bundle."""
        append, compare_at = self.tree.append, self.kept[0].size if self.kept else -1
        index = self.first
        for line in lines:
            if line.startswith(b'{"after"'):
                return self._closed(line, lines)
            text, state = parted(line, index)
            leaf = sealed(text, index)
            self._follows(leaf, index)
            self._holds(leaf, state)
            append(leaf_hash(text.encode()))
            if index == self.doubtful.index:
                self.doubtful = Leaf(index, leaf.position)
            index += 1
            if index == compare_at:
                self._compare()
                compare_at = self.kept[0].size if self.kept else -1
        raise DoesNotHold("the bundle is cut: it ends before its last line", Leaf(index))

    def _closed(self, line: bytes, lines: Iterator[bytes]) -> bundle.Closing:
        closing = bundle.closing(line)
        if next(lines, None) is not None:
            raise DoesNotHold("something stands behind the last line of the bundle")
        return closing

    def _follows(self, leaf: Sealed, index: int) -> None:
        """After the leaf in front of it: dense index, rising position, a clock that never falls, dense versions."""
        last = self.last
        if leaf.index != index:
            raise _wrong(leaf, index, f"it says index {leaf.index}: something was taken out, put in or moved")
        if last is not None:
            if leaf.position <= last.position:
                raise _wrong(leaf, index, f"its position is not above {last.position}, that of the leaf before")
            if leaf.recorded_at < last.recorded_at:
                raise _wrong(leaf, index, f"it was recorded at {leaf.recorded_at}, before the leaf before it")
        known = self.versions.get(leaf.stream, self.unseen)
        if known is not None and leaf.version != known + 1:
            raise _wrong(leaf, index, f"it is version {leaf.version} of {leaf.stream}, and {known + 1} comes next")
        self.versions[leaf.stream] = leaf.version
        self.last = leaf

    def _holds(self, leaf: Sealed, state: bytes | None) -> None:
        """The fact is there where it belongs into the bundle, and is the one that was sealed."""
        if self.scope is not None and leaf.stream != self.scope:
            if state is not None:
                raise _wrong(leaf, leaf.index, "a fact of another stream stands in a bundle of one case")
            return
        if state is None:
            raise _wrong(leaf, leaf.index, "its fact is missing")
        if not is_of(state, leaf):
            raise _wrong(leaf, leaf.index, "its fact is not the one that was sealed")
        if self.opening.start <= leaf.recorded_at < self.opening.end:
            self.facts += 1
            if leaf.topic.startswith(_CASE_TOPICS):
                self.cases.add(leaf.stream)

    def _compare(self) -> None:
        """With what the auditor kept of exactly this size."""
        while self.kept and self.kept[0].size == self.tree.size:
            kept = self.kept.pop(0)
            if kept.root != self.tree.root():
                raise DoesNotHold(self._leads_elsewhere(f"the kept checkpoint of size {kept.size}"), self.doubtful)
            self.compared.append(kept)
            self.doubtful = Leaf(self.tree.size)

    def end_at(self, after: Checkpoint, leaves: int) -> None:
        """The leaves are those of `after`, all of them, and reach the end of the interval."""
        tree, last = self.tree, self.last
        if leaves != tree.size - self.first:
            raise DoesNotHold(f"the bundle says {leaves} leaves and holds {tree.size - self.first}", Leaf(tree.size))
        if after.size != tree.size:
            raise DoesNotHold(f"the leaves end there, and the checkpoint 'after' has {after.size}", Leaf(tree.size))
        if after.root != tree.root():
            raise DoesNotHold(self._leads_elsewhere("the checkpoint 'after'"), self.doubtful)
        if last is None or last.recorded_at < self.opening.end:
            reached = last.recorded_at if last else "nowhere"
            raise DoesNotHold(
                f"the bundle reaches to {reached} and not to the end of its interval, {self.opening.end}: "
                "facts of the interval may be missing"
            )
        if last.recorded_at != after.newest:
            raise DoesNotHold("it is not the newest that the checkpoint 'after' names", Leaf(last.index, last.position))

    def _leads_elsewhere(self, checkpoint: str) -> str:
        if self.doubtful.index >= self.tree.size:
            return f"the tree before it is not that of {checkpoint}"
        return f"it or a leaf behind it, up to leaf {self.tree.size - 1}, is not the one under {checkpoint}"


def _wrong(leaf: Sealed, index: int, reason: str) -> DoesNotHold:
    return DoesNotHold(reason, Leaf(index, leaf.position))
