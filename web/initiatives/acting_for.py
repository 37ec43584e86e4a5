"""Says for whom a person acts, before the deed is done."""

from application.standing_in import Absent
from web.initiatives.naming import Names
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it


def acting_for(absent: Absent | None, names: Names) -> str:
    """One sentence; empty where the person acts for nobody else."""
    if absent is None:
        return ""
    spoken = names.spoken
    said = {"name": names.with_town(absent.account), "day": spoken.date(absent.until)}
    return spoken.gettext(N_("You act for %(name)s (absent until %(day)s).")) % said
