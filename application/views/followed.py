"""Cases that a person follows, as a list of one's own shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec

from application.access import Scope
from application.views.register import RegisterRow
from domain.kernel import AccountId


class FollowedCase(msgspec.Struct, frozen=True, kw_only=True):
    case: RegisterRow
    since: datetime
    """When the person began to follow it."""
    changes: int
    """Facts that were recorded since the person last looked."""
    position: int
    """Of its newest fact."""
    tag: str
    actor: AccountId
    recorded_at: datetime


@runtime_checkable
class FollowedCases(Protocol):
    def all(self, scope: Scope, account: AccountId) -> Sequence[FollowedCase]:
        """Those within the scope, the one that changed last first. Of a past day: the cases that are followed today,
        as far as they had begun."""
        ...
