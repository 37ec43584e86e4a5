"""Write docs/event-catalogue.md from the fact types: `python -m tools.event_catalogue`.

Everything that the types, the table of deeds and the published topics say is read from them. The committed page is
read for one thing only: since which version a topic exists.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin
from uuid import UUID

import msgspec

from adapters.recording.topics import published
from application.feed_events import CloudEvent, EventData, encoded, rfc3339
from application.identity import case_id
from domain import pairs
from domain.dates import PartialDate
from domain.initiatives import events as initiative_events
from domain.initiatives import links, tasks, terms
from domain.kernel import AccountId, Fact, VaultRef
from domain.partners import events as partner_events
from domain.people import events as people_events
from domain.subscriptions import events as subscription_events
from tools.event_facts import attribute_docs, example, field_meaning, joined, meaning, recorded_by, sections
from tools.event_words import ACTOR, MEANINGS, MOMENT

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "event-catalogue.md"
INTRODUCTION: Final = ROOT / "tools" / "event_catalogue.md"
_SINCE: Final = re.compile(r"^### `(?P<topic>[^`]+)`$.*?^Since (?P<version>\S+)\.$", re.MULTILINE | re.DOTALL)


def main() -> None:
    known = PAGE.read_text("utf-8") if PAGE.exists() else ""
    PAGE.write_text(catalogue(known), "utf-8", newline="\n")


def catalogue(known: str) -> str:
    """The whole page; `known` is the committed one."""
    since = {found["topic"]: found["version"] for found in _SINCE.finditer(known)}
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    parts = [INTRODUCTION.read_text("utf-8").strip(), f"```json\n{_event()}\n```"]
    recorded = recorded_by()
    for section in (
        *sections(initiative_events),
        *sections(links),
        *sections(tasks),
        *sections(partner_events),
        *sections(pairs),
        *sections(people_events),
        *sections(subscription_events),
    ):
        parts.append(f"## {section.title}")
        parts += [_entry(fact, recorded, since, version) for fact in section.facts]
    return "\n\n".join([*parts, "## Parts of facts", *_structs(), "## Values", *_enums()]) + "\n"


def _entry(fact: type[Fact], recorded: Mapping[str, str], since: Mapping[str, str], version: str) -> str:
    topic = published().topic_of[fact]
    body = msgspec.json.format(msgspec.json.encode(example(fact)), indent=2).decode()
    corrected = fact in get_args(initiative_events.Correctable)
    lines = [
        f"### `{topic}`",
        f"`{fact.__name__}`. {meaning(fact)}",
        recorded[fact.__name__],
        *(["It can be restated by `initiative.corrected`."] if corrected else []),
        f"Since {since.get(topic, version)}.",
        _fields(fact),
        f"```json\n{body}\n```",
    ]
    return "\n\n".join(lines)


def _fields(kind: type[Any]) -> str:
    rows = ["| field | type | | meaning |", "| --- | --- | --- | --- |"]
    for field in msgspec.structs.fields(kind):
        said = field_meaning(kind, field.name).replace("|", "\\|")
        rows.append(f"| `{field.encode_name}` | {_type(field.type)} | {_presence(field)} | {said} |")
    return "\n".join(rows)


def _presence(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "always"
    default = field.default
    if default in (None, (), msgspec.NODEFAULT):
        return "optional"
    shown = default.value if isinstance(default, Enum) else str(default).lower()
    return f"optional, absent means `{shown}`"


def _type(kind: Any) -> str:
    names = {PartialDate: "partial date", VaultRef: "vault reference", AccountId: "account id"}
    plain = {str: "text", int: "whole number", bool: "`true` or `false`", UUID: "UUID", datetime: "moment"}
    if kind in names or kind in plain:
        return {**names, **plain}[kind]
    arguments = [argument for argument in get_args(kind) if argument not in (NoneType, Ellipsis)]
    if get_origin(kind) is tuple:
        return f"list of {_type(arguments[0])}"
    if get_origin(kind) in (Union, UnionType):
        return _type(arguments[0]) if len(arguments) == 1 else "a fact of this case, whole"
    return f"[{kind.__name__}](#{kind.__name__.lower()})"


def _structs() -> Iterable[str]:
    for kind in (terms.Party, terms.Term, terms.Gazette):
        yield f"### {kind.__name__}\n\n{joined(kind.__doc__ or '')}\n\n{_fields(kind)}"


def _enums() -> Iterable[str]:
    """The codes that a field may hold; a later version may add to them."""
    used = {
        kind
        for module in (initiative_events, links, partner_events, people_events, subscription_events)
        for kind in vars(module).values()
        if _is_enum(kind)
    }
    used.add(terms.PartyRole)
    for kind in sorted(used, key=lambda kind: kind.__name__):
        said = joined(kind.__dict__.get("__doc__") or "") or MEANINGS[kind.__name__]
        docs = attribute_docs(kind)
        codes = ", ".join(
            f"`{one.value}`" + (f" ({joined(docs[one.name]).rstrip('.')})" if one.name in docs else "") for one in kind
        )
        yield f"### {kind.__name__}\n\n{said} {codes}."


def _is_enum(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum) and kind.__module__.startswith("domain.")


def _event() -> str:
    fact = example(initiative_events.AgreementSigned)
    event = CloudEvent(
        specversion="1.0",
        id="1187",
        source="https://pobratim.example.rs",
        type=published().topic_of[type(fact)],
        subject="2026-0042",
        time=rfc3339(MOMENT),
        sequence=f"{1187:020d}",
        occurredon=fact.occurred_on,
        data=EventData(stream=case_id("2026-0042"), version=14, actor=ACTOR, fact=fact),
    )
    return msgspec.json.format(encoded(event), indent=2).decode()


if __name__ == "__main__":
    main()
