"""Events whose words and names are replaced: the shape of a history, without what it says of anybody."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final, cast
from uuid import UUID, uuid5

import msgspec

from application.feed import CloudEvent
from domain.dates import PartialDate
from domain.words import CASE_NUMBER

_PUBLIC: Final = frozenset({"local_government", "country", "fact"})
"""Names of places that everybody knows, and by which a subscriber files cases."""


class Anonymous:
    """Each name or id always becomes the same other one; `secret` decides which."""

    def __init__(self, secret: str, source: str) -> None:
        self._space = uuid5(UUID(int=0), secret)
        self._source = source

    def event(self, event: CloudEvent) -> dict[str, Any]:
        """As the feed has it, from another source."""
        made: dict[str, Any] = msgspec.to_builtins(event)
        data, fact = made["data"], event.data.fact
        data["stream"] = self.id(data["stream"])
        data["actor"] = self.id(data["actor"])
        if "on_behalf_of" in data:
            data["on_behalf_of"] = self.id(data["on_behalf_of"])
        data["fact"] = self._struct(fact, data["fact"])
        return {**made, "source": self._source, "subject": self.subject(event)}

    def subject(self, event: CloudEvent) -> str:
        """A number where it was one; a file goes by its id."""
        if event.subject == str(event.data.stream):
            return self.id(event.subject)
        return self._number(event.subject)

    def id(self, given: str | UUID) -> str:
        return str(uuid5(self._space, str(given)))

    def _number(self, given: str) -> str:
        """The year stays."""
        running = int(hashlib.sha256(f"{self._space}{given}".encode()).hexdigest()[:8], 16) % 90_000 + 10_000
        return f"{given[:4]}-{running}"

    def _struct(self, value: msgspec.Struct, plain: Mapping[str, Any]) -> dict[str, Any]:
        fields = {field.encode_name: field for field in msgspec.structs.fields(value)}
        return {
            name: self._value(name, fields[name].type, getattr(value, fields[name].name), one)
            if name in fields
            else one  # the tag
            for name, one in plain.items()
        }

    def _value(self, name: str, kind: Any, value: object, plain: Any) -> Any:
        match value:
            case msgspec.Struct():
                return self._struct(value, plain)
            case tuple() | list():
                several = zip(cast("Sequence[object]", value), plain, strict=True)
                return [self._value(name, kind, one, own) for one, own in several]
            case UUID():
                return self.id(value)
            case Enum():
                return plain
            case str() if name in _PUBLIC or _is_date(kind):
                return plain
            case str() if re.fullmatch(CASE_NUMBER, value):
                return self._number(value)
            case str():
                return f"words {self.id(value)[:8]}"
            case _:
                return plain


def _is_date(kind: Any) -> bool:
    return kind is PartialDate or PartialDate in getattr(kind, "__args__", ())
