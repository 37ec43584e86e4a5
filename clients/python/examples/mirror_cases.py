"""What the facts of cases and partners mean for a register, after docs/event-catalogue.md of Pobratim."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from pobratim_client import Event

Row = tuple[Any, ...]
BEGINNINGS: Final = ("initiative.proposed", "initiative.historic-agreement-entered", "initiative.taken-over")
SHAPES: Final = {"initiative.corrected": 2, "initiative.party-status-reported": 2}
"""The newest version of a topic that is understood here; of the others the first."""
LEADS_TO: Final = {
    "initiative.declined": "declined",
    "initiative.merged": "merged",
    "initiative.coordination-started": "coordinating",
    "initiative.suspended": "suspended",
    "initiative.resumed": "coordinating",
    "initiative.withdrawn": "withdrawn",
    "initiative.letter-of-intent-signed": "letter_of_intent",
    "initiative.drafting-started": "drafting",
    "initiative.drafting-reopened": "drafting",
    "initiative.decision-adopted": "decided",
    "initiative.consent-requested": "consent_requested",
    "initiative.opinion-received": "opinions",
    "initiative.returned": "returned",
    "initiative.supplemented": "consent_requested",
    "initiative.consent-granted": "consent_granted",
    "initiative.consent-refused": "consent_refused",
    "initiative.earlier-publication-recognised": "published",
    "initiative.agreement-signed": "signed",
    "initiative.entered-into-force": "active",
    "initiative.expiry-approached": "expiring",
    "initiative.renewed": "renewed",
    "initiative.expired": "expired",
    "initiative.fell-dormant": "dormant",
    "initiative.terminated": "terminated",
}
_NOTHING_MORE: Final = frozenset(
    f"initiative.{name}"
    for name in (
        *("duplicate-absorbed", "support-given", "coordinated", "draft-reviewed", "consent-not-required", "visit-held"),
        *("partnership-confirmed", "deadline-extended", "procedure-changed", "approval-asked", "step-approved"),
        *("party-status-reported", "disagreement-settled", "remark-added", "linked", "unlinked"),
        *("task-given", "task-done", "task-cancelled"),
    )
)
"""Known facts that change nothing of a row but its version and day."""
_HANDLED: Final = frozenset(
    f"initiative.{name}"
    for name in ("published", "activity-resumed", "reinstated", "handler-named", "party-joined", "party-left")
)
SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS facts (
    stream TEXT, version INTEGER, name TEXT, occurred_on TEXT, fact TEXT, PRIMARY KEY (stream, version)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cases (
    stream TEXT PRIMARY KEY, number TEXT UNIQUE, kind TEXT, stage TEXT, handler TEXT, version INTEGER, since TEXT,
    updated TEXT, proposed_on TEXT, signed_on TEXT, ends_on TEXT, tacit_renewal INTEGER DEFAULT 0, visits INTEGER,
    source TEXT, remark TEXT, renewed INTEGER DEFAULT 0, merged_into TEXT, unread INTEGER DEFAULT 0
);
CREATE TABLE IF NOT EXISTS sides (stream TEXT, role TEXT, local_government TEXT, partner TEXT);
CREATE INDEX IF NOT EXISTS sides_of ON sides (stream);
CREATE TABLE IF NOT EXISTS partners (id TEXT PRIMARY KEY, name TEXT, country TEXT, part_of TEXT, merged_into TEXT);
"""


def apply_case(db: sqlite3.Connection, event: Event) -> None:
    """One more fact of a case; `tell` follows when there are no more at hand. Facts stand in `facts` as they were last
    corrected. A case that began in a way that is not known here has no row."""
    name, fact, stream = event.name, event.fact, event.stream
    understood = event.shape <= SHAPES.get(name, 1)
    db.execute(
        "INSERT INTO facts VALUES (?, ?, ?, ?, ?)",
        (stream, event.version, name, event.occurred_on, json.dumps(fact, ensure_ascii=False)),
    )
    if event.version == 1 and name in BEGINNINGS:
        first = {"initiative.proposed": "proposed", "initiative.historic-agreement-entered": "active"}
        stage = first.get(name) or fact["stage"]
        db.execute(
            "INSERT INTO cases (stream, number, stage, since, renewed) VALUES (?, ?, ?, ?, ?)",
            (stream, fact["number"], stage, event.time, stage == "renewed"),
        )
        for party in fact["parties"]:
            _join(db, stream, party)
    elif not db.execute("SELECT 1 FROM cases WHERE stream = ?", (stream,)).fetchone():
        return
    elif not understood:
        pass  # a newer shape may mean something else: it is kept, counted and not guessed at
    elif name == "initiative.corrected":
        restated = fact["restated"]
        db.execute(
            "UPDATE facts SET fact = ?, occurred_on = ? WHERE stream = ? AND version = ?",
            (json.dumps(restated, ensure_ascii=False), restated.get("occurred_on"), stream, fact["corrects"]),
        )
        if restated.get("stage") == "renewed":
            db.execute("UPDATE cases SET renewed = 1 WHERE stream = ?", (stream,))
    else:
        _advance(db, event)
    known = {*BEGINNINGS, *LEADS_TO, *_NOTHING_MORE, *_HANDLED, "initiative.corrected"}
    if not understood or name not in known:
        db.execute("UPDATE cases SET unread = unread + 1 WHERE stream = ?", (stream,))
    db.execute("UPDATE cases SET version = ?, updated = ? WHERE stream = ?", (event.version, event.time, stream))


def _advance(db: sqlite3.Connection, event: Event) -> None:
    """Stage, sides and handler: what no correction changes."""
    name, fact, stream = event.name, event.fact, event.stream
    stage, renewed = db.execute("SELECT stage, renewed FROM cases WHERE stream = ?", (stream,)).fetchone()
    now = LEADS_TO.get(name, stage)
    if name == "initiative.published" and not fact.get("before_consent"):
        now = "published" if stage in ("consent_granted", "decided") else stage
    elif name == "initiative.activity-resumed":
        now = "renewed" if renewed else "active"
    elif name == "initiative.reinstated":
        now = fact["stage"]
    if now != stage:
        db.execute("UPDATE cases SET stage = ?, since = ? WHERE stream = ?", (now, event.time, stream))
    if name in ("initiative.coordination-started", "initiative.handler-named"):
        db.execute("UPDATE cases SET handler = ? WHERE stream = ?", (fact["handler"], stream))
    elif name == "initiative.renewed":
        db.execute("UPDATE cases SET renewed = 1 WHERE stream = ?", (stream,))
    elif name == "initiative.merged":
        db.execute("UPDATE cases SET merged_into = ? WHERE stream = ?", (fact["into_number"], stream))
    elif name == "initiative.party-joined":
        _join(db, stream, fact["party"])
    elif name == "initiative.party-left":
        left = (stream, fact["party"])
        db.execute("DELETE FROM sides WHERE stream = ? AND coalesce(local_government, partner) = ?", left)


def _join(db: sqlite3.Connection, stream: str, party: Mapping[str, Any]) -> None:
    side = (stream, party["role"], party.get("local_government"), party.get("partner"))
    db.execute("INSERT INTO sides VALUES (?, ?, ?, ?)", side)


def tell(db: sqlite3.Connection, stream: str) -> None:
    """What follows from the facts of a case as they stand."""

    def newest(*names: str) -> tuple[int, str | None, dict[str, Any]]:
        marks = ", ".join("?" * len(names))
        found = db.execute(
            f"SELECT version, occurred_on, fact FROM facts WHERE stream = ? AND name IN ({marks})"  # noqa: S608 - marks
            " ORDER BY version DESC LIMIT 1",
            (stream, *names),
        ).fetchone()
        return (found[0], found[1], json.loads(found[2])) if found else (0, None, {})

    _, _, begun = newest(*BEGINNINGS)
    if not begun:
        return
    historic, taken_over = newest("initiative.historic-agreement-entered"), newest("initiative.taken-over")
    signed, renewed = newest("initiative.agreement-signed"), newest("initiative.renewed")
    agreed, announced = max(historic, signed, renewed, key=lambda one: one[0]), newest("initiative.expiry-approached")
    term: dict[str, Any] = agreed[2].get("term") or {}
    ends_on = (announced[2].get("ends_on") if announced[0] > agreed[0] else None) or term.get("ends_on")
    source = historic[2] or taken_over[2]
    visits = db.execute(
        "SELECT count(*) FROM facts WHERE stream = ? AND name = 'initiative.visit-held'", (stream,)
    ).fetchone()[0]
    db.execute(
        "UPDATE cases SET kind = ?, proposed_on = ?, signed_on = ?, ends_on = ?, tacit_renewal = ?, visits = ?,"
        " source = ?, remark = ? WHERE stream = ?",
        (
            *(begun["kind"], newest("initiative.proposed")[1], signed[1] or historic[1], ends_on),
            *(int(bool(term.get("tacit_renewal"))), visits, source.get("source"), source.get("remark"), stream),
        ),
    )


def apply_partner(db: sqlite3.Connection, event: Event) -> None:
    fact, partner = event.fact, event.stream
    if event.name == "partner.registered":
        row = (partner, fact["name"], fact["country"], fact.get("part_of"))
        db.execute("INSERT INTO partners VALUES (?, ?, ?, ?, NULL)", row)
    elif event.name == "partner.renamed":
        db.execute("UPDATE partners SET name = ? WHERE id = ?", (fact["name"], partner))
    elif event.name == "partner.reclassified":
        db.execute("UPDATE partners SET country = ? WHERE id = ?", (fact["country"], partner))
    elif event.name == "partner.merged":
        db.execute("UPDATE partners SET merged_into = ? WHERE id = ?", (fact["into"], partner))


def register(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """The cases as `GET /api/v1/initiatives` tells them, by number."""
    found = db.execute(
        "SELECT stream, number, kind, stage, handler, version, since, updated, proposed_on, signed_on, ends_on,"
        " tacit_renewal, visits, source FROM cases ORDER BY number"
    )
    columns = [column[0] for column in found.description]
    rows = [dict(zip(columns, row, strict=True)) for row in found]
    for row in rows:
        sides = db.execute(
            "SELECT role, local_government, partner FROM sides WHERE stream = ? ORDER BY rowid", (row.pop("stream"),)
        ).fetchall()
        row["local_governments"] = [code for role, code, _ in sides if role == "home" and code]
        goes_on = dict.fromkeys(_goes_on(db, partner) for role, _, partner in sides if role == "partner" and partner)
        row["partners"] = [_partner(db, partner) for partner in goes_on]
        row["tacit_renewal"] = bool(row["tacit_renewal"])
    return rows


def _goes_on(db: sqlite3.Connection, partner: str) -> str:
    """The partner itself, or whom it was merged into in the end."""
    seen = {partner}
    while found := db.execute("SELECT merged_into FROM partners WHERE id = ?", (partner,)).fetchone():
        if not found[0] or found[0] in seen:
            break
        partner = found[0]
        seen.add(partner)
    return partner


def _partner(db: sqlite3.Connection, partner: str) -> dict[str, Any]:
    found = db.execute("SELECT name, country, part_of FROM partners WHERE id = ?", (partner,)).fetchone()
    name, country, part_of = found or (partner, "", None)
    return {"id": partner, "name": name, "country": country, "part_of": part_of}
