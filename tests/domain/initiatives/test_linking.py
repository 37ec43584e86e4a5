"""Links between cases, as one of the two sees them."""

from uuid import UUID

import pytest

from domain.initiatives import events as e
from domain.initiatives.decisions.linking import MOST_LINKS, LinkCase, UnlinkCase
from domain.initiatives.initiative import fold
from domain.initiatives.links import INVERSE, Link, LinkedCase
from tests.domain.initiatives.stories import active
from tests.domain.specification import WORDS, given, proposed

OTHER = UUID(int=61)


def linked(link: Link = Link.CONTINUES, other: UUID = OTHER) -> e.CaseLinked:
    return e.CaseLinked(other=other, other_number="2019-0007", link=link)


UNLINKED = e.CaseUnlinked(other=OTHER, other_number="2019-0007", link=Link.CONTINUES)


def ask(link: Link = Link.CONTINUES, number: str = "2019-0007") -> LinkCase:
    return LinkCase(other=OTHER, other_number=number, link=link)


def test_a_case_is_linked_and_unlinked() -> None:
    state = given(*active()).when(ask()).then(linked())
    assert state.links == (LinkedCase(OTHER, "2019-0007", Link.CONTINUES),)
    assert given(*active(), linked()).when(UnlinkCase(other=OTHER)).then(UNLINKED).links == ()


def test_two_cases_have_one_link() -> None:
    given(proposed(), linked(), e.RemarkAdded(remark=WORDS)).when(ask()).then()
    given(proposed(), linked()).when(ask(Link.BELONGS_TOGETHER)).then_refused("initiative.linked-otherwise")
    given(proposed(), linked(), UNLINKED).when(ask(Link.LED_TO)).then(linked(Link.LED_TO))


def test_a_case_is_not_linked_to_itself() -> None:
    given(proposed()).when(ask(number="2026-0009")).then_refused("initiative.linked-to-itself")


def test_what_is_not_linked_cannot_be_unlinked() -> None:
    given(proposed()).when(UnlinkCase(other=OTHER)).then_refused("initiative.not-linked")
    given(proposed(), linked(other=UUID(int=62))).when(UnlinkCase(other=OTHER)).then_refused("initiative.not-linked")
    given(proposed(), linked(), UNLINKED).when(UnlinkCase(other=OTHER)).then()


def test_there_is_an_end_to_links() -> None:
    full = (proposed(), *(linked(other=UUID(int=100 + n)) for n in range(MOST_LINKS)))
    given(*full).when(ask()).then_refused("initiative.too-many-links")


@pytest.mark.parametrize("link", Link)
def test_a_link_seen_from_the_other_side_and_back_is_the_same(link: Link) -> None:
    assert INVERSE[INVERSE[link]] is link


def test_a_link_is_in_nobodys_way() -> None:
    state = fold([*active(), linked(), UNLINKED])
    assert state is not None
    assert state.only_remarks_since(len(active()))
