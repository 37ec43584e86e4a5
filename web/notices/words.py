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
    Kind.REMINDER: N_("A reminder of a deadline or of a silent partnership"),
    Kind.STANDING_IN: N_("Something came for somebody for whom you stand in"),
}
ICONS: Final[dict[Kind, str]] = {
    Kind.MENTIONED: "brief",
    Kind.HANDLER: "user",
    Kind.TASK: "check",
    Kind.RETURNED: "back",
    Kind.MOVED: "next",
    Kind.CHANGED: "pen",
    Kind.FOLLOWED: "star",
    Kind.REMINDER: "clock",
    Kind.STANDING_IN: "people",
}
REMINDERS: Final[dict[str, str]] = {
    "reminder.before": N_("A deadline comes"),
    "reminder.late": N_("A deadline has passed"),
    "reminder.escalated": N_("A step is late for long"),
    "reminder.confirm": N_("Does the partnership live? Nothing was recorded for long"),
    "reminder.dormant": N_("The partnership may be dormant: nothing was recorded for long"),
}
"""In the place of the reason, by what is reminded of."""
WAYS: Final[dict[By, str]] = {
    By.AT_ONCE: N_("at once"),
    By.DIGEST: N_("in the daily digest"),
    By.NONE: N_("no mail"),
}
