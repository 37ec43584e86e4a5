"""Pages that can be looked at as of another day, all in one way.

A handler says `past=True`, and `past_note` where the band has something to add. Its `work` then reads where
`?known_at=` and `?valid_at=` say, see web.past; its page gets the band and the control; and every link and form on it
stays at the same place on the clocks.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, cast
from urllib.parse import parse_qsl

from markupsafe import escape

from web.casework import Casework
from web.guards import asked_of
from web.language import Language
from web.parts import parts_of
from web.past import NAMES, Past, Query, asked_past, said, shown_form
from web.session import PageRequest, path_of

NOT_THEN: Final = "initiatives/not_then.html"
_STATE: Final = "past"
_PLACES: Final = "desk|initiatives|followed|notices|partners|local-governments|calendar|admin/people|admin/procedures"
_DATED: Final = rf"/(?:(?:{_PLACES})\b[^\"#]*|\?[^\"#]*)?"
"""Addresses of pages with a past, and of some beside them that do not mind the question."""
_LINK: Final = re.compile(rf'(<(?!form\b)[^>]*?\b(?:href|hx-get)=")({_DATED})(#[^"]*)?"')
_ASKING: Final = re.compile(rf'<form\b(?![^>]*method="post")[^>]*action="{_DATED}"[^>]*>')


def past_of(request: PageRequest) -> Past | None:
    """Where on the clocks the page is asked for, if it has a past. Raises Refused where that cannot be read."""
    if not has_past(request):
        return None
    state = request.scope["state"]
    if _STATE not in state:
        state[_STATE] = None  # where it cannot be read, the page that says so is of today
        state[_STATE] = asked_past(asked_of(request), parts_of(request).clock())
    return state[_STATE]


def has_past(request: PageRequest) -> bool:
    scope = cast("Mapping[str, Any]", request.scope)
    return "route_handler" in scope and bool(scope["route_handler"].opt.get("past"))


def work_of(request: PageRequest, work: Casework) -> Casework:
    """Reads as of the day that is asked for."""
    past = past_of(request)
    if past is None:
        return work
    procedures = work.keeping_procedures.at(past.as_of)
    return replace(work, reading=work.reading.at(past.as_of), keeping_procedures=procedures)


def shown(request: PageRequest, spoken: Language) -> dict[str, Any]:
    """For the band and the control of any page; `past_form` is None on a page that has no past."""
    past = past_of(request)
    return {
        "past": past,
        "past_said": _said(request, past, spoken) if past else None,
        "past_form": shown_form(past, spoken) if has_past(request) else None,
        "past_path": path_of(request),
        "past_kept": [(name, value) for name, value in asked_of(request).fields if name not in NAMES],
    }


def _said(request: PageRequest, past: Past, spoken: Language) -> tuple[str, str]:
    """The words of the band; `past_note` of the handler says what such a page cannot know of the past."""
    where, left_out = said(past, None, spoken)
    note = request.scope["route_handler"].opt.get("past_note")
    return where, f"{spoken.gettext(note)} {left_out}" if note else left_out


def staying(text: str, query: Query) -> str:
    """A finished page, with the place on the clocks in every link and form that has none. Done here once, so that no
    template can forget it; `data-now` before an address says that it is meant as it stands."""
    pairs = [(escape(name), escape(value)) for name, value in parse_qsl(query)]
    fields = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in pairs)

    def link(found: re.Match[str]) -> str:
        before, address, fragment = found[1], found[2], found[3] or ""
        if "data-now" in found[0] or any(f"{name}=" in address for name in NAMES):
            return found[0]
        return f'{before}{address}{"&amp;" if "?" in address else "?"}{escape(query)}{fragment}"'

    return _ASKING.sub(lambda found: found[0] + ("" if "data-now" in found[0] else fields), _LINK.sub(link, text))
