"""A folder becomes a database, and stays one through stops, crashes and second starts."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from adapters.embedded.faults import EmbeddedFault
from adapters.embedded.folder import FolderLock
from adapters.embedded.postgres import EmbeddedPostgres

HOLD = """
import sys, time
from pathlib import Path
from adapters.embedded.postgres import EmbeddedPostgres
EmbeddedPostgres(Path(sys.argv[1])).start()
print("ready", flush=True)
time.sleep(60)
"""
CHECKOUT = Path(__file__).parents[3]


def write_down(url: str, words: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS public.notes (words text)")
        connection.execute("INSERT INTO public.notes VALUES (%s)", (words,))


def written(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [words for (words,) in connection.execute("SELECT words FROM public.notes ORDER BY words")]


def test_a_new_folder_becomes_a_database_with_checksums_in_utf8_and_utc(folder):
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.url) as connection:
        shown = [connection.execute(f"SHOW {name}").fetchone()[0] for name in ("data_checksums", "fsync", "TimeZone")]
        assert shown == ["on", "on", "UTC"]
        assert connection.execute("SELECT current_database(), lower('ĐŠЧ')").fetchone() == ("pobratim", "đšч")
    assert server.folder == folder


def test_a_second_start_continues_with_the_data(folder):
    with EmbeddedPostgres(folder) as server:
        write_down(server.url, "first")
    begin = time.monotonic()
    with EmbeddedPostgres(folder) as server:
        assert time.monotonic() - begin < 3
        assert written(server.url) == ["first"]


def test_stopping_leaves_no_process_and_no_socket_and_may_be_repeated(folder):
    server = EmbeddedPostgres(folder, fast=True)
    server.start()
    pid = server.pid
    sockets = Path(psycopg.conninfo.conninfo_to_dict(server.url)["host"])
    assert sockets.stat().st_mode & 0o777 == 0o700
    server.stop()
    server.stop()
    assert not sockets.exists()
    assert has_ended(pid)


def test_a_killed_server_is_taken_over_and_the_data_survive(folder):
    crashed = EmbeddedPostgres(folder)
    crashed.start()
    write_down(crashed.url, "before the crash")
    with psycopg.connect(crashed.url):
        os.kill(crashed.pid, signal.SIGKILL)
        crashed._server.wait()
        crashed._lock.release()
        with EmbeddedPostgres(folder) as server:
            write_down(server.url, "after")
            assert written(server.url) == ["after", "before the crash"]
    crashed.stop()


def test_a_killed_server_that_nobody_looked_after_is_taken_over(folder):
    """A zombie, as it stays for ever in a container whose first process does not wait for orphans."""
    crashed = EmbeddedPostgres(folder, fast=True)
    crashed.start()
    os.kill(crashed.pid, signal.SIGKILL)
    while psutil.Process(crashed.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    crashed._lock.release()
    with EmbeddedPostgres(folder, fast=True) as server:
        write_down(server.url, "works")
    crashed.stop()


def test_a_server_whose_program_was_killed_is_taken_over(folder):
    program = a_program_that_holds(folder)
    program.kill()
    program.wait()
    trace = (folder / "postgres" / "postmaster.pid").read_text().split("\n")
    left_over, sockets = int(trace[0]), Path(trace[4])
    assert not has_ended(left_over)
    assert sockets.exists()

    with EmbeddedPostgres(folder) as server:
        assert server.pid != left_over
        write_down(server.url, "taken over")
    assert has_ended(left_over)
    assert not sockets.exists()


def test_a_second_program_on_the_folder_is_told_who_holds_it(folder):
    program = a_program_that_holds(folder)
    try:
        with pytest.raises(EmbeddedFault) as fault:
            EmbeddedPostgres(folder).start()
        assert fault.value.code == "embedded.in-use"
        assert fault.value.params == {"folder": str(folder), "pid": str(program.pid)}
    finally:
        program.kill()
        program.wait()
    with EmbeddedPostgres(folder) as server:
        write_down(server.url, "works")


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is forked there")
def test_a_process_that_was_forked_does_not_hold_the_folder(folder):
    folder.mkdir()
    lock, other = FolderLock(folder), FolderLock(folder)
    lock.take()
    hear, tell = os.pipe()
    child = os.fork()
    if not child:
        os.write(tell, b".")
        time.sleep(60)
        os._exit(0)
    try:
        os.read(hear, 1)
        with pytest.raises(EmbeddedFault):
            other.take()  # the fork let nothing go here
        lock.release()
        other.take()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(hear)
        os.close(tell)
        other.release()
        lock.release()


def test_a_trace_of_a_dead_server_whose_number_somebody_else_has_now(folder):
    with EmbeddedPostgres(folder, fast=True) as server:
        trace = (folder / "postgres" / "postmaster.pid").read_text().split("\n")
    trace[0] = str(os.getpid())
    (folder / "postgres" / "postmaster.pid").write_text("\n".join(trace))
    with EmbeddedPostgres(folder, fast=True) as server:
        write_down(server.url, "works")


def test_an_interrupted_first_start_leaves_no_half_of_a_database(folder):
    (folder / "postgres.unfinished" / "base").mkdir(parents=True)
    with EmbeddedPostgres(folder, fast=True) as server:
        write_down(server.url, "works")
    assert not (folder / "postgres.unfinished").exists()


def has_ended(pid: int) -> bool:
    """A zombie has: only its parent has not looked."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def a_program_that_holds(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(folder)]
    program = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert program.stdout
    with program.stdout:
        assert program.stdout.readline() == "ready\n"
    return program
