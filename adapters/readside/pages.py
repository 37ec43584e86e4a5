"""Pages of the log, read ahead."""

from collections.abc import Sequence
from typing import Final

from application.ports import Log, Recorded

PAGE: Final = 2_000


class Pages:
    def __init__(self, log: Log) -> None:
        self._log = log
        self._ahead: tuple[int, Sequence[Recorded]] | None = None

    def after(self, position: int) -> Sequence[Recorded]:
        """The facts that follow; those that `ahead` gave, where it was asked for the same."""
        ahead, self._ahead = self._ahead, None
        return ahead[1] if ahead and ahead[0] == position else self._log.page(position, PAGE)

    def ahead(self, facts: Sequence[Recorded]) -> Sequence[Recorded]:
        """The page behind a full one; nothing behind one that reached the end of the log."""
        if len(facts) < PAGE:
            return ()
        self._ahead = (facts[-1].position, self._log.page(facts[-1].position, PAGE))
        return self._ahead[1]
