"""A partner as its facts have made it."""

from collections.abc import Iterable
from typing import assert_never
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.partners import events as e


class Name(msgspec.Struct, frozen=True, omit_defaults=True):
    """A name beside the official one."""

    name: str
    kind: e.NameKind
    language: str | None = None


class Partner(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The running state of one partner's file."""

    name: str
    country: str
    kind: e.PartnerKind
    part_of: str | None = None
    names: tuple[Name, ...] = ()
    merged_into: UUID | None = None
    absorbed: tuple[UUID, ...] = ()
    version: int = 1

    @property
    def all_names(self) -> tuple[str, ...]:
        """The official name first, then every other."""
        return (self.name, *(n.name for n in self.names))


class BrokenHistory(Exception):
    """The facts cannot be a partner's: they do not begin with the registration, or have two."""


def evolve(state: Partner | None, fact: e.PartnerEvent) -> Partner:
    """The state after one more fact. Raises BrokenHistory where the facts contradict the model."""
    if isinstance(fact, e.PartnerRegistered):
        if state is not None:
            raise BrokenHistory(f"{state.name} is registered twice")
        return Partner(name=fact.name, country=fact.country, kind=fact.kind, part_of=fact.part_of)
    if state is None:
        raise BrokenHistory("a partner begins with its registration")
    return replace(_particulars(state, fact), version=state.version + 1)


def _particulars(state: Partner, fact: e.PartnerEvent) -> Partner:
    match fact:
        case e.PartnerRegistered():
            return state
        case e.PartnerRenamed(name=name, old_name_is=kind):
            others = tuple(n for n in state.names if n.name != name)
            return replace(state, name=name, names=(*others, Name(state.name, kind)))
        case e.NameAdded(name=name, kind=kind, language=language):
            return replace(state, names=(*state.names, Name(name, kind, language)))
        case e.NameRemoved(name=name):
            return replace(state, names=tuple(n for n in state.names if n.name != name))
        case e.PartnerReclassified(kind=kind, country=country):
            return replace(state, kind=kind, country=country)
        case e.PartnerMerged(into=into):
            return replace(state, merged_into=into)
        case e.PartnerAbsorbed(partner=partner, names=names):
            known = state.all_names
            new = tuple(Name(n, e.NameKind.ALIAS) for n in dict.fromkeys(names) if n not in known)
            return replace(state, absorbed=(*state.absorbed, partner), names=(*state.names, *new))
        case _:
            assert_never(fact)


def fold(facts: Iterable[e.PartnerEvent]) -> Partner | None:
    """The state after all facts of one partner, by version; None if there are none."""
    state: Partner | None = None
    for fact in facts:
        state = evolve(state, fact)
    return state
