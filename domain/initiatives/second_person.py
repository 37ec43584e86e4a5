"""Four eyes: a deed that the procedure names needs the approval of a second person. The rule is about people: two
accounts of one human are one, and whoever acts for somebody is not a second person beside that one."""

from collections.abc import Iterable, Sequence

from domain.initiatives.approvals import Approval
from domain.initiatives.initiative import Initiative, tag_of
from domain.initiatives.moves import APPROVABLE
from domain.initiatives.procedure import CaseOccasion, Procedure
from domain.kernel import AccountId, Refusal


def standing_approvals(state: Initiative, deed: str) -> list[Approval]:
    """Approvals of a deed that have not been used up; those from before another stage have lapsed already."""
    fact = APPROVABLE.get(deed)
    done = state.standing.get(tag_of(fact)) if fact else None
    return [a for a in state.approvals if a.deed == deed and (done is None or done.version < a.version)]


def second_person_missing(state: Initiative, deed: str, procedure: Procedure) -> Refusal | None:
    if deed not in procedure.second_person or standing_approvals(state, deed):
        return None
    return Refusal("initiative.second-person-missing", {"what": deed})


def second_person_same(state: Initiative, deed: str, on: CaseOccasion) -> Refusal | None:
    """Nobody who stands behind the deed may stand behind its approval; one approval by others is enough."""
    given = standing_approvals(state, deed) if deed in on.procedures.of(state).second_person else []
    mine = humans(people_behind(on), on.one_human)
    if not given or any(mine.isdisjoint(humans(approval.people, on.one_human)) for approval in given):
        return None
    return Refusal("initiative.second-person-same", {"what": deed})


def people_behind(on: CaseOccasion) -> tuple[AccountId, ...]:
    """Who acts, and everybody for whom."""
    return (on.actor, *((on.on_behalf_of,) if on.on_behalf_of else ()), *on.also_for)


def humans(accounts: Iterable[AccountId], one_human: Sequence[frozenset[AccountId]]) -> frozenset[AccountId]:
    """The accounts with every other account of the same humans."""
    named = frozenset(accounts)
    return named.union(*(group for group in one_human if group & named))
