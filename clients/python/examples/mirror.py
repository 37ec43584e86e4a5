"""Mirrors the register into SQLite: POBRATIM_TOKEN=… python mirror.py http://127.0.0.1:8000 register.sqlite

By `--by pull`, `--by stream` or `--file events.jsonl`, from one cursor; `--once` ends where there is nothing more. What
was made of a batch and the cursor are one transaction: killed at any moment, it goes on without a gap or double effect.
With `--words` it keeps remarks and reasons too (scope `cases:read`), and lets them go when they are erased.
"""

import argparse
import json
import os
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from typing import Any, Final

import httpx
from mirror_cases import SCHEMA, apply_case, apply_partner, register, tell
from pobratim_client import Batch, Client, ClientError, Cursor, CursorFault, Event, OtherLog, read_file

MANY: Final = 100
"""Events of a batch after which there is surely more to come."""
IN_PART: Final = "people."
"""Of persons' requests only what concerns texts is given out: their versions have gaps."""
_OWN: Final = """
CREATE TABLE IF NOT EXISTS cursor (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER, source TEXT);
CREATE TABLE IF NOT EXISTS streams (stream TEXT PRIMARY KEY, version INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS words (entry TEXT PRIMARY KEY, stream TEXT, text TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gone (entry TEXT PRIMARY KEY, replaced_by TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unasked (number TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Unreadable(ClientError):
    """A fact that this mirror cannot make anything of. Nothing of its batch is kept."""


class SqliteCursor:
    """The cursor in the database of the mirror: a store of one's own."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def load(self) -> Cursor:
        found = self._db.execute("SELECT position, source FROM cursor").fetchone()
        return Cursor(*found) if found else Cursor()

    def keep(self, batch: Batch) -> None:
        if self.load() != batch.before:
            raise CursorFault("the cursor was moved by another mirror")
        row = (batch.cursor.position, batch.cursor.source)
        self._db.execute("INSERT OR REPLACE INTO cursor VALUES (1, ?, ?)", row)


class Mirror:
    def __init__(self, path: str) -> None:
        self.db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self.db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")
        self.db.executescript(SCHEMA + _OWN)
        self.cursor = SqliteCursor(self.db)
        self._changed: dict[str, None] = {}

    def take(self, batch: Batch) -> None:
        """All of a batch with its cursor, or nothing."""
        self._together(batch.events, batch)

    def deliver(self, events: Iterable[Event]) -> None:
        """What a webhook brought, which moves no cursor: a later pull passes by what is there already. Raises OtherLog
        for what is of another log than the cursor, such as a rehearsal."""
        events, source = tuple(events), self.cursor.load().source
        for event in events:
            if source and event.source != source:
                raise OtherLog(f"event {event.id} is of {event.source[:200]}, the mirror of {source[:200]}")
        self._together(events, None)

    def _together(self, events: Iterable[Event], batch: Batch | None) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        self._changed.clear()
        try:
            for event in events:
                self._apply(event)
            for stream in self._changed:
                self._tell(stream)
            if batch:
                self.cursor.keep(batch)
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def _apply(self, event: Event) -> None:
        known = self.db.execute("SELECT version FROM streams WHERE stream = ?", (event.stream,)).fetchone()
        version = known[0] if known else 0
        if event.version <= version:
            return  # it is here already
        if event.version != version + 1 and not event.type.startswith(IN_PART):
            raise Unreadable(f"event {event.id} has version {event.version} of its history; {version} is here")
        self.db.execute("INSERT OR REPLACE INTO streams VALUES (?, ?)", (event.stream, event.version))
        try:
            self._of_context(event)
        except (KeyError, TypeError, AttributeError, sqlite3.IntegrityError) as fault:
            raise Unreadable(f"event {event.id} ({event.type}) cannot be read: {fault!r}") from None

    def _tell(self, stream: str) -> None:
        """Once for all that a batch brought of a case."""
        try:
            tell(self.db, stream)
        except (KeyError, TypeError, AttributeError) as fault:
            raise Unreadable(f"the facts of {stream} cannot be read: {fault!r}") from None

    def _of_context(self, event: Event) -> None:
        """Topics that concern no register, or are not known here, change nothing."""
        if event.type.startswith("initiative."):
            apply_case(self.db, event)
            self._changed[event.stream] = None
            here = "SELECT number FROM cases WHERE number = ?"
            self.db.execute(f"INSERT OR IGNORE INTO unasked {here}", (event.subject,))
        elif event.type.startswith("partner."):
            apply_partner(self.db, event)
        elif event.name in ("people.entry-erased", "people.entry-corrected"):
            entry = event.fact["entry"]
            self.db.execute("INSERT OR REPLACE INTO gone VALUES (?, ?)", (entry, event.fact.get("replaced_by")))
            holding = "SELECT number FROM cases JOIN words USING (stream) WHERE entry = ?"
            self.db.execute(f"INSERT OR IGNORE INTO unasked {holding}", (entry,))
            self.db.execute("DELETE FROM words WHERE entry = ?", (entry,))

    def unasked(self) -> list[str]:
        """Numbers of cases whose words may be others than those that are here."""
        return [row[0] for row in self.db.execute("SELECT number FROM unasked ORDER BY number")]

    def keep_words(self, number: str, texts: dict[str, Any]) -> None:
        """The words of a case as they are now. Raises nothing where some are gone."""
        found = self.db.execute("SELECT stream FROM cases WHERE number = ?", (number,)).fetchone()
        rows = [(entry, found[0], text) for entry, text in texts.items() if isinstance(text, str)]
        self.db.execute("BEGIN IMMEDIATE")
        self.db.execute("DELETE FROM words WHERE stream = ?", found)
        self.db.executemany("INSERT OR REPLACE INTO words VALUES (?, ?, ?)", rows)
        self.db.execute("DELETE FROM unasked WHERE number = ?", (number,))
        self.db.execute("COMMIT")

    def held(self, stream: str) -> dict[str, Any]:
        """What is here of one history, as the end of a rehearsal asks."""
        known = self.db.execute("SELECT version FROM streams WHERE stream = ?", (stream,)).fetchone()
        facts = self.db.execute("SELECT count(*) FROM facts WHERE stream = ?", (stream,)).fetchone()
        words = self.db.execute("SELECT entry FROM words WHERE stream = ?", (stream,))
        return {"version": known[0] if known else 0, "facts": facts[0], "words": [row[0] for row in words]}

    def rows(self) -> list[dict[str, Any]]:
        return register(self.db)

    def close(self) -> None:
        self.db.close()


def ask_for_words(mirror: Mirror, url: str, token: str) -> None:
    """Raises ClientError; what was not asked for is asked for with the next batch."""
    with httpx.Client(headers={"authorization": f"Bearer {token}"}, timeout=30) as http:
        for number in mirror.unasked():
            try:
                answer = http.get(f"{url}/api/v1/initiatives/{number}/texts").raise_for_status()
            except httpx.HTTPError as fault:
                raise ClientError(f"the words of {number} are not given: {fault}") from None
            mirror.keep_words(number, answer.json()["texts"])


def main() -> None:
    asked = argparse.ArgumentParser(description="Mirrors the register into SQLite.")
    asked.add_argument("url")
    asked.add_argument("database")
    asked.add_argument("--by", choices=("pull", "stream"), default="stream")
    asked.add_argument("--file", help="take the events out of a file that `pobratim log export` wrote")
    asked.add_argument("--once", action="store_true", help="end where there is nothing more")
    asked.add_argument("--words", action="store_true", help="keep remarks and reasons too")
    asked.add_argument("--show", action="store_true", help="print the register as JSON at the end")
    wish, token = asked.parse_args(), os.environ.get("POBRATIM_TOKEN", "")
    try:
        with closing(Mirror(wish.database)) as mirror, Client(wish.url, token) as pobratim:
            after = mirror.cursor.load()
            batches = (
                read_file(wish.file, after, follow=not wish.once)
                if wish.file
                else pobratim.follow(after, by=wish.by, until_end=wish.once)
            )
            for batch in batches:
                mirror.take(batch)
                if wish.words and len(batch.events) < MANY:
                    ask_for_words(mirror, wish.url, token)
                print(f"{len(batch.events)} events, now at {batch.cursor.position}", file=sys.stderr, flush=True)
            if wish.words:
                ask_for_words(mirror, wish.url, token)
            if wish.show:
                print(json.dumps(mirror.rows(), ensure_ascii=False))
    except (ClientError, sqlite3.Error) as fault:
        sys.exit(f"mirror: {fault}")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
