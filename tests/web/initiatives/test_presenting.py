"""Every fact can be told to a reader of each language, and nothing that it says is left out."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

import pytest

from adapters.reference.units import local_governments
from application.accounts import Account
from domain.initiatives import events as e
from domain.initiatives.initiative import tag_of
from domain.kernel import Fact, VaultRef
from tests.procedures import SHIPPED
from tests.web.initiatives.samples import FACTS, HANDLER, WORDS, sample
from web.initiatives.labels import LABELS, OWN_LABELS, label_of
from web.initiatives.naming import Names
from web.initiatives.presenting import Teller
from web.initiatives.sentences import GROUPS, SENTENCES
from web.initiatives.words import WORDS as VOCABULARIES
from web.language import LOCALES, language

SAID_ELSEWHERE = {"occurred_on", "corrects", "restated", "into", "duplicate", "distinct_from", "partner"}
"""In the clocks, as a link, or beside in words."""


class NoAccounts:
    def lately(self) -> dict[UUID, Account]:
        return {}

    def all(self) -> list[Account]:
        return []


def teller(code: str, texts: Mapping[VaultRef, str | None]) -> Teller:
    return Teller(Names(language(code), local_governments(), NoAccounts(), SHIPPED), texts, {})  # pyright: ignore[reportArgumentType] - only these are asked


@pytest.mark.parametrize("code", LOCALES)
@pytest.mark.parametrize("kind", FACTS, ids=tag_of)
def test_every_fact_has_a_sentence_in_every_language(kind: type[Fact], code: str) -> None:
    told = teller(code, {WORDS: "words"}).tell(sample(kind))
    assert told.title
    assert (told.title == SENTENCES[tag_of(kind)].text) == (code == "en")
    assert told.group in GROUPS


@pytest.mark.parametrize("kind", FACTS, ids=tag_of)
def test_every_particular_of_a_fact_is_told(kind: type[Fact]) -> None:
    fact = sample(kind)
    shown = " ".join(f"{line.label} {line.value}" for line in teller("en", {WORDS: "own words"}).lines(fact))
    for name in set(kind.__struct_fields__) - SAID_ELSEWHERE - {"number", "term", "gazette", "parties"}:
        assert label_of(tag_of(kind), name) in (*LABELS.values(), *OWN_LABELS.values()), name
    for name in kind.__struct_fields__:
        if isinstance(value := getattr(fact, name), str) and value.startswith("words of"):
            assert value in shown
    if any(getattr(fact, name) == WORDS for name in kind.__struct_fields__):
        assert "own words" in shown
    if any(getattr(fact, name) == HANDLER for name in kind.__struct_fields__):
        assert "Unknown account" in shown


def test_erased_words_are_told_as_erased_and_withheld_ones_not_at_all() -> None:
    fact = e.RemarkAdded(remark=WORDS)
    assert [line.value for line in teller("en", {WORDS: None}).lines(fact)] == [None]
    assert list(teller("en", {}).lines(fact)) == []


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda vocabulary: vocabulary.__name__)
def test_every_word_of_a_vocabulary_is_there_and_translated(vocabulary: type[StrEnum]) -> None:
    words = VOCABULARIES[vocabulary]
    assert set(words) == set(vocabulary)
    for message in words.values():
        assert language("sr-Cyrl").gettext(message) != message or "%(name)s" in message


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("sr-Latn", "Gradska opština Sevojno (Užice)"),
        ("sr-Cyrl", "Градска општина Севојно (Ужице)"),
        ("en", "City municipality of Sevojno (Užice)"),
    ],
)
def test_a_home_name_is_written_in_the_script_of_the_reader(code: str, expected: str) -> None:
    units = local_governments()
    found = units.find("Sevojno")
    assert found is not None
    assert teller(code, {}).names.unit(found.code) == expected
