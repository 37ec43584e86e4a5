"""Bounded text: what a command may carry. Facts are not bounded, because old ones must be read for ever."""

from typing import Annotated, Final

from msgspec import Meta

UNSEEN: Final = (
    r"\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    r"\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f"
)
"""Characters that nobody sees or that turn the direction of others, and halves of characters that no UTF-8 can hold;
as part of a regular expression. Joiners are left: some scripts need them."""
_UNSEEN: Final = rf"\x00-\x1f{UNSEEN}"
_END: Final = r"$(?!\n)"
"""`$` alone lets a line feed follow it."""
_NOT_BLANK: Final = rf"^(?=.*\S)[^{_UNSEEN}]*{_END}"

Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=_NOT_BLANK)]
"""One line with something to read on it, without control or direction-changing characters."""

LineOrNothing = Annotated[str, Meta(max_length=200, pattern=rf"^[^{_UNSEEN}]*{_END}")]
"""A line that a form may leave empty."""

LongLine = Annotated[str, Meta(min_length=1, max_length=500, pattern=_NOT_BLANK)]
"""The title of an act, an address on the web: one line of up to 500 characters."""

Number = Annotated[str, Meta(min_length=1, max_length=60, pattern=_NOT_BLANK)]
"""A registry, act or gazette number as the office writes it, such as `06-12/2026`."""

LocalGovernmentCode = Annotated[str, Meta(min_length=2, max_length=60, pattern=rf"^[a-z]+(-[a-z]+)*{_END}")]
"""Code of a local government in the reference data, such as `leskovac`."""

Country = Annotated[str, Meta(pattern=rf"^[A-Z]{{2}}{_END}")]
"""ISO 3166-1 alpha-2, with `XK` left out on purpose: Serbian law knows no such state."""

CASE_NUMBER: Final = rf"^[12][0-9]{{3}}-[0-9]{{4,7}}{_END}"
CaseNumber = Annotated[str, Meta(pattern=CASE_NUMBER)]
"""Year of proposal and a running number of at least four digits: `2026-0042`."""
