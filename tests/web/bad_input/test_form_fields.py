"""Every field of every form, filled as no office would fill it: explained, given back, and nothing appended."""

from collections.abc import Mapping, Sequence
from typing import Final

import pytest

from application.access import Role
from application.identity import partner_id
from application.rights import MAY
from tests.web.bad_input.nasty import CHOICES, DATES, NUMBERS, TEXTS, Typed, whole
from tests.web.rights.deeds import WAYS, prepared
from tests.web.running import House
from web.initiatives.forms import DEED_FORMS
from web.initiatives.proposal_form import QUESTIONS
from web.initiatives.questions import Question
from web.partners.words import PARTNER_DEEDS, REGISTER

KINDS: Final[Mapping[str, Sequence[str]]] = {
    "date": DATES,
    "integer": NUMBERS,
    "choice": CHOICES,
    "choices": CHOICES,
    "tick": ("10,000 characters", "NUL", "element"),
    "line": tuple(TEXTS),
    "text": tuple(TEXTS),
}
ON_A_DEED: Final[Mapping[str, Sequence[str]]] = {
    "date": ("30 digits", "impossible day", "month 13", "huge year", "end of attribute", "NUL"),
    "integer": ("30 digits", "negative", "float", "digits of others"),
    "choice": ("element", "NUL", "other UUID"),
    "choices": ("element", "NUL"),
    "tick": ("element",),
    "line": ("10,000 characters", "NUL", "bidi override", "end of attribute"),
    "text": ("10,000 characters", "NUL", "zero width", "element"),
}
"""The same reader reads every deed; the proposal has been through the whole list."""
TYPED_IN: Final = {"date", "integer", "line", "text"}
PROPOSAL: Final = {
    "local_government": "Niš",
    "partner": "Graz",
    "country": "AT",
    "part_of": "",
    "kind": "twinning",
    "origin": "local_government",
    "rationale": "Saradnja škola",
}
PARTNER: Final = {"name": "Linz", "country": "AT", "kind": "local_government", "part_of": ""}
PARTNER_FORMS: Final = {
    "rename": {"name": "Novi grad", "old_name_is": "former"},
    "add-name": {"name": "Drugo ime", "kind": "alias"},
    "remove-name": {"name": "Staro ime", "reason": "Greška"},
    "reclassify": {"kind": "region", "country": "AT", "reason": "Greška"},
    "merge": {"into": "Zielstadt (DE)", "reason": "Isti partner"},
}


@pytest.fixture(scope="module", autouse=True)
def colleague(house: House) -> None:
    house.account("colleague", Role.COORDINATOR)


def try_everything(
    house: House,
    address: str,
    base: Mapping[str, str],
    asked: Question,
    kinds: Mapping[str, Sequence[str]] = ON_A_DEED,
    who: str = "coordinator",
) -> None:
    """Sends the nasty values of the field's kind in an otherwise right form."""
    for name in kinds["choice" if asked.name == "country" else asked.control]:
        sent = {**base, asked.name: TEXTS[name]}
        before = house.head()
        answer = house.send(address, who, sent)
        whole(answer, 303, 422)
        if answer.status_code == 303:
            continue
        assert house.head() == before, f"{asked.name}: {name} was refused and recorded"
        if asked.control in TYPED_IN and asked.name != "country":  # which is chosen from a list
            assert (asked.name, TEXTS[name]) in Typed(answer.text).fields, f"{asked.name}: {name} is lost"


@pytest.mark.parametrize("asked", QUESTIONS, ids=[q.name for q in QUESTIONS])
def test_proposing(house: House, asked: Question) -> None:
    try_everything(house, "/initiatives/new", {**PROPOSAL, "partner": f"Graz {asked.name}"}, asked, KINDS)


DEED_FIELDS: Final = [(deed, q) for deed, questions in DEED_FORMS.items() for q in questions]


@pytest.mark.parametrize(("deed", "asked"), DEED_FIELDS, ids=[f"{deed}: {q.name}" for deed, q in DEED_FIELDS])
def test_a_deed(house: House, deed: str, asked: Question) -> None:
    case = prepared(house, deed)
    house.show_everything()
    base = {q.name: "" for q in DEED_FORMS[deed] if q.control in TYPED_IN} | dict(case.sent)
    who = "coordinator" if Role.COORDINATOR in MAY[deed] else "approver"
    try_everything(house, case.address, base, asked, who=who)


def test_every_deed_with_a_form_is_tried() -> None:
    assert set(DEED_FORMS) == set(WAYS)


@pytest.mark.parametrize("asked", REGISTER, ids=[q.name for q in REGISTER])
def test_registering_a_partner(house: House, asked: Question) -> None:
    try_everything(house, "/partners/new", {**PARTNER, "name": f"Linz {asked.name}"}, asked)


PARTNER_FIELDS: Final = [(deed, q) for deed, said in PARTNER_DEEDS.items() for q in said.questions]


@pytest.mark.parametrize(("deed", "asked"), PARTNER_FIELDS, ids=[f"{deed}: {q.name}" for deed, q in PARTNER_FIELDS])
def test_a_deed_on_a_partner(house: House, deed: str, asked: Question) -> None:
    house.propose()
    house.show_everything()
    address = f"/partners/{partner_id('DE', f'Stadt {house.partners}')}/{deed}"
    try_everything(house, address, PARTNER_FORMS[deed], asked)


CORRECTION: Final = {
    "kind": "decentralised",
    "origin": "embassy",
    "rationale": "Saradnja škola",
    "reason": "Pogrešno upisano",
    "occurred_on": "",
    "letter_number": "",
}


@pytest.mark.parametrize("name", ["occurred_on", "kind", "origin", "letter_number", "fields", "rationale", "reason"])
def test_a_correction(house: House, name: str) -> None:
    case = house.propose()
    house.show_everything()
    asked = next(q for q in (*QUESTIONS, *DEED_FORMS["decline"]) if q.name == name)
    try_everything(house, f"/initiatives/{case}/history/1/correct", CORRECTION, asked)


ACCOUNT: Final = {
    "name": "Нова",
    "email": "nova@primer.rs",
    "role": "officer",
    "local_government": "nis",
    "locale": "en",
}


@pytest.mark.parametrize("name", ACCOUNT)
def test_opening_an_account(house: House, name: str) -> None:
    for number, text in enumerate(TEXTS.values()):
        email = f"{name}{number}@primer.rs"
        answer = house.send("/admin/accounts", "administrator", {**ACCOUNT, "email": email, name: text})
        whole(answer, 303, 422)
        if answer.status_code == 422 and name in ("name", "email"):
            assert (name, text) in Typed(answer.text).fields


@pytest.mark.parametrize("name", ["email", "password", "_to", "_kept"])
def test_signing_in(house: House, name: str) -> None:
    for number, text in enumerate(TEXTS.values()):
        sent = {"email": f"{name}{number}@primer.rs", "password": "not this one", name: text}
        whole(house.send("/sign-in", "anonymous", sent), 422)


SENT_BY_NOBODY: Final = ("10,000 characters", "NUL", "30 digits", "negative", "digits of others", "element", "null")
FORMS: Final = ("/initiatives/new", "{case}/add-remark", "{case}/history/1/correct", "/partners/new", "/sign-in")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["_key", "seen", "_csrf", "unknown", "number", "version", "__proto__", "items[]"])
def test_what_no_person_types_is_answered_too(house: House, form: str, name: str) -> None:
    case = house.propose()
    house.show_everything()
    address = form.format(case=f"/initiatives/{case}")
    for kind in SENT_BY_NOBODY:
        before, text = house.head(), TEXTS[kind]
        answer = house.send(address, "coordinator", {name: text})  # every field that is asked is missing
        whole(answer, 403, 409, 422)
        assert house.head() == before


@pytest.mark.parametrize("seen", ["-1", "0", "2", "999999999", "1e3", "9" * 30, "٣"])
def test_a_version_that_nobody_saw_overwrites_nothing_unseen(house: House, seen: str) -> None:
    case = house.propose()
    house.show_everything()
    before = house.head()
    sent = {"handler": str(house.accounts["coordinator"].id), "seen": seen}
    answer = house.send(f"/initiatives/{case}/coordinate", "coordinator", sent)
    whole(answer, 409, 422)
    assert house.head() == before


def test_one_field_sent_many_times_is_one_value(house: House) -> None:
    case = house.propose()
    house.show_everything()
    many = [("remark", f"red {number}") for number in range(1500)]
    whole(house.send(f"/initiatives/{case}/add-remark", "coordinator", many), 303)
    too_many = [("remark", "red")] * 3000
    whole(house.send(f"/initiatives/{case}/add-remark", "coordinator", too_many), 400)
