"""The office at work: partners and cases in the log, told in few words."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid4, uuid5

from application.identity import case_id, partner_id
from application.ports import Log, Save, Write
from domain.initiatives import events as e
from domain.initiatives import terms as t
from domain.kernel import AccountId, CommandKey, Fact, Occasion, VaultRef
from domain.partners.events import NameAdded, NameKind, PartnerAbsorbed, PartnerMerged, PartnerRegistered

ANA = AccountId(UUID(int=11, version=4))
MIRKO = AccountId(UUID(int=12, version=4))
WORDS = VaultRef(UUID(int=13, version=4))
ON = Occasion(actor=ANA, at=datetime(2026, 3, 1, 9, tzinfo=UTC), today=date(2026, 3, 1))


def home(code: str) -> t.Party:
    return t.Party(role=t.PartyRole.HOME, local_government=code)


def abroad(partner: UUID, role: t.PartyRole = t.PartyRole.PARTNER) -> t.Party:
    return t.Party(role=role, partner=partner)


class Office:
    """Writes into the log. `last` is the position of the newest fact."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.last = 0
        self._versions: dict[UUID, int] = {}

    def partner(self, name: str, country: str = "IT", *exonyms: str) -> UUID:
        partner = partner_id(country, name)
        others = [NameAdded(name=other, kind=NameKind.EXONYM) for other in exonyms]
        self.record(partner, PartnerRegistered(name=name, country=country), *others)
        return partner

    def proposed(self, number: str, code: str, *partners: UUID, kind: t.Kind = t.Kind.TWINNING) -> str:
        parties = (home(code), *map(abroad, partners))
        proposed = e.InitiativeProposed(
            number=number, kind=kind, parties=parties, origin=t.Origin.LOCAL_GOVERNMENT, rationale=WORDS
        )
        return self.record(case_id(number), proposed) or number

    def historic(self, number: str, code: str, *partners: UUID) -> str:
        parties = (home(code), *map(abroad, partners))
        entered = e.HistoricAgreementEntered(number=number, kind=t.Kind.TWINNING, parties=parties, source="the list")
        return self.record(case_id(number), entered) or number

    def coordinated(self, number: str, code: str, *partners: UUID, handler: AccountId = ANA) -> str:
        self.proposed(number, code, *partners)
        return self.add(number, e.CoordinationStarted(handler=handler))

    def add(self, number: str, *facts: Fact) -> str:
        return self.record(case_id(number), *facts) or number

    def skip(self, number: str) -> None:
        """Somebody else has added a fact to the case."""
        self._versions[case_id(number)] += 1

    def merged(self, partner: UUID, into: UUID, *names: str) -> None:
        self.record(partner, PartnerMerged(into=into))
        self.record(into, PartnerAbsorbed(partner=partner, names=names))

    def record(self, stream: UUID, *facts: Fact) -> str:
        after = self._versions.get(stream, 0)
        key = CommandKey(uuid4())
        save = Save(key=key, digest=hashlib.sha256(key.bytes).digest(), on=ON, writes=[Write(stream, after, facts)])
        self.last = self.log.append([save])[-1].position
        self._versions[stream] = after + len(facts)
        return ""


def to_consent() -> Sequence[Fact]:
    """From a coordinated case to a request for consent."""
    return (
        e.DraftingStarted(),
        e.DraftReviewed(languages=("sr",)),
        e.DecisionAdopted(number="06-1", body=t.DecidingBody.ASSEMBLY, foreign_state="Република Италија"),
        e.ConsentRequested(registry_number="08-1", addressee="МДУЛС"),
    )


def named_account(n: int) -> AccountId:
    return AccountId(uuid5(WORDS, str(n)))
