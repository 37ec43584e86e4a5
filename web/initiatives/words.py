"""Every closed vocabulary of the screens, one place for each. English is the message id."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from application.reference import UnitKind
from application.views.register import Due, Phase
from domain.initiatives.links import Link
from domain.initiatives.procedure import Actor, Document
from domain.initiatives.terms import (
    Channel,
    DecidingBody,
    EntryRule,
    Field,
    Instrument,
    Kind,
    Origin,
    PartyRole,
    PartyStatus,
    Renewal,
    Stage,
    Stance,
    Support,
    Termination,
)
from domain.partners.events import NameKind, PartnerKind
from domain.people.events import ErasureGround, RefusalGround, RequestKind
from domain.subscriptions.events import DisabledBecause, Signing
from domain.subscriptions.subscription import Standing
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.words import KINDS, STAGES, SUPPORT

Words = Mapping[Any, str]
"""Members of one enumeration to message ids; stages, kinds and support stand in `web.words`."""

PHASES: Final[Words] = {
    Phase.PROPOSAL: N_("Proposal"),
    Phase.DRAFT_AND_DECISION: N_("Draft and decision"),
    Phase.CONSENT: N_("Consent"),
    Phase.PARTNERSHIP: N_("Partnership"),
    Phase.ENDED: N_("Ended"),
}
DUES: Final[Words] = {
    Due.LATE: N_("Late"),
    Due.THIS_WEEK: N_("This week"),
    Due.THIS_MONTH: N_("This month"),
    Due.NONE: N_("Without deadline"),
}
ORIGINS: Final[Words] = {
    Origin.LOCAL_GOVERNMENT: N_("Local government"),
    Origin.PARTNER: N_("Partner abroad"),
    Origin.EMBASSY: N_("Embassy"),
    Origin.ASSOCIATION: N_("SKGO"),
}
FIELDS: Final[Words] = {
    Field.CULTURE: N_("Culture"),
    Field.EDUCATION: N_("Education"),
    Field.ECONOMY: N_("Economy"),
    Field.SPORT: N_("Sport"),
    Field.YOUTH: N_("Youth"),
    Field.ENVIRONMENT: N_("Environment"),
    Field.TOURISM: N_("Tourism"),
    Field.LOCAL_ADMINISTRATION: N_("Local administration"),
    Field.INFRASTRUCTURE: N_("Infrastructure"),
    Field.AGRICULTURE: N_("Agriculture"),
    Field.HEALTH_AND_SOCIAL: N_("Health and social care"),
    Field.SCIENCE: N_("Science"),
}
ROLES: Final[Words] = {
    PartyRole.HOME: N_("Home"),
    PartyRole.PARTNER: N_("Partner"),
    PartyRole.OBSERVER: N_("Observer"),
}
DOCUMENTS: Final[Words] = {
    Document.INFORMATION: N_("information"),
    Document.PARTNER_PROFILE: N_("partner profile"),
    Document.MODEL_DOCUMENTS: N_("model documents"),
    Document.LETTER_OF_INTENT: N_("letter of intent"),
    Document.REVIEWED_DRAFT: N_("reviewed draft"),
}
PARTY_STATUSES: Final[Words] = {
    PartyStatus.PROPOSED: N_("Side has proposed"),
    PartyStatus.DECIDED: N_("Side has decided"),
    PartyStatus.CONSENTED: N_("Side has consent"),
    PartyStatus.SIGNED: N_("Side has signed"),
    PartyStatus.IN_FORCE: N_("In force for the side"),
    PartyStatus.WITHDRAWN: N_("Side has withdrawn"),
}
CHANNELS: Final[Words] = {
    Channel.LINK: N_("confirmed by the side itself, by a one-time link"),
    Channel.FILE: N_("from a signed file of the side's own register"),
}
INSTRUMENTS: Final[Words] = {
    Instrument.AGREEMENT: N_("Cooperation agreement"),
    Instrument.PROTOCOL: N_("Cooperation protocol"),
    Instrument.CHARTER: N_("Twinning charter"),
    Instrument.MEMORANDUM: N_("Memorandum of understanding"),
}
BODIES: Final[Words] = {
    DecidingBody.ASSEMBLY: N_("Assembly"),
    DecidingBody.CARETAKER_BODY: N_("Temporary body"),
}
ENTRY_RULES: Final[Words] = {
    EntryRule.ON_CONSENT: N_("On the day of consent"),
    EntryRule.ON_RECEIPT_OF_CONSENT: N_("On receipt of consent"),
    EntryRule.EIGHTH_DAY_AFTER_PUBLICATION: N_("On the eighth day after publication"),
    EntryRule.DAY_AFTER_PUBLICATION: N_("On the day after publication"),
    EntryRule.ON_ADOPTION: N_("On the day of adoption"),
}
STANCES: Final[Words] = {
    Stance.FAVOURABLE: N_("Favourable"),
    Stance.WITH_REMARKS: N_("Favourable with remarks"),
    Stance.UNFAVOURABLE: N_("Unfavourable"),
}
TERMINATIONS: Final[Words] = {
    Termination.MUTUAL: N_("By both sides"),
    Termination.BY_HOME: N_("By the local government"),
    Termination.BY_PARTNER: N_("By the partner"),
}
LINKS: Final[Words] = {
    Link.CONTINUES: N_("Continues the other case"),
    Link.CONTINUED_BY: N_("Is continued by the other case"),
    Link.BELONGS_TOGETHER: N_("Belongs together with it"),
    Link.ARISES_FROM_VISIT: N_("Arose from a visit of the other case"),
    Link.LED_TO: N_("A visit of this case led to the other"),
}
RENEWALS: Final[Words] = {
    Renewal.NEW_AGREEMENT: N_("New agreement"),
    Renewal.TACIT: N_("Tacit renewal"),
}
ACTORS: Final[Words] = {
    Actor.ASSOCIATION: N_("SKGO"),
    Actor.LOCAL_GOVERNMENT: N_("Local government"),
    Actor.BOTH_SIDES: N_("Both sides"),
    Actor.ASSEMBLY: N_("Assembly"),
    Actor.MINISTRY: N_("Ministry"),
    Actor.GOVERNMENT: N_("Government"),
    Actor.SIGNATORIES: N_("Signatories"),
}
PARTNER_KINDS: Final[Words] = {
    PartnerKind.LOCAL_GOVERNMENT: N_("Local government abroad"),
    PartnerKind.CITY_DISTRICT: N_("City district"),
    PartnerKind.COUNTY: N_("County"),
    PartnerKind.REGION: N_("Region"),
    PartnerKind.PROVINCE: N_("Province"),
    PartnerKind.ASSOCIATION: N_("Association of local governments"),
    PartnerKind.OTHER_LEGAL_PERSON: N_("Other legal person"),
}
NAME_KINDS: Final[Words] = {
    NameKind.ALIAS: N_("Another spelling"),
    NameKind.EXONYM: N_("Name in another language"),
    NameKind.FORMER: N_("Former name"),
}
UNITS: Final[Words] = {
    UnitKind.CITY: N_("City of %(name)s"),
    UnitKind.MUNICIPALITY: N_("Municipality of %(name)s"),
    UnitKind.CITY_MUNICIPALITY: N_("City municipality of %(name)s"),
    UnitKind.ASSOCIATION: N_("%(name)s"),
}
REQUEST_KINDS: Final[Words] = {
    RequestKind.ACCESS: N_("Access to data"),
    RequestKind.CORRECTION: N_("Correction of data"),
    RequestKind.ERASURE: N_("Erasure of data"),
}
ERASURE_GROUNDS: Final[Words] = {
    ErasureGround.NO_LONGER_NEEDED: N_("no longer needed for what they were collected for"),
    ErasureGround.CONSENT_WITHDRAWN: N_("the consent was withdrawn, and there is no other ground"),
    ErasureGround.OBJECTION: N_("the person objected, and nothing weighs more"),
    ErasureGround.UNLAWFUL: N_("processed unlawfully"),
    ErasureGround.LEGAL_OBLIGATION: N_("a law says that they must be erased"),
    ErasureGround.RESTORED: N_("erased before, and came back with a backup"),
}
REFUSAL_GROUNDS: Final[Words] = {
    RefusalGround.OFFICIAL_TASK: N_("a legal obligation or an official task needs the data"),
    RefusalGround.ARCHIVING: N_("archiving in the public interest, research or statistics need the data"),
    RefusalGround.LEGAL_CLAIMS: N_("the data are needed for a legal claim"),
    RefusalGround.UNFOUNDED: N_("manifestly unfounded or excessive"),
    RefusalGround.IDENTITY_UNKNOWN: N_("nobody can tell who asks"),
    RefusalGround.NOTHING_KEPT: N_("nothing about the person is kept"),
}
SIGNINGS: Final[Words] = {
    Signing.HMAC: N_("shared secret (HMAC-SHA256)"),
    Signing.ED25519: N_("key pair (Ed25519)"),
}
DISABLED_BECAUSE: Final[Words] = {
    DisabledBecause.BY_PERSON: N_("An administrator disabled it"),
    DisabledBecause.GONE: N_("The receiver answered that it wants no more deliveries (410)"),
}
STANDINGS: Final[Words] = {
    Standing.NEW: N_("not begun"),
    Standing.ACTIVE: N_("delivers"),
    Standing.PAUSED: N_("paused"),
    Standing.DISABLED: N_("stopped for good"),
}
WORDS: Final[Mapping[type[StrEnum], Words]] = {
    Stage: STAGES,
    Kind: KINDS,
    Phase: PHASES,
    Due: DUES,
    Origin: ORIGINS,
    Field: FIELDS,
    PartyRole: ROLES,
    PartyStatus: PARTY_STATUSES,
    Channel: CHANNELS,
    Support: SUPPORT,
    Instrument: INSTRUMENTS,
    DecidingBody: BODIES,
    EntryRule: ENTRY_RULES,
    Stance: STANCES,
    Termination: TERMINATIONS,
    Renewal: RENEWALS,
    Link: LINKS,
    Actor: ACTORS,
    Document: DOCUMENTS,
    PartnerKind: PARTNER_KINDS,
    NameKind: NAME_KINDS,
    UnitKind: UNITS,
    RequestKind: REQUEST_KINDS,
    ErasureGround: ERASURE_GROUNDS,
    RefusalGround: REFUSAL_GROUNDS,
    Signing: SIGNINGS,
    DisabledBecause: DISABLED_BECAUSE,
    Standing: STANDINGS,
}
LANGUAGES: Final[Mapping[str, str]] = {
    "sr": N_("Serbian"),
    "en": N_("English"),
    "bs": N_("Bosnian"),
    "bg": N_("Bulgarian"),
    "cnr": N_("Montenegrin"),
    "cs": N_("Czech"),
    "de": N_("German"),
    "el": N_("Greek"),
    "es": N_("Spanish"),
    "fr": N_("French"),
    "hr": N_("Croatian"),
    "hu": N_("Hungarian"),
    "it": N_("Italian"),
    "mk": N_("Macedonian"),
    "pl": N_("Polish"),
    "ro": N_("Romanian"),
    "ru": N_("Russian"),
    "sk": N_("Slovak"),
    "sl": N_("Slovenian"),
    "sq": N_("Albanian"),
    "tr": N_("Turkish"),
    "uk": N_("Ukrainian"),
    "zh": N_("Chinese"),
}
"""Languages in which agreements are written, by ISO 639; a code beyond these is shown as it stands."""
