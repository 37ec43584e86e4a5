"""Names that never change: how a case, a partner and a request get their ids."""

from typing import Final
from uuid import UUID, uuid5

from application.script import fold
from domain.kernel import CommandKey, VaultRef

NAMESPACE: Final = UUID("6f1c2f0e-5a0b-4b53-9e2d-7d1f4d0c8a11")
"""Part of the storage format: another value would give every case and partner another id."""


def case_id(number: str) -> UUID:
    """The stream of a case. One number, one stream: two proposals can never get the same number."""
    return uuid5(NAMESPACE, f"initiative/{number}")


def partner_id(country: str, name: str, part_of: str | None = None) -> UUID:
    """The stream of a partner, the same for every spelling that folds alike."""
    return uuid5(NAMESPACE, f"partner/{country}/{fold(name)}/{fold(part_of or '')}")


def pair_id(local_government: str, partner: UUID) -> UUID:
    """The stream in which cases of one pair meet; `partner` is the file that goes on."""
    return uuid5(NAMESPACE, f"pair/{local_government}/{partner}")


def person_request_id(number: str) -> UUID:
    """The stream of a person's request for access, correction or erasure."""
    return uuid5(NAMESPACE, f"person-request/{number}")


def subscription_id(code: str) -> UUID:
    """The stream of a subscription by webhook."""
    return uuid5(NAMESPACE, f"subscription/{code}")


RESTORED: Final = uuid5(NAMESPACE, "erasures/restored")
"""The stream of erasures that were done again after a restore."""


def command_key(*parts: str) -> CommandKey:
    """A key that the same parts give again: for imports that may be repeated."""
    return CommandKey(uuid5(NAMESPACE, "command/" + "\x1f".join(parts)))


def mail_id(account: UUID, told: str) -> UUID:
    """A mail to one person by what it tells, such as `digest/2026-03-17`: the same thing is the same mail."""
    return uuid5(NAMESPACE, f"mail/{account}/{told}")


def vault_ref(key: CommandKey, field: str) -> VaultRef:
    """Where the words of one field of one request are kept."""
    return VaultRef(uuid5(key, field))
