"""What the office decides about partners' files."""

from collections.abc import Callable
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta

from domain.kernel import Command, Occasion, Refusal, Refused, VaultRef
from domain.partners import events as e
from domain.partners.partner import Partner
from domain.words import Country, Line

HOME_COUNTRY: Final = "RS"
NOT_FOREIGN: Final = frozenset({HOME_COUNTRY, "XK"})
MOST_NAMES: Final = 100
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?$(?!\n)")]


class RegisterPartner(Command, frozen=True, kw_only=True):
    name: Line
    country: Country
    kind: e.PartnerKind = e.PartnerKind.LOCAL_GOVERNMENT
    part_of: Line | None = None


class RenamePartner(Command, frozen=True, kw_only=True):
    name: Line
    old_name_is: e.NameKind = e.NameKind.FORMER


class AddName(Command, frozen=True, kw_only=True):
    name: Line
    kind: e.NameKind
    language: Language | None = None


class RemoveName(Command, frozen=True, kw_only=True):
    name: Line
    reason: VaultRef | None = None


class ReclassifyPartner(Command, frozen=True, kw_only=True):
    kind: e.PartnerKind
    country: Country
    reason: VaultRef | None = None


class MergePartner(Command, frozen=True, kw_only=True):
    """The use case has seen that `into` exists and is itself not merged away."""

    into: UUID
    reason: VaultRef | None = None


class AbsorbPartner(Command, frozen=True, kw_only=True):
    partner: UUID
    names: tuple[str, ...]


def decide(state: Partner | None, command: Command, on: Occasion) -> list[e.PartnerEvent]:
    """Facts that a command leads to, none if it had its effect already. Raises Refused."""
    if isinstance(command, RegisterPartner):
        return register(state, command, on)
    if state is None:
        raise Refused(Refusal("partner.unknown"))
    if state.merged_into is not None:
        if isinstance(command, MergePartner) and command.into == state.merged_into:
            return []
        raise Refused(Refusal("partner.merged-away"))
    return _DECISIONS[type(command)](state, command, on)


def register(state: Partner | None, command: RegisterPartner, on: Occasion) -> list[e.PartnerEvent]:
    _abroad(command.country)
    if state is not None:
        raise Refused(Refusal("partner.exists", {"name": state.name}, "name"))
    return [e.PartnerRegistered(name=command.name, country=command.country, kind=command.kind, part_of=command.part_of)]


def rename(state: Partner, command: RenamePartner, on: Occasion) -> list[e.PartnerEvent]:
    if command.name == state.name:
        return []
    return [e.PartnerRenamed(name=command.name, old_name_is=command.old_name_is)]


def add_name(state: Partner, command: AddName, on: Occasion) -> list[e.PartnerEvent]:
    if command.name in state.all_names:
        return []
    if len(state.names) >= MOST_NAMES:
        raise Refused(Refusal("partner.too-many-names", {"most": MOST_NAMES}, "name"))
    return [e.NameAdded(name=command.name, kind=command.kind, language=command.language)]


def remove_name(state: Partner, command: RemoveName, on: Occasion) -> list[e.PartnerEvent]:
    if command.name == state.name:
        raise Refused(Refusal("partner.official-name", field="name"))
    if command.name not in state.all_names:
        return []
    return [e.NameRemoved(name=command.name, reason=command.reason)]


def reclassify(state: Partner, command: ReclassifyPartner, on: Occasion) -> list[e.PartnerEvent]:
    _abroad(command.country)
    if (command.kind, command.country) == (state.kind, state.country):
        return []
    return [e.PartnerReclassified(kind=command.kind, country=command.country, reason=command.reason)]


def merge(state: Partner, command: MergePartner, on: Occasion) -> list[e.PartnerEvent]:
    """End a second file of the same partner; the use case records the other end."""
    return [e.PartnerMerged(into=command.into, reason=command.reason)]


def absorb(state: Partner, command: AbsorbPartner, on: Occasion) -> list[e.PartnerEvent]:
    if command.partner in state.absorbed:
        return []
    return [e.PartnerAbsorbed(partner=command.partner, names=command.names)]


_DECISIONS: Final[dict[type[Command], Callable[[Partner, Any, Occasion], list[e.PartnerEvent]]]] = {
    RenamePartner: rename,
    AddName: add_name,
    RemoveName: remove_name,
    ReclassifyPartner: reclassify,
    MergePartner: merge,
    AbsorbPartner: absorb,
}


def _abroad(country: str) -> None:
    """A domestic pair belongs to inter-municipal cooperation, not here."""
    if country in NOT_FOREIGN:
        raise Refused(Refusal("partner.domestic", field="country"))
