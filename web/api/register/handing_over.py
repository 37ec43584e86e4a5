"""`GET` and `POST /api/v1/initiatives/hand-over`: several cases to one handler, each on its own."""

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from msgspec import Meta

from application.answers import Answer
from application.handing_over import DEED, MOST, Chosen, HandOver
from application.rights import require
from domain.initiatives.terms import Stage
from domain.kernel import AccountId, CommandKey
from domain.words import CaseNumber
from web.api.http.answering import answered
from web.api.http.asking import Asked, asked_as, granted
from web.api.http.bodies import body_as
from web.api.http.describing import READS, WRITES, Operation
from web.api.http.sending import OK, deed, once
from web.api.register import examples
from web.api.register.deed_bodies import Sent, Text, tidied
from web.api.register.initiatives import PATH
from web.api.register.shapes import AccountName, Reason, Version
from web.api.register.telling import Telling, reasons
from web.casework import Casework
from web.forms import Form
from web.initiatives.questions import Question
from web.parts import Parts
from web.session import PageRequest

_WORDS: Final = Question(name="reason", control="text", label="")


class ProspectsAsked(Asked, frozen=True, kw_only=True):
    number: Annotated[tuple[CaseNumber, ...], Meta(min_length=1, max_length=MOST, description="Cases by number.")]
    to: Annotated[UUID | None, Meta(description="The account that is to lead them.")] = None


class Prospect(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    version: Version
    stage: Stage
    handler: AccountName | None
    refusals: Annotated[tuple[Reason, ...], Meta(description="What stands against it; nothing where it would be done.")]


class Prospects(msgspec.Struct, frozen=True):
    cases: Annotated[tuple[Prospect, ...], Meta(description="Cases out of sight are left out.")]


class ChosenCase(Sent, frozen=True, kw_only=True):
    number: CaseNumber
    version: Annotated[int, Meta(ge=1, le=999_999_999, description="The version that was seen.")]


class HandCasesOver(Sent, frozen=True, kw_only=True):
    cases: Annotated[tuple[ChosenCase, ...], Meta(min_length=1, max_length=MOST)]
    to: Annotated[UUID, Meta(description="The account that is to lead them.")]
    reason: Text


class HandOverOutcome(msgspec.Struct, frozen=True):
    number: str
    done: bool
    refusals: tuple[Reason, ...]


class HandedOver(msgspec.Struct, frozen=True):
    outcomes: Annotated[tuple[HandOverOutcome, ...], Meta(description="A case that is refused holds up no other.")]
    position: Annotated[int, Meta(ge=0, description="In the log, of the last fact; 0 where there is none.")]


_THEIRS: Final = Reason("hand-over.already-theirs", {}, None, "The case is theirs already.")


class HandingOver(Controller):
    """One class, because the framework wants all of one path at once."""

    path = f"{PATH}/hand-over"

    @get(
        sync_to_thread=True,
        api=Operation(
            id="lookAtHandOver",
            tag="Deeds",
            summary="What handing cases over would do to each.",
            asked=ProspectsAsked,
            answer=Prospects,
            example=Prospects(
                (
                    Prospect(
                        number=examples.NUMBER,
                        version=3,
                        stage=Stage.COORDINATING,
                        handler=examples.LEADS,
                        refusals=(_THEIRS,),
                    ),
                )
            ),
        ),
    )
    def look(
        self, request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]
    ) -> Response[bytes]:
        """Changes nothing."""
        person = granted(request, READS)
        require(person, DEED)
        wanted = asked_as(asked, ProspectsAsked)
        to, telling = AccountId(wanted.to) if wanted.to else None, Telling(person, work)
        shown = tuple(
            Prospect(
                number=one.file.state.number,
                version=one.file.state.version,
                stage=one.file.state.stage,
                handler=telling.account(one.file.state.handler),
                refusals=reasons(one.refusals),
            )
            for one in work.handing_over.look(person, wanted.number, to)
        )
        return answered(request, Prospects(shown))

    @deed(
        "",
        Operation(
            id="handOver",
            tag="Deeds",
            summary="Hand several cases over to one handler.",
            answer=HandedOver,
            example=HandedOver(
                (HandOverOutcome(examples.NUMBER, True, ()), HandOverOutcome("2026-0043", False, (_THEIRS,))), 1187
            ),
            body=HandCasesOver,
            body_example={
                "cases": [{"number": examples.NUMBER, "version": 3}, {"number": "2026-0043", "version": 1}],
                "to": str(examples.HANDLER),
                "reason": "Godišnji odmor.",
            },
            scope=WRITES,
        ),
    )
    def hand_over(
        self,
        request: PageRequest,
        parts: NamedDependency[Parts],
        work: NamedDependency[Casework],
        sent: NamedDependency[bytes],
    ) -> Response[bytes]:
        """200 with what became of each. One that somebody changed since its version was seen is left as it is; a case
        out of sight looks like one that does not exist."""
        person = granted(request, WRITES)
        require(person, DEED)
        body = body_as(request, sent, HandCasesOver)

        def do(key: CommandKey) -> Answer:
            chosen = [Chosen(case.number, case.version) for case in body.cases]
            asked = HandOver(key=key, cases=chosen, to=AccountId(body.to), reason=tidied(body.reason, _WORDS))
            done = work.handing_over.hand_over(person, asked)
            _ = work.views.caught_up(done.position)
            outcomes = (HandOverOutcome(one.number, not one.refusals, reasons(one.refusals)) for one in done.outcomes)
            return Answer(OK, msgspec.json.encode(HandedOver(tuple(outcomes), done.position)))

        return once(request, person, parts.keeping_answers, body, do)
