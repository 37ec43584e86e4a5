"""The history of a case or of a partner's file as a person reads it: every fact with both its clocks."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Final, cast

import msgspec

from application.ports import Recorded
from domain.dates import earliest, latest
from domain.initiatives import events as e
from domain.initiatives.initiative import BESIDE_THE_ROAD, tag_of
from domain.kernel import Fact
from web.initiatives.corrections import correctable
from web.initiatives.history_sides import concerned
from web.initiatives.naming import Names
from web.initiatives.presenting import Line, Teller
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.language.language import office_day

_LATE: Final = 3
"""Days between both clocks beyond which an entry says that it was recorded late."""
_OF_ITS_RECORDING: Final = (
    e.HandlerNamed,
    e.ProcedureChanged,
    e.InitiativeReinstated,
    e.RemarkAdded,
    e.CaseLinked,
    e.CaseUnlinked,
    e.TaskGiven,
    e.TaskDone,
    e.TaskCancelled,
    e.ApprovalAsked,
    e.StepApproved,
    e.FactCorrected,
    e.DuplicateAbsorbed,
    e.EarlierPublicationRecognised,
)
"""Facts that happen by being recorded; any other without a day happened on a day that nobody knows."""
_SMALL: Final = BESIDE_THE_ROAD | {tag_of(e.HandlerNamed), tag_of(e.ApprovalAsked)}
"""How the office arranges its work. By the domain's own word no decision about the road looks at them, or, as with a
handler who is named and an approval that is asked for, only the deed that follows changes the case."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of a history."""

    version: int
    position: int
    title: str
    icon: str
    tone: str
    group: str
    happened: str
    happened_key: date
    recorded: str
    recorded_at: datetime
    lag: str
    who: str
    by: str
    """Account that recorded it."""
    instead_of: str
    """Account for which it was recorded; empty where nobody stood in."""
    sides: frozenset[str]
    """Keys of the sides that it concerns."""
    small: bool
    """It only says how the office arranges its work."""
    lines: tuple[Line, ...]
    changes: list[tuple[str, str, str]]
    corrects: int | None
    """Version of the fact that this one puts right."""
    corrected_by: int | None
    """Version of the newest correction of this fact."""
    correctable: bool
    raw: str


def entries_of(
    recorded: Sequence[Recorded], teller: Teller, wanted: Callable[[Recorded], bool] = lambda r: True
) -> list[Entry]:
    """Every fact that is wanted by version, first to last."""
    corrected_by = {r.fact.corrects: r.version for r in recorded if isinstance(r.fact, e.FactCorrected)}
    return [
        _entry(r, before, corrected_by.get(r.version), sides, teller)
        for r, before, sides in zip(recorded, _before(recorded), concerned(recorded), strict=True)
        if wanted(r)
    ]


def in_order(entries: Sequence[Entry], *, recorded: bool) -> list[Entry]:
    """Newest first, by the clock of recording or by that of the world."""
    if recorded:
        return sorted(entries, key=lambda entry: entry.position, reverse=True)
    return sorted(entries, key=lambda entry: (entry.happened_key, entry.position), reverse=True)


def standing_facts(recorded: Sequence[Recorded]) -> dict[int, Fact]:
    """Every fact as it stands after all corrections, by the version that first recorded it."""
    stands = {r.version: r.fact for r in recorded}
    for r in recorded:
        if isinstance(r.fact, e.FactCorrected):
            stands[r.fact.corrects] = r.fact.restated
    return stands


def _before(recorded: Sequence[Recorded]) -> Iterator[Fact | None]:
    """For each correction the fact as it stood until then, None for everything else."""
    stands: dict[int, Fact] = {}
    for r in recorded:
        stands[r.version] = r.fact
        if isinstance(r.fact, e.FactCorrected):
            yield stands.get(r.fact.corrects)
            stands[r.fact.corrects] = r.fact.restated
        else:
            yield None


def _entry(r: Recorded, before: Fact | None, corrected_by: int | None, sides: frozenset[str], teller: Teller) -> Entry:
    told, spoken = teller.tell(r.fact), teller.spoken
    day = office_day(r.recorded_at)
    restated = r.fact.restated if isinstance(r.fact, e.FactCorrected) else None
    return Entry(
        version=r.version,
        position=r.position,
        title=told.title,
        icon=told.icon,
        tone=told.tone,
        group=told.group,
        happened=happened_on(r, teller),
        happened_key=earliest(r.fact.occurred_on) if r.fact.occurred_on else day,
        recorded=spoken.moment(r.recorded_at),
        recorded_at=r.recorded_at,
        lag=_lag(r, teller),
        who=who_acted(r, teller.names),
        by=str(r.actor),
        instead_of=str(r.on_behalf_of) if _stood_in(r) else "",
        sides=sides,
        small=tag_of(r.fact) in _SMALL,
        lines=told.lines,
        changes=teller.changes(before, restated) if before and restated else [],
        corrects=r.fact.corrects if isinstance(r.fact, e.FactCorrected) else None,
        corrected_by=corrected_by,
        correctable=correctable(r.fact),
        raw=msgspec.json.format(msgspec.json.encode(r.fact), indent=2).decode(),
    )


def happened_on(r: Recorded, teller: Teller) -> str:
    if r.fact.occurred_on:
        return teller.spoken.long_date(r.fact.occurred_on)
    if isinstance(r.fact, _OF_ITS_RECORDING) or not isinstance(r.fact, cast("type", e.InitiativeEvent)):
        return teller.spoken.long_date(office_day(r.recorded_at))
    return teller.spoken.gettext(N_("day not known"))


def _lag(r: Recorded, teller: Teller) -> str:
    if r.fact.occurred_on is None:
        return ""
    days = (office_day(r.recorded_at) - latest(r.fact.occurred_on)).days
    return teller.spoken.lag(days) if days > _LATE else ""


def who_acted(r: Recorded, names: Names) -> str:
    actor = names.with_town(r.actor)
    if r.on_behalf_of is None or not _stood_in(r):
        return actor
    return names.spoken.gettext(N_("%(actor)s, for %(other)s")) % {
        "actor": actor,
        "other": names.with_town(r.on_behalf_of),
    }


def _stood_in(r: Recorded) -> bool:
    return r.on_behalf_of is not None and r.on_behalf_of != r.actor
