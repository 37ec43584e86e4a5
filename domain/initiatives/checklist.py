"""What the usual deed of a stage still needs, by the rules that would refuse it: papers, particulars, and the rest."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from domain.initiatives.deeds import DEEDS, offer
from domain.initiatives.initiative import Initiative
from domain.initiatives.policies import has_document
from domain.initiatives.procedure import CaseOccasion, Document
from domain.kernel import Refusal

GIVEN_BY: Final[Mapping[Document, str]] = {
    Document.INFORMATION: "give-support",
    Document.PARTNER_PROFILE: "give-support",
    Document.MODEL_DOCUMENTS: "give-support",
    Document.LETTER_OF_INTENT: "sign-letter-of-intent",
    Document.REVIEWED_DRAFT: "review-draft",
}
"""The deed that records each paper."""
_OF_PAPERS: Final = frozenset(
    {"initiative.support-missing", "initiative.letter-of-intent-missing", "initiative.draft-not-reviewed"}
)


class Checklist(msgspec.Struct, frozen=True, kw_only=True):
    deed: str
    """The usual deed of the stage."""
    papers: Sequence[tuple[Document, bool]]
    """Those that it needs, and whether each is there."""
    particulars: Sequence[str]
    """What its form has to say, by the names of its fields."""
    refusals: Sequence[Refusal]
    """What else stands against it."""


def checklist(state: Initiative, on: CaseOccasion) -> Checklist | None:
    """None at a stage that the procedure does not lead on from."""
    step = on.procedures.of(state).steps.get(state.stage)
    if step is None:
        return None
    against = offer(DEEDS[step.deed], state, on).refusals
    return Checklist(
        deed=step.deed,
        papers=[(document, has_document(state, document)) for document in step.documents],
        particulars=step.fields,
        refusals=[refusal for refusal in against if refusal.code not in _OF_PAPERS],
    )
