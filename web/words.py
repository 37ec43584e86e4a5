"""Words of the office that stand for a code: roles, stages, kinds. Templates say `words.role[person.role]`."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from application.access import Role
from domain.initiatives.terms import Kind, Stage, Support
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

ROLES = {
    Role.COORDINATOR: N_("coordinator"),
    Role.OFFICER: N_("municipal officer"),
    Role.APPROVER: N_("head of department"),
    Role.AUDITOR: N_("auditor"),
    Role.ADMINISTRATOR: N_("administrator"),
    Role.TECHNICIAN: N_("technician of a subscriber"),
}
STAGES = {
    Stage.PROPOSED: N_("Proposed"),
    Stage.COORDINATING: N_("In coordination"),
    Stage.SUSPENDED: N_("Suspended"),
    Stage.LETTER_OF_INTENT: N_("Letter of intent"),
    Stage.DRAFTING: N_("Drafting"),
    Stage.DECIDED: N_("Decided"),
    Stage.CONSENT_REQUESTED: N_("Consent requested"),
    Stage.OPINIONS: N_("Awaiting opinions"),
    Stage.RETURNED: N_("Returned for supplement"),
    Stage.CONSENT_GRANTED: N_("Consent granted"),
    Stage.CONSENT_REFUSED: N_("Consent refused"),
    Stage.PUBLISHED: N_("Published"),
    Stage.SIGNED: N_("Signed"),
    Stage.ACTIVE: N_("Active"),
    Stage.EXPIRING: N_("Expiring"),
    Stage.RENEWED: N_("Renewed"),
    Stage.DORMANT: N_("Dormant"),
    Stage.EXPIRED: N_("Expired"),
    Stage.TERMINATED: N_("Terminated"),
    Stage.DECLINED: N_("Declined"),
    Stage.WITHDRAWN: N_("Withdrawn"),
    Stage.MERGED: N_("Merged"),
}
KINDS = {
    Kind.TWINNING: N_("Town twinning"),
    Kind.DECENTRALISED: N_("Decentralised cooperation"),
    Kind.PROJECT_BASED: N_("Project cooperation"),
    Kind.CROSS_BORDER: N_("Cross-border cooperation"),
    Kind.ASSOCIATION: N_("Cooperation of associations"),
    Kind.COOPERATION: N_("Cooperation"),
    Kind.FRIENDSHIP: N_("Friendship"),
    Kind.UNKNOWN: N_("Kind unknown"),
}
SUPPORT = {
    Support.INFORMATION: N_("information"),
    Support.PARTNER_PROFILE: N_("partner profile"),
    Support.MODEL_DOCUMENTS: N_("model documents"),
}
VIEWS = {
    "case_file": N_("pages of cases"),
    "partner_file": N_("partners"),
    "register": N_("register"),
    "timeline": N_("newest records"),
    "work_queue": N_("desk"),
    "local_government_file": N_("local governments"),
}
LANGUAGES = {"sr-Latn": "Latinica", "sr-Cyrl": "Ћирилица", "en": "English"}
"""Each in itself: nobody has to read a foreign word to find the own language."""
LANGUAGES_ABROAD = {
    "en": "English",
    "cs": "Čeština",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "hu": "Magyar",
    "pl": "Polski",
    "ro": "Română",
    "sq": "Shqip",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sr-Latn": "Srpski (latinica)",
    "tr": "Türkçe",
    "el": "Ελληνικά",
    "bg": "Български",
    "mk": "Македонски",
    "ru": "Русский",
    "sr-Cyrl": "Српски (ћирилица)",
    "zh-Hans": "简体中文",
}
"""Those in which a side abroad is asked, in the order in which they are offered."""

MESSAGES: dict[str, Mapping[Any, str]] = {
    "role": ROLES,
    "stage": STAGES,
    "kind": KINDS,
    "support": SUPPORT,
    "view": VIEWS,
}
"""Group to code to message; a context adds its own group here."""


def words(spoken: Language) -> SimpleNamespace:
    """Every group with its words in one language, by the value of the code."""
    groups = {
        group: {str(code): spoken.gettext(message) for code, message in messages.items()}
        for group, messages in MESSAGES.items()
    }
    return SimpleNamespace(language=LANGUAGES, **groups)
