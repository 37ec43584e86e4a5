"""Every fact about a request of a person whose data are kept here. The tags are the storage format, never changed.

None of them holds anything of the person: name, contact and words stand in the vault. Articles are those of the Law on
Personal Data Protection (Official Gazette of the Republic of Serbia 87/2018).
"""

from enum import StrEnum

from domain.dates import PartialDate
from domain.kernel import Fact, VaultRef


class RequestKind(StrEnum):
    """What the person asks for."""

    ACCESS = "access"
    """To know what is kept, and to have a copy (art. 26)."""
    CORRECTION = "correction"
    """That wrong data be corrected (art. 29)."""
    ERASURE = "erasure"
    """That data be erased (art. 30)."""


class ErasureGround(StrEnum):
    """Why an entry is erased (art. 30)."""

    NO_LONGER_NEEDED = "no_longer_needed"
    """Not needed any more for what they were collected for."""
    CONSENT_WITHDRAWN = "consent_withdrawn"
    """The consent was withdrawn, and there is no other ground."""
    OBJECTION = "objection"
    """The person objected, and nothing weighs more."""
    UNLAWFUL = "unlawful"
    """They were processed unlawfully."""
    LEGAL_OBLIGATION = "legal_obligation"
    """A law says that they must be erased."""
    RESTORED = "restored"
    """They had been erased before and came back with a backup."""


class RefusalGround(StrEnum):
    """Why a request is refused."""

    OFFICIAL_TASK = "official_task"
    """A legal obligation, or a task of public authority, needs the data (art. 30)."""
    ARCHIVING = "archiving"
    """Archiving in the public interest, research or statistics need them (art. 30)."""
    LEGAL_CLAIMS = "legal_claims"
    """They are needed for a legal claim (art. 30)."""
    UNFOUNDED = "unfounded"
    """It is manifestly unfounded or excessive (art. 21)."""
    IDENTITY_UNKNOWN = "identity_unknown"
    """Nobody can tell who asks."""
    NOTHING_KEPT = "nothing_kept"
    """Nothing about the person is kept."""


class RequestReceived(Fact, frozen=True, kw_only=True, tag="people.request-received"):
    """A person asked for access, correction or erasure. `occurred_on` is the day on which the office received it."""

    number: str
    kind: RequestKind
    due_on: PartialDate
    """The last day for the answer: 30 days after it was received (art. 21)."""
    person: VaultRef
    """Name and contact of the one who asks."""
    words: VaultRef | None = None
    """What was asked for, in the words of the person."""


class AnswerDelayed(Fact, frozen=True, kw_only=True, tag="people.answer-delayed"):
    """The time for the answer is longer by 60 days, once, and the person was told (art. 21)."""

    due_on: PartialDate
    """The last day for the answer from now on."""
    reason: VaultRef


class VaultSearched(Fact, frozen=True, kw_only=True, tag="people.vault-searched"):
    """Words of the person were looked for in the vault; which ones is not kept."""

    found: int
    """How many entries were found."""


class EntriesRead(Fact, frozen=True, kw_only=True, tag="people.entries-read"):
    """Texts of the vault were shown to the one who handles the request, or written into an answer."""

    entries: tuple[VaultRef, ...]
    """Which ones."""


class EntryErased(Fact, frozen=True, kw_only=True, tag="people.entry-erased"):
    """The text of an entry of the vault was destroyed, in the same transaction. Every copy of it has to go."""

    entry: VaultRef
    """What was erased; facts that point to it stay as they are."""
    ground: ErasureGround


class EntryCorrected(Fact, frozen=True, kw_only=True, tag="people.entry-corrected"):
    """The text of an entry was destroyed, in the same transaction; another one stands in its place."""

    entry: VaultRef
    """What was destroyed; facts that point to it show the text of the other."""
    replaced_by: VaultRef
    """Where the right text stands."""


class RequestGranted(Fact, frozen=True, kw_only=True, tag="people.request-granted"):
    """What was asked for was done, and the person was told."""

    remark: VaultRef | None = None


class RequestRefused(Fact, frozen=True, kw_only=True, tag="people.request-refused"):
    """What was asked for is not done, wholly or in part; the person was told why and where to complain."""

    ground: RefusalGround
    reason: VaultRef


PeopleEvent = (
    RequestReceived
    | AnswerDelayed
    | VaultSearched
    | EntriesRead
    | EntryErased
    | EntryCorrected
    | RequestGranted
    | RequestRefused
)
