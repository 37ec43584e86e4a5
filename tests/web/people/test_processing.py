"""The register of processing leaves out no table and no kind of text, and names none that is gone."""

import typing

import psycopg
import pytest

from application.ports import VaultKind
from tests.conftest import Database
from tests.web.casework_stack import Browser, Stack
from web.admin.processing import ACTIVITIES, WITHOUT_PERSONS
from web.language import LOCALES, language


def test_every_table_is_in_the_register_or_holds_nothing_about_a_person(database: Database, stack: Stack) -> None:
    asked = """
        SELECT DISTINCT CASE WHEN schemaname ~ '^views' THEN 'views' WHEN schemaname = 'past' THEN 'past'
            ELSE schemaname || '.' || tablename END
        FROM pg_tables WHERE schemaname !~ '^pg_|^information_schema$'
    """
    assert stack.made.read_side.views.caught_up(0, 20)
    with psycopg.connect(database.owner_url) as connection:
        there = {name for (name,) in connection.execute(asked).fetchall()}
    named = {table for activity in ACTIVITIES for table in activity.tables} | WITHOUT_PERSONS | {"vault.entries"}
    assert sorted(there - named) == [], "tables about which the register says nothing"
    assert sorted(named - there) == [], "tables that are gone"


def test_no_table_is_both() -> None:
    assert WITHOUT_PERSONS.isdisjoint(table for activity in ACTIVITIES for table in activity.tables)


def test_every_kind_of_text_is_in_the_register() -> None:
    assert {kind for activity in ACTIVITIES for kind in activity.vault} == set(typing.get_args(VaultKind))


@pytest.mark.parametrize("code", LOCALES)
def test_the_page_says_all_of_it_in_every_language(administrator: Browser, code: str) -> None:
    administrator.speaks(code)
    page = administrator.open("/admin/processing").words
    for activity in ACTIVITIES:
        for text in (activity.title, activity.whose, activity.what, activity.why, activity.ground, activity.kept):
            assert language(code).gettext(text) in page
    administrator.speaks("en")
