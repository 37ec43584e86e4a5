"""`GET /api/v1/notices`: what the owner of the token was told; marking it as read, and which mail is wanted."""

from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from application.notice_choices import By, Chosen
from application.notices import Kind
from application.reading import NotFound
from domain.initiatives.terms import Stage
from domain.kernel import Refusal, Refused
from web.api.http.answering import AsOfAnswer, answered, as_of
from web.api.http.asking import Asked, PastPagesAsked, asked_as, cursor, granted, skipped
from web.api.http.bodies import body_as
from web.api.http.describing import READS, WRITES, Operation
from web.api.http.sending import beside, deed
from web.api.register import examples
from web.api.register.deed_bodies import Sent
from web.api.register.shapes import AccountName, FactTag, Next, Total
from web.api.register.telling import Telling
from web.casework import Casework
from web.forms import Form
from web.parts import Parts
from web.session import PageRequest

NOTICES: Final = "/api/v1/notices"
_LARGEST: Final = 2**63 - 1
_DESCRIBED: Final = "By kind of notice: `at_once`, once a day in the `digest`, or `none`."


class NoticesAsked(PastPagesAsked, frozen=True, kw_only=True):
    """The newest first."""


class NoticeShown(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    kind: Annotated[str, Meta(description="Why the owner is told.", extra_json_schema={"enum": [*Kind]})]
    about: Annotated[FactTag, Meta(description="What was recorded; of a reminder what it is of: `reminder.late`.")]
    by: AccountName
    at: datetime
    read: bool
    number: str
    stage: Stage


class NoticeList(msgspec.Struct, frozen=True, kw_only=True):
    notices: tuple[NoticeShown, ...]
    total: Total
    unread: Annotated[int, Meta(ge=0, description="How many are unread now; above 100 they are not counted.")]
    next: Next
    as_of: AsOfAnswer | None


class ReadUntil(Sent, frozen=True, kw_only=True):
    until: Annotated[
        int, Meta(ge=1, le=_LARGEST, description="The newest notice that was seen; what came later stays unread.")
    ]


class Unread(msgspec.Struct, frozen=True):
    unread: Annotated[int, Meta(ge=0)]


class MailChoices(msgspec.Struct, frozen=True):
    """For every kind of which the owner of the token may be told."""

    mail: Annotated[dict[str, By], Meta(description=_DESCRIBED)]


class ChooseMail(Sent, frozen=True, kw_only=True):
    """What is left out stays."""

    mail: Annotated[dict[str, By], Meta(min_length=1, max_length=20, description=_DESCRIBED)]


_NOTICE: Final = NoticeShown(
    id=31,
    kind=Kind.RETURNED.value,
    about="initiative.file-returned",
    by=examples.LEADS,
    at=examples.AT,
    read=False,
    number=examples.NUMBER,
    stage=Stage.RETURNED,
)


@get(
    NOTICES,
    past=True,
    sync_to_thread=True,
    api=Operation(
        id="listNotices",
        tag="Own",
        summary="What the owner of the token was told.",
        asked=NoticesAsked,
        answer=NoticeList,
        example=NoticeList(notices=(_NOTICE,), total=1, unread=1, next=None, as_of=None),
    ),
)
def notices(
    request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework], parts: NamedDependency[Parts]
) -> Response[bytes]:
    """Of cases that are within sight now. A cursor counts rows: a notice that comes meanwhile moves the others on."""
    person = granted(request, READS)
    wanted = asked_as(asked, NoticesAsked)
    skip = skipped(wanted.cursor, wanted)
    found = work.reading.notices(person, wanted.limit, skip)
    end = skip + len(found.rows)
    then = cursor((end,), wanted) if found.rows and end < found.total else None
    telling = Telling(person, work)
    shown = tuple(
        NoticeShown(
            id=row.id,
            kind=row.kind.value,
            about=row.tag,
            by=telling.named(row.actor),
            at=row.at,
            read=row.read,
            number=row.case.number,
            stage=row.case.stage,
        )
        for row in found.rows
    )
    unread = parts.notices.unread(person)
    body = NoticeList(notices=shown, total=found.total, unread=unread, next=then, as_of=as_of(request))
    return answered(request, body, next_page=then)


@deed(
    f"{NOTICES}/read",
    Operation(
        id="readNotices",
        tag="Own",
        summary="Mark notices as read, up to one that was seen.",
        answer=Unread,
        example=Unread(0),
        body=ReadUntil,
        body_example={"until": 31},
        scope=WRITES,
    ),
)
def read_notices(request: PageRequest, parts: NamedDependency[Parts], sent: NamedDependency[bytes]) -> Response[bytes]:
    """`unread` is what is left."""
    person = granted(request, WRITES)
    body = body_as(request, sent, ReadUntil)

    def do() -> Unread:
        parts.notices.mark_all(person, body.until)
        return Unread(parts.notices.unread(person))

    return beside(request, person, parts.keeping_answers, body, do)


@deed(
    f"{NOTICES}/{{notice:int}}/read",
    Operation(
        id="readNotice",
        tag="Own",
        summary="Mark one notice as read.",
        answer=Unread,
        example=Unread(0),
        path={"notice": "31"},
        body=Sent,
        body_example={},
        scope=WRITES,
        problems=(404,),
    ),
)
def read_notice(
    request: PageRequest, parts: NamedDependency[Parts], sent: NamedDependency[bytes], notice: FromPath[int]
) -> Response[bytes]:
    """One of somebody else, or that is read already, stays as it is."""
    person = granted(request, WRITES)
    body = body_as(request, sent, Sent)
    if not 0 < notice <= _LARGEST:
        raise NotFound(str(notice)[:20])

    def do() -> Unread:
        parts.notices.mark(person, notice)
        return Unread(parts.notices.unread(person))

    return beside(request, person, parts.keeping_answers, body, do)


class Mail(Controller):
    path = f"{NOTICES}/mail"

    @get(
        sync_to_thread=True,
        api=Operation(
            id="getMailChoices",
            tag="Own",
            summary="Of which notices the owner of the token gets mail.",
            asked=Asked,
            answer=MailChoices,
            example=MailChoices({"mentioned": By.AT_ONCE, "followed": By.DIGEST}),
        ),
    )
    def mail_choices(
        self, request: PageRequest, asked: NamedDependency[Form], parts: NamedDependency[Parts]
    ) -> Response[bytes]:
        person = granted(request, READS)
        asked_as(asked, Asked)
        return answered(request, _choices(parts.notice_choices.of(person)))

    @deed(
        "",
        Operation(
            id="chooseMail",
            tag="Own",
            summary="Choose of which notices mail is wanted.",
            answer=MailChoices,
            example=MailChoices({"mentioned": By.AT_ONCE, "followed": By.NONE}),
            body=ChooseMail,
            body_example={"mail": {"followed": "none"}},
            scope=WRITES,
        ),
    )
    def choose_mail(
        self, request: PageRequest, parts: NamedDependency[Parts], sent: NamedDependency[bytes]
    ) -> Response[bytes]:
        """A kind of which the owner is never told is refused."""
        person = granted(request, WRITES)
        body = body_as(request, sent, ChooseMail)

        def do() -> MailChoices:
            chosen = dict(parts.notice_choices.of(person))
            if not body.mail.keys() <= {kind.value for kind in chosen}:
                raise Refused(Refusal("form.choice-unknown", field="mail"))
            chosen |= {Kind(kind): by for kind, by in body.mail.items()}
            parts.notice_choices.choose(person, chosen)
            return _choices(parts.notice_choices.of(person))

        return beside(request, person, parts.keeping_answers, body, do)


def _choices(chosen: Chosen) -> MailChoices:
    return MailChoices({kind.value: by for kind, by in chosen.items()})
