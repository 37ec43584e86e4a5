"""`/api/v1/procedures` for administrators: a new version is begun, looked at and brought into force."""

import difflib
from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from msgspec import Meta

from domain.initiatives.procedure import Procedure
from web.admin.procedures import LONGEST
from web.api.http.answering import answered
from web.api.http.asking import Asked, asked_as, granted
from web.api.http.bodies import body_as
from web.api.http.describing import PROCEDURES_WRITE, Operation
from web.api.http.sending import CREATED, beside, deed
from web.api.register.deed_bodies import Sent
from web.api.register.reference import PROCEDURES, ProcedureListing
from web.casework import Casework
from web.forms import Form
from web.parts import Parts
from web.session import PageRequest

LARGEST_TEXT: Final = 600_000
"""Bytes of a body: a text of the longest in Cyrillic, as JSON may write it."""
_TEXT: Final = 'code = "twinning"\nversion = 2\n'


class DraftAsked(Asked, frozen=True, kw_only=True):
    code: Annotated[
        str, Meta(max_length=60, description="Of a procedure, such as `twinning`; any of them if empty.")
    ] = ""


class DraftText(msgspec.Struct, frozen=True):
    text: Annotated[str, Meta(description="The version in force with the next number, in TOML.")]


class ProcedureText(Sent, frozen=True, kw_only=True):
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST, description="The whole file, in TOML.")]


class DraftShown(msgspec.Struct, frozen=True, kw_only=True):
    """A text that could become a version."""

    pin: str
    title_sr: str
    title_en: str
    in_force: Annotated[str, Meta(description="The version that it would follow.")]
    changes: Annotated[str, Meta(description="Against that one, as a unified diff; empty where nothing differs.")]


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """In force for cases that begin from now on."""

    pin: str
    title_sr: str
    title_en: str


_NAMED: Final[dict[str, str]] = {"pin": "twinning@2", "title_sr": "Братимљење", "title_en": "Twinning"}


class Drafts(Controller):
    path = f"{PROCEDURES}/draft"

    @get(
        sync_to_thread=True,
        api=Operation(
            id="beginDraft",
            tag="Reference",
            summary="A text to begin a new version of a procedure with; for administrators.",
            asked=DraftAsked,
            answer=DraftText,
            example=DraftText(_TEXT),
            scope=PROCEDURES_WRITE,
        ),
    )
    def begin(
        self, request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]
    ) -> Response[bytes]:
        """Keeps nothing."""
        person = granted(request, PROCEDURES_WRITE)
        wanted = asked_as(asked, DraftAsked)
        return answered(request, DraftText(work.keeping_procedures.beginning(person, wanted.code)))

    @deed(
        "",
        Operation(
            id="checkDraft",
            tag="Reference",
            summary="Every flaw of a text, or what it would change.",
            answer=DraftShown,
            example=DraftShown(**_NAMED, in_force="twinning@1", changes="-version = 1\n+version = 2\n"),
            body=ProcedureText,
            body_example={"text": _TEXT},
            scope=PROCEDURES_WRITE,
        ),
        largest=LARGEST_TEXT,
    )
    def check(
        self,
        request: PageRequest,
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
    ) -> Response[bytes]:
        """Keeps nothing. A text with flaws is refused, with `line` among the parameters of each."""
        person = granted(request, PROCEDURES_WRITE)
        _ = work.keeping_procedures.beginning(person, "")
        body = body_as(request, sent, ProcedureText)

        def do() -> DraftShown:
            text = _tidied(body.text)
            draft = work.keeping_procedures.draft(person, text)
            before, after = draft.in_force.text.splitlines(), text.splitlines()
            lines = list(difflib.unified_diff(before, after, n=2, lineterm=""))[2:]
            return DraftShown(
                **_named(draft.procedure),
                in_force=draft.in_force.procedure.pin,
                changes="".join(f"{line}\n" for line in lines),
            )

        return beside(request, person, parts.keeping_answers, body, do)


class Procedures(ProcedureListing):
    """The list, and bringing a new one into force."""

    @deed(
        "",
        Operation(
            id="adoptProcedure",
            tag="Reference",
            summary="Bring a text into force as a new version; for administrators.",
            answer=Adopted,
            status=CREATED,
            example=Adopted(**_NAMED),
            body=ProcedureText,
            body_example={"text": _TEXT},
            scope=PROCEDURES_WRITE,
        ),
        largest=LARGEST_TEXT,
    )
    def adopt(
        self,
        request: PageRequest,
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
        sent: NamedDependency[bytes],
    ) -> Response[bytes]:
        """For cases that begin from now on. The same text again is the same version."""
        person = granted(request, PROCEDURES_WRITE)
        _ = work.keeping_procedures.beginning(person, "")
        body = body_as(request, sent, ProcedureText)

        def do() -> Adopted:
            return Adopted(**_named(work.keeping_procedures.adopt(person, _tidied(body.text))))

        return beside(request, person, parts.keeping_answers, body, do, status=CREATED)


def _named(procedure: Procedure) -> dict[str, Any]:
    return {"pin": procedure.pin, "title_sr": procedure.title.sr, "title_en": procedure.title.en}


def _tidied(text: str) -> str:
    """As the form does it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
