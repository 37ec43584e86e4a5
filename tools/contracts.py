"""Write what other systems may rely on from the fact types: `python -m tools.contracts`.

`web/api/described/published/facts.json` holds the JSON Schema of every fact that was ever published, `asyncapi.json`
beside it how they reach a subscriber, and `docs/fact-changes.md` what came with which version. A topic that was
published changes only by addition: where the types say otherwise nothing is written, and the tool says what needs a
new version.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from adapters.recording.topics import Topics, published
from application.feed_events import CloudEvent
from domain.kernel import Fact
from tools.async_api import asyncapi
from tools.contract_changes import Change, changes
from tools.event_facts import field_meaning, joined, meaning
from web.api.described.contracts import REFERENCE, Published

ROOT: Final = Path(__file__).parents[1]
SCHEMAS: Final = ROOT / "web" / "api" / "described" / "published" / "facts.json"
ASYNCAPI: Final = ROOT / "web" / "api" / "described" / "published" / "asyncapi.json"
CHANGES: Final = ROOT / "docs" / "fact-changes.md"
_HEADING: Final = """# Changes of facts

<!-- Made by `python -m tools.contracts`: each version of Pobratim adds to it. -->

What came to the facts that other systems read, by the version of Pobratim. Within a version of a topic facts only grow:
by optional fields, by codes, by more kinds of facts that may be restated. The facts as they are now stand in the
[event catalogue](event-catalogue.md), their schemas at `/api/v1/schemas`.
"""


def main() -> None:
    known = msgspec.json.decode(SCHEMAS.read_bytes(), type=Published) if SCHEMAS.exists() else Published()
    now = contracts(published())
    found = differences(known, now)
    if broken := [str(change) for change in found if change.breaks]:
        raise SystemExit(
            "\n".join(["a published fact only grows; what is listed needs a new version of its topic:", *broken])
        )
    merged = merged_with(known, now)
    SCHEMAS.write_bytes(written(merged))
    ASYNCAPI.write_bytes(written(asyncapi(merged)))
    if found:
        said = CHANGES.read_text("utf-8") if CHANGES.exists() else _HEADING
        CHANGES.write_text(with_changes(said, version(), found), "utf-8", newline="\n")


def written(content: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def version() -> str:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def contracts(topics: Topics) -> Published:
    """What the types of this version say. A fact's schema has the name of its topic, any other that of its type."""
    kinds = list(topics.topic_of)
    _, made = msgspec.json.schema_components([*kinds, CloudEvent], ref_template=f"{REFERENCE}{{name}}")
    names = {kind.__name__: topic for kind, topic in topics.topic_of.items()}
    facts = {kind.__name__: kind for kind in kinds}
    made[Fact.__name__]["properties"]["fact"] = {"type": "string"}  # any of them
    now = Published(
        topics=sorted(topics.current),
        replaced={old: topics.current_of(old) for old in topics.upcasts},
        schemas={
            names.get(name, name): _renamed(_told(schema, facts.get(name)), names) for name, schema in made.items()
        },
    )
    return msgspec.json.decode(msgspec.json.encode(now), type=Published)  # a default of () is []


def differences(known: Published, now: Published) -> list[Change]:
    """What came, and what broke. A topic goes only where another one is read in its place."""
    gone = [topic for topic in known.topics if topic not in now.topics]
    found = [
        Change(
            topic,
            f"is read as {now.replaced[topic]} now" if topic in now.replaced else "is gone",
            topic not in now.replaced,
        )
        for topic in gone
    ]
    found += [Change(topic, "is new", breaks=False) for topic in now.topics if topic not in known.schemas]
    for name, schema in now.schemas.items():
        if name in known.schemas:
            found += changes(known.schemas[name], schema, name)
    return found


def merged_with(known: Published, now: Published) -> Published:
    """What is published from now on: a topic in whose place another one is read keeps the schema that it had."""
    replaced = {**known.replaced, **now.replaced}
    kept = {name: schema for name, schema in known.schemas.items() if name in replaced}
    return msgspec.structs.replace(now, replaced=replaced, schemas=dict(sorted({**kept, **now.schemas}.items())))


def with_changes(said: str, version: str, found: Iterable[Change]) -> str:
    """The page with what came, under the heading of the version; the newest stands first."""
    lines = [f"- `{change.where}` {change.what}." for change in found]
    heading = f"\n## {version}\n"
    if heading in said:
        before, after = said.split(heading, 1)
        own, rest = _until_heading(after.lstrip("\n"))
        lines = [*own.splitlines(), *lines]
    else:
        before, rest = _until_heading(said)
    return "\n".join([before.rstrip("\n"), heading, *lines, *(["", rest] if rest else [""])])


def _until_heading(text: str) -> tuple[str, str]:
    found = re.search(r"^## ", text, re.MULTILINE)
    return (text[: found.start()].rstrip("\n"), text[found.start() :]) if found else (text.rstrip("\n"), "")


def _told(schema: dict[str, Any], fact: type[Fact] | None) -> dict[str, Any]:
    """The schema with what the source says of the fact and of its fields."""
    if fact is None:
        return {**schema, "description": joined(schema["description"])} if "description" in schema else schema
    fields = {field.encode_name: field.name for field in msgspec.structs.fields(fact)}
    told = {
        name: {"description": field_meaning(fact, fields[name]), **one} if name in fields else one
        for name, one in schema["properties"].items()
    }
    return {**schema, "description": meaning(fact), "properties": told}


def _renamed(schema: Any, names: Mapping[str, str]) -> Any:
    """The schema with the references to facts by their topics."""
    match schema:
        case {"$ref": str(to), **rest}:
            kind = to.removeprefix(REFERENCE)
            return {**rest, "$ref": REFERENCE + names.get(kind, kind)}
        case dict():
            # `discriminator` is a word of OpenAPI's; the enumeration in each fact says the same.
            return {name: _renamed(one, names) for name, one in schema.items() if name != "discriminator"}  # pyright: ignore[reportUnknownVariableType]
        case list():
            return [_renamed(one, names) for one in schema]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return schema


if __name__ == "__main__":
    main()
