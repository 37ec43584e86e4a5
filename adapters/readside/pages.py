"""Pages of the log, read ahead: up to the end of a block each."""

from collections.abc import Sequence
from typing import Protocol

from adapters.readside.page import block_of, left_in_block
from application.ports import Recorded


class Paged(Protocol):
    def page(self, after: int, limit: int) -> Sequence[Recorded]:
        """As application.ports.Log.page."""
        ...


class Pages:
    def __init__(self, log: Paged) -> None:
        self._log = log
        self._ahead: tuple[int, Sequence[Recorded]] | None = None

    def after(self, position: int) -> Sequence[Recorded]:
        """The facts that follow; those that `ahead` gave, where it was asked for the same."""
        ahead, self._ahead = self._ahead, None
        return ahead[1] if ahead and ahead[0] == position else self._page(position)

    def ahead(self, facts: Sequence[Recorded]) -> Sequence[Recorded]:
        """The page behind one that filled its block; nothing behind one that reached the end of the log."""
        if block_of(facts[-1].position) == block_of(facts[-1].position + 1):
            return ()
        self._ahead = (facts[-1].position, self._page(facts[-1].position))
        return self._ahead[1]

    def _page(self, after: int) -> Sequence[Recorded]:
        """Positions are dense as a rule; where some are missing, the page might reach into blocks behind."""
        facts = self._log.page(after, left_in_block(after))
        if facts and block_of(facts[-1].position) > block_of(facts[0].position):
            return [fact for fact in facts if block_of(fact.position) == block_of(facts[0].position)]
        return facts
