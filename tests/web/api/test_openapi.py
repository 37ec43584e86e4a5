"""The description: of everything that there is, with examples that hold, and nothing that leads out of it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from tests.web.api.program import Program
from tests.web.running import House
from web.api.described.problem_words import CODES
from web.api.register import examples
from web.api.register.deeds import DEEDS
from web.api.register.shapes import Case, CasePage, PartnersPage
from web.partners.words import PARTNER_DEEDS

UNDESCRIBED = {"/api/v1/docs"}


@pytest.fixture(scope="module")
def document(house: House) -> dict[str, Any]:
    return house.door.get("/api/v1/openapi.json").json()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_address_of_the_api_is_described(house: House, document: dict[str, Any]) -> None:
    routes = {re.sub(r":\w+}", "}", route.path) for route in house.app.routes if route.path.startswith("/api/")}
    deeds = re.compile(rf"(\{{number\}}|\{{partner\}})/({'|'.join((*DEEDS, *PARTNER_DEEDS))})$")
    told = {deeds.sub(r"\1/{deed}", path) for path in document["paths"]}
    assert routes - UNDESCRIBED == told


def test_every_operation_has_a_name_of_its_own_and_says_its_scope(document: dict[str, Any]) -> None:
    found = list(operations(document))
    assert len({operation["operationId"] for _, operation in found}) == len(found)
    for name, operation in found:
        assert operation["summary"], name
        assert ("x-scope" in operation) is bool(operation["security"]), name
        if "x-scope" in operation:
            assert {"401", "403", "503"} <= operation["responses"].keys(), name
        if name.startswith("POST"):
            assert operation["x-scope"].endswith(":write"), name
            assert {"400", "413", "415", "422"} <= operation["responses"].keys(), name


def test_references_lead_to_something_and_nothing_is_left_over(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for reference in {*re.findall(r'"\$ref": "#/([^"]+)"', text)}:
        held: Any = document
        for part in reference.split("/"):
            held = held[part]
    named = {*re.findall(r"#/components/schemas/(\w+)", text)}
    assert sorted(document["components"]["schemas"].keys() - named) == []


def test_examples_are_what_the_schemas_say(document: dict[str, Any]) -> None:
    contents = [
        (name, content)
        for name, operation in operations(document)
        for part in (operation.get("requestBody", {}), *operation["responses"].values())
        for content in part.get("content", {}).values()
    ]
    contents += [(name, c) for name, r in document["components"]["responses"].items() for c in r["content"].values()]
    checked = 0
    for name, content in contents:
        if "example" in content:
            schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **content["schema"]}
            schema["components"] = document["components"]
            assert jsonschema_rs.is_valid(schema, content["example"]), name
            checked += 1
    assert checked > 80


def test_patterns_are_those_of_every_language(document: dict[str, Any]) -> None:
    for pattern in re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps(document)):
        held = json.loads(f'"{pattern}"')
        assert re.compile(held)
        assert r"\U" not in held


def test_every_code_of_a_problem_is_listed(program: Program, document: dict[str, Any]) -> None:
    assert document["x-refusal-codes"] == CODES
    for path in ("/initiatives/2026-99999", "/initiatives?colour=red", "/queue?group=late&cursor=x"):
        assert program.get(path).json()["code"] in CODES


def test_examples_of_answers_are_answers() -> None:
    for example, kind in ((examples.CASES, CasePage), (examples.CASE, Case), (examples.PARTNERS, PartnersPage)):
        assert msgspec.convert(msgspec.to_builtins(example), kind) == example


def test_the_description_is_for_everybody_and_has_a_tag(house: House) -> None:
    answer = house.door.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.json()["openapi"]) == (200, "3.1.0")
    again = house.door.get("/api/v1/openapi.json", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_the_page_needs_nobody_else(house: House, document: dict[str, Any]) -> None:
    answer = house.door.get("/api/v1/docs")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)
    for _, operation in operations(document):
        assert f'id="{operation["operationId"]}"' in answer.text
    assert {*re.findall(r'href="#([\w-]+)"', answer.text)} <= {*re.findall(r'id="([\w-]+)"', answer.text)}


def test_a_stream_is_shown_as_it_is_sent(house: House) -> None:
    page = house.door.get("/api/v1/docs").text
    assert re.search(r"id: 1187\nevent: initiative\.coordination-started\.v1\ndata: \{", page)
