"""Facts as a person reads them: one sentence, and labelled lines for what the fact says beyond it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final, cast, get_args, get_type_hints

import msgspec

from domain.dates import NotADate, partial_date
from domain.initiatives.initiative import tag_of
from domain.initiatives.terms import Gazette, Kind, Party, Term
from domain.kernel import AccountId, Fact, VaultRef
from web.initiatives.deed_words import DEEDS
from web.initiatives.labels import LABELS, label_of
from web.initiatives.naming import Names
from web.initiatives.sentences import SENTENCES
from web.initiatives.words import LANGUAGES, WORDS
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

_UNSAID: Final = frozenset(
    {
        "occurred_on",
        "number",
        "into",
        "duplicate",
        "distinct_from",
        "corrects",
        "restated",
        "partner",
        "task",
        "also_for",
        "other",
    }
)
"""Fields that stand elsewhere on the page: in the clocks, in the heading, or beside in words."""
_NUMBERS: Final = frozenset({"into_number", "duplicate_number", "other_number"})
"""Fields that name another case."""
_DAY: Final = LABELS["occurred_on"]
_SAID_AFTER_ALL: Final = frozenset({"initiative.decision-adopted.number"})


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One particular of a fact. `value` is None where the words were erased."""

    label: str
    value: str | None
    words: bool = False
    """Several lines of a person's own."""
    foreign: bool = False
    """A name or a text that nobody translates."""
    href: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    icon: str
    tone: str
    group: str
    lines: tuple[Line, ...]


class Teller:
    """Tells facts in one language; `sides` are the names of parties by their key.

    `texts` are the words of the vault: None where they were erased, absent where this reader is not shown them.
    """

    def __init__(self, names: Names, texts: Mapping[VaultRef, str | None], sides: Mapping[str, str]) -> None:
        self.names, self.texts, self._sides = names, texts, sides
        self.spoken = names.spoken

    def tell(self, fact: Fact) -> Told:
        said = SENTENCES[tag_of(fact)]
        return Told(
            title=self.spoken.gettext(said.text),
            icon=said.icon,
            tone=said.tone,
            group=said.group,
            lines=tuple(self.lines(fact)),
        )

    def lines(self, fact: Fact) -> Iterator[Line]:
        """Everything that the fact says beyond its sentence and its day."""
        return (line for _, line in self.named_lines(fact))

    def named_lines(self, fact: Fact) -> Iterator[tuple[str, Line]]:
        """The same, each with the name of its field."""
        tag = tag_of(fact)
        for name in fact.__struct_fields__:
            value = getattr(fact, name)
            if (name not in _UNSAID or f"{tag}.{name}" in _SAID_AFTER_ALL) and value not in (None, (), False):
                for line in self._lines(tag, name, value, kind_of(type(fact), name)):
                    yield name, line

    def changes(self, before: Fact, after: Fact) -> list[tuple[str, str, str]]:
        """What a correction changed: label, before, after; empty text where there was nothing."""
        was, now = self._by_label(before), self._by_label(after)
        labels = dict.fromkeys((*was, *now))
        return [(n, was.get(n, ""), now.get(n, "")) for n in labels if was.get(n) != now.get(n)]

    def side(self, key: str) -> str:
        return self._sides.get(key) or self.names.unit(key)

    def _by_label(self, fact: Fact) -> dict[str, str]:
        day = fact.occurred_on
        shown = {self.spoken.gettext(_DAY): self.spoken.long_date(day)} if day else {}
        for line in self.lines(fact):
            text = erased(self.spoken) if line.value is None else line.value
            shown[line.label] = f"{shown[line.label]}, {text}" if line.label in shown else text
        return shown

    def _lines(self, tag: str, name: str, value: Any, kind: type) -> Iterator[Line]:
        label = self.spoken.gettext(label_of(tag, name))
        if isinstance(value, Term):
            yield from self.term(value)
        elif parties := _parties_in(value):
            for party in parties:
                yield Line(label=self._word(party.role), value=self.side(party.key), foreign=party.partner is not None)
        elif kind is VaultRef:
            if value in self.texts:
                yield Line(label=label, value=self.texts[value], words=True)
        elif kind is AccountId:
            people = cast("tuple[AccountId, ...]", value if isinstance(value, tuple) else (value,))
            yield Line(label=label, value=", ".join(map(self.names.person, people)))
        elif name in _NUMBERS:
            yield Line(label=label, value=value, href=f"/initiatives/{value}")
        elif name in ("party", "host"):
            yield Line(label=label, value=self.side(value), foreign=True)
        else:
            foreign = type(value) is str and name not in ("procedure", "deed")
            yield Line(label=label, value=self._plain(name, value), foreign=foreign)

    def term(self, term: Term) -> Iterator[Line]:
        """How long an agreement lasts, as far as it is set."""
        for name in term.__struct_fields__:
            value = getattr(term, name)
            if value not in (None, False):
                label = self.spoken.gettext(LABELS[f"term.{name}"])
                yield Line(label=label, value=self._plain(name, value))

    def _plain(self, name: str, value: Any) -> str:
        if isinstance(value, tuple):
            return capitalised(", ".join(self._plain(name, one) for one in cast("tuple[Any, ...]", value)))
        if isinstance(value, StrEnum):
            return self._word(value)
        if isinstance(value, bool):
            return self.spoken.gettext(N_("yes") if value else N_("no"))
        if isinstance(value, Gazette):
            return f"{value.name}, {value.number}"
        if name in ("language", "languages"):
            return self.spoken.gettext(LANGUAGES.get(value, value))
        if name == "deed":
            return self.spoken.gettext(DEEDS[value].title) if value in DEEDS else str(value)
        if name == "procedure":
            return self.names.procedure(value)
        if isinstance(value, datetime):
            return self.spoken.moment(value)
        if name == "local_governments":
            return self.names.unit(value)
        if name == "kinds":
            return self._word(Kind(value)) if value in set(Kind) else str(value)
        if name == "country":
            return self.spoken.country(value)
        return self._day(value) if name in ("ends_on", "due_on", "until") else str(value)

    def _word(self, value: StrEnum) -> str:
        return word(value, self.spoken)

    def _day(self, value: str) -> str:
        try:
            return self.spoken.long_date(partial_date(value))
        except NotADate:
            return value


def _parties_in(value: Any) -> tuple[Party, ...]:
    """One party or several; nothing where the value is anything else."""
    several = cast("tuple[Any, ...]", value) if isinstance(value, tuple) else (value,)
    return tuple(one for one in several if isinstance(one, Party))


def word(value: StrEnum, spoken: Language) -> str:
    """A member of a closed vocabulary in the reader's language."""
    return spoken.gettext(WORDS[type(value)][value])


def capitalised(text: str) -> str:
    """The first letter large; the others stay, as in “Serbian, Turkish”."""
    return text[:1].upper() + text[1:]


def erased(spoken: Language) -> str:
    """Stands where words were erased from the vault."""
    return spoken.gettext(N_("[erased]"))


@cache
def kind_of(fact: type[Fact], name: str) -> Any:
    """The declared type of a field, `None` aside: it tells an account from a reference, both of which are UUIDs."""
    declared = get_type_hints(fact)[name]
    return next((part for part in get_args(declared) if part in (AccountId, VaultRef)), declared)
