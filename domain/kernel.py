"""Words that every context shares: facts, commands, refusals and the occasion of a decision."""

from datetime import date, datetime
from typing import NewType
from uuid import UUID

import msgspec

from domain.dates import PartialDate

AccountId = NewType("AccountId", UUID)
VaultRef = NewType("VaultRef", UUID)
"""Points to words or a person's data in the vault; a fact never holds either itself."""
CommandKey = NewType("CommandKey", UUID)
"""Names one request; the same key has one effect however often it is sent."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="fact", omit_defaults=True):
    """Something that happened. Subclasses fix `tag`, the stored name, which never changes.

    A fact grows by optional fields only; any other change is a new fact or a new version of its topic.
    """

    occurred_on: PartialDate | None = None
    """When it happened in the world, as far as it is known; the moment of recording is kept by the log."""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody asks for. It may be refused."""


class Refusal(msgspec.Struct, frozen=True):
    """Why a rule says no: a code such as `initiative.consent-missing`, and its parameters. Never a sentence."""

    code: str
    params: dict[str, str | int] = {}
    field: str | None = None
    """The field of the command that would have to change, if it is one."""


class Refused(Exception):
    """A decision was refused; `refusals` holds every reason, at least one."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(r.code for r in refusals))
        self.refusals = refusals


class Occasion(msgspec.Struct, frozen=True):
    """Who acts, for whom, and when: handed in, so that a decision reads no clock and no session."""

    actor: AccountId
    at: datetime
    """Aware, UTC."""
    today: date
    """The office's calendar day, Europe/Belgrade."""
    on_behalf_of: AccountId | None = None
