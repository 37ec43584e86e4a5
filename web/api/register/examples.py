"""Examples of what the API answers. A test holds them against the types, and shows that nothing of them is stale."""

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from domain.dates import PartialDate
from domain.initiatives.procedure import Actor
from domain.initiatives.terms import Field, Kind, Origin, PartyRole, Stage, Support
from domain.partners.events import NameKind, PartnerKind
from web.api.register.shapes import (
    AccountName,
    Awaited,
    CalendarDay,
    CalendarShown,
    Case,
    CaseChoices,
    CasePage,
    CaseParty,
    CaseSummary,
    CaseTerm,
    CaseTexts,
    DatedCase,
    LocalGovernmentShown,
    MyTask,
    OtherName,
    PartnerShown,
    PartnerSide,
    PartnersPage,
    ProcedureShown,
    ProcedureStep,
    ProcedureSummary,
    QueueShown,
    Reason,
    RefusedDeed,
    TaskList,
)

NUMBER: Final = "2026-0042"
TOWN: Final = "leskovac"
PARTNER: Final = UUID("0b4f2d56-9a2e-5c6e-8e0e-3f6f7a1d9c11")
HANDLER: Final = UUID("5d8f1c9a-7c2b-4f6e-9d11-2f3a4b5c6d7e")
WORDS: Final = UUID("9a1b2c3d-4e5f-5a6b-8c7d-0e1f2a3b4c5d")
TASK: Final = UUID("3c4d5e6f-7081-5293-a4b5-c6d7e8f90a1b")
AT: Final = datetime(2026, 3, 17, 7, 30, tzinfo=UTC)
DUE: Final = date(2026, 4, 16)
LEADS: Final = AccountName(HANDLER, "Jelena Marković")
_SIDE: Final = PartnerSide(PARTNER, "Bursa", "TR", None)
_NEXT: Final = Awaited("complete-coordination", Actor.ASSOCIATION, DUE)

SUMMARY: Final = CaseSummary(
    number=NUMBER,
    version=3,
    kind=Kind.TWINNING,
    stage=Stage.COORDINATING,
    concluded=False,
    local_governments=(TOWN,),
    partners=(_SIDE,),
    handler=LEADS,
    next=_NEXT,
    since=AT,
    updated=AT,
    proposed_on=PartialDate("2026-03-10"),
    signed_on=None,
    ends_on=None,
    tacit_renewal=False,
    visits=0,
    source=None,
    remark=None,
)
CASES: Final = CasePage(initiatives=(SUMMARY,), total=412, next="q83vASNFWzIwMjYwMDAwMDQyXQ", as_of=None)
QUEUE: Final = QueueShown(initiatives=(SUMMARY,), total=1, next=None, as_of=None)
CASE: Final = Case(
    number=NUMBER,
    version=3,
    kind=Kind.TWINNING,
    stage=Stage.COORDINATING,
    concluded=False,
    origin=Origin.LOCAL_GOVERNMENT,
    parties=(
        CaseParty(key=TOWN, role=PartyRole.HOME, local_government=TOWN, partner=None),
        CaseParty(key=str(PARTNER), role=PartyRole.PARTNER, local_government=None, partner=_SIDE),
    ),
    handler=LEADS,
    fields=(Field.CULTURE, Field.EDUCATION),
    support=(Support.INFORMATION,),
    procedure="twinning@1",
    term=CaseTerm(None, None, False),
    next=_NEXT,
    opened=AT,
    since=AT,
    updated=AT,
    proposed_on=PartialDate("2026-03-10"),
    signed_on=None,
    visits=0,
    tasks=(),
    links=(),
    asked=(),
    approvals=(),
    deeds=("give-support", "suspend", "withdraw", "hold-visit", "add-remark", "give-task", "correct"),
    refused=(
        RefusedDeed(
            "start-drafting",
            (
                Reason(
                    "initiative.coordination-incomplete",
                    {},
                    None,
                    "Coordination is not completed yet.",
                ),
            ),
        ),
    ),
    as_of=None,
)
CHOICES: Final = CaseChoices(
    handlers=(LEADS,), assignees=(LEADS,), mentions=(LEADS,), procedures=("twinning@2",), approvable=("terminate",)
)
TEXTS: Final = CaseTexts({str(WORDS): "Razmena učenika i kulturno nasleđe."})
PARTNER_SHOWN: Final = PartnerShown(
    id=PARTNER,
    version=2,
    name="Bursa",
    country="TR",
    kind=PartnerKind.LOCAL_GOVERNMENT,
    part_of=None,
    names=(OtherName("Бурса", NameKind.EXONYM, "sr"),),
    merged_into=None,
    cases=3,
    updated=AT,
)
PARTNERS: Final = PartnersPage(partners=(PARTNER_SHOWN,), total=1, next=None, as_of=None)
TOWN_SHOWN: Final = LocalGovernmentShown(
    code=TOWN,
    name="Лесковац",
    district="Јабланички",
    city=None,
    by_stage={"active": 4, "coordinating": 1},
    by_country={"BG": 3, "TR": 2},
    updated=AT,
)
_VERSION: Final[dict[str, Any]] = {
    "pin": "twinning@1",
    "code": "twinning",
    "version": 1,
    "title_sr": "Братимљење",
    "title_en": "Twinning",
    "in_force": True,
    "cases": 37,
}
PROCEDURE: Final = ProcedureSummary(**_VERSION)
PROCEDURE_SHOWN: Final = ProcedureShown(
    **_VERSION,
    second_person=(),
    steps=(
        ProcedureStep(
            stage=Stage.PROPOSED,
            deed="coordinate",
            actor=Actor.ASSOCIATION,
            days=15,
            documents=(),
            fields=(),
        ),
    ),
    text='code = "twinning"\nversion = 1\n',
    as_of=None,
)
TASKS: Final = TaskList(
    (MyTask(id=TASK, what="Pozvati Bursu", due=DUE, number=NUMBER, stage=Stage.COORDINATING),), 1, None, None
)
CALENDAR: Final = CalendarShown((CalendarDay(DUE, 1, (DatedCase("deadline", NUMBER, Stage.COORDINATING),)),), None)
EVENTS: Final[list[dict[str, Any]]] = [
    {
        "specversion": "1.0",
        "id": "1187",
        "source": "https://pobratim.example",
        "type": "initiative.coordination-started.v1",
        "subject": NUMBER,
        "time": "2026-03-17T07:30:00.000000Z",
        "datacontenttype": "application/json",
        "sequence": "00000000000000001187",
        "data": {
            "stream": "6c1a9f52-0d6f-5c8e-9a55-1a2b3c4d5e6f",
            "version": 2,
            "actor": str(HANDLER),
            "fact": {"fact": "initiative.coordination-started", "handler": str(HANDLER)},
        },
    }
]

WAITS: Final[dict[str, Any]] = {
    "number": NUMBER,
    "version": 4,
    "deed": "terminate",
    "waits_for": "approve",
    "href": f"/api/v1/initiatives/{NUMBER}",
}
_DONE: Final[dict[str, Any]] = {"version": 2, "position": 1187, "events": EVENTS}
DONE: Final[dict[str, Any]] = {"number": NUMBER, **_DONE}
PROPOSED: Final[dict[str, Any]] = {"number": NUMBER, "version": 1, "position": 1186, "events": []}
PARTNER_DONE: Final[dict[str, Any]] = {"id": str(PARTNER), "version": 3, "position": 1190, "events": []}
REGISTERED: Final[dict[str, Any]] = {"id": str(PARTNER), "version": 1, "position": 1188, "events": []}
PROPOSAL: Final[dict[str, Any]] = {
    "local_governments": [TOWN],
    "partner": {"name": "Bursa", "country": "TR"},
    "kind": "twinning",
    "origin": "local_government",
    "rationale": "Razmena učenika i kulturno nasleđe.",
    "occurred_on": "2026-03-10",
    "fields": ["culture", "education"],
}
REGISTRATION: Final[dict[str, Any]] = {"name": "Bursa", "country": "TR", "kind": "local_government"}
