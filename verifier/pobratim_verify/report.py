"""What is said in the end, for people and for programs."""

from datetime import UTC, datetime
from typing import Any

from pobratim_verify.notes import LOG_KEY, WITNESS_KEY, Checkpoint, VerifierKey
from pobratim_verify.verdicts import CannotJudge, DoesNotHold
from pobratim_verify.verifying import Proof


def as_text(proof: Proof) -> str:
    case = proof.opening.case
    rows = [
        ("installation", proof.origin.name),
        ("interval", f"from {proof.opening.start} until before {proof.opening.end}"),
        (
            "facts",
            f"{proof.facts:,} in {proof.cases:,} {'case' if proof.cases == 1 else 'cases'}, all that were recorded",
        ),
        ("of", f"case {case.number}, stream {case.stream}" if case else "the whole log"),
        ("leaves", f"{proof.leaves:,}, up to the first recorded after the interval"),
        ("before", _told(proof.before) if proof.before else "nothing: the bundle begins with the first fact"),
        ("after", _told(proof.after)),
        ("witnessed", _witnessed(proof)),
        (
            "compared",
            ", ".join(f"your checkpoint of size {one.size:,}" for one in proof.compared) or "nothing of your own",
        ),
    ]
    told = [f"  {name:13} {value}" for name, value in rows]
    return "\n".join(["VERIFIED", *told, "NOT PROVEN", *(f"  - {one}" for one in not_proven(proof))])


def as_json(proof: Proof) -> dict[str, Any]:
    case = proof.opening.case
    return {
        "verified": True,
        "origin": proof.origin.name,
        "from": proof.opening.start,
        "to": proof.opening.end,
        "case": {"number": case.number, "stream": case.stream} if case else None,
        "facts": proof.facts,
        "cases": proof.cases,
        "leaves": proof.leaves,
        "before": _shown(proof.before) if proof.before else None,
        "after": _shown(proof.after),
        "witnessed_until": proof.after.newest if _names(proof.after, WITNESS_KEY) else None,
        "witnesses": len(_names(proof.after, WITNESS_KEY)),
        "quorum": proof.quorum,
        "compared_sizes": [one.size for one in proof.compared],
        "not_proven": not_proven(proof),
    }


def fault_as_json(fault: DoesNotHold | CannotJudge) -> dict[str, Any]:
    at = fault.at if isinstance(fault, DoesNotHold) else None
    return {
        "verified": False,
        "judged": isinstance(fault, DoesNotHold),
        "reason": str(fault),
        "index": at.index if at else None,
        "position": at.position if at else None,
    }


def not_proven(proof: Proof) -> list[str]:
    """What nobody may conclude from a bundle that holds."""
    told = ["That what was recorded is true, and that nothing was left unrecorded. A seal keeps words; it checks none."]
    if _names(proof.after, WITNESS_KEY):
        told.append("That installation and witnesses did not act together.")
        told.append("What happened to facts in the minutes before a witness first saw them.")
    else:
        told.append(
            "That the installation shows everybody the same history: no witness has signed the last checkpoint."
        )
    if not proof.compared:
        told.append("That this is the history which you were shown before: no checkpoint that you kept was compared.")
    if proof.kept_elsewhere:
        told.append(f"That {proof.kept_elsewhere} of your kept checkpoints agree: they lie outside of this bundle.")
    if before := proof.origin.successor_of:
        told.append(
            f"That this tree goes on from {before.origin}, which the installation left at size {before.size:,}: "
            "what stood there alone is not in this one."
        )
    return told


def _witnessed(proof: Proof) -> str:
    """Until when, and by how many."""
    seen = len(_names(proof.after, WITNESS_KEY))
    if not proof.named:
        return "by nobody: your policy names no witness"
    if not seen:
        return f"by none of the {proof.named} witnesses that you name; you ask for {proof.quorum}"
    return f"up to {proof.after.newest}, by {seen} of {proof.named} witnesses; you ask for {proof.quorum}"


def _told(checkpoint: Checkpoint) -> str:
    newest = f", newest fact recorded at {checkpoint.newest}" if checkpoint.newest else ""
    witnesses = _names(checkpoint, WITNESS_KEY)
    seen = f"; witnessed by {', '.join(witnesses)}" if witnesses else "; witnessed by nobody"
    return f"size {checkpoint.size:,}{newest}; signed by {', '.join(_names(checkpoint, LOG_KEY))}{seen}"


def _shown(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "size": checkpoint.size,
        "recorded_at": checkpoint.newest,
        "keys": _names(checkpoint, LOG_KEY),
        "witnesses": _names(checkpoint, WITNESS_KEY),
    }


def _names(checkpoint: Checkpoint, kind: int) -> list[str]:
    return [_name(key, time) for key, time in checkpoint.signed_by.items() if key.kind == kind]


def _name(key: VerifierKey, time: int) -> str:
    name = f"{key.name}+{key.id.hex()}"
    if key.kind == LOG_KEY:
        return name
    try:
        return f"{name} at {datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):
        return f"{name} at second {time}"
