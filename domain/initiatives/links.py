"""How cases belong together: links that both of them hold, each from its own side."""

from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from domain.kernel import Fact


class Link(StrEnum):
    """What a case is to another one."""

    CONTINUES = "continues"
    CONTINUED_BY = "continued_by"
    BELONGS_TOGETHER = "belongs_together"
    ARISES_FROM_VISIT = "arises_from_visit"
    LED_TO = "led_to"
    """A visit of this case led to the other one."""


INVERSE: Final = {
    Link.CONTINUES: Link.CONTINUED_BY,
    Link.CONTINUED_BY: Link.CONTINUES,
    Link.BELONGS_TOGETHER: Link.BELONGS_TOGETHER,
    Link.ARISES_FROM_VISIT: Link.LED_TO,
    Link.LED_TO: Link.ARISES_FROM_VISIT,
}
"""The same link from the other side."""


class LinkedCase(msgspec.Struct, frozen=True):
    case: UUID
    number: str
    link: Link


class CaseLinked(Fact, frozen=True, kw_only=True, tag="initiative.linked"):
    """It was said how the case belongs to another one, which holds the same link from its side."""

    other: UUID
    other_number: str
    link: Link
    """What this case is to the other one."""


class CaseUnlinked(Fact, frozen=True, kw_only=True, tag="initiative.unlinked"):
    """The link was taken away in both cases."""

    other: UUID
    other_number: str
    link: Link
    """What this case was to the other one."""


LinkFact = CaseLinked | CaseUnlinked


def after(links: tuple[LinkedCase, ...], fact: LinkFact) -> tuple[LinkedCase, ...]:
    """The links of a case after one more fact."""
    others = tuple(linked for linked in links if linked.case != fact.other)
    return (*others, LinkedCase(fact.other, fact.other_number, fact.link)) if isinstance(fact, CaseLinked) else others
