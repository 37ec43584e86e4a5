"""Links between cases. The use case records the other end in the other case, in the same save."""

from typing import Final
from uuid import UUID

from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative
from domain.initiatives.links import Link
from domain.kernel import Command, Occasion, Refusal, Refused
from domain.words import CaseNumber

MOST_LINKS: Final = 30
"""Linked cases of one case; more would be a list that nobody reads."""


class LinkCase(Command, frozen=True, kw_only=True):
    other: UUID
    other_number: CaseNumber
    link: Link


class UnlinkCase(Command, frozen=True, kw_only=True):
    other: UUID


def link_case(state: Initiative, command: LinkCase, on: Occasion) -> list[e.InitiativeEvent]:
    if command.other_number == state.number:
        raise Refused(Refusal("initiative.linked-to-itself", field="other_number"))
    known = next((linked for linked in state.links if linked.case == command.other), None)
    if known and known.link is not command.link:
        raise Refused(Refusal("initiative.linked-otherwise", {"number": known.number}, "other_number"))
    linked = e.CaseLinked(other=command.other, other_number=command.other_number, link=command.link)
    return [] if known else [linked]


def unlink_case(state: Initiative, command: UnlinkCase, on: Occasion) -> list[e.InitiativeEvent]:
    if isinstance(state.newest, e.CaseUnlinked) and state.newest.other == command.other:
        return [state.newest]
    known = next((linked for linked in state.links if linked.case == command.other), None)
    if known is None:
        raise Refused(Refusal("initiative.not-linked", field="other"))
    return [e.CaseUnlinked(other=known.case, other_number=known.number, link=known.link)]


def a_case_is_linked(state: Initiative, on: Occasion) -> Refusal | None:
    return None if state.links else Refusal("initiative.not-linked")


def room_for_a_link(state: Initiative, on: Occasion) -> Refusal | None:
    return Refusal("initiative.too-many-links", {"most": MOST_LINKS}) if len(state.links) >= MOST_LINKS else None
