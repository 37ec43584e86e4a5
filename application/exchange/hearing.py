"""What another register says of its sides, taken down line by line."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

import msgspec
from msgspec.structs import replace

from application import handling
from application.access import Person
from application.exchange.sheet import Received, Sheet, SheetCase, SheetLine, TrustedRegister, TrustedRegisters
from application.exchange.sides import Sides
from application.handling import Done, Known, Request
from application.identity import case_id, command_key, vault_ref
from application.ports import Clock, CommandKeyReused, Log, VaultEntry, Write
from application.procedures import Shelf
from application.reading import vault_refs
from application.rights import require
from application.views.register import Register
from domain.initiatives import deeds
from domain.initiatives.decisions.anytime import ReceiveReport
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.sides import reports
from domain.initiatives.terms import Channel
from domain.kernel import Refusal, Refused, VaultRef


class Hearing:
    """The signature was looked at before; whether the key may speak for a side is checked here, for each line."""

    def __init__(
        self, log: Log, register: Register, sides: Sides, trusted: TrustedRegisters, clock: Clock, procedures: Shelf
    ) -> None:
        self._log = log
        self._register = register
        self._sides = sides
        self._trusted = trusted
        self._clock = clock
        self._procedures = procedures

    def take(self, person: Person, key: str, sheet: Sheet) -> Iterator[Received]:
        """Heard again, a file changes nothing. Raises Forbidden, and Refused where nobody here trusts the key."""
        require(person, "report-party-status")
        register = self._trusted.find(key)
        if register is None:
            raise Refused(Refusal("exchange.not-trusted", {"key": key}))
        meant = [(case, self._same_case(case)) for case in sheet.cases]
        speaking = defaultdict[str, list[str]](list)
        for case, here in meant:
            if isinstance(here, str) and case.lines:
                speaking[here].append(case.number)
        for case, here in meant:
            if isinstance(here, Refusal):
                yield Received(case=case.number, refusal=here)
            elif len(speaking[here]) > 1:
                numbers = ", ".join(speaking[here])
                unclear = Refusal("exchange.cases-unclear", {"here": here, "numbers": numbers})
                yield Received(case=case.number, here=here, refusal=unclear)
            else:
                yield from self._case(person, register, case, here)

    def _case(self, person: Person, register: TrustedRegister, case: SheetCase, here: str) -> Iterator[Received]:
        for line in case.lines:
            try:
                new = self._line(person, register, case, line, here)
            except Refused as refused:
                yield Received(case=case.number, here=here, line=line, refusal=refused.refusals[0])
            else:
                yield Received(case=case.number, here=here, line=line, new=new)

    def _same_case(self, case: SheetCase) -> str | Refusal:
        """The number here of the one live case in which the same sides meet; or why there is none."""
        meant = [key for side in case.sides for key in self._sides.meant(side)]
        homes = [key for key in meant if self._sides.is_town(key)]
        partners = [UUID(key) for key in meant if not self._sides.is_town(key)]
        rows = self._register.same_pair(homes, partners) if homes and partners else ()
        numbers = sorted({row.number for row in rows})
        if len(numbers) == 1:
            return numbers[0]
        if numbers:
            return Refusal("exchange.case-unclear", {"numbers": ", ".join(numbers)})
        return Refusal("exchange.case-unknown", {"sides": " – ".join(side.names[0] for side in case.sides)})

    def _line(self, person: Person, register: TrustedRegister, case: SheetCase, line: SheetLine, here: str) -> bool:
        """Whether something new was recorded."""
        mark = msgspec.json.encode(line).decode()

        def attempt() -> Done:
            known = handling.known(self._log, case_id(here), fold)
            if known.state is None:
                raise Refused(Refusal("initiative.unknown"))
            party = self._party(known.state, register, case, line.side)
            key = command_key("exchange", register.key, case.number, str(case.version), here, party, mark)
            words = VaultEntry(_place_of(register, here, line.source), "remark", line.source)
            command = ReceiveReport(
                party=party,
                status=line.status,
                known_from=words.ref,
                occurred_on=line.on,
                channel=Channel.FILE,
                register=register.key,
                register_version=case.version,
            )
            request = Request(key=key, command=command, entries=(words,))
            return self._record(person, known, known.state, request, command)

        return not handling.retried(attempt, wanted=lambda _: True).repeated

    def _party(self, state: Initiative, register: TrustedRegister, case: SheetCase, place: int) -> str:
        """The key of the party that the line is about, where the register may speak for it."""
        meant: set[str] = self._sides.meant(case.sides[place]) if place < len(case.sides) else set()
        party = next((party for party in state.parties if self._sides.key_of(party) in meant), None)
        if party is None:
            name = case.sides[place].names[0] if place < len(case.sides) else str(place)
            raise Refused(Refusal("exchange.side-unknown", {"side": name}))
        if self._sides.key_of(party) not in register.sides:
            raise Refused(Refusal("exchange.not-for-this-side", {"register": register.name}))
        return party.key

    def _record(
        self, person: Person, known: Known[Initiative], state: Initiative, request: Request, said: ReceiveReport
    ) -> Done:
        def done(position: int, *, repeated: bool) -> Done:
            return Done(stream=known.stream, number=state.number, position=position, repeated=repeated)

        mark = handling.digest(state.number, request)
        try:
            before = self._log.outcome(request.key, mark)
        except CommandKeyReused:  # the key is made of the line itself: an earlier release wrote the request otherwise
            return done(known.position, repeated=True)
        if before is not None:
            return done(before.position, repeated=True)
        if _heard_already(state, said, request.entries[0].text):
            return done(known.position, repeated=True)
        on = handling.case_occasion(person, self._clock, self._procedures.now())
        facts = deeds.decide(state, said, on)
        there = {ref for recorded in self._log.read(known.stream) for ref in vault_refs(recorded.fact)}
        new = tuple(entry for entry in request.entries if entry.ref not in there)
        writes = [Write(known.stream, known.version, facts)]
        saved = handling.keep(self._log, replace(request, entries=new), mark, on, writes)
        return done(saved.position, repeated=saved.repeated)


def _place_of(register: TrustedRegister, here: str, source: str) -> VaultRef:
    """The same words of one register about one case have one place in the vault, where they are erased once for all:
    heard again, they stay erased."""
    return vault_ref(command_key("exchange-source", register.key, here, source), "known_from")


def _heard_already(state: Initiative, said: ReceiveReport, source: str) -> bool:
    """Whether the newest word of this register over the same says the same. Raises Refused for an older file."""
    over = (said.party, said.status, said.register)
    heard = [report for _, report in reports(state) if (report.party, report.status, report.register) == over]
    if not heard:
        return False
    newest = heard[-1]
    if (newest.register_version or 0) > (said.register_version or 0):
        raise Refused(Refusal("exchange.older-than-known"))
    same = newest.known_from == said.known_from if newest.known_from else newest.source == source
    return same and newest.occurred_on == said.occurred_on
