"""Every deed has a form, every field of its command can be reached from it, and both keep the same bounds."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from application.access import Person, Role
from domain.initiatives import events as e
from domain.initiatives.deeds import DEEDS
from domain.initiatives.initiative import evolve, fold, tag_of
from domain.initiatives.terms import EntryRule, PartyStatus, Stage
from domain.kernel import AccountId, Refused, VaultRef
from tests.domain.initiatives.stories import ADOPTED, signed
from tests.web.initiatives.samples import NO_MORE, WORDS, sample
from web.forms import KEY, Form
from web.initiatives.asking import correction_opening, leads_to, opening
from web.initiatives.commanding import correction_command
from web.initiatives.corrections import CORRECTION_FORMS, correction_questions
from web.initiatives.deed_words import DEEDS as DEED_WORDS
from web.initiatives.forms import DEED_FORMS
from web.initiatives.questions import Question
from web.initiatives.reading import read_command, read_questions
from web.language import LOCALES, language

ASKED_OTHERWISE = {"merge": {"into"}, "add-party": {"party"}, "give-task": {"task"}, "link-case": {"other"}}
"""`into` follows from the number, the name of a task from the key of its form; a
party is asked as role, partner and local government."""
FROZEN = {"number", "parties", "stage", "before_consent", "distinct_from", "distinct_because"}
FROZEN |= {"handler", "into", "into_number", "party", "procedure"}
FROZEN |= {"deed", "channel", "told_by", "register", "register_version"}
"""What a correction may not touch, and the duplicates that were seen once and for all."""
ASKED_AFTER_ALL = {e.DecisionAdopted: {"number"}, e.PartyStatusReported: {"party"}}
TWO_LINES = "Prvi red.\n\nDrugi red."
COORDINATOR = Person(AccountId(UUID(int=1)), "Jelena Marković", Role.COORDINATOR)
REASONS = {"reason", "purpose"}
"""Words of a fact that have their own history in the vault."""


def test_every_deed_has_a_form_except_those_that_follow_from_another() -> None:
    assert set(DEED_FORMS) == set(DEEDS) - {"correct", "absorb", "receive-report"}
    assert set(DEED_WORDS) == set(DEEDS)


@pytest.mark.parametrize("code", DEED_FORMS)
def test_every_field_of_a_command_can_be_reached(code: str) -> None:
    fields = set(DEEDS[code].command.__struct_fields__) - ASKED_OTHERWISE.get(code, set())
    asked = {question.name for question in DEED_FORMS[code]}
    assert fields <= asked
    assert asked - fields <= {"role", "partner", "local_government"}


@pytest.mark.parametrize("code", DEED_FORMS)
def test_what_a_command_needs_the_form_needs(code: str) -> None:
    command = DEEDS[code].command
    needed = {f.name for f in msgspec.structs.fields(command) if f.required} - ASKED_OTHERWISE.get(code, set())
    asked = {question.name for question in DEED_FORMS[code] if question.needed}
    assert needed <= asked | {"role"}


@pytest.mark.parametrize("code", DEED_FORMS)
def test_form_and_command_keep_the_same_bounds(code: str) -> None:
    hints = get_type_hints(DEEDS[code].command, include_extras=True)
    for question in DEED_FORMS[code]:
        meta = bounds(hints.get(question.name))
        if question.control == "line" and meta and meta.max_length:
            assert question.most == meta.max_length, question.name
        if question.control == "integer":
            assert meta and (question.least, question.most) == (meta.ge, meta.le), question.name


def bounds(hint: Any) -> msgspec.Meta | None:
    """The bounds of a field, looked for inside of `… | None` too."""
    if get_origin(hint) is Annotated:
        return next((extra for extra in get_args(hint)[1:] if isinstance(extra, msgspec.Meta)), None)
    return next((found for part in get_args(hint) if (found := bounds(part))), None)


@pytest.mark.parametrize("kind", get_args(e.Correctable), ids=tag_of)
def test_a_correction_asks_everything_that_may_be_put_right(kind: type[e.Correctable]) -> None:
    asked = {question.name.split(".")[0] for question in CORRECTION_FORMS[kind]}
    assert asked | FROZEN | REASONS >= {name for name in kind.__struct_fields__ if (kind, name) not in NO_MORE}
    assert not asked & FROZEN - ASKED_AFTER_ALL.get(kind, set())


@pytest.mark.parametrize("code", LOCALES)
@pytest.mark.parametrize("kind", get_args(e.Correctable), ids=tag_of)
def test_a_correction_that_changes_nothing_restates_the_same_fact(kind: type[e.Correctable], code: str) -> None:
    fact: Any = sample(kind)
    texts = {WORDS: "Jedan red." if any(q.control == "line" and q.keeps for q in CORRECTION_FORMS[kind]) else TWO_LINES}
    opened = correction_opening(fact, texts, language(code))
    form = Form([*opened.fields, ("reason", "Pogrešno prepisano."), (KEY, str(UUID(int=5)))])
    command, entries = correction_command(3, fact, form, texts)
    assert command.restated == fact
    assert [entry.text for entry in entries] == ["Pogrešno prepisano."]
    assert command.reason == entries[0].ref


OLD = e.PartyStatusReported(party="nis", status=PartyStatus.SIGNED, source="Dopis kabineta")


def corrected(fact: e.Correctable, texts: Mapping[VaultRef, str | None], **typed: str) -> tuple[Any, list[str]]:
    """What a correction restates, and the words that it brings into the vault."""
    opened = dict(correction_opening(fact, texts, language("en")).fields)
    form = Form([*(opened | typed).items(), ("reason", "Pogrešno."), (KEY, str(UUID(int=5)))])
    command, entries = correction_command(3, fact, form, texts)
    return command.restated, [entry.text for entry in entries if entry.ref != command.reason]


def test_words_that_an_old_fact_holds_itself_stay_where_they_are_until_they_change() -> None:
    assert corrected(OLD, {}, status="decided") == (replace(OLD, status=PartyStatus.DECIDED), [])
    restated, words = corrected(OLD, {}, known_from="Zapisnik")
    assert (restated.source, words) == (None, ["Zapisnik"])
    assert restated.known_from


def test_a_source_that_was_erased_is_asked_again() -> None:
    erased = e.PartyStatusReported(party="nis", status=PartyStatus.SIGNED, known_from=WORDS)
    with pytest.raises(Refused, match=r"form\.missing"):
        corrected(erased, {WORDS: None}, status="decided")
    restated, words = corrected(erased, {WORDS: None}, known_from="Zapisnik")
    assert words == ["Zapisnik"]
    assert restated.known_from not in (None, WORDS)


def test_every_question_has_a_label_in_serbian() -> None:
    questions = [q for asked in DEED_FORMS.values() for q in asked]
    questions += [q for kind in get_args(e.Correctable) for q in correction_questions(sample(kind))]  # type: ignore[arg-type]
    for question in questions:
        for message in filter(None, (question.label, question.hint)):
            assert language("sr-Cyrl").gettext(message) != message, message


def question(code: str, name: str) -> Question:
    return next(q for q in DEED_FORMS[code] if q.name == name)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", "form.missing"),
        ("   ", "form.missing"),
        ("x" * 61, "form.too-long"),
        ("06-31\u202e/2026", "form.invisible"),
        ("06\x00", "form.invisible"),
        ("06\u200b31", "form.invisible"),
    ],
)
def test_a_nasty_number_of_an_act_is_refused_at_its_field(typed: str, refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        read_questions(Form.showing(act_number=typed), DEED_FORMS["grant-consent"])
    assert [(r.code, r.field) for r in refused.value.refusals] == [(refusal, "act_number")]


@pytest.mark.parametrize("typed", ["9" * 30, "-1", "12.5", "two", "121"])
def test_a_nasty_count_is_refused_at_its_field(typed: str) -> None:
    form = Form.showing(renewal="tacit", notice_months=typed)
    with pytest.raises(Refused) as refused:
        read_questions(form, DEED_FORMS["renew"])
    assert [(r.code, r.field) for r in refused.value.refusals] == [("form.number-out-of-range", "notice_months")]


def test_every_mistake_is_named_at_once() -> None:
    form = Form.showing(occurred_on="31. 2. 2026.", place="x" * 201, instrument="treaty", languages=["sr", "xx"])
    with pytest.raises(Refused) as refused:
        read_questions(form, DEED_FORMS["sign-agreement"])
    assert {r.field for r in refused.value.refusals} == {"occurred_on", "place", "instrument", "languages"}


def test_a_command_carries_only_references_and_the_words_go_apart() -> None:
    form = Form([("reason", "Zašto?\r\nZato."), (KEY, str(UUID(int=5)))])
    command, entries = read_command(form, DEED_FORMS["decline"], DEEDS["decline"].command)
    assert [entry.text for entry in entries] == ["Zašto?\nZato."]
    assert getattr(command, "reason", None) == entries[0].ref


def test_an_account_that_is_no_id_is_refused_at_its_field() -> None:
    with pytest.raises(Refused) as refused:
        read_command(Form.showing(handler="me"), DEED_FORMS["name-handler"], DEEDS["name-handler"].command)
    assert refused.value.refusals[0].field == "handler"


@pytest.mark.parametrize(
    ("rule", "typed"),
    [
        (EntryRule.EIGHTH_DAY_AFTER_PUBLICATION, ("eighth_day_after_publication", "16. 3. 2026.")),
        (EntryRule.ON_RECEIPT_OF_CONSENT, ("on_receipt_of_consent", "17. 3. 2026.")),
        (None, ("", "17. 3. 2026.")),
    ],
)
def test_the_entry_into_force_opens_with_the_rule_of_the_decision_and_its_day(
    rule: EntryRule | None, typed: tuple[str, str]
) -> None:
    state = fold(replace(fact, entry_rule=rule) if fact is ADOPTED else fact for fact in signed())
    assert state is not None
    form = opening("enter-into-force", state, COORDINATOR, language("sr-Latn"), date(2026, 3, 17))
    assert (form.value("rule"), form.value("occurred_on")) == typed


def test_a_deed_says_where_it_leads() -> None:
    state = evolve(None, sample(e.InitiativeProposed))  # type: ignore[arg-type]
    assert leads_to("coordinate", state) is Stage.COORDINATING
    assert leads_to("add-remark", state) is None
