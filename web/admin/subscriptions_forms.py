"""The form of a subscription: what can be chosen, what was filled in, and a filter in words."""

import hashlib
from collections.abc import Container, Sequence
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from application.access import Person
from application.accounts import Account
from application.script import sort_key
from application.subscriptions import Wish
from application.subscriptions_address import LONGEST
from domain.initiatives.terms import Kind
from domain.kernel import AccountId, Refusal
from domain.subscriptions.decisions import LONGEST_NAME
from domain.subscriptions.subscription import Filter, Subscription
from web.audit.filters import KIND_GROUPS, KINDS, group_of, number
from web.forms import Form, Reader
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.parts import Parts
from web.words import KINDS as COOPERATIONS
from web.words import ROLES

LABELS: Final = {
    "code": N_("Code"),
    "name": N_("Name"),
    "address": N_("Address of the receiver"),
    "signing": N_("How deliveries are signed"),
    "start": N_("From where"),
    "after": N_("Position"),
    "keeper": N_("Who looks after it"),
    "type": N_("Kinds of records"),
    "local_government": N_("Local governments"),
    "kind": N_("Kinds of cooperation"),
    "case": N_("Only one case"),
}
"""How fields are called where one was refused."""
_LARGEST: Final = 999_999_999


class Start(StrEnum):
    """From where a new subscription is told."""

    NOW = "now"
    BEGINNING = "beginning"
    POSITION = "position"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Some of what can be chosen, under a title."""

    title: str
    options: Sequence[tuple[str, str]]
    """Value and text."""
    chosen: int


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    types: Sequence[Group]
    local_governments: Group
    kinds: Sequence[tuple[str, str]]
    keepers: Sequence[tuple[str, str]]


def choices(person: Person, parts: Parts, form: Form, spoken: Language) -> Choices:
    """Raises Forbidden for anybody who is no administrator."""
    groups: dict[str, list[tuple[str, str]]] = {group: [] for group in KIND_GROUPS}
    for topic in parts.subscriptions.topics:
        groups[group_of(tag_of(topic))].append((topic, type_name(topic, spoken)))
    units = sorted(parts.local_governments.by_code.values(), key=lambda unit: sort_key(unit.name))
    towns = [(unit.code, spoken.name(unit.name)) for unit in units]
    return Choices(
        types=[
            _group(KIND_GROUPS[group], sorted(options, key=lambda one: sort_key(one[1])), form, "type", spoken)
            for group, options in groups.items()
            if options
        ],
        local_governments=_group(LABELS["local_government"], towns, form, "local_government", spoken),
        kinds=[(kind.value, spoken.gettext(text)) for kind, text in COOPERATIONS.items()],
        keepers=[
            (str(one.id), f"{one.name} ({spoken.gettext(ROLES[one.role])})") for one in open_accounts(person, parts)
        ],
    )


def open_accounts(person: Person, parts: Parts) -> list[Account]:
    """Raises Forbidden for anybody who is no administrator."""
    return [one for one in parts.keeping_accounts.list(person) if not one.disabled]


def read_wish(read: Reader, form: Form, person: Person, parts: Parts) -> Wish:
    keeper = read.one_of("keeper", {str(one.id) for one in open_accounts(person, parts)})
    return Wish(
        name=read.line("name", most=LONGEST_NAME),
        address=read.line("address", most=LONGEST),
        keeper=AccountId(UUID(keeper)) if keeper else None,
        filter=Filter(
            types=_several(read, form, "type", frozenset(parts.subscriptions.topics)),
            case=number(read),
            local_governments=_several(read, form, "local_government", parts.local_governments.by_code),
            kinds=_several(read, form, "kind", frozenset(kind.value for kind in Kind)),
        ),
    )


def read_start(read: Reader) -> int | None:
    """The position behind which facts are told; None for what comes from now on."""
    match read.choice("start", Start):
        case Start.BEGINNING:
            return 0
        case Start.POSITION:
            return read.number("after", least=0, most=_LARGEST)
        case _:
            return None


def showing(state: Subscription) -> Form:
    """The form as the subscription stands."""
    let = state.filter
    return Form.showing(
        name=state.name,
        address=state.address,
        keeper=str(state.keeper or ""),
        type=let.types,
        local_government=let.local_governments,
        kind=let.kinds,
        case=let.case,
        seen=seen(state),
    )


def seen(what: Subscription | Wish) -> str:
    """Names what a form of changes began with, so that nobody writes over what somebody else has changed since."""
    encoded = msgspec.json.encode([what.name, what.address, what.keeper, what.filter])
    return hashlib.sha256(encoded).hexdigest()[:32]


def filter_words(let: Filter, parts: Parts, spoken: Language) -> list[tuple[str, list[str]]]:
    """What is let through: labels with values, none where that is everything."""
    units = parts.local_governments.by_code
    towns = [spoken.name(units[code].name) if code in units else code for code in let.local_governments]
    kinds = {kind.value: text for kind, text in COOPERATIONS.items()}
    told = [
        (LABELS["type"], [type_name(topic, spoken) for topic in let.types]),
        (LABELS["case"], [let.case] if let.case else []),
        (LABELS["local_government"], towns),
        (LABELS["kind"], [spoken.gettext(kinds.get(kind, kind)) for kind in let.kinds]),
    ]
    return [(spoken.gettext(label), values) for label, values in told if values]


def type_name(topic: str, spoken: Language) -> str:
    """The sentence of a kind of record; the topic itself where it is not of this version."""
    text = KINDS.get(tag_of(topic))
    return spoken.gettext(text) if text else topic


def tag_of(topic: str) -> str:
    """`initiative.signed.v2` is `initiative.signed`."""
    return topic.rpartition(".v")[0]


def _group(message: str, options: Sequence[tuple[str, str]], form: Form, name: str, spoken: Language) -> Group:
    chosen = set(form.values(name))
    return Group(title=spoken.gettext(message), options=options, chosen=sum(value in chosen for value, _ in options))


def _several(read: Reader, form: Form, name: str, known: Container[str]) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value for value in form.values(name) if value))
    if any(value not in known for value in values):
        read.refuse(Refusal("form.choice-unknown", field=name))
    return values
