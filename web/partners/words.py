"""Deeds on a partner's file: how they are called, and what their forms ask."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.kernel import Command
from domain.partners import decisions
from domain.partners.events import NameKind, PartnerKind
from web.initiatives.labels import OWN_LABELS
from web.initiatives.questions import Question, choice, line, text
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

_OFFICIAL: Final = line("name", needed=True, label=N_("Official name"), hint=N_("As its owner writes it."))
_KIND: Final = choice("kind", PartnerKind, needed=True, label=OWN_LABELS["partner.registered.kind"])
_COUNTRY: Final = choice("country", needed=True, source="countries")


class PartnerDeed(NamedTuple):
    title: str
    button: str
    when: str
    command: type[Command]
    questions: tuple[Question, ...]


REGISTER: Final = (
    _OFFICIAL,
    _COUNTRY,
    _KIND,
    line("part_of", hint=N_("Only for a district: Vienna, for Simmering.")),
)
PARTNER_DEEDS: Final[Mapping[str, PartnerDeed]] = {
    "rename": PartnerDeed(
        N_("Change the official name"),
        N_("Change the name"),
        N_("The old name stays on file and can still be found."),
        decisions.RenamePartner,
        (_OFFICIAL, choice("old_name_is", NameKind, needed=True, leave_out=(NameKind.EXONYM,))),
    ),
    "add-name": PartnerDeed(
        N_("Add a name"),
        N_("Add the name"),
        N_("Another spelling, a former name, or the name in another language."),
        decisions.AddName,
        (
            line("name", needed=True),
            choice("kind", NameKind, needed=True, label=OWN_LABELS["partner.name-added.kind"]),
            choice("language", source="languages"),
        ),
    ),
    "remove-name": PartnerDeed(
        N_("Remove a name"),
        N_("Remove the name"),
        N_("Only a name beside the official one."),
        decisions.RemoveName,
        (choice("name", needed=True, source="names"), text("reason")),
    ),
    "reclassify": PartnerDeed(
        N_("Change kind or country"),
        N_("Record the change"),
        "",
        decisions.ReclassifyPartner,
        (_KIND, _COUNTRY, text("reason")),
    ),
    "merge": PartnerDeed(
        N_("Merge into another partner"),
        N_("Merge the files"),
        N_("For two files of one partner: its names and cases go on in the other file."),
        decisions.MergePartner,
        (
            line("into", needed=True, source="partners", label=N_("The partner that goes on")),
            text("reason"),
        ),
    ),
}
