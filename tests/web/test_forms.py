"""Fields are read one by one; every refused one is named at once, and nothing that was typed is lost."""

from datetime import date
from enum import StrEnum

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel import Refusal, Refused
from domain.words import Line
from web.forms import Form, kept_fields


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def codes(form: Form, read: str, *args: object, **more: object) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as refused, form.reading() as reader:
        getattr(reader, read)(*args, **more)
    return [(refusal.code, refusal.field) for refusal in refused.value.refusals]


def test_a_good_form_is_read() -> None:
    form = Form([
        ("name", "  Gravina   in Puglia "), ("why", "one\r\ntwo\n"), ("on", "1. 3. 2026."), ("since", "mart 2026"),
        ("colour", "red"), ("any", "blue"), ("any", "red"), ("any", "blue"), ("years", " 12 "), ("sure", "1"),
    ])  # fmt: skip
    with form.reading() as read:
        assert read.line("name") == "Gravina in Puglia"
        assert read.text("why") == "one\ntwo"
        assert read.day("on") == date(2026, 3, 1)
        assert read.date("since") == "2026-03"
        assert read.choice("colour", Colour) is Colour.RED
        assert read.choices("any", Colour) == (Colour.RED, Colour.BLUE)
        assert read.number("years", least=0, most=50) == 12
        assert read.ticked("sure")
        assert not read.ticked("unsure")
        assert read.line_or_none("absent") is None
        assert read.date_or_none("absent") is None
        assert read.choice_or_none("absent", Colour) is None
        assert read.number_or_none("absent", least=0, most=1) is None


@pytest.mark.parametrize(
    ("typed", "read", "more", "code"),
    [
        ("", "line", {}, "form.missing"),
        (" \t ", "line", {}, "form.missing"),
        ("x" * 201, "line", {}, "form.too-long"),
        ("a\0b", "line", {}, "form.invisible"),
        ("a\u202eb", "text", {}, "form.invisible"),
        ("a\ud800b", "text", {}, "form.invisible"),
        ("", "date", {}, "form.missing"),
        ("31. 2. 2026.", "date", {}, "date.impossible"),
        ("juče", "date_or_none", {}, "date.unclear"),
        ("mart 2026", "day", {}, "form.day-missing"),
        ("9" * 30, "number", {"least": 0, "most": 9}, "form.number-out-of-range"),
        ("1.5", "number", {"least": 0, "most": 9}, "form.number-out-of-range"),
        ("٣", "number", {"least": 0, "most": 9}, "form.number-out-of-range"),
        ("-1", "number_or_none", {"least": 0, "most": 9}, "form.number-out-of-range"),
        ("", "number", {"least": 0, "most": 9}, "form.missing"),
        ("", "secret", {}, "form.missing"),
    ],
)
def test_a_field_is_refused_with_a_code(typed: str, read: str, more: dict[str, int], code: str) -> None:
    assert codes(Form([("field", typed)]), read, "field", **more) == [(code, "field")]


def test_choices_that_were_not_offered_are_refused() -> None:
    assert codes(Form([("c", "green")]), "choice", "c", Colour) == [("form.choice-unknown", "c")]
    assert codes(Form([("c", "")]), "choice", "c", Colour) == [("form.choice-missing", "c")]
    assert codes(Form([("c", "red"), ("c", "green")]), "choices", "c", Colour) == [("form.choice-unknown", "c")]
    assert codes(Form([("c", "zagreb")]), "one_of", "c", {"nis"}) == [("form.choice-unknown", "c")]


def test_all_reasons_come_at_once_also_those_of_the_rules() -> None:
    with pytest.raises(Refused) as refused, Form([("b", "juče")]).reading() as read:
        read.line("a")
        read.date("b")
        raise Refused(Refusal("partner.unknown", field="c"))
    assert [refusal.field for refusal in refused.value.refusals] == ["a", "b", "c"]


def test_a_command_that_cannot_be_made_of_refused_fields_is_no_failure() -> None:
    with pytest.raises(Refused), Form().reading() as read:
        read.day("on").isoformat()


def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), Form([("a", "x")]).reading() as read:
        assert len(read.line("a")) / 0


def test_a_form_comes_back_with_its_reasons_at_their_fields() -> None:
    form = Form([("a", "1"), ("a", "2"), ("b", "3")]).refused([Refusal("form.missing", field="b"), Refusal("x.y")])
    assert (form.value("a"), form.values("a"), form.value("z")) == ("1", ("1", "2"), "")
    assert [refusal.code for refusal in form.errors("b")] == ["form.missing"]
    assert form.errors("a") == ()


def test_one_sending_of_a_form_has_one_key() -> None:
    form = Form([("_key", "0b0f6a3e-7a0e-4b44-9d6f-0c8a3f6f2f11")])
    assert str(form.key) == "0b0f6a3e-7a0e-4b44-9d6f-0c8a3f6f2f11"
    assert Form([("_key", "nonsense")]).key != Form().key


@given(st.lists(st.tuples(st.text(), st.text()), max_size=20))
def test_what_is_kept_comes_back_as_it_was(fields: list[tuple[str, str]]) -> None:
    form = Form(fields)
    assert kept_fields(form.kept) == form.typed


def test_neither_passwords_nor_tokens_are_kept() -> None:
    form = Form([("_csrf", "t"), ("password", "p"), ("new_password", "q"), ("_key", "k"), ("a", "b")])
    assert form.typed == (("_key", "k"), ("a", "b"))


@pytest.mark.parametrize(
    "sign", [*"\u00ad\u034f\u115f\u1160\u180e\u200b\u202e\u2066\u3164\ufeff\uffa0\U000e0000\U000e0041\U000e007f"]
)
def test_a_sign_that_nobody_sees_is_refused_by_form_and_command_alike(sign: str) -> None:
    with pytest.raises(Refused) as refused, Form([("name", f"Ni{sign}š")]).reading() as read:
        read.line("name")
    assert refused.value.refusals[0].params == {"sign": f"U+{ord(sign):04X}"}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(f"Ni{sign}š", Line)


@pytest.mark.parametrize("name", ["Ниш", "Český Krumlov", "Łódź", "İzmir", "क्\u200dष", "한국", "🏳\ufe0f"])
def test_a_name_in_any_script_is_taken(name: str) -> None:
    with Form([("name", name)]).reading() as read:
        assert read.line("name") == name
    assert msgspec.convert(name, Line) == name
