"""What stands in a file, and who is believed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Protocol, runtime_checkable

import msgspec
from msgspec import Meta

from domain.dates import Day
from domain.initiatives.terms import PartyRole, PartyStatus
from domain.kernel import Refusal
from domain.words import Country, Line, LongLine

FORMAT: Final = "pobratim-exchange/1"
MOST_CASES: Final = 20_000
MOST_SIDES: Final = 40
MOST_LINES: Final = 400


class SheetSide(msgspec.Struct, frozen=True, kw_only=True):
    """A party as another register can find it: its country, and every name by which it goes."""

    country: Country
    names: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=MOST_SIDES)]
    role: PartyRole


class SheetLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that a side has done, by its own word. `side` counts the sides of the case from 0."""

    side: Annotated[int, Meta(ge=0, lt=MOST_SIDES)]
    status: PartyStatus
    source: LongLine
    on: Day | None = None


class SheetCase(msgspec.Struct, frozen=True, kw_only=True):
    number: Line
    """In the register that speaks."""
    version: Annotated[int, Meta(ge=1, le=1_000_000)]
    sides: Annotated[tuple[SheetSide, ...], Meta(min_length=2, max_length=MOST_SIDES)]
    lines: Annotated[tuple[SheetLine, ...], Meta(max_length=MOST_LINES)]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    register: Line
    """Name of the register that speaks."""
    made_at: datetime
    cases: Annotated[tuple[SheetCase, ...], Meta(max_length=MOST_CASES)]


class TrustedRegister(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    """Its public key, 32 bytes, in base64."""
    name: str
    sides: tuple[str, ...]
    """Codes of local governments and ids of partners for which it may speak."""
    added_at: datetime


@runtime_checkable
class TrustedRegisters(Protocol):
    def find(self, key: str) -> TrustedRegister | None: ...

    def all(self) -> Sequence[TrustedRegister]:
        """By name."""
        ...

    def keep(self, register: TrustedRegister) -> None:
        """In the place of what was kept for the same key."""
        ...

    def forget(self, key: str) -> bool:
        """Whether there was one."""
        ...


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one line, or of a whole case where `line` is None."""

    case: str
    """Number in the register that speaks."""
    here: str | None = None
    """Number here."""
    line: SheetLine | None = None
    refusal: Refusal | None = None
    """None where it was recorded, or is here already."""
    new: bool = False
