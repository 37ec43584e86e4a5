"""What was published of facts holds: the schemas are those of the types, grow only, and every event keeps to them."""

import gzip
import json
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import msgspec
import pytest
from msgspec.structs import replace

from adapters.recording.topics import published as topics
from application.feed_filter import given_out
from tools import async_api, contracts
from tools.contract_changes import changes
from tools.event_facts import example
from web.api.described.contracts import Published, published

HERE: Final = Path(__file__).parent
SIGNED: Final = "initiative.agreement-signed.v1"


# --- the documents and the types


def test_the_published_schemas_are_those_of_the_types():
    """Where this fails, run `python -m tools.contracts`; where that refuses, give the fact a new version."""
    now = contracts.contracts(topics())
    assert [str(change) for change in contracts.differences(published(), now)] == []
    assert contracts.merged_with(published(), now) == published()
    assert contracts.SCHEMAS.read_bytes() == contracts.written(published())


def test_the_asyncapi_document_is_made_from_them_and_keeps_to_its_own_schema():
    assert contracts.ASYNCAPI.read_bytes() == contracts.written(async_api.asyncapi(published()))
    # The schema of AsyncAPI 3.0.0 itself, from @asyncapi/specs (Apache-2.0).
    schema = json.loads(gzip.decompress((HERE / "asyncapi-3.0.0.json.gz").read_bytes()))
    document = json.loads(contracts.ASYNCAPI.read_bytes())
    jsonschema_rs.validator_for(schema).validate(document)
    broken = {**document, "channels": {"feed": {"address": 7}}}
    assert not jsonschema_rs.validator_for(schema).is_valid(broken)


def test_every_topic_stands_in_the_page_of_changes():
    said = contracts.CHANGES.read_text("utf-8")
    assert [topic for topic in published().topics if f"`{topic}` is new." not in said] == []


# --- events and schemas


@pytest.mark.parametrize("topic", published().topics)
def test_every_fact_keeps_to_its_schema_and_a_broken_one_does_not(subscriber, topic):
    answer = subscriber.get(f"/api/v1/schemas/{topic}", headers={"authorization": ""})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json()["$id"].endswith(f"/api/v1/schemas/{topic}")
    schema = jsonschema_rs.validator_for(answer.json())
    fact = json.loads(msgspec.json.encode(example(topics().current[topic])))
    schema.validate(fact)
    assert not schema.is_valid({**fact, "fact": "something.else"})
    assert not schema.is_valid({name: value for name, value in fact.items() if name != "fact"})
    assert schema.is_valid({**fact, "added-later": 1})


def test_every_event_of_the_feed_keeps_to_the_schemas(subscriber):
    batch = subscriber.get("/api/v1/events", params={"limit": 1000}).json()
    assert len(batch) > 50
    held = published().schemas
    envelope = jsonschema_rs.validator_for({"$ref": "#/$defs/CloudEvent", "$defs": held})
    facts = {
        kind: jsonschema_rs.validator_for({"$ref": f"#/$defs/{kind}", "$defs": held}) for kind in published().topics
    }
    for event in batch:
        envelope.validate(event)
        facts[event["type"]].validate(event["data"]["fact"])


# --- addresses


def test_the_list_names_every_topic_and_each_address_answers(subscriber):
    listed = subscriber.get("/api/v1/schemas").json()["topics"]
    assert [one["topic"] for one in listed if one["replaced_by"] is None] == published().topics
    assert {one["schema"].rpartition("/")[2] for one in listed} == {one["topic"] for one in listed}


@pytest.mark.parametrize("topic", ["no.such.v1", "CloudEvent", "Party", SIGNED.upper(), "..%2fasyncapi", "a" * 5_000])
def test_there_is_no_schema_of_what_is_no_topic(subscriber, topic):
    answer = subscriber.get(f"/api/v1/schemas/{topic}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_the_asyncapi_document_names_this_installation(subscriber):
    document = subscriber.get("/api/v1/asyncapi.json").json()
    assert document["servers"]["office"]["protocol"] in {"http", "https"}
    assert set(document["channels"]["stream"]["messages"]) == set(filter(given_out, published().topics))


# --- growing


def grown(schema: dict[str, Any], change) -> list[tuple[str, bool]]:
    new = deepcopy(schema)
    change(new)
    return [(found.where, found.breaks) for found in changes(schema, new, "fact")]


BASE: Final[dict[str, Any]] = {
    "type": "object",
    "description": "as it was",
    "properties": {
        "kind": {"enum": ["a", "b"]},
        "place": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "of": {"anyOf": [{"$ref": "#/$defs/x"}, {"$ref": "#/$defs/y"}]},
        "some": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["kind"],
}


@pytest.mark.parametrize(
    "change, expected",
    [
        (lambda s: s.update(description="told better"), []),
        (lambda s: s["properties"].update(more={"type": "string"}), [("fact.more", False)]),
        (lambda s: s["properties"]["kind"]["enum"].append("c"), [("fact.kind", False)]),
        (lambda s: s["properties"]["of"]["anyOf"].append({"$ref": "#/$defs/z"}), [("fact.of", False)]),
        (lambda s: s["properties"].pop("place"), [("fact.place", True)]),
        (lambda s: s["properties"]["kind"]["enum"].remove("a"), [("fact.kind", True)]),
        (lambda s: s["properties"]["of"]["anyOf"].pop(), [("fact.of", True)]),
        (lambda s: s["properties"]["of"]["anyOf"].append({"type": "null"}), [("fact.of", True)]),
        (lambda s: s["properties"]["some"]["items"].update(type="integer"), [("fact.some[]", True)]),
        (lambda s: s["properties"]["some"].update(type="string"), [("fact.some", True)]),
        (lambda s: s["properties"]["some"].update(maxItems=3), [("fact.some", True)]),
        (lambda s: s["properties"]["kind"].update(pattern="^a"), [("fact.kind", True)]),
        (lambda s: s["required"].append("place"), [("fact.place", True)]),
        (lambda s: s["required"].remove("kind"), [("fact.kind", True)]),
        (lambda s: (s["properties"].update(more={}), s["required"].append("more")), [("fact.more", True)]),
        (lambda s: s["properties"]["some"].update(enum=["a"]), [("fact.some", True)]),
    ],
)
def test_what_breaks_a_subscriber_is_told_from_what_does_not(change, expected):
    assert grown(BASE, change) == expected


def test_a_topic_goes_only_where_another_one_is_read_in_its_place_and_keeps_its_schema():
    now = contracts.contracts(topics())
    without = replace(now, topics=[topic for topic in now.topics if topic != SIGNED])
    [gone] = contracts.differences(published(), without)
    assert gone.breaks
    second = SIGNED.replace("v1", "v2")
    schemas = {name: schema for name, schema in now.schemas.items() if name != SIGNED}
    newer = Published(
        topics=sorted([*without.topics, second]),
        replaced={SIGNED: second},
        schemas={**schemas, second: {"type": "object", "description": "newer"}},
    )
    assert not any(change.breaks for change in contracts.differences(published(), newer))
    merged = contracts.merged_with(published(), newer)
    assert merged.schemas[SIGNED] == published().schemas[SIGNED]
    assert SIGNED not in async_api.asyncapi(merged)["components"]["messages"]


def test_the_page_of_changes_grows_from_the_top():
    found = contracts.differences(Published(), replace(published(), topics=[SIGNED]))
    first = contracts.with_changes("# Changes\n\nWords.\n", "1.0", found)
    assert first == f"# Changes\n\nWords.\n\n## 1.0\n\n- `{SIGNED}` is new.\n"
    again = contracts.with_changes(first, "1.0", found)
    assert again == f"# Changes\n\nWords.\n\n## 1.0\n\n- `{SIGNED}` is new.\n- `{SIGNED}` is new.\n"
    newer = contracts.with_changes(first, "1.1", found)
    assert newer == f"# Changes\n\nWords.\n\n## 1.1\n\n- `{SIGNED}` is new.\n\n## 1.0\n\n- `{SIGNED}` is new.\n"
