"""`POST /api/v1/initiatives/{number}/ask-side`: a one-time link by which a side abroad gives its own word."""

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from application.answers import Answer
from application.asking_sides import MOST_DAYS
from application.languages_abroad import ABROAD
from application.rights import require
from web.api.http.asking import granted
from web.api.http.bodies import body_as
from web.api.http.describing import JSON, WRITES, Operation
from web.api.http.sending import CREATED, deed, digest_of, key_of
from web.api.register import examples
from web.api.register.deed_bodies import Sent
from web.api.register.initiatives import IN_PATH, PATH, number_of
from web.casework import Casework
from web.parts import Parts
from web.session import PageRequest

DAYS: Final = 30
_LANGUAGES: Final = {"enum": [*ABROAD]}


class AskSide(Sent, frozen=True, kw_only=True):
    party: Annotated[UUID, Meta(description="`key` of a side abroad in `parties` of the case.")]
    locale: Annotated[
        str, Meta(max_length=20, description="In which language it is asked first.", extra_json_schema=_LANGUAGES)
    ] = "en"
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS, description="How long the link works.")] = DAYS


class SideAsked(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    party: UUID
    href: Annotated[str, Meta(description="To be sent to the side; who has it may answer. It is shown this once.")]


@deed(
    f"{PATH}/{{number:str}}/ask-side",
    Operation(
        id="askSide",
        tag="Deeds",
        summary="A one-time link by which a side abroad gives its own word.",
        answer=SideAsked,
        status=CREATED,
        example=SideAsked(
            number=examples.NUMBER,
            party=examples.PARTNER,
            href="https://pobratim.example/confirm/c2hvd24tdGhpcy1vbmNl",
        ),
        path=IN_PATH,
        body=AskSide,
        body_example={"party": str(examples.PARTNER), "locale": "tr", "days": 14},
        scope=WRITES,
        problems=(404,),
    ),
)
def ask_side(
    request: PageRequest,
    parts: NamedDependency[Parts],
    work: NamedDependency[Casework],
    sent: NamedDependency[bytes],
    number: FromPath[str],
) -> Response[bytes]:
    """No fact is recorded before the side answers. The secret of a link is kept nowhere: the same request under the
    same key gives another one, and the one before works no more; where the side has answered meanwhile, it is
    refused."""
    person = granted(request, WRITES)
    _ = work.reading.case(person, number_of(number))
    require(person, "ask-side")
    body = body_as(request, sent, AskSide)
    key, digest = key_of(request, person), digest_of(request, body)
    if parts.keeping_answers.find(key, digest):
        secret = parts.asking_sides.ask_again(person, key)
    else:
        secret = parts.asking_sides.ask(person, number, str(body.party), body.locale, body.days, key)
        parts.keeping_answers.keep(key, person.account, digest, Answer(CREATED, b"{}"))
    href = f"{parts.settings.base_url.rstrip('/')}/confirm/{secret}"
    content = msgspec.json.encode(SideAsked(number=number, party=body.party, href=href))
    return Response(content, status_code=CREATED, media_type=JSON, headers={"cache-control": "no-store"})
