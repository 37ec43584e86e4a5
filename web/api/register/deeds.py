"""`POST /api/v1/initiatives` and `/api/v1/initiatives/{number}/{deed}`: everything that pages do to a case."""

from typing import Any, Final

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from application.access import Person
from application.answers import Answer
from application.feed import encoded
from application.handling import Request
from application.identity import case_id, command_key
from application.ports import Conflict, VaultEntry
from application.reading import NotFound
from application.rights import may, require
from domain.initiatives.decisions.approving import AskApproval
from domain.kernel import Command, CommandKey, Refusal, Refused
from web.api.http.asking import granted
from web.api.http.bodies import LARGEST_BODY, body_as, sent_bytes
from web.api.http.describing import WRITES, Operation
from web.api.http.sending import CREATED, OK, once, seen_version
from web.api.register import examples
from web.api.register.correcting import Correct, correction
from web.api.register.deed_bodies import deed_body, deed_command, proposal_body, proposal_of
from web.api.register.initiatives import IN_PATH, PATH, InitiativeList, number_of
from web.api.register.shapes import Done, Waits
from web.casework import Casework
from web.initiatives.forms import DEED_FORMS
from web.parts import Parts
from web.problems import Problem
from web.session import PageRequest

DEEDS: Final = (*DEED_FORMS, "correct")
SECOND_PERSON: Final = "initiative.second-person-missing"
MOST_FACTS: Final = 100_000
_ACCEPTED: Final = 202
_SENT: Final = {"sent": Provide(sent_bytes)}


class Initiatives(InitiativeList):
    """The list, and proposing. One class, because the framework wants all of one path at once."""

    @post(
        status_code=201,
        sync_to_thread=True,
        dependencies=_SENT,
        request_max_body_size=LARGEST_BODY,
        api=Operation(
            id="proposeInitiative",
            tag="Deeds",
            summary="Propose an initiative; its number is given by the register.",
            answer=Done,
            status=201,
            example=examples.PROPOSED,
            body=proposal_body(),
            body_example=examples.PROPOSAL,
            scope=WRITES,
            problems=(409,),
        ),
    )
    def propose(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        work: NamedDependency[Casework],
        sent: NamedDependency[bytes],
    ) -> Response[bytes]:
        """A pair that has a live case is refused as a duplicate, unless `distinct_because` says why it is none."""
        person = granted(request, WRITES)
        require(person, "propose")
        body = body_as(request, sent, proposal_body())

        def do(key: CommandKey) -> Answer:
            proposal, entries = proposal_of(body, key)
            done = work.proposing.propose(person, proposal, Request(key=key, command=proposal, entries=entries))
            return _told(person, parts, work, done.number, key, done.position, status=CREATED)

        return once(request, person, parts.keeping_answers, body, do)


@post(
    f"{PATH}/{{number:str}}/{{deed:str}}",
    status_code=200,
    sync_to_thread=True,
    dependencies=_SENT,
    request_max_body_size=LARGEST_BODY,
    api=Operation(
        id="doDeed",
        tag="Deeds",
        summary="",
        answer=Done,
        example=examples.DONE,
        path=IN_PATH,
        scope=WRITES,
        problems=(404, 409, 428),
    ),
)
def do_deed(
    request: PageRequest,
    parts: NamedDependency[Parts],
    work: NamedDependency[Casework],
    sent: NamedDependency[bytes],
    number: FromPath[str],
    deed: FromPath[str],
) -> Response[bytes]:
    """200 with the facts. 202 where the procedure wants the approval of a second person first: it was asked for, and
    the deed is to be sent again when it is given."""
    person = granted(request, WRITES)
    if deed not in DEEDS:
        raise NotFound(deed)
    _ = work.reading.case(person, number_of(number))
    require(person, deed)
    seen = seen_version(request)
    body: Any = body_as(request, sent, Correct if deed == "correct" else deed_body(deed))

    def do(key: CommandKey) -> Answer:
        command, entries = _command(person, work, number, deed, body, key)
        asked = Request(key=key, command=command, entries=entries, seen=seen)
        try:
            done = work.advancing.advance(person, number, asked)
        except Conflict:
            raise _stale(person, work, number) from None
        except Refused as refused:
            if [refusal.code for refusal in refused.refusals] != [SECOND_PERSON]:
                raise
            if not may(person, "ask-approval"):
                raise
            return _waits(person, work, number, deed, asked)
        return _told(person, parts, work, number, key, done.position)

    return once(request, person, parts.keeping_answers, body, do, keep=lambda answer: answer.status != _ACCEPTED)


def _command(
    person: Person, work: Casework, number: str, deed: str, body: Any, key: CommandKey
) -> tuple[Command, tuple[VaultEntry, ...]]:
    if deed != "correct":
        return deed_command(deed, body, key)
    return correction(body, work.reading.case_facts(person, number, 0, MOST_FACTS), key)


def _waits(person: Person, work: Casework, number: str, deed: str, asked: Request) -> Answer:
    """Asks for the approval, unless that was done before."""
    key = command_key(str(asked.key), "ask-approval")
    try:
        asking = Request(key=key, command=AskApproval(deed=deed), seen=asked.seen)
        done = work.advancing.advance(person, number, asking)
    except Conflict:
        raise _stale(person, work, number) from None
    except Refused as refused:
        if any(refusal.code != "initiative.approval-asked-already" for refusal in refused.refusals):
            raise
    else:
        _ = work.views.caught_up(done.position)
    version, _facts = work.reading.done(person, case_id(number), key)
    body = Waits(number=number, version=version, deed=deed, waits_for="approve", href=f"{PATH}/{number}")
    return Answer(_ACCEPTED, msgspec.json.encode(body), body.href, version)


def _told(
    person: Person, parts: Parts, work: Casework, number: str, key: CommandKey, position: int, *, status: int = OK
) -> Answer:
    """Once the lists show it. Made of the log alone, so that whoever asks again hears the same."""
    _ = work.views.caught_up(position)
    version, facts = work.reading.done(person, case_id(number), key)
    events = tuple(msgspec.Raw(encoded(event)) for event in parts.feed.events(facts))
    body = Done(number=number, version=version, position=position, events=events)
    return Answer(status, msgspec.json.encode(body), f"{PATH}/{number}" if status == CREATED else None, version)


def _stale(person: Person, work: Casework, number: str) -> Problem:
    version, _ = work.reading.done(person, case_id(number), None)
    return Problem(409, Refusal("log.conflict", {"version": version}, "If-Match"), {"etag": f'"{version}"'})
