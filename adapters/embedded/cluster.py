"""The files of the database: made whole or not at all, and refused when another version wrote them."""

import os
import secrets
import shutil
import sys
from pathlib import Path

import psutil

from adapters.embedded.account import Account
from adapters.embedded.binaries import Binaries
from adapters.embedded.faults import EmbeddedFault, naming, told
from adapters.embedded.folder import SOCKET_PREFIX

OWNER = "pobratim"
STOP_SECONDS = 30
OVER_TCP = sys.platform == "win32"
"""Windows gives no promise about unix sockets: there the server listens on 127.0.0.1 and asks for a password."""


def ensure_cluster(cluster: Path, programs: Binaries, account: Account, *, fast: bool) -> None:
    """Make the cluster where there is none, else see that these programs can open it. Raises EmbeddedFault."""
    with naming(cluster):
        exists = cluster.exists()
    if not exists:
        _make(cluster, programs, account, fast=fast)
        return
    try:
        found = (cluster / "PG_VERSION").read_text(errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise EmbeddedFault("embedded.not-a-data-folder", folder=str(cluster), reason="no PG_VERSION") from fault
    except OSError as fault:
        raise EmbeddedFault("embedded.folder-not-writable", folder=str(cluster), reason=str(fault.strerror)) from fault
    if not found.isdecimal():
        raise EmbeddedFault("embedded.not-a-data-folder", folder=str(cluster), reason="PG_VERSION names no version")
    if found != str(programs.major):
        newer = int(found) > programs.major
        code = "embedded.newer-version" if newer else "embedded.older-version"
        raise EmbeddedFault(code, folder=str(cluster), found=found, ours=programs.major)


def _make(cluster: Path, programs: Binaries, account: Account, *, fast: bool) -> None:
    """Beside its place and renamed at the end, so that an interrupted start leaves no half of a cluster."""
    half = cluster.with_name(f"{cluster.name}.unfinished")
    with naming(cluster):
        if half.exists():
            shutil.rmtree(half)
        half.mkdir(mode=0o700)
        account.own(half)
    command = [programs.program("initdb"), "-D", half, "-U", OWNER, "-E", "UTF8", "--data-checksums"]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--no-sync"] if fast else []
    if OVER_TCP:
        with naming(cluster):
            password_file(cluster).write_text(secrets.token_urlsafe(24), encoding="ascii")
        command += ["-A", "scram-sha-256", f"--pwfile={password_file(cluster)}"]
    else:
        command += ["-A", "trust"]  # whoever may enter the socket folder is the owner or root
    done = account.run(*command)
    if done.returncode:
        shutil.rmtree(half, ignore_errors=True)
        raise told(done.stdout, cluster)
    with naming(cluster):
        half.rename(cluster)


def password_file(cluster: Path) -> Path:
    return cluster.with_suffix(".password")


def postmaster(cluster: Path) -> list[str]:
    """Lines of `postmaster.pid`, none if absent: pid, folder, start, port, socket folder, address, memory, status."""
    try:
        return (cluster / "postmaster.pid").read_text(errors="replace").split("\n")
    except FileNotFoundError:
        return []


def is_ready(cluster: Path, pid: int) -> bool:
    lines = postmaster(cluster)
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"  # noqa: PLR2004 - see postmaster


def stop_leftover(cluster: Path, programs: Binaries, account: Account) -> None:
    """End a server that outlived its program, and clear away what a dead one left. The folder's lock must be held."""
    lines = postmaster(cluster)
    if len(lines) < 5 or not lines[0].strip().isdigit():  # noqa: PLR2004 - see postmaster
        return
    sockets = Path(lines[4])
    if sockets.name.startswith(SOCKET_PREFIX):
        shutil.rmtree(sockets, ignore_errors=True)
    try:
        process = psutil.Process(int(lines[0]))
        if str(cluster) in process.cmdline():
            stop(cluster, programs, account)
        else:
            # The number has gone to somebody else since; PostgreSQL would take that process for a living server.
            (cluster / "postmaster.pid").unlink(missing_ok=True)
    except psutil.ZombieProcess:
        # Dead, but whoever inherited it never looks, as in many containers: PostgreSQL would take it for alive. The
        # number of its own parent it takes for an old trace, and still looks for processes that use the old memory.
        (cluster / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return  # PostgreSQL itself clears away the trace of a dead server


def stop(cluster: Path, programs: Binaries, account: Account) -> bool:
    """Close all connections, write everything down, end the server. False when it did not end in time."""
    command = (programs.program("pg_ctl"), "stop", "-D", cluster, "-m", "fast", "-w", "-t", str(STOP_SECONDS))
    return account.run(*command).returncode == 0
