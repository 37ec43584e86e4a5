"""Partners' files: finding, registering, editing and merging them."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from application import handling
from application.access import Person, Scope
from application.handling import Done, Known, Request
from application.identity import partner_id
from application.known_names import KnownNames, registered
from application.ports import Clock, Log, Write
from application.rights import require
from application.script import fold as folded
from application.views.partners import PartnerFile, PartnerFiles
from domain.kernel import Command, Occasion, Refusal, Refused
from domain.partners import decisions
from domain.partners.events import PartnerEvent, PartnerKind
from domain.partners.partner import Partner, fold
from domain.words import Country, Line, LineOrNothing

EVERYWHERE = Scope()


class PartnerChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A partner as a form names it: by its file, or by name and country."""

    id: UUID | None = None
    name: Line | None = None
    country: Country | None = None
    kind: PartnerKind = PartnerKind.LOCAL_GOVERNMENT
    part_of: LineOrNothing | None = None


class ChosenPartner(msgspec.Struct, frozen=True):
    """Where a choice leads: to a file that exists, or to one that is to be registered with the case."""

    id: UUID
    namesakes: tuple[UUID, ...] = ()
    """Other partners that bear one of its names: a duplicate may hide behind any of them."""
    new: decisions.RegisterPartner | None = None

    def registration(self, names: KnownNames, on: Occasion) -> list[Write]:
        """What has to be recorded so that the partner exists; nothing where it does."""
        return [Write(self.id, 0, registered(None, self.new, names, on))] if self.new else []

    def registered(self) -> "ChosenPartner":
        """The same choice once somebody else has registered the partner."""
        return replace(self, new=None)


def choose_partner(files: PartnerFiles, choice: PartnerChoice) -> ChosenPartner:
    """Find the partner by any of its names, or prepare its registration.

    Raises Refused where the choice names nothing, an unknown file, or a place at home.
    """
    if choice.id is not None:
        return ChosenPartner(_goes_on(files, choice.id))
    if not choice.name or not folded(choice.name):
        raise Refused(Refusal("initiative.partner-missing", field="partner"))
    if not choice.country:
        raise Refused(Refusal("partner.country-missing", field="country"))
    if choice.country in decisions.NOT_FOREIGN:
        raise Refused(Refusal("initiative.domestic-pair", field="country"))
    found = files.named(choice.name, choice.country)
    if found:
        exact = next((f for f in found if (f.partner.part_of or "") == (choice.part_of or "")), found[0])
        return ChosenPartner(exact.id, tuple(f.id for f in found if f.id != exact.id))
    new = decisions.RegisterPartner(
        name=choice.name, country=choice.country, kind=choice.kind, part_of=(choice.part_of or "").strip() or None
    )
    return ChosenPartner(partner_id(choice.country, choice.name, choice.part_of), (), new)


def registered_meanwhile(log: Log, partner: ChosenPartner) -> ChosenPartner:
    """The choice once the log turned out to have a file under its id.

    Raises Refused where that file has been given another name or country, or was merged away: then it is not the same.
    """
    state = handling.known(log, partner.id, fold).state
    if state and partner.new and not _still_bears(state, partner.new):
        raise Refused(Refusal("partner.exists", {"name": state.name}, "partner"))
    return partner.registered()


def goes_on(log: Log, partner: UUID) -> UUID:
    """The file that goes on for one that was merged, however often, as the log has it; else the partner itself."""
    state: Partner | None = handling.known(log, partner, fold).state
    return goes_on(log, state.merged_into) if state and state.merged_into else partner


def _still_bears(state: Partner, new: decisions.RegisterPartner) -> bool:
    same_name = folded(new.name) in map(folded, state.all_names)
    return same_name and state.country == new.country and state.merged_into is None


def _goes_on(files: PartnerFiles, partner: UUID) -> UUID:
    """The file that goes on for one that was merged, however often. Raises Refused for an unknown one."""
    file = files.open(EVERYWHERE, partner)
    if file is None:
        raise Refused(Refusal("partner.unknown", field="partner"))
    return _goes_on(files, file.partner.merged_into) if file.partner.merged_into else file.id


class KeepingPartners:
    """The use cases of partners' files. Rights are checked here, whoever calls."""

    def __init__(self, log: Log, files: PartnerFiles, clock: Clock, names: KnownNames) -> None:
        self._log = log
        self._files = files
        self._clock = clock
        self._names = names

    def register(self, person: Person, request: Request) -> Done:
        """Open a file for a new partner, with every name that is known for it.

        Raises Forbidden, Refused (also where the register knows the name), Conflict.
        """
        require(person, "register-partner")
        command = request.command
        if not isinstance(command, decisions.RegisterPartner):
            raise TypeError(type(command).__name__)
        if not folded(command.name):
            raise Refused(Refusal("initiative.partner-missing", field="name"))
        stream = partner_id(command.country, command.name, command.part_of)
        mark = handling.digest("register-partner", request)
        if (before := self._log.outcome(request.key, mark)) is not None:
            return Done(stream=stream, position=before.position, repeated=True)
        self._not_known_yet(self._files.named(command.name, command.country), command.part_of)
        on = handling.occasion(person, self._clock)
        state = handling.known(self._log, stream, fold).state
        facts = registered(state, command, self._names, on)
        saved = handling.keep(self._log, request, mark, on, [Write(stream, 0, facts)])
        return Done(stream=stream, position=saved.position, repeated=saved.repeated)

    def edit(self, person: Person, partner: UUID, request: Request) -> Done:
        """Rename, reclassify, merge, or change the other names of a partner.

        Raises Forbidden, Refused, Conflict where the file changed since `seen`.
        """
        require(person, "edit-partner")
        if isinstance(request.command, decisions.RegisterPartner | decisions.AbsorbPartner):
            raise TypeError(type(request.command).__name__)  # the one has its own use case, the other is an effect
        now: Known[Partner] = handling.known(self._log, partner, fold)
        mark = handling.digest(str(partner), request)
        if (before := self._log.outcome(request.key, mark)) is not None:
            return Done(stream=partner, position=before.position, repeated=True)
        handling.unchanged_since(request.seen, now)
        on = handling.occasion(person, self._clock)
        facts = decisions.decide(now.state, request.command, on)
        if not facts:
            return Done(stream=partner, position=now.position, repeated=True)
        writes = [Write(partner, now.version, facts), *self._other_end(now, request.command, on)]
        saved = handling.keep(self._log, request, mark, on, writes)
        return Done(stream=partner, position=saved.position, repeated=saved.repeated)

    def _other_end(self, now: Known[Partner], command: Command, on: Occasion) -> list[Write]:
        """A merging is recorded in both files or in neither."""
        if not isinstance(command, decisions.MergePartner) or now.state is None:
            return []
        target: Known[Partner] = handling.known(self._log, command.into, fold)
        if target.state is None or target.state.merged_into is not None or command.into == now.stream:
            raise Refused(Refusal("partner.merge-target-unknown", field="into"))
        absorb = decisions.AbsorbPartner(partner=now.stream, names=now.state.all_names)
        facts: list[PartnerEvent] = decisions.decide(target.state, absorb, on)
        return [Write(target.stream, target.version, facts)] if facts else []

    def _not_known_yet(self, found: Sequence[PartnerFile], part_of: str | None) -> None:
        for file in found:
            if (file.partner.part_of or None) == (part_of or None):
                raise Refused(Refusal("partner.exists", {"name": file.partner.name}, "name"))
