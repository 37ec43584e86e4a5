"""`GET /api/v1/audit/bundle`: facts with the proof that they were not changed, for whoever verifies them elsewhere."""

from typing import Final

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Stream

from application.auditing import require_audit
from application.bundles import BundleEnd
from web.api.http.answering import answered, tagged
from web.api.http.asking import Asked, asked_as, granted
from web.api.http.describing import AUDIT_READ, JSON
from web.api.office.audit import AUDIT, audit_operation, check_days
from web.api.office.audit_shapes import BundleAsked, BundleShown, CheckpointShown
from web.api.register import examples
from web.casework import Casework
from web.forms import Form
from web.session import PageRequest, path_of

GZIP: Final = "application/gzip"
_PERIOD: Final = "from=2026-01-01&to=2026-03-31"
_BUNDLE: Final = BundleShown(
    origin="pobratim.example/log",
    start=examples.AT,
    end=examples.AT,
    leaves=52,
    facts=52,
    size=41_000,
    before=None,
    after=CheckpointShown(size=1187, recorded_at=examples.AT, witnesses=1),
    named=1,
    quorum=1,
    href=f"{AUDIT}/bundle/file?{_PERIOD}",
)


@get(
    f"{AUDIT}/bundle",
    sync_to_thread=True,
    api=audit_operation(
        id="planBundle",
        summary="What a file of facts with their proof would hold; for those who see every case.",
        asked=BundleAsked,
        answer=BundleShown,
        example=_BUNDLE,
    ),
)
def bundle(request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]) -> Response[bytes]:
    """Of the days that were sealed."""
    person = granted(request, AUDIT_READ)
    require_audit(person)
    wanted = asked_as(asked, BundleAsked)
    check_days(wanted.since, wanted.until)
    plan = work.bundles.plan(person, wanted.since, wanted.until, wanted.case)
    body = BundleShown(
        origin=plan.origin,
        start=plan.start,
        end=plan.end,
        leaves=plan.leaves,
        facts=plan.facts,
        size=plan.size,
        before=_end(plan.before) if plan.before else None,
        after=_end(plan.after),
        named=plan.named,
        quorum=plan.quorum,
        href=f"{path_of(request)}/file?{_query(wanted)}",
    )
    return answered(request, body)


@get(
    f"{AUDIT}/bundle/file",
    sync_to_thread=True,
    api=audit_operation(
        id="getBundle",
        summary="The file: facts of some days, or of one case, with the proof that they were not changed.",
        asked=BundleAsked,
        answer=None,
        answer_schema={"type": "string", "contentMediaType": GZIP},
        example=None,
        media=GZIP,
        etag=False,
    ),
)
def bundle_file(request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]) -> Stream:
    """For `pobratim-verify`. That it was taken is kept."""
    person = granted(request, AUDIT_READ)
    require_audit(person)
    wanted = asked_as(asked, BundleAsked)
    check_days(wanted.since, wanted.until)
    pieces = work.bundles.pieces(person, wanted.since, wanted.until, wanted.case)
    return Stream(pieces, media_type=GZIP, headers={"cache-control": "no-store"})


@get(
    f"{AUDIT}/bundle/policy",
    sync_to_thread=True,
    api=audit_operation(
        id="getPolicy",
        summary="Origins, verifier keys, witnesses and newest checkpoints, for whoever verifies a bundle.",
        asked=Asked,
        answer=None,
        answer_schema={"type": "object"},
        example=None,
    ),
)
def bundle_policy(
    request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]
) -> Response[bytes]:
    """The checkpoint and the keys stand at `/seal/checkpoint` and `/seal/keys` too, for everybody."""
    person = granted(request, AUDIT_READ)
    require_audit(person)
    asked_as(asked, Asked)
    return tagged(request, work.bundles.policy(person), JSON)


def _end(end: BundleEnd) -> CheckpointShown:
    return CheckpointShown(size=end.size, recorded_at=end.recorded_at, witnesses=end.witnesses)


def _query(asked: BundleAsked) -> str:
    case = f"&case={asked.case}" if asked.case else ""
    return f"from={asked.since}&to={asked.until}{case}"
