"""`GET` and `POST /api/v1/absences`: who is away and who stands in, for a system that keeps leave."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from application.absences import EnterAbsence
from application.accounts import Account
from application.standing_in import Absence
from domain.kernel import AccountId
from web.api.http.answering import answered
from web.api.http.asking import Asked, asked_as, granted
from web.api.http.bodies import body_as
from web.api.http.describing import READS, WRITES, Operation
from web.api.http.sending import CREATED, beside, deed
from web.api.register import examples
from web.api.register.deed_bodies import Sent
from web.api.register.shapes import AccountName
from web.api.register.telling import Telling
from web.casework import Casework
from web.forms import Form
from web.parts import Parts
from web.session import PageRequest

ABSENCE: Final = UUID("2f3e4d5c-6b7a-5899-8a0b-1c2d3e4f5061")
Last = Annotated[date, Meta(description="The last day, included.")]


class AbsenceShown(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    account: AccountName
    substitute: AccountName
    first_day: date
    last_day: Last
    entered_by: AccountName
    entered_at: datetime


class AbsenceList(msgspec.Struct, frozen=True, kw_only=True):
    absences: Annotated[tuple[AbsenceShown, ...], Meta(description="Present and coming ones, by their first day.")]
    people: Annotated[tuple[AccountName, ...], Meta(description="For whom the owner of the token may enter one.")]
    substitutes: Annotated[tuple[AccountName, ...], Meta(description="Who may be named at all.")]


class Enter(Sent, frozen=True, kw_only=True):
    account: Annotated[UUID, Meta(description="Who is away.")]
    substitute: Annotated[UUID, Meta(description="Of the same role and local government.")]
    first_day: date
    last_day: Last


_ABSENCE: Final = AbsenceShown(
    id=ABSENCE,
    account=examples.LEADS,
    substitute=AccountName(UUID("6e7f8091-a2b3-5c4d-8e5f-60718293a4b5"), "Marko Petrović"),
    first_day=date(2026, 7, 20),
    last_day=date(2026, 7, 31),
    entered_by=examples.LEADS,
    entered_at=examples.AT,
)


class Absences(Controller):
    path = "/api/v1/absences"

    @get(
        sync_to_thread=True,
        api=Operation(
            id="listAbsences",
            tag="Own",
            summary="Who is away and who stands in, of those for whom the owner of the token may say so.",
            asked=Asked,
            answer=AbsenceList,
            example=AbsenceList(absences=(_ABSENCE,), people=(_ABSENCE.account,), substitutes=(_ABSENCE.substitute,)),
        ),
    )
    def list_absences(
        self,
        request: PageRequest,
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
    ) -> Response[bytes]:
        """The own ones; of the association's people for each other; everybody's for an administrator."""
        person = granted(request, READS)
        asked_as(asked, Asked)
        keeping, telling = parts.keeping_absences, Telling(person, work)
        body = AbsenceList(
            absences=tuple(_shown(one, telling) for one in keeping.shown(person)),
            people=tuple(map(_named, keeping.people(person))),
            substitutes=tuple(map(_named, keeping.substitutes(person))),
        )
        return answered(request, body)

    @deed(
        "",
        Operation(
            id="enterAbsence",
            tag="Own",
            summary="Say that somebody is away, and who stands in.",
            answer=AbsenceShown,
            status=CREATED,
            example=_ABSENCE,
            body=Enter,
            body_example={
                "account": str(_ABSENCE.account.id),
                "substitute": str(_ABSENCE.substitute.id),
                "first_day": "2026-07-20",
                "last_day": "2026-07-31",
            },
            scope=WRITES,
        ),
    )
    def enter(
        self,
        request: PageRequest,
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
    ) -> Response[bytes]:
        """Where the answer was lost, the same again is refused as overlapping (`absence.overlaps`)."""
        person = granted(request, WRITES)
        _ = parts.keeping_absences.people(person)
        body = body_as(request, sent, Enter)

        def do() -> AbsenceShown:
            wish = EnterAbsence(
                account=AccountId(body.account),
                substitute=AccountId(body.substitute),
                first_day=body.first_day,
                last_day=body.last_day,
            )
            return _shown(parts.keeping_absences.enter(person, wish), Telling(person, work))

        return beside(request, person, parts.keeping_answers, body, do, status=CREATED)

    @deed(
        "/{absence:uuid}/end",
        Operation(
            id="endAbsence",
            tag="Own",
            summary="The person is back: it is over from now on.",
            answer=AbsenceShown,
            example=_ABSENCE,
            path={"absence": str(ABSENCE)},
            body=Sent,
            body_example={},
            scope=WRITES,
            problems=(404,),
        ),
    )
    def end(
        self,
        request: PageRequest,
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
        absence: FromPath[UUID],
    ) -> Response[bytes]:
        """One that is over, or not theirs to end, is refused as `absence.gone`."""
        person = granted(request, WRITES)
        body = body_as(request, sent, Sent)

        def do() -> AbsenceShown:
            return _shown(parts.keeping_absences.end(person, absence), Telling(person, work))

        return beside(request, person, parts.keeping_answers, body, do)


def _shown(absence: Absence, telling: Telling) -> AbsenceShown:
    return AbsenceShown(
        id=absence.id,
        account=telling.named(absence.account),
        substitute=telling.named(absence.substitute),
        first_day=absence.first_day,
        last_day=absence.last_day,
        entered_by=telling.named(absence.entered_by),
        entered_at=absence.entered_at,
    )


def _named(account: Account) -> AccountName:
    return AccountName(account.id, account.name)
