"""An approval as the state of a case keeps it."""

import msgspec

from domain.kernel import AccountId


class Approval(msgspec.Struct, frozen=True):
    deed: str
    version: int
    """Of the fact that recorded it."""
    people: tuple[AccountId, ...]
    """Who approved, and everybody for whom."""
