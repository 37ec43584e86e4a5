"""Which account of the machine runs the server: PostgreSQL refuses to be run by root."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

UNPRIVILEGED = "nobody"


class Account(msgspec.Struct, frozen=True):
    """Who runs the server; without a `uid` it is whoever runs this program."""

    uid: int | None = None
    gid: int | None = None

    @property
    def popen(self) -> dict[str, Any]:
        """What `subprocess` needs to run as this account, away from a folder that it may not enter."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run to the end, in English, and catch the output. Raises OSError where it cannot be run at all."""
        return subprocess.run(  # noqa: S603 - our own programs and arguments
            [str(word) for word in command],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **self.popen,
        )

    def may_enter(self, folder: Path) -> bool:
        return self.uid is None or self.run("test", "-x", folder).returncode == 0

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None and sys.platform != "win32":
            os.chown(path, self.uid, self.gid)


def server_account(cluster: Path) -> Account:
    """The account for a cluster: for root the owner of the cluster, or `nobody` for a new one; else oneself."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return Account()
    import pwd  # noqa: PLC0415 - exists on POSIX only

    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam(UNPRIVILEGED)
    return Account(nobody.pw_uid, nobody.pw_gid)


def environment() -> dict[str, str]:
    """Our environment without anything that steers PostgreSQL, and with messages in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}
