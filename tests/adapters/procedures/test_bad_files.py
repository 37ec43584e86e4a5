"""A file that cannot be used is refused with its line, and with what would mend it."""

import re
import time

import pytest

from adapters.procedures.lines import Lines
from adapters.procedures.reading import MOST_FLAWS, read_procedure
from adapters.procedures.shelf import shipped
from domain.initiatives.procedure import Counted, Deadline, Start
from domain.initiatives.terms import Stage
from domain.kernel import Refused
from web.language import language
from web.refusals import GENERAL, SENTENCES, sentence

GOOD = next(version.text for version in shipped() if version.procedure.pin == "twinning@1")
AT = "[stages.drafting]\n"
DEADLINE = 'deadline = { days = 60, counts = "calendar", from = "recording" }'


def changed_lines(text: str) -> range:
    """Where the text differs from the good one."""
    good, lines = GOOD.splitlines(), text.splitlines()
    first = next(n for n, line in enumerate(lines) if n >= len(good) or line != good[n])
    last = next(n for n in range(len(lines)) if lines[-1 - n] != good[-1 - n])
    return range(first + 1, max(first + 1, len(lines) - last) + 1)


def in_drafting(old: str, new: str) -> str:
    """Replace within the stage of drafting."""
    start = GOOD.index(AT)
    assert old in GOOD[start:], old
    return GOOD[:start] + GOOD[start:].replace(old, new, 1)


def bad(old: str, new: str) -> str:
    assert old in GOOD, old
    return GOOD.replace(old, new, 1)


def without(stage: str) -> str:
    return re.sub(rf"\[stages\.{stage}\]\n(?:.+\n)+\n?", "", GOOD)


ACTOR = 'actor = "assembly"'
CASES: dict[str, tuple[str, str]] = {
    "broken syntax": (bad('code = "twinning"', "code = "), "not-toml"),
    "a key twice": (bad("version = 1", 'version = 1\ncode = "twinning"'), "not-toml"),
    "unknown stage": (bad("[stages.drafting]", "[stages.draftin]"), "unknown-stage"),
    "final stage": (bad("[stages.dormant]", "[stages.expired]"), "unknown-stage"),
    "unknown deed": (in_drafting('"adopt-decision"', '"adopt-decisions"'), "unknown-deed"),
    "deed of another stage": (in_drafting('"adopt-decision"', '"publish"'), "deed-leads-nowhere"),
    "deed that stays": (in_drafting('"adopt-decision"', '"review-draft"'), "deed-leads-nowhere"),
    "deed that ends": (in_drafting('"adopt-decision"', '"terminate"'), "deed-ends"),
    "consent left out": (bad('"request-consent"', '"sign-agreement"'), "consent-skipped"),
    "gazette left out": (bad('deed = "publish"', 'deed = "sign-agreement"'), "publication-skipped"),
    "loop": (bad('deed = "record-opinion"', 'deed = "return-file"'), "loop"),
    "unknown key": (in_drafting(ACTOR, f"{ACTOR}\nactors = 3"), "unknown-key"),
    "unknown key within": (in_drafting("days = 60,", "days = 60, dayz = 5,"), "unknown-key"),
    "unknown key of the file": (bad("version = 1", "version = 1\nformat = 3"), "unknown-key"),
    "no English": (in_drafting(re.search(r"^text .*$", GOOD[GOOD.index(AT) :], re.M)[0], 'text = { sr = "Текст" }'),
                   "translation-missing"),
    "no Serbian": (bad('title = { sr = "Братимљење", en', "title = { en"), "translation-missing"),
    "Serbian in Latin": (bad("Братимљење", "Bratimljenje"), "not-cyrillic"),
    "deadline without a start": (in_drafting(', from = "recording"', ""), "start-missing"),
    "unknown start": (in_drafting('from = "recording"', 'from = "noon"'), "unknown-word"),
    "pause at an unknown stage": (in_drafting("days = 60,", 'days = 60, pauses = ["returnd"],'), "unknown-word"),
    "pause elsewhere": (in_drafting("days = 60,", 'days = 60, pauses = ["returned"],'), "pause-out-of-place"),
    "pause twice": (bad("days = 15,", 'days = 15, pauses = ["suspended", "suspended"],'), "twice"),
    "no days": (in_drafting("days = 60", "days = 0"), "bad-number"),
    "too many days": (in_drafting("days = 60", "days = 99999"), "bad-number"),
    "days in words": (in_drafting("days = 60", 'days = "sixty"'), "bad-number"),
    "days as a truth": (in_drafting("days = 60", "days = true"), "bad-number"),
    "version as text": (bad("version = 1", 'version = "one"'), "bad-number"),
    "actor as number": (in_drafting(ACTOR, "actor = 3"), "wrong-type"),
    "unknown actor": (in_drafting(ACTOR, 'actor = "mayor"'), "unknown-word"),
    "deadline as number": (in_drafting(DEADLINE, "deadline = 60"), "wrong-type"),
    "truth as text": (bad("consent_required = true", 'consent_required = "yes"'), "wrong-type"),
    "unknown code": (bad('code = "twinning"', 'code = "marriage"'), "unknown-word"),
    "unknown clause": (bad('"on_consent"', '"on_monday"'), "unknown-word"),
    "a clause twice": (bad('  "on_receipt_of_consent",', '  "on_consent",'), "twice"),
    "unknown paper": (in_drafting('"reviewed_draft"', '"birth_certificate"'), "unknown-word"),
    "paper of another stage": (in_drafting('"reviewed_draft"', '"partner_profile"'), "document-out-of-place"),
    "unknown particular": (in_drafting('"foreign_state"', '"colour"'), "unknown-word"),
    "notice out of place": (in_drafting(ACTOR, f"{ACTOR}\nnotice_months = 3"), "notice-out-of-place"),
    "days of a term": (bad("notice_months = 3", f"notice_months = 3\n{DEADLINE}"), "notice-instead-of-days"),
    "reminder too early": (in_drafting(ACTOR, f"{ACTOR}\nreminders = [61]"), "reminder-too-early"),
    "reminder without deadline": (bad('deed = "reopen-drafting"', 'deed = "reopen-drafting"\nreminders = [3]'),
                                  "reminder-without-deadline"),
    "months of a stage without a term": (in_drafting(ACTOR, f"{ACTOR}\nconfirm_months = 3"), "months-out-of-place"),
    "dormant before it is asked": (bad("notice_months = 3", "notice_months = 3\ndormant_months = 6"),
                                   "dormant-before-confirm"),
    "escalated in words": (in_drafting(ACTOR, f'{ACTOR}\nescalate_after = "soon"'), "bad-number"),
    "empty text": (bad('en = "Town twinning"', 'en = " "'), "bad-text"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_refused_at_its_line(name: str) -> None:
    text, code = CASES[name]
    with pytest.raises(Refused) as refused:
        read_procedure(text, "twinning-2.toml")
    found = [r for r in refused.value.refusals if r.code == f"procedure.{code}"]
    assert found, refused.value.refusals
    assert found[0].params["line"] in changed_lines(text), found[0]
    assert found[0].params["file"] == "twinning-2.toml"


@pytest.mark.parametrize("stage", ["decided", "opinions", "consent_refused", "active"])
def test_a_stage_of_the_road_cannot_be_left_out(stage: str) -> None:
    text = without(stage)
    with pytest.raises(Refused) as refused:
        read_procedure(text, "x.toml")
    assert [(r.code, r.params["stage"]) for r in refused.value.refusals] == [("procedure.stage-missing", stage)]


@pytest.mark.parametrize("stage", ["letter_of_intent", "suspended", "returned", "dormant"])
def test_a_stage_beside_the_road_can(stage: str) -> None:
    assert Stage(stage) not in read_procedure(without(stage), "x.toml").steps


@pytest.mark.parametrize("stage", ["coordinating", "drafting"])
def test_a_letter_of_intent_is_asked_for_only_where_it_can_be_signed(stage: str) -> None:
    asked = without("letter_of_intent")
    start = asked.index(f"[stages.{stage}]")
    asked = asked[:start] + re.sub(r"documents = \[[^]]*\]", 'documents = ["letter_of_intent"]', asked[start:], count=1)
    with pytest.raises(Refused) as refused:
        read_procedure(asked, "x.toml")
    line = asked[: asked.index('["letter_of_intent"]')].count("\n") + 1
    found = [(r.code, r.params["stage"], r.params["line"]) for r in refused.value.refusals]
    assert found == [("procedure.stage-missing", "letter_of_intent", line)]


def test_every_flaw_is_told_at_once() -> None:
    text = GOOD.replace("days = 60", "days = 0").replace('"ministry"', '"minister"')
    with pytest.raises(Refused) as refused:
        read_procedure(text, "x.toml")
    assert [r.code for r in refused.value.refusals] == ["procedure.bad-number", "procedure.unknown-word"]


@pytest.mark.parametrize("locale", ["sr-Cyrl", "sr-Latn", "en"])
@pytest.mark.parametrize("name", CASES)
def test_every_flaw_has_a_sentence_in_every_language(name: str, locale: str) -> None:
    with pytest.raises(Refused) as refused:
        read_procedure(CASES[name][0], "x.toml")
    for refusal in refused.value.refusals:
        assert refusal.code in SENTENCES
        assert sentence(refusal, language(locale)) != language(locale).gettext(GENERAL) % {"code": refusal.code}


NASTY = {
    "a number that nobody reads": GOOD.replace("version = 1", "version = " + "9" * 5_000),
    "a number that nobody writes": GOOD.replace("version = 1", "version = 0x" + "f" * 5_000),
    "no number": GOOD.replace("version = 1", "version = nan"),
    "a day": GOOD.replace("version = 1", "version = 2026-03-17"),
    "deep": "a = " + "[" * 20_000,
    "many entries": GOOD.replace('fields = ["handler"]', "fields = [" + '"handler", ' * 5_000 + "]"),
    "many keys": "\n".join(f"k{n} = {n}" for n in range(9_000)) + "\n" + GOOD,
    "strange letters": GOOD.replace("Town twinning", "Town\u202etwinning"),
    "deep keys for a number": GOOD.replace("version = 1", "version." + ".".join("a" * 3_000) + " = 1"),
    "a key of too many parts": GOOD + "[" + ".".join("a" * 90_000) + "]\n",
    "many keys below a deep table": GOOD + "[" + ".".join("a" * 45_000) + "]\n" + "a = 1\n" * 20_000,
    "tables for texts": GOOD.replace('fields = ["handler"]', "fields = [{ a = 1 }, { a = 1 }]"),
}


@pytest.mark.parametrize("name", NASTY)
def test_what_is_meant_to_harm_is_refused_soon(name: str) -> None:
    begin = time.perf_counter()
    with pytest.raises(Refused) as refused:
        read_procedure(NASTY[name], "x.toml")
    assert 1 <= len(refused.value.refusals) <= MOST_FLAWS
    assert time.perf_counter() - begin < 5
    for refusal in refused.value.refusals:
        assert sentence(refusal, language("en"))


@pytest.mark.parametrize(
    "text", ["", "\n", "a = 1", "stages = 3", '[stages]\nproposed = "x"', "[[stages]]", "a" * 300_000]
)
def test_what_is_no_procedure_at_all_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_procedure(text, "x.toml")


def test_the_format_names_what_a_deadline_counts_from() -> None:
    text = GOOD.replace('{ days = 60, counts = "calendar", from = "recording" }',
                        '{ from = "fact", counts = "calendar", days = 45 }')  # fmt: skip
    assert read_procedure(text, "x").steps[Stage.DRAFTING].deadline == Deadline(45, Start.FACT, Counted.CALENDAR)


def test_lines_are_found_behind_long_texts_and_in_tables_within_lines() -> None:
    lines = Lines('a = """\nb = 1\n[c]\n"""\n\n[t.u]\nd = { e = "x, f = 1", "g" = { h = 2 } }\n"i" . j = 3\n')
    assert [lines.of(p) for p in (("b",), ("t", "u", "d", "g"), ("t", "u", "i", "j"), ("t", "zzz"))] == [1, 7, 8, 6]


def test_lines_end_where_the_reader_ends_them() -> None:
    text = ("# one\u2028line\x85\n" + GOOD).replace("days = 60", "days = 0", 1)
    with pytest.raises(Refused) as refused:
        read_procedure(text, "x.toml")
    line = text[: text.index("days = 0")].count("\n") + 1
    assert [r.params["line"] for r in refused.value.refusals] == [line]
