"""A notice as one line."""

from datetime import datetime

import msgspec

from application.notices import Kind, Shown
from application.views.register import RegisterRow
from web.initiatives.deed_words import DEEDS
from web.initiatives.naming import Names, Pair
from web.initiatives.sentences import SENTENCES
from web.language import Language
from web.notices.words import ICONS, REASONS, REMINDERS


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
    if notice.kind is Kind.REMINDER:
        reason, said = spoken.gettext(REMINDERS[notice.tag]), _awaited(notice.case, spoken)
    else:
        reason, said = spoken.gettext(REASONS[notice.kind]), spoken.gettext(SENTENCES[notice.tag].text)
    return Line(
        id=notice.id,
        reason=reason,
        said="" if said == reason else said,
        icon=ICONS[notice.kind],
        pair=names.short_pair(row.home, row.partners),
        number=row.number,
        href=f"/initiatives/{row.number}",
        who="" if notice.kind is Kind.REMINDER else names.person(notice.actor),
        at=notice.at,
        read=notice.read,
    )


def _awaited(row: RegisterRow, spoken: Language) -> str:
    """What is waited for now, and until when."""
    said = DEEDS[row.deed] if row.deed else None
    what = spoken.gettext(said.awaited or said.title) if said else ""
    return f"{what}, {spoken.date(row.due)}" if what and row.due else what
