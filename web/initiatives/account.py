"""An account of a case for a report: what it is, how it stands, and everything that was recorded, in order."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

import msgspec

from application.access import Person
from application.past import seen
from web.casework import Casework
from web.initiatives.history import Entry
from web.initiatives.history_fields import CaseField, fields_of
from web.initiatives.opening import OpenCase
from web.initiatives.presenting import Line, word
from web.language import LOCALES
from web.past import said
from web.templating import environment
from web.words import LANGUAGES

_WHY: Final = frozenset({"rationale", "distinct_because", "reason", "basis", "purpose", "rule", "entry_rule"})
"""Why something was done, and by which rule."""
_SOURCE: Final = frozenset(
    {
        *("source", "known_from", "channel", "told_by", "register", "register_version"),
        *("letter_number", "registry_number", "act_number", "decision_number", "gazette"),
    }
)
"""From where it is known: papers, registers, persons."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of the account; its particulars by what they answer."""

    entry: Entry
    what: tuple[Line, ...]
    why: tuple[Line, ...]
    source: tuple[Line, ...]


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """What ties the account to the log."""

    facts: int
    position: int
    digest: str
    """See application.views.casefile.Digests."""
    checkpoint: tuple[str, ...]
    """Origin, size and root of the newest checkpoint; nothing where nothing is sealed."""


def account_page(
    case: OpenCase, person: Person, work: Casework, note: str | None, at: datetime, style: str = ""
) -> str:
    """The whole document, in the language of `case`. `note` is the newest checkpoint, `at` the moment of writing;
    `style` is the address of the style sheet, for a file that stands alone."""
    spoken = case.names.spoken
    left_out = len(case.whole) - len(case.recorded)
    context: dict[str, Any] = {
        "style": style,
        "case": case,
        "person": person,
        "at": at,
        "past_said": said(case.past, left_out, spoken)[0] if case.past else "",
        "left_out": left_out,
        "sides": [(word(p.role, spoken), case.teller.side(p.key), p.partner is not None) for p in case.state.parties],
        "state": _present(fields_of(case, person, work.advancing.checklist(person, case.state))),
        "rows": rows_of(case),
        "tie": _tie(case, person, work, note),
        "languages": [(code, LANGUAGES[code]) for code in LOCALES],
    }
    return environment(spoken.code).get_template("initiatives/account.html").render(context)


def rows_of(case: OpenCase) -> list[Row]:
    """Every fact, by the day on which it happened and then as it was recorded."""
    rows = [_row(entry, case.teller.named_lines(r.fact)) for entry, r in zip(case.entries, case.recorded, strict=True)]
    return sorted(rows, key=lambda row: (row.entry.happened_key, row.entry.position))


def _row(entry: Entry, lines: Iterable[tuple[str, Line]]) -> Row:
    sorted_in: dict[str, list[Line]] = {"what": [], "why": [], "source": []}
    for name, line in lines:
        sorted_in["why" if name in _WHY else "source" if name in _SOURCE else "what"].append(line)
    return Row(entry=entry, **{place: tuple(found) for place, found in sorted_in.items()})


def _present(fields: Sequence[CaseField]) -> list[tuple[str, list[CaseField]]]:
    """The fields of the case that hold something, by section; those of facts stand in the table."""
    held = [field for field in fields if field.items and not field.version]
    return [(section, list(several)) for section, several in groupby(held, key=lambda field: field.section)]


def _tie(case: OpenCase, person: Person, work: Casework, note: str | None) -> Tie:
    """Of all facts that were known, also those that had not happened by a day of the other clock."""
    known = seen(case.whole, case.past.as_of.known_alone) if case.past else case.recorded
    return Tie(
        facts=len(known),
        position=known[-1].position,
        digest=work.reading.digest(person, case.state.number, known[-1].version),
        checkpoint=tuple(note.split("\n")[:3]) if note else (),
    )
