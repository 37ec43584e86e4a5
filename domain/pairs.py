"""Pairs of a local government and a partner: who has taken one up."""

from uuid import UUID

from domain.kernel import Fact


class PairTakenUp(Fact, frozen=True, kw_only=True, tag="pair.taken-up"):
    """A case took up a local government together with a partner. It stands in the pair's own stream, where two cases
    that take up one pair at the same moment meet. Cases that were entered from other records leave none."""

    local_government: str
    """Code of the local government."""
    partner: UUID
    """The partner's file that goes on, at that moment."""
    case: UUID
    """Stream of the case."""
    case_number: str
    """Number of the case."""
