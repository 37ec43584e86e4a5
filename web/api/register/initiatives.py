"""`GET /api/v1/initiatives` and one of them: the register for programs, as it stands now or as of any day."""

import re
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from application.feed import encoded
from application.past import NotYet
from application.reading import NotFound
from application.views.register import NOBODY, Due, Phase, RegisterQuery
from domain.initiatives.terms import Kind, Stage
from domain.words import CASE_NUMBER, Country, LocalGovernmentCode
from web.api.http.answering import answered, as_of, tagged
from web.api.http.asking import Asked, AsOfAsked, Cursor, Limit, asked_as, cursor, granted, no_cursor, place_of
from web.api.http.describing import READS, Operation
from web.api.register import examples
from web.api.register.shapes import Case, CasePage, CaseTexts
from web.api.register.telling import Telling
from web.casework import Casework
from web.forms import Form
from web.parts import Parts
from web.session import PageRequest, path_of

PATH: Final = "/api/v1/initiatives"
EVENTS: Final = "application/cloudevents-batch+json"
IN_PATH: Final = {"number": examples.NUMBER}
_Few = Meta(max_length=50)
Order = Literal[
    "-updated",
    "updated",
    "number",
    "-number",
    "pair",
    "-pair",
    "stage",
    "-stage",
    "due",
    "-due",
    "kind",
    "-kind",
]


class Filters(AsOfAsked, frozen=True, kw_only=True):
    """Filters are joined by `and`, the values of one filter by `or`."""

    q: Annotated[str, Meta(max_length=200, description="Words of sides, numbers and places, in any script.")] = ""
    phase: Phase | None = None
    stage: Annotated[tuple[Stage, ...], _Few] = ()
    kind: Annotated[tuple[Kind, ...], _Few] = ()
    country: Annotated[tuple[Country, ...], _Few] = ()
    handler: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^(none|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$")], ...],
        Meta(max_length=50, description="Accounts that lead the case; `none` for nobody."),
    ] = ()
    local_government: Annotated[tuple[LocalGovernmentCode, ...], _Few] = ()
    partner: UUID | None = None
    differs: Annotated[bool, Meta(description="Only those whose sides say what cannot all be right.")] = False
    due: Annotated[tuple[Due, ...], _Few] = ()


class InitiativesAsked(Filters, frozen=True, kw_only=True):
    """The filters of the list, and its order."""

    limit: Limit = 40
    cursor: Cursor = ""
    sort: Annotated[Order, Meta(description="With `-` from the last to the first.")] = "-updated"


class EventsAsked(Asked, frozen=True, kw_only=True):
    after: Annotated[int, Meta(ge=0, le=2**63 - 1, description="The last position that was seen.")] = 0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class InitiativeList(Controller):
    path = PATH

    @get(
        past=True,
        sync_to_thread=True,
        api=Operation(
            id="listInitiatives",
            tag="Initiatives",
            summary="Cases under the filters of the list.",
            asked=InitiativesAsked,
            answer=CasePage,
            example=examples.CASES,
        ),
    )
    def list_initiatives(
        self, request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]
    ) -> Response[bytes]:
        """`Link: rel="next"` and `next` lead on; a case that changes meanwhile may move, none is left out."""
        person = granted(request, READS)
        wanted = asked_as(asked, InitiativesAsked)
        query = msgspec.structs.replace(
            query_of(wanted),
            sort=wanted.sort.removeprefix("-"),
            descending=wanted.sort.startswith("-"),
            size=wanted.limit,
        )
        try:
            found = work.reading.register_after(person, query, place_of(wanted.cursor, wanted))
        except ValueError:
            raise no_cursor() from None
        total = work.reading.register(person, msgspec.structs.replace(query, size=1)).total
        then = cursor(found.next, wanted)
        body = CasePage(
            initiatives=Telling(person, work).summaries(found.rows), total=total, next=then, as_of=as_of(request)
        )
        return answered(request, body, next_page=then)


@get(
    f"{PATH}/{{number:str}}",
    past=True,
    sync_to_thread=True,
    api=Operation(
        id="getInitiative",
        tag="Initiatives",
        summary="One case, with what could be done on it now.",
        asked=AsOfAsked,
        path=IN_PATH,
        answer=Case,
        example=examples.CASE,
        problems=(404,),
    ),
)
def one_initiative(
    request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework], number: FromPath[str]
) -> Response[bytes]:
    """404 where it lies outside the rights of the token's owner, and where it had not begun."""
    person = granted(request, READS)
    asked_as(asked, AsOfAsked)
    at = work.reading.as_of
    if at is None:
        file = work.reading.case(person, number_of(number))
        offers = work.advancing.offers(person, file.state)
    else:
        try:
            file, offers = work.reading.case_as_of(person, number_of(number), at).file, []
        except NotYet:
            raise NotFound(number) from None
    body = Telling(person, work).case(file, offers, as_of(request))
    return answered(request, body, version=file.state.version)


@get(
    f"{PATH}/{{number:str}}/events",
    sync_to_thread=True,
    api=Operation(
        id="listInitiativeEvents",
        tag="Events",
        summary="The facts of one case as CloudEvents, as the feed gives them.",
        asked=EventsAsked,
        path=IN_PATH,
        answer=None,
        media=EVENTS,
        example=examples.EVENTS,
        problems=(404,),
    ),
)
def initiative_events(
    request: PageRequest,
    parts: NamedDependency[Parts],
    asked: NamedDependency[Form],
    work: NamedDependency[Casework],
    number: FromPath[str],
) -> Response[bytes]:
    """For whoever may see the case, also where the role may not read the whole log."""
    person = granted(request, READS)
    wanted = asked_as(asked, EventsAsked)
    recorded = work.reading.case_facts(person, number_of(number), wanted.after, wanted.limit)
    content = b"[" + b",".join(encoded(event) for event in parts.feed.events(recorded)) + b"]"
    after = recorded[-1].position if recorded else wanted.after
    links = {"link": f'<{path_of(request)}?after={after}&limit={wanted.limit}>; rel="next"'}
    return tagged(request, content, EVENTS, links=links)


@get(
    f"{PATH}/{{number:str}}/texts",
    sync_to_thread=True,
    api=Operation(
        id="getInitiativeTexts",
        tag="Initiatives",
        summary="The words that the facts of a case point to.",
        asked=Asked,
        path=IN_PATH,
        answer=CaseTexts,
        example=examples.TEXTS,
        problems=(404,),
    ),
)
def initiative_texts(
    request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework], number: FromPath[str]
) -> Response[bytes]:
    """Reasons, rationales and remarks. That they were read is kept."""
    person = granted(request, READS)
    asked_as(asked, Asked)
    _, history = work.reading.case_with_history(person, number_of(number))
    return answered(request, CaseTexts({str(ref): text for ref, text in history.texts.items()}))


def number_of(given: str) -> str:
    """Raises NotFound for what is no number of a case."""
    if not re.fullmatch(CASE_NUMBER, given):
        raise NotFound(given)
    return given


def query_of(asked: Filters) -> RegisterQuery:
    return RegisterQuery(
        text=asked.q,
        phase=asked.phase,
        stages=asked.stage,
        kinds=asked.kind,
        countries=asked.country,
        handlers=tuple(NOBODY if one == "none" else one for one in asked.handler),
        local_governments=asked.local_government,
        partner=asked.partner,
        differs=asked.differs,
        due=asked.due,
    )
