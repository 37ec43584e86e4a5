"""How a kind of cooperation is to be led: who acts at each stage, until when, on what papers and by which rules.

Law and practice change, so all of this is data: versioned files, which adapters read. A version never changes once a
case follows it; what a case follows is said by its facts.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import force_setattr, replace

from domain.calendars import Calendar, NoCalendar
from domain.initiatives.initiative import Initiative
from domain.initiatives.terms import EntryRule, Kind, Stage, Support
from domain.kernel import AccountId, Occasion


class Actor(StrEnum):
    """Whose move it is."""

    ASSOCIATION = "association"
    LOCAL_GOVERNMENT = "local_government"
    BOTH_SIDES = "both_sides"
    ASSEMBLY = "assembly"
    MINISTRY = "ministry"
    GOVERNMENT = "government"
    SIGNATORIES = "signatories"


OF_A_TOWN: Final = (Actor.LOCAL_GOVERNMENT, Actor.BOTH_SIDES, Actor.ASSEMBLY, Actor.SIGNATORIES)
"""Moves that the officers of a local government see to."""


class Counted(StrEnum):
    """Which days count."""

    CALENDAR = "calendar"
    WORKING = "working"


class Start(StrEnum):
    """From when the days count."""

    RECORDING = "recording"
    """The office's day on which the step became the next one."""
    FACT = "fact"
    """The day that the fact itself gives, which led to the stage; its recording where it gives none."""


class Document(StrEnum):
    """A paper that the usual deed of a stage may ask for."""

    INFORMATION = "information"
    PARTNER_PROFILE = "partner_profile"
    MODEL_DOCUMENTS = "model_documents"
    LETTER_OF_INTENT = "letter_of_intent"
    REVIEWED_DRAFT = "reviewed_draft"


class Deadline(msgspec.Struct, frozen=True):
    days: int
    start: Start = Start.RECORDING
    counted: Counted = Counted.CALENDAR
    pauses: tuple[Stage, ...] = ()
    """Stages at which the file is with somebody else: while it is there, no day counts."""


class Words(msgspec.Struct, frozen=True):
    """One text for every reader."""

    sr: str
    """Serbian in Cyrillic; Latin follows from it."""
    en: str


class Basis(msgspec.Struct, frozen=True):
    """On what a step stands: law or practice, in words, and where that is written."""

    text: Words
    reference: str = ""
    """An act and its article, in Cyrillic as its title is; empty where practice alone is the basis."""


ESCALATE_AFTER: Final = 7
CONFIRM_MONTHS: Final = 12
"""Each partnership is confirmed yearly by its local government."""
DORMANT_MONTHS: Final = 24


class Step(msgspec.Struct, frozen=True):
    """What is next at a stage: the deed that moves the case on, whose move it is, and until when."""

    deed: str
    actor: Actor
    deadline: Deadline | None = None
    """None where no time is set."""
    notice_months: int | None = None
    """Of a stage in which a term runs: months before its end in which the agreement is looked at, where it names no
    notice of its own."""
    documents: tuple[Document, ...] = ()
    """Papers without which the deed is refused."""
    fields: tuple[str, ...] = ()
    """Particulars without which the deed is refused, by their names in its command."""
    reminders: tuple[int, ...] | None = None
    """Days before the deadline on which somebody is to be reminded; None for the usual ones."""
    text: Words | None = None
    """What is to be done."""
    basis: Basis | None = None
    escalate_after: int = ESCALATE_AFTER
    """Days after the deadline; a step that is later than that comes to the approver."""
    confirm_months: int = CONFIRM_MONTHS
    """Of a stage in which the agreement runs: months without activity, after which the local government is asked
    whether the partnership is alive; 0 for never."""
    dormant_months: int = DORMANT_MONTHS
    """Months without activity, after which it may be dormant; 0 for never."""

    @property
    def days(self) -> int | None:
        """Those that the deadline gives."""
        return self.deadline.days if self.deadline else None


CODES: Final[dict[Kind, str]] = {
    Kind.TWINNING: "twinning",
    Kind.DECENTRALISED: "decentralised",
    Kind.PROJECT_BASED: "project_based",
    Kind.CROSS_BORDER: "cross_border",
    Kind.ASSOCIATION: "association",
    Kind.COOPERATION: "historic",
    Kind.FRIENDSHIP: "historic",
    Kind.UNKNOWN: "historic",
}
"""Which procedure a kind of cooperation has."""


MOVE: Final = "change-procedure"
"""The deed that moves a case to another version."""


class Procedure(msgspec.Struct, frozen=True, kw_only=True):
    """One version. Whoever changes anything makes another version."""

    code: str
    version: int = 1
    title: Words
    consent_required: bool = True
    """False lets the handler record why no consent is needed."""
    publication_before_signing: bool = True
    """False lets the signatories sign as soon as consent is there, or is not needed; publication may follow."""
    entry_rules: tuple[EntryRule, ...] = tuple(EntryRule)
    """Clauses on the entry into force that a decision may have."""
    second_person: tuple[str, ...] = ()
    """Deeds that a second person has to approve first; where there is any, moving a case to another version is one."""
    steps: dict[Stage, Step]
    """A stage that is missing here is none of this procedure."""
    instead: dict[str, Step] = {}
    """Other steps within a stage, by their deed; they follow from `steps`."""
    support: tuple[Support, ...] = ()
    """What coordination gives before it is completed; it follows from `steps`."""

    def __post_init__(self) -> None:
        coordinating, decided = self.steps.get(Stage.COORDINATING), self.steps.get(Stage.DECIDED)
        instead = {
            **_instead(coordinating, "give-support", "complete-coordination"),
            **_instead(decided, "publish", "sign-agreement"),
        }
        asked = coordinating.documents if coordinating else ()
        if self.second_person and MOVE not in self.second_person:
            force_setattr(self, "second_person", (*self.second_person, MOVE))
        force_setattr(self, "instead", instead)
        force_setattr(self, "support", tuple(item for item in Support if item.value in asked))

    @property
    def pin(self) -> str:
        """Names the version in facts, such as `twinning@2`."""
        return f"{self.code}@{self.version}"

    @property
    def pinned(self) -> str | None:
        """As a fact says it: one that names no procedure means version 1 of its kind."""
        return self.pin if self.version > 1 else None


def _instead(step: Step | None, *deeds: str) -> dict[str, Step]:
    return {deed: replace(step, deed=deed, documents=(), fields=()) for deed in deeds} if step else {}


class UnknownProcedure(Exception):
    """A case follows a version that is not at hand here. `pin` names it."""

    def __init__(self, pin: str) -> None:
        super().__init__(f"no procedure {pin}")
        self.pin = pin


class Procedures:
    """All versions that are at hand, the first of each code included, and the calendar that they count by.

    It does not change.
    """

    def __init__(self, versions: Iterable[Procedure], calendar: Calendar | None = None) -> None:
        self.calendar: Calendar = calendar or NoCalendar()
        self._versions = {procedure.pin: procedure for procedure in versions}
        self._in_force: dict[str, Procedure] = {}
        for procedure in sorted(self._versions.values(), key=lambda p: p.version):
            self._in_force[procedure.code] = procedure
        self._followed: dict[Kind, dict[str | None, Procedure]] = {}
        for kind, code in CODES.items():
            mine = {procedure.pin: procedure for procedure in self.of_code(code)}
            self._followed[kind] = {**mine, None: self._versions[f"{code}@1"]}

    def of(self, state: Initiative) -> Procedure:
        """The version that the case follows. Raises UnknownProcedure."""
        try:
            return self._followed[state.kind][state.procedure]
        except KeyError:
            raise UnknownProcedure(str(state.procedure)) from None

    def named(self, pin: str) -> Procedure | None:
        return self._versions.get(pin)

    def in_force(self, kind: Kind) -> Procedure:
        """The newest version, under which a case of this kind begins."""
        return self._in_force[CODES[kind]]

    def of_code(self, code: str) -> Sequence[Procedure]:
        """Every version, the first one first."""
        return sorted((p for p in self._versions.values() if p.code == code), key=lambda p: p.version)


class CaseOccasion(Occasion, frozen=True, kw_only=True):
    """An occasion on which something about a case is decided."""

    procedures: Procedures
    due: date | None = None
    """The day by which the case's next step is to be taken, as it stands before the decision; None where none is known.
    Only an extension asks for it.
    """
    also_for: tuple[AccountId, ...] = ()
    """Others who are away and for whom the actor stands in here, beside the one who is named."""
    one_human: tuple[frozenset[AccountId], ...] = ()
    """Accounts that belong to one human, where somebody has several."""


IN_TERM: Final = frozenset({Stage.ACTIVE, Stage.RENEWED})
"""Stages in which the agreement runs."""


def next_step(state: Initiative, procedure: Procedure) -> Step | None:
    """What moves the case on from where it stands; None where nothing is waited for."""
    stage = state.stage
    step = procedure.steps.get(stage)
    if step is None or (stage in IN_TERM and state.term.ends_on is None):
        return None
    if stage is Stage.COORDINATING and not state.coordinated:
        return procedure.instead["complete-coordination" if _supported(state, procedure) else "give-support"]
    if stage is Stage.DECIDED and state.consent_waived:
        may_sign = state.published or not procedure.publication_before_signing
        return procedure.instead["sign-agreement" if may_sign else "publish"]
    return step


def _supported(state: Initiative, procedure: Procedure) -> bool:
    given = state.support
    return all(item in given for item in procedure.support)
