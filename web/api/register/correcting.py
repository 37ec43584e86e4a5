"""Corrections by program: what of a fact reads otherwise; what is left out stays, null empties."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Union, cast

import msgspec
from msgspec import UNSET, Meta, UnsetType

from application.identity import vault_ref
from application.ports import Recorded, VaultEntry
from domain.dates import Day
from domain.initiatives.decisions.anytime import CorrectFact
from domain.initiatives.events import Correctable
from domain.initiatives.initiative import tag_of
from domain.kernel import CommandKey, Refusal, Refused, VaultRef
from domain.words import UNSEEN
from web.api.register.deed_bodies import Sent, Text, tidied
from web.initiatives.corrections import CORRECTION_FORMS, correctable, particulars, restated
from web.initiatives.history import standing_facts
from web.initiatives.questions import Question
from web.initiatives.reading import Read

_LINE: Final = rf"^(?=.*\S)[^\x00-\x1f{UNSEEN}]*$(?!\n)"
_MOST_CHOICES: Final = 24


def _line(most: int) -> Any:
    return Annotated[str, Meta(min_length=1, max_length=most, pattern=_LINE)]


_KINDS: Final[Mapping[str, Callable[[Question], Any]]] = {
    "date": lambda asked: Day,
    "line": lambda asked: _line(asked.most),
    "text": lambda asked: Text,
    "choice": lambda asked: asked.words or _line(asked.most),
    "choices": lambda asked: Annotated[
        tuple[asked.words or Annotated[str, Meta(pattern=r"^[a-z]{2,3}$(?!\n)")], ...], Meta(max_length=_MOST_CHOICES)
    ],
    "integer": lambda asked: Annotated[int, Meta(ge=asked.least, le=asked.most)],
    "tick": lambda asked: bool,
}


def _restating(fact: type[Any]) -> type[msgspec.Struct]:
    """By the questions of its correction's form; `term.ends_on` stands in an object `term`."""
    parts: dict[str, list[Any]] = {"": []}
    for asked in CORRECTION_FORMS[fact]:
        part, _, name = asked.name.rpartition(".")
        kind: Any = _KINDS[asked.control](asked)
        parts.setdefault(part, []).append((name, kind | None | UnsetType, UNSET))
    fields = parts.pop("")
    for part, inner in parts.items():
        shape = msgspec.defstruct(
            f"{fact.__name__}{part.capitalize()}", inner, bases=(Sent,), kw_only=True, frozen=True
        )
        fields.append((part, shape | UnsetType, UNSET))
    return msgspec.defstruct(
        f"Restated{fact.__name__}", fields, bases=(Sent,), tag_field="fact", tag=tag_of(fact), kw_only=True, frozen=True
    )


RESTATED: Final = {fact: _restating(fact) for fact in CORRECTION_FORMS}


_ANY_OF_THEM: Any = cast("Any", Union)[tuple(RESTATED.values())]
Correct: Final[type[msgspec.Struct]] = msgspec.defstruct(
    "Correct",
    [
        ("corrects", Annotated[int, Meta(ge=1, le=1_000_000, description="The version of the fact.")]),
        ("restated", _ANY_OF_THEM),
        ("reason", Text),
    ],
    bases=(Sent,),
    frozen=True,
    kw_only=True,
)
"""Puts right what was recorded wrongly. The wrong fact stays in the history."""


def correction(sent: Any, recorded: Sequence[Recorded], key: CommandKey) -> tuple[CorrectFact, tuple[VaultEntry, ...]]:
    """Raises Refused where there is no such fact, or it is of another kind."""
    standing = standing_facts(recorded).get(sent.corrects)
    if standing is None or not correctable(standing) or type(sent.restated) is not RESTATED[type(standing)]:
        raise Refused(Refusal("initiative.no-such-fact", {"version": sent.corrects}, "corrects"))
    entries = [VaultEntry(vault_ref(key, "reason"), "reason", sent.reason.strip())]
    values = particulars(standing)
    for asked in CORRECTION_FORMS[type(standing)]:
        given = _given(sent.restated, asked.name)
        if given is UNSET:
            continue
        if type(given) is str:
            given = tidied(given, asked)
        if asked.keeps and given:
            words = VaultEntry(vault_ref(key, f"restated.{asked.name}"), asked.keeps, given)
            entries.append(words)
            given = str(words.ref)
        values[asked.name] = msgspec.to_builtins(given)
    fact: Correctable = restated(standing, Read(values, tuple(entries)))
    return CorrectFact(corrects=sent.corrects, restated=fact, reason=VaultRef(entries[0].ref)), tuple(entries)


def _given(sent: msgspec.Struct, name: str) -> Any:
    part, _, inner = name.rpartition(".")
    held = getattr(sent, part) if part else sent
    return UNSET if held is UNSET else getattr(held, inner)
