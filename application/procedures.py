"""Versions of procedures: where they come from, who may read them, and who may bring a new one into force."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol, runtime_checkable

import msgspec

from application.access import READS_ALL, Forbidden, Person, Role
from application.past import AsOf
from domain.initiatives.procedure import Procedure, Procedures
from domain.kernel import Refusal, Refused


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A version with the text from which it was read."""

    procedure: Procedure
    text: str
    file: str
    shipped: bool
    """It came with the program."""
    since: datetime | None = None
    """When its file came into the data folder; None where it came with the program, of which no day is kept."""


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
        """Keep the text as a new version, whole or not at all. Raises Refused, also where the version is there
        with another text."""
        ...


Followed = Mapping[str, int]
"""How many cases follow each version, by its pin."""


class Followers(Protocol):
    def followed(self) -> Followed: ...


@runtime_checkable
class PastFollowers(Protocol):
    def followers_at(self, as_of: AsOf) -> Followers:
        """As they were then; its method also raises Preparing."""
        ...


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A text that could become a version, and the one in force, which it would follow."""

    procedure: Procedure
    text: str
    in_force: Version


class KeepingProcedures:
    """Rights are checked here, whoever calls. All methods raise Forbidden."""

    def __init__(self, shelf: Shelf, followers: Followers, past: PastFollowers, as_of: AsOf | None = None) -> None:
        self._shelf = shelf
        self._followers = followers
        self._past = past
        self._as_of = as_of

    def at(self, as_of: AsOf) -> "KeepingProcedures":
        """The same as of a place on the clocks; `versions`, `version` and `followed` then also raise Preparing."""
        return KeepingProcedures(self._shelf, self._followers, self._past, as_of)

    def versions(self, person: Person) -> Sequence[Version]:
        """By code, the newest first. In the past, those whose file was there, or that cases followed: a file that was
        brought back from a backup may be younger than they are."""
        _require(person, _READS)
        versions = self._shelf.versions()
        if self._as_of is None:
            return versions
        until, followed = self._as_of.until, self.followed(person)
        return [v for v in versions if v.since is None or v.since <= until or followed.get(v.procedure.pin)]

    def followed(self, person: Person) -> Followed:
        _require(person, _READS)
        followers = self._past.followers_at(self._as_of) if self._as_of else self._followers
        return followers.followed()

    def faults(self, person: Person) -> Sequence[Refusal]:
        """What is wrong with files of the data folder; for whoever can mend them, nothing for others."""
        _require(person, _READS)
        return self._shelf.faults() if person.role is Role.ADMINISTRATOR else ()

    def version(self, person: Person, pin: str) -> Version | None:
        return next((version for version in self.versions(person) if version.procedure.pin == pin), None)

    def beginning(self, person: Person, code: str) -> str:
        """A text to begin a new version with: the one in force of the code, or of any, with the next number."""
        _require(person, _EDITS)
        versions = self._shelf.versions()
        newest = next((version for version in versions if version.procedure.code == code), versions[0])
        lines = newest.text.splitlines(keepends=True)
        lines[line_of_version(newest.text) - 1] = f"version = {newest.procedure.version + 1}\n"
        return "".join(lines)

    def draft(self, person: Person, text: str) -> Draft:
        """Raises Refused with every flaw of the text, `line` among the parameters of each."""
        _require(person, _EDITS)
        procedure = self._shelf.read(text, "")
        in_force = next(v for v in self._shelf.versions() if v.procedure.code == procedure.code)
        if procedure.version <= in_force.procedure.version:
            place = {"file": "", "line": line_of_version(text), "newest": in_force.procedure.version}
            raise Refused(Refusal("procedure.version-not-newer", place))
        return Draft(procedure=procedure, text=text, in_force=in_force)

    def adopt(self, person: Person, text: str) -> Procedure:
        """Bring the text into force for cases that begin from now on. Raises Refused as `draft`.

        The same text again is the same version.
        """
        _require(person, _EDITS)
        return self._shelf.adopt(text)


def line_of_version(text: str) -> int:
    """Where a text says which version it is; 1 where it does not."""
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.split("=")[0].strip() == "version"), 1)


def _require(person: Person, roles: frozenset[Role]) -> None:
    if person.role not in roles:
        raise Forbidden("access.administrator-only" if roles is _EDITS else "access.deed-not-yours")


_EDITS: Final = frozenset({Role.ADMINISTRATOR})
_READS: Final = READS_ALL | _EDITS
