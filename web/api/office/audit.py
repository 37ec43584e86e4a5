"""`/api/v1/audit`: the log as auditors search it, figures of it, who looked, and what proves it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from application.auditing import FactQuery, Found, require_audit
from application.auditing_figures import FigureQuery
from application.auditing_looks import NONE, KeptLook, LookQuery, Place, require_looks
from application.feed_filter import given_out
from application.handling import OFFICE
from application.identity import case_id
from domain.dates import EARLIEST_YEAR, LATEST_YEAR
from domain.initiatives.terms import Stage
from domain.kernel import Refusal, Refused
from domain.pairs import PairTakenUp
from web.api.http.answering import answered
from web.api.http.asking import asked_as, cursor, granted, skipped
from web.api.http.describing import AUDIT_READ, Operation
from web.api.office.audit_shapes import (
    ByPerson,
    FactList,
    FactsAsked,
    FactShown,
    FiguresAsked,
    FiguresShown,
    LookList,
    LooksAsked,
    LookShown,
    StageFigures,
)
from web.api.register import examples
from web.api.register.telling import Telling
from web.audit.filters import KNOWN_KINDS, tags_of
from web.casework import Casework
from web.forms import Form
from web.session import PageRequest

AUDIT: Final = "/api/v1/audit"
_LOOK: Final = LookShown(
    account=examples.LEADS,
    hour=examples.AT,
    place=Place.CASE,
    subject=UUID("6c1a9f52-0d6f-5c8e-9a55-1a2b3c4d5e6f"),
    case=examples.NUMBER,
    version=3,
)
_FACT: Final[dict[str, Any]] = {
    "position": 1187,
    "stream": "6c1a9f52-0d6f-5c8e-9a55-1a2b3c4d5e6f",
    "version": 2,
    "kind": "initiative.coordination-started",
    "recorded_at": examples.AT,
    "actor": examples.LEADS,
    "on_behalf_of": None,
    "case": examples.NUMBER,
    "fact": examples.EVENTS[0]["data"]["fact"],
}
_FIGURES: Final = FiguresShown(
    spans=(date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)),
    facts=(12, 9, 31),
    corrections=(0, 0, 1),
    people=(ByPerson(account=examples.LEADS, by_span=(12, 9, 31), by_kind={"initiative.coordination-started": 7}),),
    stages=(StageFigures(Stage.COORDINATING, 5, 21, 48),),
    behind=0,
)


def audit_operation(**said: Any) -> Operation:
    given: dict[str, Any] = {"tag": "Audit", "scope": AUDIT_READ, **said}
    return Operation(**given)


@get(
    f"{AUDIT}/facts",
    sync_to_thread=True,
    api=audit_operation(
        id="searchFacts",
        summary="Facts of the whole log; for those who see every case.",
        asked=FactsAsked,
        answer=FactList,
        example={"facts": [_FACT], "count": 1, "behind": 0, "next": None},
    ),
)
def facts(request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]) -> Response[bytes]:
    """That they were read is kept. To follow what happens, take the feed."""
    person = granted(request, AUDIT_READ)
    require_audit(person)
    wanted = asked_as(asked, FactsAsked)
    check_days(wanted.since, wanted.until)
    if wanted.local_government and wanted.local_government not in work.local_governments.by_code:
        raise Refused(Refusal("form.choice-unknown", field="local_government"))
    if not KNOWN_KINDS.issuperset(wanted.kind):
        raise Refused(Refusal("form.choice-unknown", field="kind"))
    query = FactQuery(
        since=wanted.since,
        until=wanted.until,
        person=wanted.person,
        actor=wanted.actor,
        case=wanted.case,
        kinds=tags_of(wanted.kind),
        local_government=wanted.local_government,
        left=wanted.left,
        cooperation=wanted.cooperation,
        before=skipped(wanted.cursor, wanted) or None,
    )
    found = work.exploring.page(person, query)
    streams = list({one.stream for one in found.facts})
    numbers = {row.case: row.number for row in work.reading.cases(person, streams)}
    telling = Telling(person, work)
    then = cursor((found.older,), wanted) if found.older is not None else None
    body = FactList(
        facts=tuple(_fact(one, numbers, telling) for one in found.facts),
        count=found.count,
        behind=found.behind,
        next=then,
    )
    return answered(request, body, next_page=then)


@get(
    f"{AUDIT}/figures",
    sync_to_thread=True,
    api=audit_operation(
        id="getFigures",
        summary="Who recorded how much, how much was corrected, how long cases stood; for those who see every case.",
        asked=FiguresAsked,
        answer=FiguresShown,
        example=_FIGURES,
    ),
)
def figures(request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]) -> Response[bytes]:
    """By the moment of recording. A stay in a stage counts where it was recorded that it ended."""
    person = granted(request, AUDIT_READ)
    require_audit(person)
    wanted = asked_as(asked, FiguresAsked)
    check_days(wanted.since, wanted.until)
    query = FigureQuery(since=wanted.since, until=wanted.until, cooperation=wanted.cooperation)
    found, telling = work.figures.of(person, query), Telling(person, work)

    def by_span(counts: Mapping[date, int]) -> tuple[int, ...]:
        return tuple(counts.get(span, 0) for span in found.spans)

    body = FiguresShown(
        spans=tuple(found.spans),
        facts=by_span(found.all),
        corrections=by_span(found.corrections),
        people=tuple(
            ByPerson(
                account=telling.named(who) if who else None,
                by_span=by_span(counts),
                by_kind={kind: sum(spans.values()) for kind, spans in found.kinds[who].items()},
            )
            for who, counts in found.people.items()
        ),
        stages=tuple(StageFigures(one.stage, one.count, one.median, one.ninetieth) for one in found.stages),
        behind=found.behind,
    )
    return answered(request, body)


@get(
    f"{AUDIT}/looks",
    sync_to_thread=True,
    api=audit_operation(
        id="listLooks",
        summary="Who looked at what is sensitive, and when; for auditors.",
        asked=LooksAsked,
        answer=LookList,
        example=LookList(looks=(_LOOK,), next=None),
    ),
)
def looks(request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]) -> Response[bytes]:
    """Kept for two years."""
    person = granted(request, AUDIT_READ)
    require_looks(person)
    wanted = asked_as(asked, LooksAsked)
    check_days(wanted.since, wanted.until)
    query = LookQuery(
        since=_midnight(wanted.since) if wanted.since else None,
        until=_midnight(wanted.until + timedelta(days=1)) if wanted.until else None,
        person=wanted.person,
        subject=case_id(wanted.case) if wanted.case else None,
        place=wanted.place,
        before=skipped(wanted.cursor, wanted) or None,
    )
    found, older = work.reading_looks.page(person, query)
    subjects = list({one.look.subject for one in found} - {NONE})
    numbers = {row.case: row.number for row in work.reading.cases(person, subjects)}
    telling, then = Telling(person, work), cursor((older,), wanted) if older else None
    body = LookList(looks=tuple(_look(one, numbers, telling) for one in found), next=then)
    return answered(request, body, next_page=then)


def check_days(since: date | None, until: date | None) -> None:
    """As the forms of the pages do it. Raises Refused."""
    for field, day in (("from", since), ("to", until)):
        if day and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            years: dict[str, str | int] = {"earliest": EARLIEST_YEAR, "latest": LATEST_YEAR}
            raise Refused(Refusal("date.out-of-range", years, field))
    if since and until and until < since:
        raise Refused(Refusal("audit.backwards", field="to"))


def _fact(found: Found, numbers: Mapping[UUID, str], telling: Telling) -> FactShown:
    r = found.recorded
    number = numbers.get(found.stream)
    if r and isinstance(r.fact, PairTakenUp):
        number = r.fact.case_number
    shown = r is not None and given_out(found.kind)
    return FactShown(
        position=found.position,
        stream=found.stream,
        version=found.version,
        kind=found.kind,
        recorded_at=found.recorded_at,
        actor=telling.named(r.actor) if r else None,
        on_behalf_of=telling.named(r.on_behalf_of) if r and r.on_behalf_of else None,
        case=number,
        fact=msgspec.Raw(msgspec.json.encode(r.fact)) if r and shown else None,
    )


def _look(kept: KeptLook, numbers: Mapping[UUID, str], telling: Telling) -> LookShown:
    look = kept.look
    return LookShown(
        account=telling.named(look.account),
        hour=look.hour,
        place=look.place,
        subject=look.subject if look.subject != NONE else None,
        case=numbers.get(look.subject),
        version=look.version,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), OFFICE).astimezone(UTC)
