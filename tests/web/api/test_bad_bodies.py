"""Whatever comes as a body: it is one clear line that says where, never a 5xx, and nothing is left in the log."""

from typing import Any
from uuid import uuid4

import pytest

from tests.web.api.program import Program
from tests.web.running import House

JSON = "application/json"


@pytest.fixture(scope="module")
def case(house: House) -> str:
    number = house.propose()
    house.show_everything()
    return number


def sent(program: Program, case: str, content: bytes, media: str = JSON, deed: str = "hold-visit") -> Any:
    headers = {"idempotency-key": str(uuid4()), "if-match": "*", "content-type": media}
    before = program.house.head()
    answer = program.ask("POST", f"/initiatives/{case}/{deed}", content=content, headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    assert program.house.head() == before
    return answer


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting"),
        (b"\xff\xfe{}", "UTF-8"),
        ('{"place": "Niš"}'.encode("utf-16"), "UTF-8"),
        ('{"place": "Niš"}'.encode("cp1250"), "UTF-8"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b'{"occurred_on": "2026", "occurred_on": "2025"}', "twice"),
        (b'{"place": NaN}', "NaN"),
        (b'{"place": Infinity}', "Infinity"),
        (b"[" * 200 + b"]" * 200, "Expected object, got array"),
        (b'{"place": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", "nested too deep"),
        (b'{"place": ' + b"9" * 5000 + b"}", "digits"),
        (b"[]", "Expected object, got array"),
        (b"null", "Expected object, got null"),
        (b'"text"', "Expected object, got str"),
        (b"{} {}", "Extra data"),
        (b"{'place': 1}", "Expecting property name"),
    ],
    ids=range(17),
)
def test_what_is_no_json_object(program: Program, case: str, content: bytes, reason: str) -> None:
    answer = sent(program, case, content)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.body")
    assert reason in answer.json()["params"]["reason"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"occurred_on": 2026}', "occurred_on"),
        (b'{"occurred_on": "17. 3. 2026."}', "occurred_on"),
        (b'{"occurred_on": null}', "occurred_on"),
        (b'{"occurred_on": "2026-03-17\\n"}', "occurred_on"),
        (b"{}", "occurred_on"),
        (b'{"occurred_on": "2026", "place": " "}', "place"),
        (b'{"occurred_on": "2026", "place": ""}', "place"),
        (b'{"occurred_on": "2026", "place": "a\\u0000b"}', "place"),
        (b'{"occurred_on": "2026", "place": "a\\ud800b"}', "place"),
        (b'{"occurred_on": "2026", "place": "a\\u202eb"}', "place"),
        (b'{"occurred_on": "2026", "place": "' + b"x" * 201 + b'"}', "place"),
        (b'{"occurred_on": "2026", "purpose": "' + b"x" * 4001 + b'"}', "purpose"),
        (b'{"occurred_on": "2026", "purpose": "a\\u0007b"}', "purpose"),
        (b'{"occurred_on": "2026", "purpose": ["a"]}', "purpose"),
    ],
    ids=range(14),
)
def test_a_value_that_does_not_fit_is_named(program: Program, case: str, body: bytes, field: str) -> None:
    answer = sent(program, case, body)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "request.body", field)


@pytest.mark.parametrize(
    ("deed", "body", "field"),
    [
        ("hold-visit", b'{"occurred_on": "2026", "colour": "red"}', "colour"),
        ("add-party", b'{"party": {"role": "partner", "colour": "red"}}', "party.colour"),
        ("merge", b'{"into_number": "2026-0001", "into": "6c1a9f52-0d6f-5c8e-9a55-1a2b3c4d5e6f"}', "into"),
        ("give-task", b'{"what": "x", "assignee": "6c1a9f52-0d6f-5c8e-9a55-1a2b3c4d5e6f", "task": "x"}', "task"),
    ],
)
def test_a_field_that_there_is_none_is_named(program: Program, case: str, deed: str, body: bytes, field: str) -> None:
    answer = sent(program, case, body, deed=deed)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.unknown-field")
    assert answer.json()["field"] == field


@pytest.mark.parametrize(
    "media",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/json", "x", ""],
)
def test_another_kind_of_content_is_not_taken(program: Program, case: str, media: str) -> None:
    answer = sent(program, case, b'{"occurred_on": "2026"}', media)
    assert (answer.status_code, answer.json()["code"]) == (415, "request.json-wanted")


def test_a_body_that_is_too_large_is_not_read(program: Program, case: str) -> None:
    answer = sent(program, case, b'{"purpose": "' + b"x" * 200_000 + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "request.request-entity-too-large")


def test_a_rule_names_its_field(program: Program, case: str) -> None:
    for body, field, code in (
        (b'{"occurred_on": "2199-01-01"}', "occurred_on", "date.in-future"),
        (b'{"occurred_on": "2026-02-31"}', "occurred_on", "date.impossible"),
        (b'{"languages": ["xx"], "occurred_on": "2026"}', "languages", "form.choice-unknown"),
    ):
        deed = "review-draft" if b"languages" in body else "report-party-status"
        more = b', "party": "nis", "status": "signed", "known_from": "x"}' if deed != "review-draft" else b"}"
        answer = sent(program, case, body[:-1] + more, deed=deed)
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)


def test_which_methods_there_are_is_told(program: Program, case: str) -> None:
    path = f"/initiatives/{case}/hold-visit"
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = program.ask(method, path)
        assert (answer.status_code, {*answer.headers["allow"].split(", ")}) == (405, {"OPTIONS", "POST"})
    assert program.ask("POST", f"/initiatives/{case}/events", json={}).status_code == 405
    assert {*program.ask("OPTIONS", path).headers["allow"].split(", ")} == {"OPTIONS", "POST"}
    assert program.ask("HEAD", f"/initiatives/{case}/hold-visit").status_code == 405
