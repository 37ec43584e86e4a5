"""What differs between two moments of a case, field by field, and the facts that made the difference."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

import msgspec

from application.ports import Recorded
from domain.initiatives import events as e
from domain.initiatives.initiative import BrokenHistory, Initiative, grow, tag_of
from domain.kernel import Fact
from web.initiatives.history_fields import CaseField, Item

_Part = Callable[[Initiative], object]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A field that differs."""

    label: str
    then: tuple[tuple[Item, bool], ...]
    """What stood there, and whether it is gone."""
    now: tuple[tuple[Item, bool], ...]
    """What stands there, and whether it came."""
    versions: tuple[int, ...]
    """Facts that changed it."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    changes: tuple[Change, ...]
    versions: tuple[int, ...]
    """Where the section is that of one fact: what changed it. The changes then hold none."""


def compared(
    then: Sequence[CaseField], now: Sequence[CaseField], causes: Mapping[str, tuple[int, ...]]
) -> list[Section]:
    """The fields that differ, in the order of the page; those that are gone stand at the end of their section.

    `causes` says which facts changed a field of the case, or a fact, by key of `caused`.
    """
    was, is_now = ({field.key: field for field in fields} for fields in (then, now))
    sections: dict[tuple[str, int], list[Change]] = {}
    for key, field in (is_now | {key: field for key, field in was.items() if key not in is_now}).items():
        before, after = (fields[key].items if key in fields else () for fields in (was, is_now))
        if before != after:
            change = Change(
                label=field.label,
                then=tuple((item, item not in after) for item in before),
                now=tuple((item, item not in before) for item in after),
                versions=() if field.version else causes.get(key.partition(" ")[0], ()),
            )
            sections.setdefault((field.section, field.version), []).append(change)
    return [
        Section(title=title, changes=tuple(changes), versions=causes.get(f"fact {version}", ()))
        for (title, version), changes in sections.items()
    ]


def between(then: Sequence[Recorded], now: Sequence[Recorded]) -> list[int]:
    """Versions of the facts that only one of two moments knows, or that read otherwise there."""
    was, is_now = ({r.version: r.fact for r in recorded} for recorded in (then, now))
    return sorted(version for version in was.keys() | is_now.keys() if was.get(version) != is_now.get(version))


def caused(recorded: Sequence[Recorded], versions: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Which of these facts changed each field of the case, by its key; and each fact, as `fact 12`."""
    found: dict[str, list[int]] = {}
    facts = cast("list[e.InitiativeEvent]", [r.fact for r in recorded])
    wanted, last = set(versions), dict[str, object]()
    try:
        for r, state in zip(recorded, grow(None, facts), strict=True):
            now = {key: part(state) for key, part in _PARTS.items()}
            if r.version in wanted:
                for key in (*(key for key in now if now[key] != last.get(key)), f"fact {_of(r)}"):
                    found.setdefault(key, []).append(r.version)
            last = now
    except BrokenHistory:
        return {}
    return {key: tuple(several) for key, several in found.items()}


def _of(r: Recorded) -> int:
    return r.fact.corrects if isinstance(r.fact, e.FactCorrected) else r.version


def _standing(*kinds: type[Fact]) -> _Part:
    tags = [tag_of(kind) for kind in kinds]
    return lambda state: tuple(state.standing.get(tag) for tag in tags)


def _step(state: Initiative) -> object:
    return state.stage, state.kind, state.procedure, state.asked, state.approvals, _EXTENDED(state)


_EXTENDED: Final = _standing(e.DeadlineExtended)
_PARTS: Final[Mapping[str, _Part]] = {
    "stage": lambda state: state.stage,
    "since": lambda state: state.stage,
    "step": _step,
    "who": _step,
    "due": _step,
    "needed": lambda state: (_step(state), state.support, _PAPERS(state)),
    "handler": lambda state: state.handler,
    "merged": lambda state: state.merged_into,
    "kind": lambda state: state.kind,
    "origin": lambda state: state.origin,
    "fields": lambda state: state.fields,
    "term": lambda state: state.term,
    "side": lambda state: (state.parties, _SAID(state)),
    "procedure": lambda state: state.procedure,
    "support": lambda state: state.support,
    "asked": lambda state: state.asked,
    "approved": lambda state: state.approvals,
    "tasks": lambda state: state.tasks,
    "links": lambda state: state.links,
    "remarks": lambda state: state.tags.count(tag_of(e.RemarkAdded)),
}
"""What of the state stands behind each field of web.initiatives.history_fields."""
_PAPERS: Final = _standing(e.LetterOfIntentSigned, e.DraftReviewed)
_SAID: Final = _standing(
    e.PartyStatusReported,
    e.InitiativeProposed,
    e.DecisionAdopted,
    e.ConsentGranted,
    e.HistoricAgreementEntered,
    e.AgreementSigned,
    e.AgreementEnteredIntoForce,
    e.AgreementTerminated,
    e.InitiativeWithdrawn,
)
"""Facts that say where a side stands."""
