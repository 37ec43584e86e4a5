"""`GET /api/v1/views`: filters of the list under a name, for oneself or for the whole association."""

from typing import Annotated, Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from application.access import Person
from application.saved_views import LONGEST_NAME, LONGEST_QUERY, SavedView, may_change
from domain.words import UNSEEN
from web.api.http.answering import answered
from web.api.http.asking import Asked, asked_as, granted
from web.api.http.bodies import body_as
from web.api.http.describing import READS, WRITES, Operation
from web.api.http.sending import CREATED, beside, deed
from web.api.register import examples
from web.api.register.deed_bodies import Sent, tidied
from web.api.register.shapes import AccountName
from web.api.register.telling import Telling
from web.casework import Casework
from web.forms import Form
from web.initiatives.saved_view_pages import kept_query
from web.parts import Parts
from web.session import PageRequest

VIEWS: Final = "/api/v1/views"
LIST: Final = "/api/v1/initiatives"
VIEW: Final = UUID("7d9e0f1a-2b3c-5d4e-8f60-718293a4b5c6")
_ONLY_ON_PAGES: Final = "column"
Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=rf"^(?=.*\S)[^\x00-\x1f{UNSEEN}]*$(?!\n)")]
Query = Annotated[
    str,
    Meta(
        max_length=LONGEST_QUERY,
        description="As the address of the list has it: `stage=coordinating&country=TR`.",
    ),
]


class SavedViewShown(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    query: Query
    href: Annotated[str, Meta(description="The list under these filters.")]
    shared: bool
    owner: AccountName
    changeable: Annotated[bool, Meta(description="By the owner of the token.")]


class SavedViewList(msgspec.Struct, frozen=True):
    """By name."""

    views: tuple[SavedViewShown, ...]


class SaveView(Sent, frozen=True, kw_only=True):
    name: Name
    query: Query
    shared: Annotated[bool, Meta(description="With the association; coordinators share.")] = False


class ChangeView(Sent, frozen=True, kw_only=True):
    """What is left out stays."""

    name: Name | None = None
    query: Query | None = None
    shared: bool | None = None


_VIEW: Final = SavedViewShown(
    id=VIEW,
    name="Turska, u koordinaciji",
    query="stage=coordinating&country=TR",
    href=f"{LIST}?stage=coordinating&country=TR",
    shared=False,
    owner=examples.LEADS,
    changeable=True,
)
_IN_PATH: Final = {"view": str(VIEW)}


class SavedViews(Controller):
    path = VIEWS

    @get(
        sync_to_thread=True,
        api=Operation(
            id="listViews",
            tag="Own",
            summary="Saved filters of the list: own ones, and those that are shared.",
            asked=Asked,
            answer=SavedViewList,
            example=SavedViewList((_VIEW,)),
        ),
    )
    def list_views(
        self, request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]
    ) -> Response[bytes]:
        """An officer has own ones only."""
        person = granted(request, READS)
        asked_as(asked, Asked)
        telling = Telling(person, work)
        return answered(request, SavedViewList(tuple(_shown(v, person, telling) for v in work.saved_views.all(person))))

    @deed(
        "",
        Operation(
            id="saveView",
            tag="Own",
            summary="Keep filters of the list under a name.",
            answer=SavedViewShown,
            example=_VIEW,
            status=CREATED,
            body=SaveView,
            body_example={"name": _VIEW.name, "query": _VIEW.query},
            scope=WRITES,
        ),
    )
    def save_view(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        work: NamedDependency[Casework],
        sent: NamedDependency[bytes],
    ) -> Response[bytes]:
        """The same filters under the same name are one."""
        person = granted(request, WRITES)
        body = body_as(request, sent, SaveView)

        def do() -> SavedViewShown:
            query = kept_query(body.query)
            kept = work.saved_views.save(person, tidied(body.name), query, shared=body.shared)
            return _shown(kept, person, Telling(person, work))

        return beside(request, person, parts.keeping_answers, body, do, status=CREATED)

    @get(
        "/{view:uuid}",
        sync_to_thread=True,
        api=Operation(
            id="getView",
            tag="Own",
            summary="One of them.",
            asked=Asked,
            path=_IN_PATH,
            answer=SavedViewShown,
            example=_VIEW,
            problems=(404,),
        ),
    )
    def one_view(
        self, request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework], view: FromPath[UUID]
    ) -> Response[bytes]:
        person = granted(request, READS)
        asked_as(asked, Asked)
        return answered(request, _shown(work.saved_views.open(person, view), person, Telling(person, work)))

    @deed(
        "/{view:uuid}",
        Operation(
            id="changeView",
            tag="Own",
            summary="Another name, other filters, shared or not.",
            answer=SavedViewShown,
            example=_VIEW,
            path=_IN_PATH,
            body=ChangeView,
            body_example={"name": _VIEW.name},
            scope=WRITES,
            problems=(404,),
        ),
    )
    def change_view(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        work: NamedDependency[Casework],
        sent: NamedDependency[bytes],
        view: FromPath[UUID],
    ) -> Response[bytes]:
        """Own ones; a coordinator also those that are shared."""
        person = granted(request, WRITES)
        _ = work.saved_views.open(person, view)
        body = body_as(request, sent, ChangeView)

        def do() -> SavedViewShown:
            name = None if body.name is None else tidied(body.name)
            query = None if body.query is None else kept_query(body.query)
            kept = work.saved_views.change(person, view, name, query, body.shared)
            return _shown(kept, person, Telling(person, work))

        return beside(request, person, parts.keeping_answers, body, do)

    @deed(
        "/{view:uuid}/remove",
        Operation(
            id="removeView",
            tag="Own",
            summary="Remove saved filters.",
            answer=SavedViewShown,
            example=_VIEW,
            path=_IN_PATH,
            body=Sent,
            body_example={},
            scope=WRITES,
            problems=(404,),
        ),
    )
    def remove_view(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        work: NamedDependency[Casework],
        sent: NamedDependency[bytes],
        view: FromPath[UUID],
    ) -> Response[bytes]:
        """Answers with what was removed."""
        person = granted(request, WRITES)
        body = body_as(request, sent, Sent)

        def do() -> SavedViewShown:
            return _shown(work.saved_views.remove(person, view), person, Telling(person, work))

        return beside(request, person, parts.keeping_answers, body, do)


def _shown(view: SavedView, person: Person, telling: Telling) -> SavedViewShown:
    return SavedViewShown(
        id=view.id,
        name=view.name,
        query=view.query,
        href=_address(view.query),
        shared=view.shared,
        owner=telling.named(view.owner),
        changeable=may_change(person, view),
    )


def _address(query: str) -> str:
    """In the words of the API."""
    pairs = [(name, value) for name, value in parse_qsl(query) if name != _ONLY_ON_PAGES]
    pairs = [(name, "true" if name == "differs" else value) for name, value in pairs]
    return f"{LIST}?{urlencode(pairs)}" if pairs else LIST
