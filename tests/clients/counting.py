"""A consumer whose effect is a row for each event, in one transaction with its cursor. It ends at a number of rows.

Run by the Python of an environment that has the client alone: counting.py sync|async pull|stream|PATH URL LEDGER ENOUGH
"""

import asyncio
import os
import sqlite3
import sys
import time
from contextlib import aclosing

from pobratim_client import AsyncClient, Batch, Client, Cursor, read_file, read_file_async

how, by, url, ledger, enough = *sys.argv[1:5], int(sys.argv[5])
token = os.environ["POBRATIM_TOKEN"]
db = sqlite3.connect(ledger, isolation_level=None, timeout=30)
db.executescript("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS rows (id TEXT, topic TEXT, body TEXT);")
db.execute("CREATE TABLE IF NOT EXISTS cursor (one INTEGER PRIMARY KEY, position INTEGER, source TEXT)")


def after() -> Cursor:
    found = db.execute("SELECT position, source FROM cursor").fetchone()
    return Cursor(*found) if found else Cursor()


def take(batch: Batch) -> bool:
    """Whether that is enough."""
    db.execute("BEGIN")
    assert after() == batch.before
    for event in batch.events:
        db.execute("INSERT INTO rows VALUES (?, ?, ?)", (event.id, event.type, repr(event.whole)))
    db.execute("INSERT OR REPLACE INTO cursor VALUES (1, ?, ?)", (batch.cursor.position, batch.cursor.source))
    db.execute("COMMIT")
    time.sleep(0.02)
    return db.execute("SELECT count(*) FROM rows").fetchone()[0] >= enough


def run() -> None:
    with Client(url, token) as client:
        if by in ("pull", "stream"):
            batches = client.follow(after(), by=by, limit=7, idle=0.1)
        else:
            batches = read_file(by, after(), limit=7)
        for batch in batches:
            if take(batch):
                return


async def run_async() -> None:
    async with AsyncClient(url, token) as client:
        if by in ("pull", "stream"):
            batches = client.follow(after(), by=by, limit=7, idle=0.1)
        else:
            batches = read_file_async(by, after(), limit=7)
        async with aclosing(batches):
            async for batch in batches:
                if take(batch):
                    return


if how == "sync":
    run()
else:
    asyncio.run(run_async())
