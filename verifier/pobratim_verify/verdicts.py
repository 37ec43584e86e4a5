"""The two ways in which a bundle is not verified."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Leaf:
    """Where something was found: the leaf's index in the tree, and its position in the log where that is known."""

    index: int
    position: int | None = None


class DoesNotHold(Exception):
    """A bundle that was read and is not what it claims to be: exit 1. `at` is the first leaf that is wrong."""

    def __init__(self, reason: str, at: Leaf | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at

    def __str__(self) -> str:
        if self.at is None:
            return self.reason
        position = "" if self.at.position is None else f" (position {self.at.position})"
        return f"leaf {self.at.index}{position}: {self.reason}"


class CannotJudge(Exception):
    """What was given is no bundle or no policy that this version can use: exit 2."""
