"""What programs send for each deed: the fields of its command, with words in the place of references to words."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, cast, get_args, get_type_hints
from uuid import UUID

import msgspec
from msgspec import Meta

from application.identity import case_id, vault_ref
from application.partners import PartnerChoice
from application.ports import VaultEntry
from application.proposing import Proposal
from domain.initiatives import deeds
from domain.initiatives.terms import Party, PartyRole
from domain.kernel import Command, CommandKey, Refusal, Refused, VaultRef
from domain.partners.decisions import RegisterPartner
from domain.partners.events import PartnerKind
from domain.words import UNSEEN, CaseNumber, Country, Line, LocalGovernmentCode, LongLine
from web.forms import TEXT
from web.initiatives.forms import DEED_FORMS, Questions
from web.initiatives.proposal_form import QUESTIONS
from web.initiatives.questions import Question
from web.initiatives.words import LANGUAGES
from web.partners.words import PARTNER_DEEDS, REGISTER

Text = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=TEXT,
        pattern=rf"^(?=[\s\S]*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f{UNSEEN}]*$(?!\n)",
        description="Words of a person. They are kept beside the log, where they can be erased.",
    ),
]
_DERIVED: Final[Mapping[str, frozenset[str]]] = {
    "merge": frozenset({"into"}),
    "link-case": frozenset({"other"}),
    "unlink-case": frozenset({"other"}),
    "give-task": frozenset({"task"}),
}
"""Fields that follow from the others, or from the key of the request."""


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body without any field."""


class PartySent(Sent, frozen=True, kw_only=True):
    """Either a local government at home, or a partner abroad."""

    role: PartyRole
    local_government: LocalGovernmentCode | None = None
    partner: UUID | None = None


class ChoiceSent(Sent, frozen=True, kw_only=True):
    """A partner by its file, or by name and country: then it is found, or its file is opened."""

    id: UUID | None = None
    name: Line | None = None
    country: Country | None = None
    kind: PartnerKind = PartnerKind.LOCAL_GOVERNMENT
    part_of: Line | None = None


_INSTEAD: Final[Mapping[type[Command], Mapping[str, Any]]] = {
    deeds.DEEDS["add-party"].command: {"party": PartySent},
    deeds.DEEDS["unlink-case"].command: {"other_number": CaseNumber},
    Proposal: {"partner": ChoiceSent},
}
"""Fields that have another shape, or another name, than in the command."""


@cache
def deed_body(code: str) -> type[msgspec.Struct]:
    """Of a deed on a case."""
    return _body(deeds.DEEDS[code].command, _named(code), DEED_FORMS[code], _DERIVED.get(code, frozenset()))


@cache
def partner_body(code: str) -> type[msgspec.Struct]:
    return _body(PARTNER_DEEDS[code].command, f"{_named(code)}Partner", PARTNER_DEEDS[code].questions)


@cache
def proposal_body() -> type[msgspec.Struct]:
    return _body(Proposal, "Propose", QUESTIONS)


@cache
def registration_body() -> type[msgspec.Struct]:
    return _body(RegisterPartner, "RegisterPartner", REGISTER)


def deed_command(code: str, sent: msgspec.Struct, key: CommandKey) -> tuple[Command, tuple[VaultEntry, ...]]:
    """The command, and the words that go with it. Raises Refused."""
    values, entries = said(sent, key, DEED_FORMS[code])
    match code:
        case "merge":
            values["into"] = case_id(values["into_number"])
        case "link-case":
            values["other"] = case_id(values["other_number"])
        case "unlink-case":
            values = {"other": case_id(values["other_number"])}
        case "give-task":
            values["task"] = vault_ref(key, "task")
        case "add-party":
            values["party"] = _party(values["party"])
        case _:
            pass
    return deeds.DEEDS[code].command(**values), entries


def partner_command(code: str, sent: msgspec.Struct, key: CommandKey) -> tuple[Command, tuple[VaultEntry, ...]]:
    values, entries = said(sent, key, PARTNER_DEEDS[code].questions)
    return PARTNER_DEEDS[code].command(**values), entries


def proposal_of(sent: msgspec.Struct, key: CommandKey) -> tuple[Proposal, tuple[VaultEntry, ...]]:
    values, entries = said(sent, key, QUESTIONS)
    named, _ = said(values["partner"], key, ())
    values["partner"] = PartnerChoice(**named)
    return Proposal(**values), entries


def said(sent: msgspec.Struct, key: CommandKey, questions: Questions) -> tuple[dict[str, Any], tuple[VaultEntry, ...]]:
    """The fields as a command has them: lines tidied, words in the vault. Raises Refused for an unknown language."""
    asked_of = {question.name: question for question in questions}
    values: dict[str, Any] = {}
    entries: list[VaultEntry] = []
    for name in sent.__struct_fields__:
        asked = asked_of.get(name)
        value: Any = getattr(sent, name)
        if type(value) is str:
            value = tidied(value, asked)
        elif isinstance(value, tuple):
            value = tuple(dict.fromkeys(cast("tuple[Any, ...]", value)))
            if asked and asked.source == "languages" and not {*value} <= LANGUAGES.keys():
                raise Refused(Refusal("form.choice-unknown", field=name))
        if asked and asked.keeps and value:
            entries.append(VaultEntry(vault_ref(key, name), asked.keeps, value))
            value = entries[-1].ref
        values[name] = value
    return values, tuple(entries)


def tidied(text: str, asked: Question | None = None) -> str:
    """As the forms do it."""
    if asked and asked.control == "text":
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return " ".join(text.split())


def _body(
    command: type[Command], name: str, questions: Questions, derived: frozenset[str] = frozenset()
) -> type[msgspec.Struct]:
    hints, instead = get_type_hints(command, include_extras=True), _INSTEAD.get(command, {})
    lines = {question.name for question in questions if question.control == "line"}
    fields: list[Any] = []
    for field in msgspec.structs.fields(command):
        if field.name in derived:
            continue
        words: Any = LongLine if field.name in lines else Text
        kind = instead.get(field.name) or _worded(hints[field.name], words)
        fields.append((field.name, kind) if field.required else (field.name, kind, field.default))
    known = {field[0] for field in fields}
    fields += [(field, kind) for field, kind in instead.items() if field not in known]
    return msgspec.defstruct(name, fields, bases=(Sent,), frozen=True, kw_only=True, module=__name__)


def _worded(hint: Any, words: Any) -> Any:
    """The type of a field, with words in the place of a reference to them."""
    if hint is VaultRef:
        return words
    return words | None if VaultRef in get_args(hint) else hint


def _party(sent: PartySent) -> Party:
    """Raises Refused where it is not exactly one of the two."""
    if (sent.local_government is None) == (sent.partner is None):
        raise Refused(Refusal("initiative.party-unclear", field="party"))
    return Party(role=sent.role, local_government=sent.local_government, partner=sent.partner)


def _named(code: str) -> str:
    """`sign-agreement` gives `SignAgreement`."""
    return "".join(part.capitalize() for part in code.split("-"))
