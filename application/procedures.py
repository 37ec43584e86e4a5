"""Versions of procedures: where they come from, who may read them, and who may bring a new one into force."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

import msgspec

from domain.initiatives.procedure import Procedure, Procedures
from domain.kernel import Refusal


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A version with the text from which it was read."""

    procedure: Procedure
    text: str
    file: str
    shipped: bool
    """It came with the program."""


@runtime_checkable
class Shelf(Protocol):
    """Where the versions are kept. Reads never fail: what cannot be used is left out, and told by `faults`."""

    def now(self) -> Procedures:
        """The versions at hand at this moment. Cheap; the object is the same as long as nothing has changed."""
        ...

    def versions(self) -> Sequence[Version]:
        """By code, the newest first."""
        ...

    def faults(self) -> Sequence[Refusal]:
        """What is wrong with files that were left out; `file` and `line` stand among the parameters."""
        ...

    def read(self, text: str, file: str) -> Procedure:
        """Raises Refused with every flaw; `file` and `line` stand among the parameters of each."""
        ...

    def hold(self, procedure: Procedure) -> None:
        """A case is about to follow the version, which stays as it is from now on. Raises Refused where it cannot."""
        ...

    def adopt(self, text: str) -> Procedure:
        """Keep the text as a new version, whole or not at all. Raises Refused, also where the version is there."""
        ...


Followed = Mapping[str, int]
"""How many cases follow each version, by its pin."""
