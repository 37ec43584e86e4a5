"""What programs send is what the commands take: no field is lost, no words stand in a fact."""

from uuid import uuid4

import msgspec
import pytest

from domain.initiatives.deeds import DEEDS
from domain.kernel import CommandKey
from web.api.register.correcting import RESTATED, Correct
from web.api.register.deed_bodies import (
    deed_body,
    deed_command,
    partner_body,
    partner_command,
    proposal_body,
    proposal_of,
    registration_body,
)
from web.api.register.deed_examples import DEED_EXAMPLES, PARTNER_DEED_EXAMPLES
from web.api.register.examples import PROPOSAL, REGISTRATION
from web.initiatives.corrections import CORRECTION_FORMS
from web.initiatives.forms import DEED_FORMS

DERIVED = {"merge": {"into"}, "link-case": {"other"}, "unlink-case": {"other"}, "give-task": {"task"}}
KEY = CommandKey(uuid4())


@pytest.mark.parametrize("code", DEED_FORMS)
def test_a_body_has_the_fields_of_its_command(code: str) -> None:
    wanted = {*DEEDS[code].command.__struct_fields__} - DERIVED.get(code, set())
    assert {*deed_body(code).__struct_fields__} - {"other_number"} == wanted - {"other_number"}


@pytest.mark.parametrize("code", DEED_FORMS)
def test_the_example_of_a_deed_makes_its_command(code: str) -> None:
    sent = msgspec.convert(DEED_EXAMPLES[code], deed_body(code))
    command, entries = deed_command(code, sent, KEY)
    assert type(command) is DEEDS[code].command
    assert msgspec.convert(msgspec.to_builtins(command), type(command)) == command, "within its bounds"
    words = [q.name for q in DEED_FORMS[code] if q.keeps and q.name in DEED_EXAMPLES[code]]
    assert [getattr(command, name) for name in sorted(words)] == [
        entry.ref for entry in sorted(entries, key=lambda e: words_of(command, e.ref))
    ]


def words_of(command: msgspec.Struct, ref: object) -> str:
    return next(name for name in command.__struct_fields__ if getattr(command, name) == ref)


@pytest.mark.parametrize("code", PARTNER_DEED_EXAMPLES)
def test_the_example_of_a_deed_on_a_partner_makes_its_command(code: str) -> None:
    sent = msgspec.convert(PARTNER_DEED_EXAMPLES[code], partner_body(code))
    command, _ = partner_command(code, sent, KEY)
    assert msgspec.convert(msgspec.to_builtins(command), type(command)) == command


def test_the_other_examples_are_read() -> None:
    proposal, (words,) = proposal_of(msgspec.convert(PROPOSAL, proposal_body()), KEY)
    assert (proposal.rationale, words.kind) == (words.ref, "rationale")
    assert msgspec.convert(REGISTRATION, registration_body())
    assert msgspec.convert(DEED_EXAMPLES["correct"], Correct)


def test_what_a_form_corrects_a_program_corrects() -> None:
    assert RESTATED.keys() == CORRECTION_FORMS.keys()
    for fact, questions in CORRECTION_FORMS.items():
        assert {*RESTATED[fact].__struct_fields__} == {q.name.partition(".")[0] for q in questions}


@pytest.mark.parametrize("kind", [deed_body("hold-visit"), proposal_body(), Correct, *RESTATED.values()])
def test_every_body_refuses_unknown_fields(kind: type[msgspec.Struct]) -> None:
    assert kind.__struct_config__.forbid_unknown_fields
