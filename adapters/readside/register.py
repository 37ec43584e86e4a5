"""The register: one row a case to filter, sort and search by, and the row as it is shown."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from adapters.readside.followed import FOLLOWED, followed
from adapters.readside.kept_past import Kept
from adapters.readside.look import Look, calendar_rules, reference_rules
from adapters.readside.page import CASES, PARTNERS, CaseChange, Page
from adapters.readside.places import KINDS, RULES, STAGES, number_of
from adapters.readside.register_counts import COUNTS, counted
from adapters.readside.table import Columns, Differences, Rows, Table
from application.reference import LocalGovernments
from application.views.register import NOBODY, RegisterRow
from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative, occurred
from domain.initiatives.sides import disagreements

ROWS: Final = Table(
    name="register",
    key=("case_id",),
    columns={
        "case_id": "uuid",
        "number": "bigint NOT NULL",  # see number_of
        "stage": "smallint NOT NULL",  # see STAGES
        "kind": "smallint NOT NULL",  # see KINDS
        "handler": "text NOT NULL",  # account, or NOBODY
        "due": "date",
        "homes": "text[] NOT NULL",
        "others": "text[] NOT NULL",  # local governments that observe
        "country": 'text COLLATE "C" NOT NULL',  # see Look
        "partners": "uuid[] NOT NULL",  # as the case holds them, and whom they were merged into
        "differs": "boolean NOT NULL",  # its sides say what cannot all be right
        "position": "bigint NOT NULL",  # of the newest fact: the order of changing
        "block": "integer NOT NULL",  # in which it was written, see kept_past
        "pair": 'text COLLATE "C" NOT NULL',
        "body": "text NOT NULL",  # RegisterRow
    },
    documents=("body",),
    indexes=(
        "CREATE INDEX ON views.register (position)",
        "CREATE INDEX ON views.register (number)",
        "CREATE INDEX ON views.register (number) WHERE differs",
        "CREATE INDEX ON views.register (pair, number)",
        "CREATE INDEX ON views.register (stage, number)",
        "CREATE INDEX ON views.register (stage, due, number)",
        "CREATE INDEX ON views.register (kind, number)",
        "CREATE INDEX ON views.register (country, stage, due, number) INCLUDE (case_id)",
        "CREATE INDEX ON views.register (due, number)",
        "CREATE INDEX ON views.register USING gin (homes)",
        "CREATE INDEX ON views.register USING gin (others) WHERE cardinality(others) > 0",
        "CREATE INDEX ON views.register USING gin (partners)",
    ),
)
KEPT: Final = Kept.of(ROWS)
_PUT: Final = ROWS.upsert()


class Row(msgspec.Struct, gc=False):
    case_id: UUID
    number: int
    stage: int
    kind: int
    handler: str
    due: date | None
    homes: tuple[str, ...]
    others: tuple[str, ...]
    country: str
    partners: tuple[UUID, ...]
    differs: bool
    position: int
    block: int
    pair: str
    body: RegisterRow


class RegisterView:
    name = "register"
    revision = 8
    keeps = (RegisterRow,)
    needs = (CASES, PARTNERS)
    reads: Sequence[str] = ()
    tables = (ROWS, KEPT.was, COUNTS.table, FOLLOWED.table)

    def __init__(self, names: LocalGovernments) -> None:
        self.rules: Sequence[object] = (RULES, reference_rules(names), calendar_rules())

    def project(self, page: Page) -> Sequence[Rows | Columns | Differences]:
        block = page.block
        left = KEPT.before([change.case for change in page.changes if change.before], block)
        rows = Rows(_PUT, [row_of(change, block) for change in page.changes])
        return left, rows, counted(page.changes), followed(page.changes)


def row_of(change: CaseChange, block: int) -> Row:
    look, state = change.after, change.after.entry.state
    return Row(
        case_id=change.case,
        number=number_of(state.number),
        stage=STAGES[state.stage],
        kind=KINDS[state.kind],
        handler=str(state.handler) if state.handler else NOBODY,
        due=look.due,
        homes=look.homes,
        others=look.others,
        country=look.country,
        partners=look.ids,
        differs=bool(disagreements(state)),
        position=look.entry.position,
        block=block,
        pair=look.pair,
        body=shown(change.case, look),
    )


def shown(case: UUID, look: Look) -> RegisterRow:
    entry, state = look.entry, look.entry.state
    step = entry.step
    historic = state.last(e.HistoricAgreementEntered)
    source = historic or state.last(e.InitiativeTakenOver)
    return RegisterRow(
        case=case,
        number=state.number,
        home=look.homes,
        partners=look.partners,
        kind=state.kind,
        stage=state.stage,
        handler=state.handler,
        deed=step.deed if step else None,
        actor=step.actor if step else None,
        due=look.due,
        since=entry.since,
        updated=entry.updated,
        version=state.version,
        proposed_on=occurred(state, e.InitiativeProposed),
        signed_on=_signed_on(state),
        ends_on=state.term.ends_on,
        tacit_renewal=state.term.tacit_renewal,
        visits=len(state.visits),
        source=source.source if source else None,
        remark=source.remark if source else None,
    )


def _signed_on(state: Initiative) -> PartialDate | None:
    """Of the newest agreement; a historic one happened when it was signed."""
    return occurred(state, e.AgreementSigned) or occurred(state, e.HistoricAgreementEntered)
