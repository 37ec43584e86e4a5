"""`GET /api/v1/initiatives/{number}/who-could-act`: who could do what on a case, now or on a past day, and why."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from application.access import Role
from application.past import NotYet
from application.reading import NotFound
from application.who_could_act import Could
from web.api.http.answering import AsOfAnswer, answered, as_of
from web.api.http.asking import AsOfAsked, asked_as, granted
from web.api.http.describing import READS, Operation
from web.api.register import examples
from web.api.register.initiatives import IN_PATH, PATH, number_of
from web.api.register.shapes import AccountName, Code, DeedCode
from web.api.register.telling import Telling
from web.casework import Casework
from web.forms import Form
from web.parts import Parts
from web.session import PageRequest


class StandsInFor(msgspec.Struct, frozen=True):
    account: AccountName
    until: Annotated[date, Meta(description="The last day of the absence.")]


class CouldAct(msgspec.Struct, frozen=True, kw_only=True):
    account: AccountName
    role: Role
    local_government: Annotated[Code | None, Meta(description="Of an officer, a side of the case.")]
    leads: Annotated[bool, Meta(description="The handler of the case.")]
    stands_in_for: tuple[StandsInFor, ...]
    deeds: tuple[DeedCode, ...]


class ActorList(msgspec.Struct, frozen=True):
    """The handler comes first."""

    people: tuple[CouldAct, ...]
    as_of: AsOfAnswer | None


_EXAMPLE = CouldAct(
    account=examples.LEADS,
    role=Role.COORDINATOR,
    local_government=None,
    leads=True,
    stands_in_for=(StandsInFor(AccountName(examples.HANDLER, "Marko Petrović"), date(2026, 3, 31)),),
    deeds=("give-support", "suspend"),
)


@get(
    f"{PATH}/{{number:str}}/who-could-act",
    past=True,
    sync_to_thread=True,
    api=Operation(
        id="listWhoCouldAct",
        tag="Initiatives",
        summary="Who could do what on a case, and why; for those who see every case.",
        asked=AsOfAsked,
        path=IN_PATH,
        answer=ActorList,
        example=ActorList((_EXAMPLE,), None),
        problems=(404,),
    ),
)
def who_could_act(
    request: PageRequest,
    asked: NamedDependency[Form],
    work: NamedDependency[Casework],
    parts: NamedDependency[Parts],
    number: FromPath[str],
) -> Response[bytes]:
    """Accounts and absences as they are known today; the case and the rules as they stood."""
    person = granted(request, READS)
    asked_as(asked, AsOfAsked)
    reading, at = work.reading, work.reading.as_of
    if at is None:
        state, moment = reading.case(person, number_of(number)).state, parts.clock()
    else:
        try:
            state, moment = reading.case_as_of(person, number_of(number), at).file.state, at.known_at
        except NotYet:
            raise NotFound(number) from None
    telling = Telling(person, work)
    found = work.who_could_act.on(person, state, moment, reading.today())
    return answered(request, ActorList(tuple(_could(one, telling) for one in found), as_of(request)))


def _could(could: Could, telling: Telling) -> CouldAct:
    person = could.person
    return CouldAct(
        account=AccountName(person.account, person.name),
        role=person.role,
        local_government=person.local_government,
        leads=could.leads,
        stands_in_for=tuple(StandsInFor(telling.named(one.account), one.until) for one in could.stands_in_for),
        deeds=could.deeds,
    )
