"""`GET /api/v1/followed`, and following a case: a list of one's own, with what is new in it."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from application.access import Person
from domain.initiatives.terms import Stage
from web.api.http.answering import AsOfAnswer, answered, as_of
from web.api.http.asking import AsOfAsked, asked_as, granted
from web.api.http.bodies import body_as
from web.api.http.describing import READS, WRITES, Operation
from web.api.http.sending import beside, deed
from web.api.register import examples
from web.api.register.deed_bodies import Sent
from web.api.register.initiatives import IN_PATH, PATH, number_of
from web.api.register.shapes import AccountName, FactTag
from web.api.register.telling import Telling
from web.casework import Casework
from web.forms import Form
from web.parts import Parts
from web.session import PageRequest

FOLLOWED: Final = "/api/v1/followed"
_LARGEST: Final = 2**63 - 1


class FollowedCase(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    stage: Stage
    since: Annotated[datetime, Meta(description="When the owner of the token began to follow it.")]
    changes: Annotated[int, Meta(ge=0, description="Facts that were recorded since the owner last looked.")]
    position: Annotated[int, Meta(ge=0, description="Of its newest fact.")]
    newest: FactTag
    by: AccountName
    at: datetime


class FollowedList(msgspec.Struct, frozen=True):
    """The one that changed last comes first."""

    followed: tuple[FollowedCase, ...]
    position: Annotated[int, Meta(ge=0, description="Of the newest fact of all; send it to `/followed/seen`.")]
    as_of: AsOfAnswer | None


class Follows(msgspec.Struct, frozen=True):
    number: str
    follows: bool


class Seen(Sent, frozen=True, kw_only=True):
    position: Annotated[int, Meta(ge=0, le=_LARGEST, description="From `position` of the list that was seen.")]


class SeenUntil(msgspec.Struct, frozen=True):
    position: int


_FOLLOWED: Final = FollowedCase(
    number=examples.NUMBER,
    stage=Stage.COORDINATING,
    since=examples.AT,
    changes=2,
    position=1187,
    newest="initiative.coordination-started",
    by=examples.LEADS,
    at=examples.AT,
)


@get(
    FOLLOWED,
    past=True,
    sync_to_thread=True,
    api=Operation(
        id="listFollowed",
        tag="Own",
        summary="Every case that the owner of the token follows, with how much is new.",
        asked=AsOfAsked,
        answer=FollowedList,
        example=FollowedList((_FOLLOWED,), 1187, None),
    ),
)
def followed(request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]) -> Response[bytes]:
    """Of a past day: those that are followed today, as far as they had begun."""
    person = granted(request, READS)
    asked_as(asked, AsOfAsked)
    telling = Telling(person, work)
    shown = tuple(
        FollowedCase(
            number=one.case.number,
            stage=one.case.stage,
            since=one.since,
            changes=one.changes,
            position=one.position,
            newest=one.tag,
            by=telling.named(one.actor),
            at=one.recorded_at,
        )
        for one in work.reading.followed(person)
    )
    newest = max((one.position for one in shown), default=0)
    return answered(request, FollowedList(shown, newest, as_of(request)))


@deed(
    f"{FOLLOWED}/seen",
    Operation(
        id="seeFollowed",
        tag="Own",
        summary="What was recorded up to a position is no news any more.",
        answer=SeenUntil,
        example=SeenUntil(1187),
        body=Seen,
        body_example={"position": 1187},
        scope=WRITES,
    ),
)
def see_followed(
    request: PageRequest, parts: NamedDependency[Parts], work: NamedDependency[Casework], sent: NamedDependency[bytes]
) -> Response[bytes]:
    """A position beyond the end of the log counts as its end."""
    person = granted(request, WRITES)
    body = body_as(request, sent, Seen)

    def do() -> SeenUntil:
        work.following.look(person, body.position)
        return SeenUntil(body.position)

    return beside(request, person, parts.keeping_answers, body, do)


def _operation(name: str, summary: str, *, follows: bool) -> Operation:
    return Operation(
        id=name,
        tag="Own",
        summary=summary,
        answer=Follows,
        example=Follows(examples.NUMBER, follows),
        path=IN_PATH,
        body=Sent,
        body_example={},
        scope=WRITES,
        problems=(404,),
    )


@deed(
    f"{PATH}/{{number:str}}/follow",
    _operation("followInitiative", "Follow a case: what changes is listed, and told.", follows=True),
)
def follow(
    request: PageRequest,
    parts: NamedDependency[Parts],
    work: NamedDependency[Casework],
    sent: NamedDependency[bytes],
    number: FromPath[str],
) -> Response[bytes]:
    """For the owner of the token. No fact: nobody else learns of it."""
    return _followed(request, parts, sent, number, work.following.follow, follows=True)


@deed(
    f"{PATH}/{{number:str}}/unfollow",
    _operation("unfollowInitiative", "Follow a case no more.", follows=False),
)
def unfollow(
    request: PageRequest,
    parts: NamedDependency[Parts],
    work: NamedDependency[Casework],
    sent: NamedDependency[bytes],
    number: FromPath[str],
) -> Response[bytes]:
    """Also where it was not followed."""
    return _followed(request, parts, sent, number, work.following.unfollow, follows=False)


def _followed(
    request: PageRequest, parts: Parts, sent: bytes, number: str, do: Callable[[Person, str], None], *, follows: bool
) -> Response[bytes]:
    person = granted(request, WRITES)
    of = number_of(number)
    body = body_as(request, sent, Sent)

    def done() -> Follows:
        do(person, of)
        return Follows(of, follows)

    return beside(request, person, parts.keeping_answers, body, done)
