"""Every deed of the office against everybody: who may do it, on whose case, and that a refusal leaves nothing."""

import re
from typing import Final
from uuid import uuid4

import pytest

from application.access import Role
from application.identity import partner_id
from application.rights import MAY
from domain.initiatives.deeds import DEEDS
from tests.web.rights.deeds import WAYS, Prepared, prepared
from tests.web.running import ANONYMOUS, EVERYBODY, ROLES, House
from web.partners.words import PARTNER_DEEDS

NOT_BY_FORM: Final = {"correct", "absorb", "receive-report"}
"""A correction is made on a fact, and stands in the table of routes; `absorb` is the other end of a merging."""
UNKNOWN: Final = "2026-9999"
COMBINATIONS: Final = [(deed, who) for deed in WAYS for who in EVERYBODY]


def expected(deed: str, who: str) -> int:
    """By the table of rights: nobody signed in 401, a case of another town 404, a deed that is not theirs 403."""
    if who == ANONYMOUS:
        return 401
    if who == "stranger":
        return 404
    return 303 if ROLES[who][0] in MAY[deed] else 403


def test_every_deed_of_the_domain_is_tried(house: House) -> None:
    assert set(WAYS) == set(DEEDS) - NOT_BY_FORM
    assert set(DEEDS) <= set(MAY)


@pytest.fixture(scope="module")
def waiting(house: House) -> dict[tuple[str, str], Prepared]:
    """A case for every deed; who may do it gets one of their own, since it will be used up."""
    house.account("colleague", Role.COORDINATOR)
    cases: dict[tuple[str, str], Prepared] = {}
    for deed in WAYS:
        common = prepared(house, deed)
        for who in EVERYBODY:
            cases[deed, who] = prepared(house, deed) if expected(deed, who) == 303 else common
    house.show_everything()
    return cases


@pytest.mark.parametrize(("deed", "who"), COMBINATIONS, ids=[f"{who}: {deed}" for deed, who in COMBINATIONS])
def test_a_deed_is_done_by_those_who_may_and_by_nobody_else(
    house: House, waiting: dict[tuple[str, str], Prepared], deed: str, who: str
) -> None:
    case, before = waiting[deed, who], house.head()
    answer = house.send(case.address, who, case.sent)
    assert answer.status_code == expected(deed, who), answer.text[:3000]
    if answer.status_code == 303:
        assert answer.headers["location"].partition("#")[0] == f"/initiatives/{case.number}"
        assert house.head() > before
    else:
        assert house.head() == before


@pytest.mark.parametrize("deed", WAYS)
def test_a_form_that_says_nothing_is_refused_by_the_right_before_the_form(
    house: House, waiting: dict[tuple[str, str], Prepared], deed: str
) -> None:
    for who in ("auditor", "administrator"):
        assert house.send(waiting[deed, who].address, who, {}).status_code == 403


@pytest.mark.parametrize("deed", [*WAYS, "history", "correct", "absorb", "no-such-deed", "history/1/correct"])
def test_a_case_of_another_town_looks_like_one_that_does_not_exist(
    house: House, waiting: dict[tuple[str, str], Prepared], deed: str
) -> None:
    case = waiting.get((deed, "auditor"), waiting["coordinate", "auditor"])
    for ask in (_shown, _sent):
        theirs = ask(house, f"/initiatives/{case.number}/{deed}", case)
        nobodys = ask(house, f"/initiatives/{UNKNOWN}/{deed}", case)
        assert theirs == nobodys.replace(UNKNOWN, case.number)
        assert theirs.startswith("404 ") or (ask is _sent and deed == "history")
    assert _shown(house, f"/initiatives/{case.number}", case) == _shown(house, f"/initiatives/{UNKNOWN}", case).replace(
        UNKNOWN, case.number
    )


def _shown(house: House, address: str, case: Prepared) -> str:
    answer = house.get(address, "stranger")
    return f"{answer.status_code} {_without_tokens(answer.text)}"


def _sent(house: House, address: str, case: Prepared) -> str:
    answer = house.send(address, "stranger", {**case.sent, "_key": str(uuid4())})
    return f"{answer.status_code} {_without_tokens(answer.text)}"


def _without_tokens(page: str) -> str:
    """A form token and a key are new on every page."""
    return re.sub(r'name="_(csrf|key)" value="[^"]*"', "", page)


PARTNER_FORMS: Final = {
    "rename": {"name": "Novi grad {who}", "old_name_is": "former"},
    "add-name": {"name": "Drugo ime {who}", "kind": "alias"},
    "remove-name": {"name": "Staro ime"},
    "reclassify": {"kind": "region", "country": "AT"},
    "merge": {"into": "Zielstadt (DE)"},
}
PARTNER_COMBINATIONS: Final = [(deed, who) for deed in PARTNER_DEEDS for who in EVERYBODY]


@pytest.mark.parametrize(
    ("deed", "who"), PARTNER_COMBINATIONS, ids=[f"{who}: {deed}" for deed, who in PARTNER_COMBINATIONS]
)
def test_only_the_office_edits_partners(house: House, deed: str, who: str) -> None:
    may = who != ANONYMOUS and ROLES[who][0] in MAY["edit-partner"]
    if may and deed == "merge":
        house.propose(name="Zielstadt")
    house.propose()
    house.show_everything()
    address = f"/partners/{partner_id('DE', f'Stadt {house.partners}')}"
    if may and deed == "remove-name":
        house.send(f"{address}/add-name", who, {"name": "Staro ime", "kind": "alias"})
    before = house.head()
    sent = {name: value.format(who=who) for name, value in PARTNER_FORMS[deed].items()}
    answer = house.send(f"{address}/{deed}", who, sent)
    assert answer.status_code == (303 if may else 401 if who == ANONYMOUS else 403), answer.text[:3000]
    assert (house.head() > before) is may
