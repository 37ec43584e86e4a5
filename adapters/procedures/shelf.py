"""The versions that come with the program, and those of the data folder."""

import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

import msgspec

from adapters.procedures.folder import KEPT, Fingerprint, files, fingerprint, put
from adapters.procedures.reading import LARGEST, read_procedure
from adapters.reference.working_days import serbian_calendar
from application.procedures import Version, line_of_version
from domain.initiatives.procedure import Procedure, Procedures
from domain.kernel import Refusal, Refused

DATA: Final = Path(__file__).parent / "data"
FOLDER: Final = "procedures"
"""In the data folder."""
_LOGGER: Final = logging.getLogger(__name__)


class _Stock(msgspec.Struct, frozen=True):
    procedures: Procedures
    versions: tuple[Version, ...]
    faults: tuple[Refusal, ...]
    fingerprint: Fingerprint


class FiledProcedures:
    """Implements application.procedures.Shelf. `data_dir` is empty where there is no data folder."""

    def __init__(self, data_dir: str = "") -> None:
        self._folder = Path(data_dir) / FOLDER if data_dir else None
        self._lock = Lock()
        self._stock = self._read_all(())

    def now(self) -> Procedures:
        return self._now().procedures

    def versions(self) -> Sequence[Version]:
        return self._now().versions

    def faults(self) -> Sequence[Refusal]:
        return self._now().faults

    def read(self, text: str, file: str) -> Procedure:
        return read_procedure(text, file)

    def hold(self, procedure: Procedure) -> None:
        version = self._version(procedure.pin)
        if version is None:  # its file has gone since the decision was made under it
            known = ", ".join(v.procedure.pin for v in self.versions())
            raise Refused(Refusal("procedure.unknown", {"procedure": procedure.pin, "known": known}))
        if version.shipped or self._folder is None:
            return
        kept = self._folder / KEPT / f"{procedure.pin}.toml"
        if not kept.exists():
            self._put(kept, version.text)

    def adopt(self, text: str) -> Procedure:
        procedure = read_procedure(text, "")
        place = {"file": "", "line": line_of_version(text)}
        newest = self.now().of_code(procedure.code)[-1].version
        there = self._version(procedure.pin)
        if there and not there.shipped and digest(there.text) == digest(text):
            return there.procedure
        if procedure.version <= newest:
            raise Refused(Refusal("procedure.version-not-newer", {**place, "newest": newest}, "text"))
        if self._folder is None:
            raise Refused(Refusal("procedure.no-folder"))
        if not self._put(self._folder / f"{procedure.code}-{procedure.version}.toml", text):
            raise Refused(Refusal("procedure.version-not-newer", {**place, "newest": procedure.version}, "text"))
        return procedure

    def _put(self, path: Path, text: str) -> bool:
        """False where the file is there already. Raises Refused where it cannot be written."""
        try:
            return put(path, text)
        except OSError as fault:
            params: dict[str, str | int] = {"folder": str(path.parent), "reason": fault.strerror or str(fault)}
            raise Refused(Refusal("procedure.folder-closed", params)) from None

    def _version(self, pin: str) -> Version | None:
        return next((version for version in self._now().versions if version.procedure.pin == pin), None)

    def _now(self) -> _Stock:
        if self._folder is None or fingerprint(self._folder) == self._stock.fingerprint:
            return self._stock
        with self._lock:
            if fingerprint(self._folder) != self._stock.fingerprint:
                before = self._stock
                self._stock = self._read_all(before.versions)
                for fault in self._stock.faults:
                    if fault not in before.faults:
                        _LOGGER.warning("a procedure was left out: %s %s", fault.code, fault.params)
        return self._stock

    def _read_all(self, running: Sequence[Version]) -> _Stock:
        mark = fingerprint(self._folder) if self._folder else ()
        found = {version.procedure.pin: version for version in shipped()}
        faults: list[Refusal] = []
        if self._folder:
            for path in files(self._folder / KEPT):
                _take(found, path, faults, running, _twice)
            for path in files(self._folder):
                _take(found, path, faults, running, _changed)
        newest_first = sorted(found.values(), key=lambda v: (v.procedure.code, -v.procedure.version))
        procedures = Procedures((version.procedure for version in found.values()), serbian_calendar())
        return _Stock(procedures, tuple(newest_first), tuple(faults), mark)


def _take(
    found: dict[str, Version],
    path: Path,
    faults: list[Refusal],
    running: Sequence[Version],
    other: Callable[[Version, Version], Refusal],
) -> None:
    """One file. Where it cannot be used, the version that was read from it before stays."""
    try:
        version = _read(path)
    except Refused as refused:
        faults += refused.refusals
        stays = next((version for version in running if version.file == str(path)), None)
        if stays:
            found.setdefault(stays.procedure.pin, stays)
        return
    there = found.setdefault(version.procedure.pin, version)
    if there is version:
        return
    if digest(there.text) != digest(version.text):
        faults.append(other(version, there))
    elif there.since and version.since:  # a copy is made when the first case follows
        found[version.procedure.pin] = msgspec.structs.replace(there, since=min(there.since, version.since))


def _twice(version: Version, there: Version) -> Refusal:
    place = {"file": version.file, "line": line_of_version(version.text)}
    return Refusal("procedure.version-twice", {**place, "version": version.procedure.pin, "other": there.file})


def _changed(version: Version, there: Version) -> Refusal:
    if Path(there.file).parent.name != KEPT:
        return _twice(version, there)
    place = {"file": version.file, "line": line_of_version(version.text)}
    return Refusal("procedure.changed", {**place, "version": version.procedure.pin})


def _read(path: Path) -> Version:
    """Raises Refused."""
    try:
        with open(path, "rb", opener=_at_once) as file:
            body, came = file.read(LARGEST + 1), os.fstat(file.fileno()).st_mtime
        if len(body) > LARGEST:
            raise Refused(Refusal("procedure.too-large", {"file": str(path), "line": 1, "most": LARGEST}))
        text = body.decode("utf-8-sig")  # some editors mark their files so
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise Refused(Refusal("procedure.unreadable", {"file": str(path), "line": 1, "reason": reason})) from None
    except UnicodeDecodeError as fault:
        line = len(fault.object[: fault.start].split(b"\n"))
        raise Refused(Refusal("procedure.not-utf8", {"file": str(path), "line": line})) from None
    procedure, by_us = read_procedure(text, str(path)), path.parent == DATA
    since = None if by_us else _moment(came)
    return Version(procedure=procedure, text=text, file=str(path), shipped=by_us, since=since)


def _moment(seconds: float) -> datetime | None:
    """None for what no calendar holds: a file may claim any time."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _at_once(path: str, flags: int) -> int:
    """Opens without waiting for whoever may write to a pipe of that name."""
    return os.open(path, flags | os.O_NONBLOCK)


def digest(text: str) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def shipped() -> tuple[Version, ...]:
    """Those that come with the program. Raises Refused where one of them is not sound, which a test excludes."""
    return tuple(_read(path) for path in files(DATA))
