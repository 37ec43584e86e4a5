"""The words of a bilateral case: kinds, stages, parties and references to papers."""

from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from domain.dates import PartialDate


class Kind(StrEnum):
    """Kinds of cooperation with partners abroad. The last three come from old records only."""

    TWINNING = "twinning"
    DECENTRALISED = "decentralised"
    PROJECT_BASED = "project_based"
    CROSS_BORDER = "cross_border"
    ASSOCIATION = "association"
    """The national association itself with an association of local governments abroad."""
    COOPERATION = "cooperation"
    FRIENDSHIP = "friendship"
    UNKNOWN = "unknown"


PROPOSABLE_KINDS: Final = (
    Kind.TWINNING,
    Kind.DECENTRALISED,
    Kind.PROJECT_BASED,
    Kind.CROSS_BORDER,
    Kind.ASSOCIATION,
)


class Stage(StrEnum):
    """Where a case stands."""

    PROPOSED = "proposed"
    COORDINATING = "coordinating"
    SUSPENDED = "suspended"
    LETTER_OF_INTENT = "letter_of_intent"
    DRAFTING = "drafting"
    DECIDED = "decided"
    CONSENT_REQUESTED = "consent_requested"
    OPINIONS = "opinions"
    RETURNED = "returned"
    CONSENT_GRANTED = "consent_granted"
    CONSENT_REFUSED = "consent_refused"
    PUBLISHED = "published"
    SIGNED = "signed"
    ACTIVE = "active"
    EXPIRING = "expiring"
    RENEWED = "renewed"
    DORMANT = "dormant"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


_S = Stage
FINAL: Final = frozenset({_S.EXPIRED, _S.TERMINATED, _S.DECLINED, _S.WITHDRAWN, _S.MERGED})
IN_FORCE: Final = frozenset({_S.ACTIVE, _S.EXPIRING, _S.RENEWED, _S.DORMANT})
CONCLUDED: Final = IN_FORCE | {_S.SIGNED}
"""An agreement exists."""
DECIDED_ON: Final = CONCLUDED | {
    _S.DECIDED,
    _S.CONSENT_REQUESTED,
    _S.OPINIONS,
    _S.RETURNED,
    _S.CONSENT_GRANTED,
    _S.CONSENT_REFUSED,
    _S.PUBLISHED,
}
"""An act of an assembly exists that could be annulled."""
LIVE: Final = frozenset(Stage) - FINAL

_ROAD: Final[dict[Stage, frozenset[Stage]]] = {
    _S.PROPOSED: frozenset({_S.COORDINATING, _S.DECLINED, _S.MERGED, _S.TERMINATED}),
    _S.COORDINATING: frozenset({_S.LETTER_OF_INTENT, _S.DRAFTING, _S.SUSPENDED, _S.WITHDRAWN, _S.TERMINATED}),
    _S.SUSPENDED: frozenset({_S.COORDINATING, _S.WITHDRAWN, _S.TERMINATED}),
    _S.LETTER_OF_INTENT: frozenset({_S.DRAFTING, _S.TERMINATED}),
    _S.DRAFTING: frozenset({_S.DECIDED, _S.TERMINATED}),
    _S.DECIDED: frozenset({_S.CONSENT_REQUESTED, _S.PUBLISHED, _S.SIGNED, _S.TERMINATED}),
    _S.CONSENT_REQUESTED: frozenset({_S.OPINIONS, _S.RETURNED, _S.TERMINATED}),
    _S.OPINIONS: frozenset({_S.RETURNED, _S.CONSENT_GRANTED, _S.CONSENT_REFUSED, _S.TERMINATED}),
    _S.RETURNED: frozenset({_S.CONSENT_REQUESTED, _S.TERMINATED}),
    _S.CONSENT_GRANTED: frozenset({_S.PUBLISHED, _S.SIGNED, _S.TERMINATED}),
    _S.CONSENT_REFUSED: frozenset({_S.DRAFTING, _S.TERMINATED}),
    _S.PUBLISHED: frozenset({_S.SIGNED, _S.TERMINATED}),
    _S.SIGNED: frozenset({_S.ACTIVE, _S.TERMINATED}),
    _S.ACTIVE: frozenset({_S.EXPIRING, _S.DORMANT, _S.TERMINATED}),
    _S.EXPIRING: frozenset({_S.RENEWED, _S.EXPIRED, _S.TERMINATED}),
    _S.RENEWED: frozenset({_S.EXPIRING, _S.DORMANT, _S.TERMINATED}),
    _S.DORMANT: frozenset({_S.ACTIVE, _S.RENEWED, _S.TERMINATED}),
}
TABLE: Final[dict[Stage, frozenset[Stage]]] = {
    **_ROAD,
    **{end: frozenset(stage for stage, following in _ROAD.items() if end in following) for end in FINAL},
    _S.MERGED: frozenset(),
}
"""Every way from one stage to the next; a mistaken end leads back to where it came from, a merging does not.

What goes beyond the office's own table is argued in docs/decisions/0001."""


class Origin(StrEnum):
    """Who first asked for the cooperation."""

    LOCAL_GOVERNMENT = "local_government"
    PARTNER = "partner"
    EMBASSY = "embassy"
    ASSOCIATION = "association"


class Field(StrEnum):
    """Fields of cooperation."""

    CULTURE = "culture"
    EDUCATION = "education"
    ECONOMY = "economy"
    SPORT = "sport"
    YOUTH = "youth"
    ENVIRONMENT = "environment"
    TOURISM = "tourism"
    LOCAL_ADMINISTRATION = "local_administration"
    INFRASTRUCTURE = "infrastructure"
    AGRICULTURE = "agriculture"
    HEALTH_AND_SOCIAL = "health_and_social"
    SCIENCE = "science"


class PartyRole(StrEnum):
    HOME = "home"
    PARTNER = "partner"
    OBSERVER = "observer"


class Party(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One side of a case: a local government at home, or a partner abroad; an observer may be either."""

    role: PartyRole
    local_government: str | None = None
    partner: UUID | None = None

    @property
    def key(self) -> str:
        """Names the party within its case."""
        return self.local_government or str(self.partner)


class PartyStatus(StrEnum):
    """What is known of one side on its own."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    CONSENTED = "consented"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


class Channel(StrEnum):
    """By which way a report of a side came."""

    LINK = "link"
    """The side itself confirmed it, by a one-time link."""
    FILE = "file"
    """It stood in a signed file of the side's own register."""


class Support(StrEnum):
    """What the association gives while it coordinates."""

    INFORMATION = "information"
    PARTNER_PROFILE = "partner_profile"
    MODEL_DOCUMENTS = "model_documents"


class Instrument(StrEnum):
    AGREEMENT = "agreement"
    PROTOCOL = "protocol"
    CHARTER = "charter"
    MEMORANDUM = "memorandum"


class DecidingBody(StrEnum):
    ASSEMBLY = "assembly"
    CARETAKER_BODY = "caretaker_body"


class EntryRule(StrEnum):
    """When a decision enters into force, by its own clause."""

    ON_CONSENT = "on_consent"
    ON_RECEIPT_OF_CONSENT = "on_receipt_of_consent"
    EIGHTH_DAY_AFTER_PUBLICATION = "eighth_day_after_publication"
    DAY_AFTER_PUBLICATION = "day_after_publication"
    ON_ADOPTION = "on_adoption"


class Stance(StrEnum):
    """What an opinion says."""

    FAVOURABLE = "favourable"
    WITH_REMARKS = "with_remarks"
    UNFAVOURABLE = "unfavourable"


class Termination(StrEnum):
    MUTUAL = "mutual"
    BY_HOME = "by_home"
    BY_PARTNER = "by_partner"


class Renewal(StrEnum):
    NEW_AGREEMENT = "new_agreement"
    TACIT = "tacit"


class Gazette(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an act was published: the official gazette's name and number."""

    name: str
    number: str


class Term(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How long an agreement lasts. Nothing set means: for an indefinite time."""

    ends_on: PartialDate | None = None
    notice_months: int | None = None
    """Months before the end in which a side may say that it will not renew."""
    tacit_renewal: bool = False
