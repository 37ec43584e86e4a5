"""One fact of each kind with every field filled, made from the types themselves."""

import types
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from domain.initiatives.events import InitiativeEvent, PartyStatusReported
from domain.initiatives.terms import Gazette, Party, PartyRole, Term
from domain.kernel import AccountId, Fact, VaultRef
from domain.partners.events import PartnerEvent
from domain.people.events import PeopleEvent
from domain.subscriptions.events import SubscriptionEvent

FACTS: list[type[Fact]] = [
    *get_args(InitiativeEvent),
    *get_args(PartnerEvent),
    *get_args(PeopleEvent),
    *get_args(SubscriptionEvent),
]
HANDLER = AccountId(UUID(int=7))
WORDS = VaultRef(UUID(int=8))
PARTNER = Party(role=PartyRole.PARTNER, partner=UUID(int=9))
HOME = Party(role=PartyRole.HOME, local_government="nis")


NO_MORE = {(PartyStatusReported, "source")}
"""Fields that only facts of an older version hold."""


def sample(kind: type[Fact]) -> Fact:
    """A fact in which no field of today is left at its default."""
    hints = get_type_hints(kind)
    fields = (name for name in kind.__struct_fields__ if (kind, name) not in NO_MORE)
    return kind(**{name: _value(name, hints[name]) for name in fields})


def _value(name: str, hint: Any) -> Any:
    plain = {
        VaultRef: WORDS,
        AccountId: HANDLER,
        UUID: UUID(int=9),
        int: 3,
        bool: True,
        datetime: datetime(2026, 3, 1, 9, tzinfo=UTC),
        Party: PARTNER,
        Gazette: Gazette(name="Službeni list grada Niša", number="4/2026"),
        Term: Term(ends_on=_day(), notice_months=6, tacit_renewal=True),
    }
    if hint in plain:
        return plain[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next(iter(hint))
    if isinstance(hint, types.UnionType) or get_origin(hint) is not None:
        return _compound(name, hint)
    return _text(name)


def _compound(name: str, hint: Any) -> Any:
    parts = [part for part in get_args(hint) if part is not type(None)]
    if get_origin(hint) is tuple:
        return (HOME, PARTNER) if parts[0] is Party else (_value(name, parts[0]),)
    if name == "restated":
        return sample(parts[0])
    return _value(name, parts[0])


def _text(name: str) -> str:
    days = {"occurred_on", "ends_on", "due_on", "until"}
    special = {
        "languages": "sr",
        "language": "en",
        "country": "TR",
        "number": "2026-0042",
        "party": "nis",
        "host": "nis",
        "local_governments": "nis",
        "kinds": "twinning",
        "deed": "terminate",
    }
    return str(_day()) if name in days else special.get(name, f"words of {name}")


def _day() -> Any:
    return "2026-03-01"
