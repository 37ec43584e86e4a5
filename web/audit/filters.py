"""The filters of the log as an address: read from a query string, and written into links."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from msgspec.structs import replace

from application.auditing import FactQuery
from domain.dates import PartialDate, earliest, latest
from domain.initiatives.terms import Kind, Stage
from domain.kernel import Refusal, Refused
from domain.pairs import PairTakenUp
from domain.words import CASE_NUMBER
from web.forms import Form, Reader
from web.initiatives.sentences import GROUPS, SENTENCES
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.past import ALSO_KNOWN, KNOWN

PATH: Final = "/audit/log"
PAIR: Final = str(PairTakenUp.__struct_config__.tag)
PARTNERS: Final = "partners"
PEOPLE: Final = "people"
SUBSCRIPTIONS: Final = "subscriptions"
KIND_GROUPS: Final[dict[str, str]] = {
    **GROUPS,
    PARTNERS: N_("Partners’ files"),
    PEOPLE: N_("Requests of persons"),
    SUBSCRIPTIONS: N_("Subscriptions of other systems"),
}
"""Groups of kinds, by which several are asked for at once."""
KINDS: Final[dict[str, str]] = {
    **{tag: said.text for tag, said in SENTENCES.items()},
    PAIR: N_("A case took up a local government with a partner"),
}
"""Every kind of fact."""
LABELS: Final = {
    "from": N_("From"),
    "to": N_("To"),
    "person": N_("Person"),
    "actor": N_("Acted"),
    "case": N_("Number of the case"),
    "kind": N_("Kind of record"),
    "local_government": N_("Local government"),
    "left": N_("Stage that was left"),
    "cooperation": N_("Kind of cooperation"),
    "before": N_("Page of the list"),
    "after": N_("Page of the list"),
}
"""How the parts of the address are called where one of them cannot be read."""
_NUMBER: Final = re.compile(CASE_NUMBER)
_DIGITS: Final = 18


def group_of(kind: str) -> str:
    """The group of a kind of fact."""
    if kind.startswith("partner.") or kind == PAIR:
        return PARTNERS
    if kind.startswith("people."):
        return PEOPLE
    if kind.startswith("subscription."):
        return SUBSCRIPTIONS
    return SENTENCES[kind].group if kind in SENTENCES else "steps"


_TAGS: Final = {group: [kind for kind in KINDS if group_of(kind) == group] for group in KIND_GROUPS}
KNOWN_KINDS: Final = frozenset({*KINDS, *KIND_GROUPS})
"""Codes of kinds and of groups."""


def tags_of(chosen: Sequence[str]) -> tuple[str, ...]:
    """The kinds of facts that codes of kinds and groups stand for, each once."""
    return tuple(dict.fromkeys(tag for code in chosen for tag in _TAGS.get(code, [code]) if tag))


def readable(asked: Form, towns: Sequence[str]) -> tuple[FactQuery, Form]:
    """What is asked for, or everything with a reason at each part of the address that cannot be read."""
    asked = with_known_at(asked)
    try:
        with asked.reading() as reader:
            chosen = asked.values("kind")
            if not KNOWN_KINDS.issuperset(filter(None, chosen)):
                reader.refuse(Refusal("form.choice-unknown", field="kind"))
            since, until = days(reader)
            query = FactQuery(
                since=since,
                until=until,
                person=person_id(asked.value("person"), reader),
                actor=person_id(asked.value("actor"), reader, "actor"),
                case=number(reader),
                kinds=tags_of(chosen),
                local_government=reader.one_of("local_government", towns),
                left=reader.choice_or_none("left", Stage),
                cooperation=reader.choice_or_none("cooperation", Kind),
                before=cursor(asked, reader, "before"),
                after=cursor(asked, reader, "after"),
            )
    except Refused as refused:
        return FactQuery(), asked.refused(refused.refusals)
    return (replace(query, before=None) if query.after is not None else query), asked


def with_known_at(asked: Form) -> Form:
    """`known_at` of web.past is the last day of recording: it is read as `to`, where that is not given."""
    if asked.value("to").strip():
        return asked
    return Form(
        [("to" if name in (KNOWN, ALSO_KNOWN) else name, value) for name, value in asked.fields if name != "to"]
    )


def days(reader: Reader) -> tuple[date | None, date | None]:
    """First and last day: a month or a year stands for its first and its last one."""
    since, until = reader.date_or_none("from"), reader.date_or_none("to")
    first, last = earliest(since) if since else None, latest(until) if until else None
    if first and last and last < first:
        reader.refuse(Refusal("audit.backwards", field="to"))
    return first, last


def pairs_of(asked: Form) -> list[tuple[str, str]]:
    """The filters of an address that could be read, as they were typed, in one order and without the cursors."""
    known = [name for name in LABELS if name not in ("before", "after")]
    return [(name, " ".join(value.split())) for name in known for value in asked.values(name) if value.strip()]


def address(pairs: Sequence[tuple[str, str]], path: str = PATH, **at: int | None) -> str:
    """A link to the same filters, at another place of the list."""
    cursors = [(name, str(value)) for name, value in at.items() if value is not None]
    return f"{path}?{urlencode([*pairs, *cursors])}" if pairs or cursors else path


def facts_behind(**asked: Any) -> str:
    """The address of the facts behind a figure; parts that are None are left out."""
    pairs = [("from" if name == "since" else "to" if name == "until" else name, v) for name, v in asked.items()]
    return address([(name, str(value)) for name, value in pairs if value is not None])


def without(pairs: Sequence[tuple[str, str]], *gone: tuple[str, str]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if pair not in gone]


def shown_day(day: str) -> PartialDate | None:
    """A day of the address, None where it is not one."""
    reader = Form([("day", day)])
    try:
        with reader.reading() as reading:
            return reading.date_or_none("day")
    except Refused:
        return None


def number(reader: Reader) -> str | None:
    """Of a case."""
    typed = reader.line_or_none("case", most=60)
    if typed and not _NUMBER.fullmatch(typed):
        reader.refuse(Refusal("audit.no-number", {"typed": typed}, "case"))
    return typed


def cursor(asked: Form, reader: Reader, name: str) -> int | None:
    """A place in a list."""
    typed = asked.value(name)
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS):
        reader.refuse(Refusal("form.choice-unknown", field=name))
        return None
    return int(typed)


def person_id(typed: str, reader: Reader, name: str = "person") -> UUID | None:
    """An account, whether it is known here or not."""
    try:
        return UUID(typed) if typed else None
    except ValueError:
        reader.refuse(Refusal("form.choice-unknown", field=name))
        return None
