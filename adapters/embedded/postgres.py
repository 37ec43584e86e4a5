"""A real PostgreSQL in a folder of the user's, without a server to install."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from adapters.embedded import cluster as clusters
from adapters.embedded.account import environment, server_account
from adapters.embedded.binaries import Binaries, binaries
from adapters.embedded.cluster import OVER_TCP, OWNER
from adapters.embedded.faults import FULL, EmbeddedFault, is_full, naming, told, words
from adapters.embedded.folder import FolderLock, reachable, socket_folder

DATABASE = "pobratim"
UNIX_PORT = 5432  # only a part of the socket's name
READY_SECONDS = 120  # recovery after a power cut reads the whole write-ahead log
TAKEOVER_SECONDS = 10  # children of a killed server take a moment to notice
LARGEST_LOG = 10_000_000
SETTINGS = ("max_connections=100", "timezone=UTC", "log_timezone=UTC", "logging_collector=off", "log_checkpoints=off")
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_wal_size=4GB")


class EmbeddedPostgres:
    """The server over one data folder: a context manager, or `start()` and `stop()`.

    A new folder gets a cluster with data checksums and a database `pobratim`; a folder of an earlier run is taken
    over, also after a crash. One process at a time may hold a folder. `fast` gives up durability, for tests.
    Everything that goes wrong is raised as EmbeddedFault.
    """

    def __init__(self, folder: Path, *, fast: bool = False) -> None:
        self.asked = folder.resolve()
        self.folder = self.asked
        """Where the data are: as asked, or elsewhere when root asked for a folder that `nobody` cannot enter."""
        self.url = ""
        """Address for the owner of the database (a superuser); set by `start`."""
        self._fast = fast
        self._account = server_account(self.asked / "postgres")
        self._programs: Binaries | None = None
        self._lock: FolderLock | None = None
        self._sockets: Path | None = None
        self._server: subprocess.Popen[str] | None = None
        self._log_begin = 0

    @property
    def cluster(self) -> Path:
        return self.folder / "postgres"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @property
    def pid(self) -> int | None:
        """Process id of the running server."""
        return self._server.pid if self._server else None

    def require_space(self) -> None:
        """After the database refused something: raises EmbeddedFault where the reason is a full disk."""
        with naming(self.folder), self.log.open("rb") as log:
            log.seek(self._log_begin)
            said = log.read().decode(errors="replace")
            if is_full(self.folder, said):
                raise EmbeddedFault("embedded.disk-full", folder=str(self.folder))

    def secret(self, name: str, make: Callable[[], str]) -> str:
        """A text that only this user may read, kept beside the data; made where there is none. Raises EmbeddedFault."""
        file = self.folder / name
        try:
            if not file.exists():
                half = file.with_name(f"{name}.unfinished")
                half.unlink(missing_ok=True)
                half.touch(mode=0o600)
                half.write_text(make(), encoding="ascii")
                half.rename(file)
            return file.read_text(encoding="ascii")
        except UnicodeDecodeError as fault:
            raise EmbeddedFault("embedded.file-unusable", file=str(file), reason="it is no text") from fault
        except OSError as fault:
            if fault.errno in FULL:
                raise EmbeddedFault("embedded.disk-full", folder=str(self.folder)) from fault
            raise EmbeddedFault("embedded.file-unusable", file=str(file), reason=words(fault)) from fault

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> str:
        """Start and return `url`. Raises EmbeddedFault and leaves nothing running."""
        try:
            self.folder = reachable(self.asked, self._account)
            self._programs = binaries(self._account)
            self._lock = FolderLock(self.folder)
            self._lock.take()
            clusters.ensure_cluster(self.cluster, self._programs, self._account, fast=self._fast)
            clusters.stop_leftover(self.cluster, self._programs, self._account)
            self._run(self._programs)
            self._ensure_database()
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """Stop the server and let the folder go; safe to repeat."""
        if self._server and self._programs:
            if self._server.poll() is None and not clusters.stop(self.cluster, self._programs, self._account):
                self._server.kill()
            self._server.wait()
        if self._sockets:
            shutil.rmtree(self._sockets, ignore_errors=True)
        if self._lock:
            self._lock.release()
        self._server = self._sockets = self._lock = None

    def _run(self, programs: Binaries) -> None:
        where = self._listen()
        settings = (*SETTINGS, *where, *(FAST if self._fast else ()))
        command = [programs.program("postgres"), "-D", self.cluster]
        command += [word for setting in settings for word in ("-c", setting)]
        deadline = time.monotonic() + TAKEOVER_SECONDS
        while (output := self._launched(list(map(str, command)))) is not None:
            children_still_leaving = "pre-existing shared memory block" in output
            if not children_still_leaving or time.monotonic() > deadline:
                raise told(output, self.folder, self.log)
            time.sleep(0.1)

    def _listen(self) -> tuple[str, ...]:
        """Settings that say where the server listens; sets `url` to match."""
        if OVER_TCP:
            with socket.create_server(("127.0.0.1", 0)) as probe:
                port = probe.getsockname()[1]
            password = quote(clusters.password_file(self.cluster).read_text(encoding="ascii"), safe="")
            self.url = f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/{DATABASE}"
            return ("listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=")
        self._sockets = socket_folder(self._account)
        self.url = f"postgresql://{OWNER}@/{DATABASE}?host={quote(str(self._sockets), safe='')}&port={UNIX_PORT}"
        return ("listen_addresses=", f"port={UNIX_PORT}", f"unix_socket_directories={self._sockets}")

    def _launched(self, command: list[str]) -> str | None:
        """Start the server and wait until it is ready: None, or what a server that ended has written."""
        with naming(self.folder):
            grown = self.log.exists() and self.log.stat().st_size > LARGEST_LOG
            log = self.log.open("wb" if grown else "ab")
        with log:
            begin = self._log_begin = log.tell()
            server = subprocess.Popen(  # noqa: S603 - our own program
                command,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; we stop the server when we are done
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
                **self._account.popen,
            )
        self._server = server
        deadline = time.monotonic() + READY_SECONDS
        while not clusters.is_ready(self.cluster, server.pid):
            if server.poll() is not None:
                return self.log.read_bytes()[begin:].decode(errors="replace")
            if time.monotonic() > deadline:
                params = {"seconds": READY_SECONDS, "folder": str(self.folder), "log": str(self.log)}
                raise EmbeddedFault("embedded.start-timed-out", **params)
            time.sleep(0.01)
        return None

    def _ensure_database(self) -> None:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url):
            return
        maintenance = make_conninfo(self.url, dbname="postgres")
        try:
            with psycopg.connect(maintenance, autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        except psycopg.Error as fault:
            raise told(f"FATAL: {fault}", self.folder, self.log) from fault
