"""What an officer at work would send to the log."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from application.ports import Save, VaultEntry, Write
from domain.kernel import AccountId, CommandKey, Fact, Occasion
from domain.partners.events import PartnerRenamed

OFFICER = AccountId(UUID(int=1, version=4))
APPROVER = AccountId(UUID(int=2, version=4))
ON = Occasion(actor=OFFICER, at=datetime(2026, 3, 1, 9, tzinfo=UTC), today=date(2026, 3, 1), on_behalf_of=APPROVER)


def renamed(name: str = "Ниш") -> PartnerRenamed:
    return PartnerRenamed(name=name)


def a_save(
    stream: UUID,
    after: int = 0,
    facts: Sequence[Fact] = (renamed(),),
    key: UUID | None = None,
    entries: Sequence[VaultEntry] = (),
) -> Save:
    """One command that leads to `facts` on one stream."""
    digest = hashlib.sha256(repr((stream, facts)).encode()).digest()
    write = Write(stream, after, facts)
    return Save(key=CommandKey(key or uuid4()), digest=digest, on=ON, writes=[write], entries=entries)
