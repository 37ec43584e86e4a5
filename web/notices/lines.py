"""A notice as one line."""

from datetime import datetime

import msgspec

from application.notices import Shown
from web.initiatives.naming import Names, Pair
from web.initiatives.sentences import SENTENCES
from web.notices.words import ICONS, REASONS


class Line(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    reason: str
    said: str
    """What was recorded, in the words of the history; empty where the reason says it all."""
    icon: str
    pair: Pair
    number: str
    href: str
    who: str
    at: datetime
    read: bool


def line_of(notice: Shown, names: Names) -> Line:
    spoken, row = names.spoken, notice.case
    reason, said = spoken.gettext(REASONS[notice.kind]), spoken.gettext(SENTENCES[notice.tag].text)
    return Line(
        id=notice.id,
        reason=reason,
        said="" if said == reason else said,
        icon=ICONS[notice.kind],
        pair=names.short_pair(row.home, row.partners),
        number=row.number,
        href=f"/initiatives/{row.number}",
        who=names.person(notice.actor),
        at=notice.at,
        read=notice.read,
    )
