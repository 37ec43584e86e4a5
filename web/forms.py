"""What a person typed: kept as typed, read field by field, given back with a sentence at each refused field."""

import datetime as dt
import json
import re
from collections.abc import Container, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Final, Self, TypeVar, cast
from uuid import UUID, uuid4

import msgspec
from litestar.datastructures import UploadFile

from domain.dates import PartialDate
from domain.kernel import CommandKey, Refusal, Refused
from domain.words import UNSEEN
from web.csrf import FIELD as TOKEN
from web.language.reading import read_date

KEY: Final = "_key"
LINE: Final = 200
TEXT: Final = 4000
MOST_FIELDS: Final = 2000
_KEPT_LENGTH: Final = 500_000
"""Characters, a hundred closely written pages; strangers can make the database keep two hundred entries of it."""
_WHOLE_DAY: Final = len("2026-03-01")
_UNSEEN: Final = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{UNSEEN}]")
"""Tab and new line are left to the reader."""
_Word = TypeVar("_Word", bound=StrEnum)


class Form:
    """Fields in the order in which they came, a name possibly several times; never more than what was sent."""

    def __init__(
        self,
        fields: Iterable[tuple[str, str]] = (),
        files: Mapping[str, UploadFile] | None = None,
        refusals: Sequence[Refusal] = (),
    ) -> None:
        self.fields = tuple(fields)
        self.files = dict(files or {})
        self.refusals = tuple(refusals)

    @classmethod
    def showing(cls, **values: str | Sequence[str] | None) -> Self:
        """A form that opens with these values; None leaves a field empty."""
        pairs: list[tuple[str, str]] = []
        for name, value in values.items():
            pairs += [(name, value)] if isinstance(value, str) else [(name, one) for one in value or ()]
        return cls(pairs)

    def value(self, name: str) -> str:
        """As typed; empty where nothing was."""
        return next((value for field, value in self.fields if field == name), "")

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(value for field, value in self.fields if field == name)

    def errors(self, name: str) -> tuple[Refusal, ...]:
        return tuple(refusal for refusal in self.refusals if refusal.field == name)

    def refused(self, refusals: Sequence[Refusal]) -> Self:
        """The same form with the reasons, to be shown again."""
        return type(self)(self.fields, self.files, refusals)

    @property
    def key(self) -> CommandKey:
        """Names this sending of the form: a double click has one effect. Made anew where the page gave none."""
        try:
            return CommandKey(UUID(self.value(KEY)))
        except ValueError:
            return CommandKey(uuid4())

    @property
    def typed(self) -> tuple[tuple[str, str], ...]:
        """What may be carried on through a sign-in: no form token, no password."""
        return tuple((name, value) for name, value in self.fields if name != TOKEN and "password" not in name)

    @property
    def kept(self) -> str:
        """`typed` as one text; empty where there is nothing, more than can be carried, or a password, which is not."""
        if not self.typed or any("password" in name for name, _ in self.fields):
            return ""
        text = json.dumps(self.typed, ensure_ascii=False)
        return text if len(text) <= _KEPT_LENGTH else ""

    @contextmanager
    def reading(self) -> "Generator[Reader]":
        """A block in which fields are read. Where any was refused, it ends with Refused and all the reasons."""
        reader = Reader(self)
        try:
            yield reader
        except Refused as refused:
            raise Refused(*reader.refusals, *refused.refusals) from None
        except Exception:
            if not reader.refusals:
                raise
        if reader.refusals:
            raise Refused(*reader.refusals)


def kept_fields(kept: str) -> tuple[tuple[str, str], ...]:
    """The fields that `Form.kept` carried; empty for anything else, since it comes back from a browser."""
    try:
        fields = msgspec.json.decode(kept[: 2 * _KEPT_LENGTH], type=list[tuple[str, str]])
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return ()
    return Form(fields[:MOST_FIELDS]).typed


class Reader:
    """Reads fields of one form. A refused field gives None, which `Form.reading` lets nobody see."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self.refusals: list[Refusal] = []

    def line(self, name: str, *, most: int = LINE) -> str:
        """One line that must not be empty, white space tidied."""
        return self.line_or_none(name, most=most) or self._no(Refusal("form.missing", field=name))

    def line_or_none(self, name: str, *, most: int = LINE) -> str | None:
        return " ".join(self._clean(name, most).split()) or None

    def text(self, name: str, *, most: int = TEXT) -> str:
        """Several lines that must not be empty."""
        return self.text_or_none(name, most=most) or self._no(Refusal("form.missing", field=name))

    def text_or_none(self, name: str, *, most: int = TEXT) -> str | None:
        return self._clean(name, most).replace("\r\n", "\n").replace("\r", "\n").strip() or None

    def date(self, name: str) -> PartialDate:
        """A date as typed, as precise as it is."""
        return self.date_or_none(name) or self._no(Refusal("form.missing", field=name))

    def date_or_none(self, name: str) -> PartialDate | None:
        typed = self._form.value(name)
        read = read_date(typed, name) if typed.strip() else None
        return self._no(read) if isinstance(read, Refusal) else read

    def day(self, name: str) -> dt.date:
        """A date that must be a whole day."""
        read = self.date(name)
        if read and len(read) < _WHOLE_DAY:
            return self._no(Refusal("form.day-missing", {"typed": self._form.value(name)}, name))
        return dt.date.fromisoformat(read) if read else cast("dt.date", None)

    def choice(self, name: str, kind: type[_Word]) -> _Word:
        """One of the words of an enumeration, by its value."""
        chosen = self.choice_or_none(name, kind)
        return self._no(Refusal("form.choice-missing", field=name)) if chosen is None else chosen

    def choice_or_none(self, name: str, kind: type[_Word]) -> _Word | None:
        value = self._form.value(name)
        return self._word(name, value, kind) if value else None

    def choices(self, name: str, kind: type[_Word]) -> tuple[_Word, ...]:
        """Ticked words, each once, in the order of the enumeration."""
        ticked = {self._word(name, value, kind) for value in self._form.values(name) if value}
        return tuple(word for word in kind if word in ticked)

    def one_of(self, name: str, known: Container[str]) -> str | None:
        """One of the known codes, None where nothing was chosen."""
        value = self._form.value(name)
        return (value or None) if not value or value in known else self._no(Refusal("form.choice-unknown", field=name))

    def secret(self, name: str) -> str:
        """A password, exactly as typed."""
        return self._form.value(name) or self._no(Refusal("form.missing", field=name))

    def number(self, name: str, *, least: int, most: int) -> int:
        return self._number(name, least, most) if self._form.value(name).strip() else self._missing(name)

    def number_or_none(self, name: str, *, least: int, most: int) -> int | None:
        return self._number(name, least, most) if self._form.value(name).strip() else None

    def ticked(self, name: str) -> bool:
        return bool(self._form.value(name))

    def refuse(self, refusal: Refusal) -> None:
        """Add a reason of one's own."""
        self.refusals.append(refusal)

    def _number(self, name: str, least: int, most: int) -> int:
        typed = self._form.value(name).strip()
        if not re.fullmatch(r"-?[0-9]{1,9}", typed) or not least <= int(typed) <= most:
            return self._no(Refusal("form.number-out-of-range", {"least": least, "most": most}, name))
        return int(typed)

    def _clean(self, name: str, most: int) -> str:
        typed = self._form.value(name)
        if len(typed) > most:
            return self._no(Refusal("form.too-long", {"most": most, "length": len(typed)}, name)) or ""
        if unseen := _UNSEEN.search(typed):
            return self._no(Refusal("form.invisible", {"sign": f"U+{ord(unseen[0]):04X}"}, name)) or ""
        return typed

    def _word(self, name: str, value: str, kind: type[_Word]) -> _Word:
        try:
            return kind(value)
        except ValueError:
            return self._no(Refusal("form.choice-unknown", field=name))

    def _missing(self, name: str) -> int:
        return self._no(Refusal("form.missing", field=name))

    def _no(self, refusal: Refusal) -> Any:
        """Notes the reason, once a field; the value is never used, because the block ends with Refused."""
        if all(known.field != refusal.field for known in self.refusals):
            self.refusals.append(refusal)
        return None
