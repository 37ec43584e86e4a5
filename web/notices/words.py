"""Why somebody is told, in words."""

from typing import Final

from application.notice_choices import By
from application.notices import Kind
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

REASONS: Final[dict[Kind, str]] = {
    Kind.MENTIONED: N_("You are mentioned in a remark"),
    Kind.HANDLER: N_("You lead this case now"),
    Kind.TASK: N_("You were given a task"),
    Kind.RETURNED: N_("The file was returned for supplement"),
    Kind.MOVED: N_("A case of your town moved on"),
    Kind.CHANGED: N_("A case that you lead was changed"),
    Kind.FOLLOWED: N_("A case that you follow was changed"),
}
ICONS: Final[dict[Kind, str]] = {
    Kind.MENTIONED: "brief",
    Kind.HANDLER: "user",
    Kind.TASK: "check",
    Kind.RETURNED: "back",
    Kind.MOVED: "next",
    Kind.CHANGED: "pen",
    Kind.FOLLOWED: "star",
}
WAYS: Final[dict[By, str]] = {
    By.AT_ONCE: N_("at once"),
    By.DIGEST: N_("in the daily digest"),
    By.NONE: N_("no mail"),
}
