"""`GET /api/v1/local-governments` and `/api/v1/procedures`, and one of each."""

from typing import Any, Final

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import scope_of
from application.procedures import Version
from application.reading import NotFound
from application.reference import LocalGovernment
from application.script import sort_key
from application.views.partners import LocalGovernmentFile
from domain.initiatives.terms import Stage
from web.api.http.answering import answered, as_of
from web.api.http.asking import AsOfAsked, asked_as, granted
from web.api.http.describing import READS, Operation
from web.api.register import examples
from web.api.register.shapes import (
    LocalGovernmentList,
    LocalGovernmentShown,
    ProcedureList,
    ProcedureShown,
    ProcedureStep,
    ProcedureSummary,
)
from web.casework import Casework
from web.forms import Form
from web.session import PageRequest

TOWNS: Final = "/api/v1/local-governments"
PROCEDURES: Final = "/api/v1/procedures"


@get(
    TOWNS,
    past=True,
    sync_to_thread=True,
    api=Operation(
        id="listLocalGovernments",
        tag="Reference",
        summary="Every local government within sight, by the alphabet, with what it has under way.",
        asked=AsOfAsked,
        answer=LocalGovernmentList,
        example=LocalGovernmentList((examples.TOWN_SHOWN,), None),
    ),
)
def list_local_governments(
    request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]
) -> Response[bytes]:
    person = granted(request, READS)
    asked_as(asked, AsOfAsked)
    files = {file.code: file for file in work.reading.local_governments(person)}
    own = scope_of(person).local_government
    units = sorted(work.local_governments.by_code.values(), key=lambda unit: sort_key(unit.name))
    shown = tuple(_town(unit, files.get(unit.code)) for unit in units if own in (None, unit.code))
    return answered(request, LocalGovernmentList(shown, as_of(request)))


@get(
    f"{TOWNS}/{{code:str}}",
    past=True,
    sync_to_thread=True,
    api=Operation(
        id="getLocalGovernment",
        tag="Reference",
        summary="One local government, with what it has under way.",
        asked=AsOfAsked,
        path={"code": examples.TOWN},
        answer=LocalGovernmentShown,
        example=examples.TOWN_SHOWN,
        problems=(404,),
    ),
)
def one_local_government(
    request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework], code: FromPath[str]
) -> Response[bytes]:
    person = granted(request, READS)
    asked_as(asked, AsOfAsked)
    unit = work.local_governments.by_code.get(code)
    if unit is None:
        raise NotFound(code)
    return answered(request, _town(unit, work.reading.local_government(person, code)))


class ProcedureListing(Controller):
    path = PROCEDURES

    @get(
        past=True,
        sync_to_thread=True,
        api=Operation(
            id="listProcedures",
            tag="Reference",
            summary="Every version of the procedures, with how many cases follow it; for those who see every case.",
            asked=AsOfAsked,
            answer=ProcedureList,
            example=ProcedureList((examples.PROCEDURE,), None),
        ),
    )
    def list_procedures(
        self, request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]
    ) -> Response[bytes]:
        person = granted(request, READS)
        asked_as(asked, AsOfAsked)
        followed = work.keeping_procedures.followed(person)
        versions = work.keeping_procedures.versions(person)
        shown = tuple(ProcedureSummary(**_version(one, work, followed.get(one.procedure.pin, 0))) for one in versions)
        return answered(request, ProcedureList(shown, as_of(request)))


@get(
    f"{PROCEDURES}/{{pin:str}}",
    past=True,
    sync_to_thread=True,
    api=Operation(
        id="getProcedure",
        tag="Reference",
        summary="One version: its steps, and the text of its file; for those who see every case.",
        asked=AsOfAsked,
        path={"pin": examples.PROCEDURE.pin},
        answer=ProcedureShown,
        example=examples.PROCEDURE_SHOWN,
        problems=(404,),
    ),
)
def one_procedure(
    request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework], pin: FromPath[str]
) -> Response[bytes]:
    person = granted(request, READS)
    asked_as(asked, AsOfAsked)
    found = work.keeping_procedures.version(person, pin)
    if found is None:
        raise NotFound(pin)
    cases = work.keeping_procedures.followed(person).get(pin, 0)
    body = ProcedureShown(
        **_version(found, work, cases),
        second_person=found.procedure.second_person,
        steps=tuple(_steps(found)),
        text=found.text,
        as_of=as_of(request),
    )
    return answered(request, body)


def _town(unit: LocalGovernment, file: LocalGovernmentFile | None) -> LocalGovernmentShown:
    return LocalGovernmentShown(
        code=unit.code,
        name=unit.name,
        district=unit.district,
        city=unit.parent,
        by_stage=file.by_stage if file else {},
        by_country=file.countries if file else {},
        updated=file.updated if file else None,
    )


def _version(version: Version, work: Casework, cases: int) -> dict[str, Any]:
    procedure = version.procedure
    newest = work.procedures.now().of_code(procedure.code)[-1]
    return {
        "pin": procedure.pin,
        "code": procedure.code,
        "version": procedure.version,
        "title_sr": procedure.title.sr,
        "title_en": procedure.title.en,
        "in_force": newest.pin == procedure.pin,
        "cases": cases,
    }


def _steps(version: Version) -> list[ProcedureStep]:
    steps = version.procedure.steps
    return [
        ProcedureStep(
            stage=stage,
            deed=steps[stage].deed,
            actor=steps[stage].actor,
            days=steps[stage].days,
            documents=tuple(document.value for document in steps[stage].documents),
            fields=steps[stage].fields,
        )
        for stage in Stage
        if stage in steps
    ]
