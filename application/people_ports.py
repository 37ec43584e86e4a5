"""What the use cases of persons' requests need from outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

import msgspec

from application.ports import Recorded, VaultKind
from application.saved_views import SavedView
from domain.kernel import VaultRef


class Kept(msgspec.Struct, frozen=True):
    """An entry of the vault as it stands there."""

    ref: VaultRef
    kind: VaultKind
    stream: UUID | None
    """Of the case, the partner or the request that it belongs to."""
    recorded_at: datetime
    text: str


class Erasure(msgspec.Struct, frozen=True):
    """An entry whose text was destroyed, and the position of the fact that did it."""

    ref: VaultRef
    position: int
    erased_at: datetime


@runtime_checkable
class PersonVault(Protocol):
    def read(self, refs: Sequence[VaultRef]) -> dict[VaultRef, str | None]:
        """As application.ports.Vault."""
        ...

    def search(self, words: Sequence[str], most: int) -> Sequence[Kept]:
        """Entries in which every one of the folded words stands, in whatever script, the newest first."""
        ...

    def kept(self, refs: Sequence[VaultRef]) -> Sequence[Kept]:
        """Those of the entries that stand there."""
        ...

    def erasures(self) -> Sequence[Erasure]:
        """Every entry that was erased or corrected."""
        ...


@runtime_checkable
class PeopleFacts(Protocol):
    def all(self) -> Sequence[Recorded]:
        """Every fact about persons' requests, by position."""
        ...


@runtime_checkable
class Drafts(Protocol):
    """Forms that wait for their writers to sign in again."""

    def drop(self, texts: Sequence[str], name: Sequence[str]) -> int:
        """Remove those in which one of the texts stands, or every folded word of the name. How many."""
        ...


@runtime_checkable
class SavedFilters(Protocol):
    def everybodys(self) -> Sequence[SavedView]:
        """What people have saved under a name of their own, by name."""
        ...


@runtime_checkable
class ErasedList(Protocol):
    """What was erased, by reference only, kept outside the database so that a restore cannot bring it back."""

    def listed(self) -> frozenset[VaultRef]:
        """Raises a fault where the list cannot be read."""
        ...

    def add(self, erasures: Sequence[Erasure]) -> None:
        """Those that are not listed yet; they are on the disk when the call returns. Raises OSError."""
        ...
