"""Questions of a form as data: what each one asks, and of which kind its control is."""

from enum import StrEnum
from typing import Final, Literal

import msgspec

from application.ports import VaultKind
from web.forms import TEXT
from web.initiatives.labels import LABELS
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

Control = Literal["date", "line", "text", "choice", "choices", "integer", "tick"]
Source = Literal[
    "",
    "handlers",
    "parties",
    "languages",
    "homes",
    "partners",
    "countries",
    "names",
    "procedures",
    "colleagues",
    "assignees",
    "tasks",
    "approvable",
    "links",
]
NUMBER, LINE, LONG_LINE = 60, 200, 500
"""As `domain.words` bounds them; a test compares the two."""
MOST_MONTHS: Final = 120
MOST_DRAFTS: Final = 999


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a form. `name` is the field of the command; a dot leads into a part of it."""

    name: str
    control: Control
    label: str
    hint: str = ""
    needed: bool = False
    most: int = LINE
    least: int = 0
    words: type[StrEnum] | None = None
    leave_out: tuple[str, ...] = ()
    """Words that are not offered."""
    source: Source = ""
    """Where the options come from when they are no vocabulary; for a line, what is suggested while typing."""
    keeps: VaultKind | None = None
    """As what the vault keeps the words; None where the fact itself holds them."""

    @property
    def wide(self) -> bool:
        return self.control in ("text", "choices") or self.most > LINE


OFFICE_ONLY: Final = N_("The office, without a name")
"""Facts hold nobody's name."""


def occurred(*, needed: bool = False, label: str = LABELS["occurred_on"], hint: str = "") -> Question:
    return Question(name="occurred_on", control="date", label=label, hint=hint, needed=needed)


def date(name: str, *, needed: bool = False, hint: str = "", label: str = "") -> Question:
    return Question(name=name, control="date", label=label or LABELS[name], hint=hint, needed=needed)


def line(
    name: str,
    *,
    needed: bool = False,
    hint: str = "",
    label: str = "",
    most: int = LINE,
    source: Source = "",
    keeps: VaultKind | None = None,
) -> Question:
    return Question(
        name=name,
        control="line",
        label=label or LABELS[name],
        hint=hint,
        needed=needed,
        most=most,
        source=source,
        keeps=keeps,
    )


def number(name: str, *, needed: bool = False, hint: str = "", label: str = "") -> Question:
    """A number as the office writes it, with strokes and letters."""
    return line(name, needed=needed, hint=hint, label=label, most=NUMBER)


def text(name: str, *, needed: bool = False, hint: str = "", label: str = "", keeps: VaultKind = "reason") -> Question:
    """Free words; they go to the vault."""
    return Question(
        name=name, control="text", label=label or LABELS[name], hint=hint, needed=needed, most=TEXT, keeps=keeps
    )


def choice(
    name: str,
    words: type[StrEnum] | None = None,
    *,
    needed: bool = False,
    source: Source = "",
    label: str = "",
    hint: str = "",
    leave_out: tuple[str, ...] = (),
) -> Question:
    return Question(
        name=name,
        control="choice",
        label=label or LABELS[name],
        hint=hint,
        needed=needed,
        words=words,
        source=source,
        leave_out=leave_out,
    )


def choices(
    name: str, words: type[StrEnum] | None = None, *, needed: bool = False, source: Source = "", hint: str = ""
) -> Question:
    return Question(
        name=name, control="choices", label=LABELS[name], hint=hint, needed=needed, words=words, source=source
    )


def integer(name: str, *, least: int, most: int, needed: bool = False, hint: str = "") -> Question:
    return Question(name=name, control="integer", label=LABELS[name], hint=hint, needed=needed, least=least, most=most)


def tick(name: str, *, hint: str = "") -> Question:
    return Question(name=name, control="tick", label=LABELS[name], hint=hint)
