"""`POST /api/v1/partners` and `/api/v1/partners/{partner}/{deed}`."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from application.access import Person
from application.answers import Answer
from application.feed import encoded
from application.handling import Request
from application.ports import Conflict
from application.reading import NotFound
from application.rights import require
from domain.kernel import CommandKey, Refusal
from domain.partners.decisions import RegisterPartner
from web.api.http.asking import granted
from web.api.http.bodies import LARGEST_BODY, body_as, sent_bytes
from web.api.http.describing import WRITES, Operation
from web.api.http.sending import CREATED, OK, once, seen_version
from web.api.register import examples
from web.api.register.deed_bodies import partner_body, partner_command, registration_body, said
from web.api.register.partners import IN_PATH, PATH, PartnerList
from web.api.register.shapes import PartnerDone
from web.casework import Casework
from web.partners.words import PARTNER_DEEDS, REGISTER
from web.parts import Parts
from web.problems import Problem
from web.session import PageRequest

_SENT: Final = {"sent": Provide(sent_bytes)}


class Partners(PartnerList):
    """The list, and opening a file."""

    @post(
        status_code=201,
        sync_to_thread=True,
        dependencies=_SENT,
        request_max_body_size=LARGEST_BODY,
        api=Operation(
            id="registerPartner",
            tag="Partners",
            summary="Open the file of a new partner.",
            answer=PartnerDone,
            status=201,
            example=examples.REGISTERED,
            body=registration_body(),
            body_example=examples.REGISTRATION,
            scope=WRITES,
            problems=(409,),
        ),
    )
    def register_partner(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        work: NamedDependency[Casework],
        sent: NamedDependency[bytes],
    ) -> Response[bytes]:
        """Refused where the register knows the name already, in any spelling."""
        person = granted(request, WRITES)
        require(person, "register-partner")
        body = body_as(request, sent, registration_body())

        def do(key: CommandKey) -> Answer:
            values, _ = said(body, key, REGISTER)
            done = work.keeping_partners.register(person, Request(key=key, command=RegisterPartner(**values)))
            return _told(person, parts, work, done.stream, key, done.position, status=CREATED)

        return once(request, person, parts.keeping_answers, body, do)


@post(
    f"{PATH}/{{partner:uuid}}/{{deed:str}}",
    status_code=200,
    sync_to_thread=True,
    dependencies=_SENT,
    request_max_body_size=LARGEST_BODY,
    api=Operation(
        id="doPartnerDeed",
        tag="Partners",
        summary="",
        answer=PartnerDone,
        example=examples.PARTNER_DONE,
        path=IN_PATH,
        scope=WRITES,
        problems=(404, 409, 428),
    ),
)
def do_partner_deed(
    request: PageRequest,
    parts: NamedDependency[Parts],
    work: NamedDependency[Casework],
    sent: NamedDependency[bytes],
    partner: FromPath[UUID],
    deed: FromPath[str],
) -> Response[bytes]:
    """Names, kind and country of a partner, and the merging of two files of one partner."""
    person = granted(request, WRITES)
    if deed not in PARTNER_DEEDS:
        raise NotFound(deed)
    _ = work.reading.partner(person, partner)
    require(person, "edit-partner")
    seen = seen_version(request)
    body: Any = body_as(request, sent, partner_body(deed))

    def do(key: CommandKey) -> Answer:
        command, entries = partner_command(deed, body, key)
        try:
            done = work.keeping_partners.edit(
                person, partner, Request(key=key, command=command, entries=entries, seen=seen)
            )
        except Conflict:
            version, _ = work.reading.done(person, partner, None)
            refusal = Refusal("log.conflict", {"version": version}, "If-Match")
            raise Problem(409, refusal, {"etag": f'"{version}"'}) from None
        return _told(person, parts, work, partner, key, done.position)

    return once(request, person, parts.keeping_answers, body, do)


def _told(
    person: Person, parts: Parts, work: Casework, partner: UUID, key: CommandKey, position: int, *, status: int = OK
) -> Answer:
    _ = work.views.caught_up(position)
    version, facts = work.reading.done(person, partner, key)
    events = tuple(msgspec.Raw(encoded(event)) for event in parts.feed.events(facts))
    body = PartnerDone(id=partner, version=version, position=position, events=events)
    return Answer(status, msgspec.json.encode(body), f"{PATH}/{partner}" if status == CREATED else None, version)
