"""Who may do what with subscriptions: administrators everything, whoever keeps one what its receiver needs of it."""

from typing import Final

from application.access import Forbidden, Person, Role
from application.reading import NotFound
from domain.kernel import Command
from domain.subscriptions import decisions as d
from domain.subscriptions.events import DisabledBecause
from domain.subscriptions.subscription import Subscription

OF_A_KEEPER: Final = frozenset({d.PauseSubscription, d.ResumeSubscription, d.RotateSecret, d.ReleaseCase})
"""Commands that are not for administrators alone."""


def administers(by: Person) -> bool:
    return by.role is Role.ADMINISTRATOR


def require(by: Person) -> None:
    """Raises Forbidden for anybody who is no administrator."""
    if not administers(by):
        raise Forbidden("access.administrator-only")


def require_deed(by: Person, command: Command) -> None:
    """Raises Forbidden for what only administrators do, whatever there is."""
    if type(command) not in OF_A_KEEPER:
        require(by)


def keeps(by: Person, state: Subscription) -> bool:
    """As the log has it at this moment: whoever is replaced has lost it."""
    return administers(by) or state.keeper == by.account


def kept(by: Person, state: Subscription | None, code: str) -> Subscription:
    """The subscription. Raises NotFound where somebody else keeps it, as where there is none."""
    if state is None or not keeps(by, state):
        raise NotFound(code)
    return state


def may_resume(by: Person, state: Subscription) -> bool:
    """What an administrator has disabled, an administrator resumes."""
    return administers(by) or state.disabled_because is not DisabledBecause.BY_PERSON
