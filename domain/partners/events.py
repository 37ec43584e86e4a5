"""Every fact about a partner abroad. The tags are the storage format: published, and never changed."""

from enum import StrEnum
from uuid import UUID

from domain.kernel import Fact, VaultRef


class PartnerKind(StrEnum):
    """What a partner abroad is: a local government or another legal person. A settlement alone is none of them."""

    LOCAL_GOVERNMENT = "local_government"
    CITY_DISTRICT = "city_district"
    COUNTY = "county"
    REGION = "region"
    PROVINCE = "province"
    ASSOCIATION = "association"
    OTHER_LEGAL_PERSON = "other_legal_person"


class NameKind(StrEnum):
    ALIAS = "alias"
    """Another spelling of the same name."""
    EXONYM = "exonym"
    """The name in another language, such as Bukurešt for București."""
    FORMER = "former"


class PartnerRegistered(Fact, frozen=True, kw_only=True, tag="partner.registered"):
    name: str
    """As the owner writes it, never transliterated by machine."""
    country: str
    """ISO 3166-1 alpha-2."""
    kind: PartnerKind = PartnerKind.LOCAL_GOVERNMENT
    part_of: str | None = None
    """The city of a district: `Vienna` for `Simmering`."""


class PartnerRenamed(Fact, frozen=True, kw_only=True, tag="partner.renamed"):
    """The old name stays as a former name, or as an alias where only the spelling was wrong."""

    name: str
    old_name_is: NameKind = NameKind.FORMER


class NameAdded(Fact, frozen=True, kw_only=True, tag="partner.name-added"):
    name: str
    kind: NameKind
    language: str | None = None
    """ISO 639-1 of an exonym."""


class NameRemoved(Fact, frozen=True, kw_only=True, tag="partner.name-removed"):
    name: str
    reason: VaultRef | None = None


class PartnerReclassified(Fact, frozen=True, kw_only=True, tag="partner.reclassified"):
    """Its kind or country was recorded wrongly, or changed."""

    kind: PartnerKind
    country: str
    reason: VaultRef | None = None


class PartnerMerged(Fact, frozen=True, kw_only=True, tag="partner.merged"):
    """It is the same as another partner, whose file goes on for both."""

    into: UUID
    reason: VaultRef | None = None


class PartnerAbsorbed(Fact, frozen=True, kw_only=True, tag="partner.absorbed"):
    """The other end of a merging: the names of the other become aliases here."""

    partner: UUID
    names: tuple[str, ...]


PartnerEvent = (
    PartnerRegistered | PartnerRenamed | NameAdded | NameRemoved | PartnerReclassified | PartnerMerged | PartnerAbsorbed
)
