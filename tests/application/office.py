"""A whole office in memory: the use cases over one log, and views that follow it at once or stay behind."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from adapters.procedures.shelf import FiledProcedures
from application.access import Person, Role, Scope
from application.handling import Request
from application.identity import case_id, partner_id
from application.initiatives import AdvancingInitiatives
from application.pairs import Pairs
from application.partners import KeepingPartners, PartnerChoice
from application.past import AsOf
from application.ports import Recorded, Save, Saved, VaultEntry, Write
from application.proposing import Proposal, ProposingInitiatives
from application.reference import LocalGovernment, UnitKind
from application.script import fold as folded
from application.standing_in import Absence, StandingIn
from application.views.casefile import CaseFile
from application.views.partners import PartnerFile
from application.views.register import PartnerName, RegisterRow
from domain.initiatives.deadlines import Waiting
from domain.initiatives.events import HistoricAgreementEntered, InitiativeProposed
from domain.initiatives.initiative import Initiative
from domain.initiatives.initiative import fold as fold_case
from domain.initiatives.terms import LIVE, Kind, Origin
from domain.kernel import AccountId, Command, CommandKey, Occasion, VaultRef
from domain.partners.decisions import AddName
from domain.partners.events import NameKind, PartnerEvent, PartnerRegistered
from domain.partners.partner import fold as fold_partner
from tests.fakes import InMemoryLog

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)
WORDS = VaultRef(UUID(int=77))


def person(number: int, role: Role, local_government: str | None = None) -> Person:
    return Person(AccountId(UUID(int=number)), role.value, role, local_government)


COORDINATOR = person(1, Role.COORDINATOR)
APPROVER = person(2, Role.APPROVER)
AUDITOR = person(3, Role.AUDITOR)
ADMINISTRATOR = person(4, Role.ADMINISTRATOR)
OFFICER = person(5, Role.OFFICER, "varvarin")
STRANGER = person(6, Role.OFFICER, "nis")
LOST = person(7, Role.OFFICER)
"""An officer whose local government was never entered: sees and does nothing."""
TECHNICIAN = person(8, Role.TECHNICIAN)
EVERYBODY = (COORDINATOR, APPROVER, AUDITOR, ADMINISTRATOR, OFFICER, TECHNICIAN)


class RacingLog(InMemoryLog):
    """Before the next append, whoever waits in `rivals` is faster."""

    def __init__(self) -> None:
        super().__init__(lambda: NOW)
        self.rivals: list[Callable[[], object]] = []

    def append(self, saves: Sequence[Save]) -> Sequence[Saved]:
        while self.rivals:
            self.rivals.pop()()
        return super().append(saves)


class Follows:
    """Reads the log up to `behind` facts before its head."""

    def __init__(self, log: InMemoryLog) -> None:
        self._log = log
        self.behind = 0

    def _streams(self, first: type | tuple[type, ...]) -> Iterator[UUID]:
        seen = self._log.facts[: len(self._log.facts) - self.behind]
        return (r.stream for r in seen if isinstance(r.fact, first))

    def _facts(self, stream: UUID) -> list[object]:
        return [r.fact for r in self._log.read(stream) if r.position <= len(self._log.facts) - self.behind]


class RegisterInMemory(Follows):
    def caught_up(self, position: int, timeout: float = 2.0) -> bool:
        return self.behind == 0

    def _cases(self) -> Iterator[tuple[UUID, Initiative]]:
        for stream in self._streams((InitiativeProposed, HistoricAgreementEntered)):
            state = fold_case(self._facts(stream))
            assert state is not None
            yield stream, state

    def same_pair(self, local_governments: Sequence[str], partners: Sequence[UUID]) -> Sequence[RegisterRow]:
        return [
            row(case, state)
            for case, state in self._cases()
            if state.stage in LIVE
            and {p.local_government for p in state.home} & set(local_governments)
            and {p.partner for p in state.partners} & set(partners)
        ]

    def newest_number(self, year: int) -> int:
        numbers = [state.number.split("-") for _, state in self._cases()]
        return max((int(running) for of, running in numbers if of == str(year)), default=0)


def row(case: UUID, state: Initiative) -> RegisterRow:
    return RegisterRow(
        case=case,
        number=state.number,
        home=tuple(p.local_government or "" for p in state.home),
        partners=tuple(PartnerName(p.partner or UUID(int=0), "", "") for p in state.partners),
        kind=state.kind,
        stage=state.stage,
        handler=state.handler,
        deed=None,
        actor=None,
        due=None,
        since=NOW,
        updated=NOW,
        version=state.version,
    )


class CasesInMemory(Follows):
    def open(self, scope: Scope, number: str) -> CaseFile | None:
        state = fold_case(self._facts(case_id(number)))
        homes = [p.local_government for p in state.home] if state else []
        return self._file(state) if state and scope.local_government in (None, *homes) else None

    def at(self, recorded: Sequence[Recorded], as_of: AsOf) -> CaseFile | None:
        state = fold_case([r.fact for r in recorded])
        return self._file(state) if state else None

    def _file(self, state: Initiative) -> CaseFile:
        stamps = {"since": NOW, "opened": NOW, "updated": NOW}
        return CaseFile(
            case=case_id(state.number),
            state=state,
            partners={},
            step=None,
            due=None,
            waiting=Waiting(NOW.date()),
            **stamps,
        )


class PartnersInMemory(Follows):
    def open(self, scope: Scope, partner: UUID) -> PartnerFile | None:
        facts: list[PartnerEvent] = self._facts(partner)
        state = fold_partner(facts)
        return PartnerFile(id=partner, partner=state, cases=0, updated=NOW) if state else None

    def named(self, name: str, country: str | None = None) -> Sequence[PartnerFile]:
        found: dict[UUID, PartnerFile] = {}
        for stream in self._streams(PartnerRegistered):
            file = self.open(Scope(), stream)
            if file and folded(name) in map(folded, file.partner.all_names) and file.partner.country == country:
                going_on = self.open(Scope(), file.partner.merged_into or stream)
                assert going_on is not None
                found[going_on.id] = going_on
        return list(found.values())


class Units:
    def __init__(self, *codes: str) -> None:
        self.by_code = {
            code: LocalGovernment(code=code, name=code, kind=UnitKind.CITY, district="Расински") for code in codes
        }

    def find(self, text: str) -> LocalGovernment | None:
        return self.by_code.get(text)

    def of_settlement(self, text: str) -> LocalGovernment | None:
        return None


class OnlyThessaloniki:
    """Knows one city by three names."""

    def others(self, country: str, name: str, part_of: str | None) -> Sequence[AddName]:
        names = ("Thessaloniki", "Θεσσαλονίκη", "Солун")
        known = country == "GR" and folded(name) in map(folded, names)
        return [AddName(name=n, kind=NameKind.ALIAS) for n in names if known and folded(n) != folded(name)]


class OnlyCoordinator:
    def is_handler(self, account: AccountId) -> bool:
        return account == COORDINATOR.account


class AwayInMemory:
    """application.standing_in.Away and Humans in lists."""

    def __init__(self) -> None:
        self.absences: list[Absence] = []
        self.humans: list[frozenset[AccountId]] = []

    def on(self, day: date) -> Sequence[Absence]:
        return [absence for absence in self.absences if absence.covers(day)]

    def one_human(self) -> Sequence[frozenset[AccountId]]:
        return self.humans


class Staff:
    """Everybody in this file, by their account."""

    def at_work(self, account: AccountId) -> Person | None:
        people = (*EVERYBODY, STRANGER, LOST)
        return next((one for one in people if one.account == account), None)


class Office:
    """The use cases, and shorthands for what is asked of them."""

    def __init__(self, data_dir: str = "") -> None:
        self.log = RacingLog()
        self.shelf = FiledProcedures(data_dir)
        self.register = RegisterInMemory(self.log)
        self.files = PartnersInMemory(self.log)
        units, names, shelf = Units("varvarin", "nis", "sombor"), OnlyThessaloniki(), self.shelf
        pairs = Pairs(self.log, self.register, self.register)
        self.proposing = ProposingInitiatives(
            self.log, self.register, self.files, units, pairs, lambda: NOW, names, shelf
        )
        self.away = AwayInMemory()
        self.advancing = AdvancingInitiatives(
            self.log,
            self.files,
            units,
            OnlyCoordinator(),
            pairs,
            lambda: NOW,
            shelf,
            StandingIn(self.away, self.away),
            Staff(),
        )
        self.keeping = KeepingPartners(self.log, self.files, lambda: NOW, names)

    def propose(self, who: Person, key: CommandKey | None = None, **fields: object) -> str:
        """The number of the new case."""
        asked = proposal(**fields)
        return self.proposing.propose(who, asked, request(asked, key)).number

    def write(self, stream: UUID, *facts: object) -> None:
        """History that was there before."""
        after = len(self.log.read(stream))
        on = Occasion(actor=COORDINATOR.account, at=NOW, today=NOW.date())
        self.log.append([Save(key=new_key(), digest=b"", on=on, writes=[Write(stream, after, facts)])])

    def partner(self, name: str, country: str = "BA") -> UUID:
        """A partner with a file."""
        stream = partner_id(country, name)
        self.write(stream, PartnerRegistered(name=name, country=country))
        return stream

    def begun(self, number: str) -> InitiativeProposed:
        """The first fact of a case."""
        fact = self.log.read(case_id(number))[0].fact
        assert isinstance(fact, InitiativeProposed)
        return fact

    def case(self, number: str) -> Initiative:
        state = fold_case([r.fact for r in self.log.read(case_id(number))])
        assert state is not None
        return state


def new_key() -> CommandKey:
    return CommandKey(uuid4())


def request(
    command: Command,
    key: CommandKey | None = None,
    seen: int | None = None,
    entries: tuple[VaultEntry, ...] = (),
) -> Request:
    return Request(key=key or new_key(), command=command, seen=seen, entries=entries)


def proposal(name: str = "Modriča", country: str = "BA", **fields: object) -> Proposal:
    asked: dict[str, object] = {
        "local_governments": ("varvarin",),
        "partner": PartnerChoice(name=name, country=country),
        "kind": Kind.TWINNING,
        "origin": Origin.LOCAL_GOVERNMENT,
        "rationale": WORDS,
    }
    return Proposal(**(asked | fields))
