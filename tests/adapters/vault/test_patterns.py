"""A folded word finds what it was folded from, in either script, in the database as in Python."""

import re

import psycopg
import pytest

from adapters.vault.patterns import pattern
from application.script import fold

SPELLINGS = [
    ("Đorđević", "ЂОРЂЕВИЋ", "Djordjevic", "đorđević", "Đorđevic\u0301"),
    ("Ljubica", "Љубица", "LJUBICA", "љубица"),
    ("Njegoš", "Његош", "njegos"),
    ("Džajić", "Џајић", "DZAJIC"),
    ("Željka", "Жељка", "ZELJKA", "zeljka"),
    ("O'Brien", "O’Brien", "obrien", "OBRIEN"),
    ("Müller", "MULLER", "Mu\u0308ller", "müller"),
    ("Łukasz", "lukasz", "LUKASZ"),
    ("Strauß", "STRAUSS", "strauss"),
    ("Ananjja", "Анањја"),
    ("Injac", "Инјац", "Ињац"),
    ("Yıldız", "YILDIZ", "yildiz"),
    ("Ștefănescu", "Ştefănescu", "stefanescu"),
    ("Щербаков", "scerbakov"),
]
PAIRS = [(typed, written) for names in SPELLINGS for typed in names for written in names]


@pytest.mark.parametrize(("typed", "written"), PAIRS)
def test_every_spelling_finds_every_other(typed, written):
    assert re.search(pattern(fold(typed)), f"Звао је {written}, јуче")


def test_nothing_else_is_found():
    assert not re.search(pattern(fold("Petrović")), "Петровац на Млави")
    assert not re.search(pattern(fold("a.b")).replace(" ", ""), "axb")


def test_the_database_reads_them_in_the_same_way(database):
    with psycopg.connect(database.url) as connection:
        for typed, written in PAIRS:
            found = connection.execute("SELECT %s::text ~ ALL(%s)", (written, [pattern(fold(typed))])).fetchone()
            assert found == (True,), (typed, written)


@pytest.mark.parametrize("word", ["ja" * 30, "njuja" * 12, "lj" * 30, "dzss" * 15])
def test_a_pattern_stays_short(word):
    assert len(pattern(word)) < 30_000
