"""From a deed's form to its command: what a form asks in the office's way and a command in the program's."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from application.access import Person
from application.identity import case_id, vault_ref
from application.ports import VaultEntry
from application.script import fold
from domain.initiatives.decisions.anytime import CorrectFact
from domain.initiatives.deeds import DEEDS
from domain.initiatives.events import Correctable
from domain.initiatives.terms import PartyRole
from domain.kernel import Command, Refusal, Refused, VaultRef
from domain.words import CASE_NUMBER
from web.casework import Casework
from web.forms import Form
from web.initiatives.corrections import correction_questions, in_clear, restated
from web.initiatives.forms import DEED_FORMS
from web.initiatives.naming import foreign
from web.initiatives.reading import Read, converted, read_questions

Words = tuple[VaultEntry, ...]
_WITH_COUNTRY: Final = re.compile(r"(.+?)\s*\(([A-Z]{2})\)")
"""`Bursa (TR)`, as the list of suggestions writes it."""


def deed_command(code: str, form: Form, person: Person, work: Casework) -> tuple[Command, Words]:
    """What the form of a deed asks for, and the words that go with it. Raises Refused, each reason at its field."""
    read = read_questions(form, DEED_FORMS[code])
    values = read.values
    if code == "merge":
        values = _merge(values)
    elif code == "link-case":
        values = _link(values)
    elif code == "give-task":
        values = {**values, "task": str(vault_ref(form.key, "task"))}
    elif code == "add-party":
        values = _party(values, person, work)
    return converted(values, DEEDS[code].command), read.entries


def correction_command(
    version: int, fact: Correctable, form: Form, texts: Mapping[VaultRef, str | None]
) -> tuple[CorrectFact, Words]:
    """Words that were left as they are keep their place in the vault. Raises Refused."""
    read = _unchanged_words(fact, read_questions(form, correction_questions(fact)), texts)
    right = restated(fact, read)
    reason = VaultRef(UUID(read.values["reason"]))
    return CorrectFact(corrects=version, restated=right, reason=reason), read.entries


def _unchanged_words(fact: Correctable, read: Read, texts: Mapping[VaultRef, str | None]) -> Read:
    values, entries = dict(read.values), {str(entry.ref): entry for entry in read.entries}
    for name in [name for name, value in values.items() if isinstance(value, str) and value in entries]:
        was: VaultRef | None = getattr(fact, name, None)
        typed = entries[values[name]].text
        if typed == (texts.get(was) if was else in_clear(fact, name)):
            del entries[values[name]]
            values[name] = str(was) if was else None
    return Read(values, tuple(entries.values()))


def split_country(typed: str) -> tuple[str, str | None]:
    """Name and country of a partner as the suggestions write it; no country where none is written."""
    found = _WITH_COUNTRY.fullmatch(typed)
    return (found[1], found[2]) if found else (typed, None)


def _merge(values: Mapping[str, Any]) -> dict[str, Any]:
    number = values["into_number"]
    if not re.fullmatch(CASE_NUMBER, number):
        raise Refused(Refusal("initiative.merge-target-unknown", {"number": number}, "into_number"))
    return {**values, "into": str(case_id(number))}


def _link(values: Mapping[str, Any]) -> dict[str, Any]:
    number = values["other_number"]
    if not re.fullmatch(CASE_NUMBER, number):
        raise Refused(Refusal("initiative.link-target-unknown", {"number": number}, "other_number"))
    return {**values, "other": str(case_id(number))}


def _party(values: Mapping[str, Any], person: Person, work: Casework) -> dict[str, Any]:
    """A party is named by its partner's name or by its local government, in any spelling."""
    party = {"role": values["role"]}
    if typed := values["partner"]:
        party["partner"] = partner_named(typed, person, work)
    if typed := values["local_government"]:
        party["local_government"] = home_code(typed, work)
    if len(party) == 1:
        raise Refused(Refusal("initiative.party-unclear", field=_asked_of(values["role"])))
    return {"occurred_on": values["occurred_on"], "party": party}


def _asked_of(role: str) -> str:
    return "local_government" if role == PartyRole.HOME else "partner"


def home_code(typed: str, work: Casework, field: str = "local_government") -> str:
    """The code of the local government that a text names. Raises Refused."""
    found = work.local_governments.by_code.get(typed) or work.local_governments.find(typed)
    if found is None:
        raise Refused(Refusal("initiative.local-government-unknown", {"code": typed}, field))
    return found.code


def partner_named(typed: str, person: Person, work: Casework, field: str = "partner") -> str:
    """The id of the one partner that bears a name, with its country where the name alone is not enough.

    Raises Refused at `field` where none or several do.
    """
    name, country = split_country(typed)
    like = work.reading.partners_like(person, name, country)
    exact = [file for file in like if foreign(file.partner) == name]
    found = exact or [file for file in like if _bears(file.partner.all_names, name)]
    if len(found) != 1:
        code = "partner.several" if found else "partner.unknown"
        raise Refused(Refusal(code, {"name": name}, field))
    return str(found[0].id)


def _bears(names: Sequence[str], name: str) -> bool:
    return fold(name) in {fold(known) for known in names}
