"""A submitted form becomes a command: field by field, the words of a person apart for the vault."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from application.identity import vault_ref
from application.ports import VaultEntry
from domain.kernel import Refusal, Refused
from web.forms import Form, Reader
from web.initiatives.questions import Question
from web.initiatives.words import LANGUAGES

T = TypeVar("T")
SEEN: Final = "seen"
_PLACE: Final = re.compile(r"\.([a-z_]+)")


class Read(msgspec.Struct, frozen=True):
    """What a form says: values as JSON would have them, and the texts that they refer to."""

    values: dict[str, Any]
    entries: tuple[VaultEntry, ...]


def read_questions(form: Form, questions: Sequence[Question]) -> Read:
    """Raises Refused with a reason at every field that cannot be taken."""
    entries: list[VaultEntry] = []
    values: dict[str, Any] = {}
    with form.reading() as reader:
        for asked in questions:
            value = _CONTROLS[asked.control](asked, form, reader)
            if asked.keeps and value:
                entry = VaultEntry(vault_ref(form.key, asked.name), asked.keeps, value)
                entries.append(entry)
                value = str(entry.ref)
            values[asked.name] = value
    return Read(values, tuple(entries))


def read_command(form: Form, questions: Sequence[Question], command: type[T]) -> tuple[T, tuple[VaultEntry, ...]]:
    """The command that a form asks for. Raises Refused."""
    read = read_questions(form, questions)
    return converted(read.values, command), read.entries


def converted(values: Mapping[str, Any], command: type[T]) -> T:
    """Empty values are left out. Raises Refused at the field that the command's own bounds refuse."""
    given = {name: value for name, value in values.items() if value not in (None, (), [])}
    try:
        return msgspec.convert(given, command)
    except msgspec.ValidationError as fault:
        path = _PLACE.findall(str(fault))
        raise Refused(Refusal("form.choice-unknown", field=path[-1] if path else None)) from None


def seen_version(form: Form) -> int | None:
    """The version that the person had before them; None where the page did not say.

    Nonsense is version 0, which no case has: whoever sends it is shown what is new, and writes over nothing unseen.
    """
    if not (typed := form.value(SEEN)):
        return None
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else 0


def _date(asked: Question, form: Form, reader: Reader) -> str | None:
    return reader.date(asked.name) if asked.needed else reader.date_or_none(asked.name)


def _line(asked: Question, form: Form, reader: Reader) -> str | None:
    return (reader.line if asked.needed else reader.line_or_none)(asked.name, most=asked.most)


def _text(asked: Question, form: Form, reader: Reader) -> str | None:
    return (reader.text if asked.needed else reader.text_or_none)(asked.name, most=asked.most)


def _choice(asked: Question, form: Form, reader: Reader) -> str | None:
    if asked.words is None:
        typed = form.value(asked.name)
        if asked.needed and not typed:
            reader.refuse(Refusal("form.choice-missing", field=asked.name))
        return reader.line_or_none(asked.name)
    chosen = (reader.choice if asked.needed else reader.choice_or_none)(asked.name, asked.words)
    return chosen.value if chosen else None


def _choices(asked: Question, form: Form, reader: Reader) -> list[str]:
    ticked = form.values(asked.name)
    if asked.source == "colleagues":
        chosen = list(dict.fromkeys(ticked))
    elif asked.words is None:
        chosen = [code for code in LANGUAGES if code in ticked]
        if len(chosen) < len({*ticked}):
            reader.refuse(Refusal("form.choice-unknown", field=asked.name))
    else:
        chosen = [word.value for word in reader.choices(asked.name, asked.words)]
    if asked.needed and not ticked:
        reader.refuse(Refusal("form.choice-missing", field=asked.name))
    return chosen


def _integer(asked: Question, form: Form, reader: Reader) -> int | None:
    read = reader.number if asked.needed else reader.number_or_none
    return read(asked.name, least=asked.least, most=asked.most)


def _tick(asked: Question, form: Form, reader: Reader) -> bool:
    return reader.ticked(asked.name)


_CONTROLS: Final[Mapping[str, Callable[[Question, Form, Reader], Any]]] = {
    "date": _date,
    "line": _line,
    "text": _text,
    "choice": _choice,
    "choices": _choices,
    "integer": _integer,
    "tick": _tick,
}
