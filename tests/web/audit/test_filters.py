"""The filters of the log as an address."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from adapters.recording.topics import published
from application.auditing import FactQuery
from domain.initiatives.initiative import tag_of
from domain.initiatives.terms import Stage
from web.audit.filters import KIND_GROUPS, KINDS, facts_behind, group_of, readable
from web.forms import Form


def test_every_kind_of_fact_can_be_asked_for_and_belongs_to_a_group() -> None:
    published_kinds = {tag_of(fact) for fact in published().topic_of}
    assert published_kinds == KINDS.keys()
    assert {group_of(kind) for kind in KINDS} == KIND_GROUPS.keys()


@pytest.mark.parametrize("group", KIND_GROUPS)
def test_a_group_stands_for_its_kinds(group: str) -> None:
    query, asked = readable(Form([("kind", group)]), ())
    assert asked.refusals == ()
    assert set(query.kinds) == {kind for kind in KINDS if group_of(kind) == group}


def test_months_and_years_stand_for_their_first_and_last_day() -> None:
    query, _ = readable(Form([("from", "februar 2024"), ("to", "2. 2024")]), ())
    assert (query.since, query.until) == (date(2024, 2, 1), date(2024, 2, 29))


def test_the_address_behind_a_figure_is_read_as_it_was_meant() -> None:
    address = facts_behind(since=date(2026, 1, 1), until=date(2026, 1, 31), kind="corrections", left=Stage.DRAFTING)
    query, asked = readable(Form(parse_qsl(urlsplit(address).query)), ())
    assert asked.refusals == ()
    assert query == FactQuery(
        since=date(2026, 1, 1), until=date(2026, 1, 31), kinds=("initiative.corrected",), left=Stage.DRAFTING
    )
