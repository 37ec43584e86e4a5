"""A rule says no by a code; a person reads a sentence."""

import ast
from pathlib import Path

import pytest

from application.importing_report import MESSAGES
from domain.kernel import Refusal
from web.language import LOCALES, language
from web.refusals import SENTENCES, sentence

ROOT = Path(__file__).parents[2]
NAMES = {"Refusal", "Forbidden"}


def codes() -> set[str]:
    """Every code that is written out in a call of Refusal or Forbidden."""
    found: set[str] = set()
    for layer in ("domain", "application", "web"):
        for path in (ROOT / layer).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(code)), *_]) if name in NAMES:
                        found.add(code)
    return found


def test_every_code_has_a_sentence() -> None:
    assert len(codes()) > 50
    assert sorted(codes() - SENTENCES.keys() - MESSAGES.keys()) == []


@pytest.mark.parametrize("code", LOCALES)
def test_parameters_are_shown_as_the_reader_reads_them(code: str) -> None:
    wrong_stage = Refusal("initiative.wrong-stage", {"stage": "drafting", "deed": "publish"})
    assert (
        sentence(wrong_stage, language(code))
        == {
            "sr-Latn": "To se ne radi u fazi „Izrada nacrta“.",
            "sr-Cyrl": "То се не ради у фази „Израда нацрта“.",
            "en": "This is not done in the stage “Drafting”.",
        }[code]
    )


def test_dates_are_written_out() -> None:
    running = Refusal("initiative.term-running", {"ends_on": "2027-03"})
    assert sentence(running, language("en")) == "The agreement still lasts until March 2027."
    assert sentence(running, language("sr-Latn")) == "Sporazum još traje, do mart 2027."


def test_what_was_typed_is_not_taken_for_a_date() -> None:
    assert "2026-03-01 oko podne" in sentence(
        Refusal("date.unclear", {"typed": "2026-03-01 oko podne"}), language("en")
    )


def test_an_unknown_code_gets_a_general_sentence_that_names_it() -> None:
    assert "party.invented" in sentence(Refusal("party.invented"), language("sr-Latn"))


def test_a_sentence_without_its_parameter_falls_back() -> None:
    assert "form.too-long" in sentence(Refusal("form.too-long"), language("en"))


def test_percent_signs_in_parameters_do_no_harm() -> None:
    assert "100%(x)s%" in sentence(Refusal("partner.exists", {"name": "100%(x)s%"}), language("en"))
