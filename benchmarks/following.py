"""The Python client through the whole log: `python -m benchmarks.following [FACTS]` (a million unless told otherwise).

By pull feed and by stream, into a cursor in a file and into the mirror in SQLite, each in a process of its own that is
killed at the end: facts a second, and the memory of that process at a tenth and at the end. What the file cursor makes
of a batch is nothing, so its figure is that of the client itself; a stream brings smaller batches, and each is kept.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psutil

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "clients" / "python"
FACTS: Final = 1_000_000
_KEEPING: Final = """
import os, sys
from pobratim_client import Client, FileCursor
url, by, file = sys.argv[1:]
with FileCursor(file) as cursor, Client(url, os.environ["POBRATIM_TOKEN"]) as pobratim:
    for batch in pobratim.follow(cursor.load(), by=by):
        cursor.keep(batch)
        print(batch.cursor.position, file=sys.stderr, flush=True)
"""


def following(url: str, token: str, facts: int) -> None:
    """Up to a position that the log has."""
    print(f"\nThe Python client through {facts:,} facts")
    print(f"{'':>24} {'facts/s':>10} {'MB at 10 %':>12} {'MB at the end':>14}")
    mirror = PACKAGE / "examples" / "mirror.py"
    with tempfile.TemporaryDirectory(prefix="pobratim-benchmark-") as folder:
        for by in ("pull", "stream"):
            _show(f"file cursor, {by}", ["-c", _KEEPING, url, by, f"{folder}/{by}.cursor"], token, facts)
        for by in ("pull", "stream"):
            _show(f"SQLite mirror, {by}", [str(mirror), url, f"{folder}/{by}.sqlite", "--by", by], token, facts)


def _show(name: str, command: Sequence[str], token: str, facts: int) -> None:
    """Each line on standard error ends with how far it has come."""
    environment = {**os.environ, "POBRATIM_TOKEN": token, "PYTHONPATH": str(PACKAGE)}
    began, early = time.perf_counter(), 0
    with subprocess.Popen([sys.executable, *command], stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            memory, position = psutil.Process(process.pid).memory_info, 0
            while position < facts:
                line = process.stderr.readline() if process.stderr else ""
                if not line.rpartition(" ")[2].strip().isdigit():
                    raise SystemExit(f"{name}: {line or 'it ended'}")
                position = int(line.rpartition(" ")[2])
                if position * 10 >= facts and not early:
                    early = memory().rss
            spent, late = time.perf_counter() - began, memory().rss
        finally:
            process.kill()
    print(f"{name:>24} {facts / spent:>10,.0f} {early / 1e6:>12.0f} {late / 1e6:>14.0f}")


def main(facts: int = FACTS) -> None:
    from benchmarks.subscribers import FACTS_A_CASE, served  # noqa: PLC0415 - it measures this too

    with served(round(facts / FACTS_A_CASE)) as server:
        following(f"http://127.0.0.1:{server.port}", server.tokens[0], server.made.log.head())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
