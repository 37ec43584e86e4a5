"""The proposal form: who, with whom, and why."""

from collections.abc import Sequence
from typing import Any, Final

from application.access import Person
from application.partners import PartnerChoice
from application.ports import VaultEntry
from application.proposing import Proposal
from application.script import sort_key
from domain.initiatives.terms import PROPOSABLE_KINDS, Field, Kind, Origin
from domain.kernel import Refusal, Refused
from domain.partners.decisions import NOT_FOREIGN
from domain.partners.events import PartnerKind
from web.casework import Casework
from web.forms import Form
from web.initiatives.commanding import home_code, partner_named, split_country
from web.initiatives.naming import Names
from web.initiatives.presenting import word
from web.initiatives.questions import choice, choices, line, number, occurred, text
from web.initiatives.reading import converted, read_questions
from web.initiatives.words import FIELDS, ORIGINS, PARTNER_KINDS
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

QUESTIONS: Final = (
    line("local_government", needed=True, label=N_("Local government in Serbia")),
    line("partner", needed=True, label=N_("Partner abroad")),
    line("country"),
    line("part_of"),
    choice("partner_kind", PartnerKind, label=N_("Kind of partner")),
    choice("kind", Kind, needed=True),
    choices("fields", Field),
    text("rationale", needed=True, keeps="rationale"),
    choice("origin", Origin, needed=True),
    occurred(label=N_("Day of the proposal")),
    number("letter_number"),
    text("distinct_because"),
)


def opening_form(person: Person, names: Names) -> Form:
    """An officer proposes for the own local government."""
    own = names.unit(person.local_government) if person.local_government else ""
    return Form.showing(
        local_government=own, kind=Kind.TWINNING.value, origin=Origin.LOCAL_GOVERNMENT.value, partner_kind=""
    )


def read_proposal(form: Form, person: Person, work: Casework) -> tuple[Proposal, tuple[VaultEntry, ...]]:
    """Raises Refused with every reason, each at its field."""
    read = read_questions(form, QUESTIONS)
    home, partner = pair_of(read.values, person, work)
    values = {
        "local_governments": [home],
        "kind": read.values["kind"],
        "origin": read.values["origin"],
        "rationale": read.values["rationale"],
        "occurred_on": read.values["occurred_on"],
        "letter_number": read.values["letter_number"],
        "fields": read.values["fields"],
        "distinct_because": read.values["distinct_because"],
        "partner": {name: value for name, value in partner.items() if value},
    }
    return converted(values, Proposal), read.entries


def named_pair(asked: Form, person: Person, work: Casework) -> tuple[str, PartnerChoice] | None:
    """Both sides as far as they are typed, None while one of them cannot be told yet."""
    try:
        read = read_questions(asked, [q for q in QUESTIONS if q.name in ("local_government", "partner", "country")])
        home, partner = pair_of(read.values | {"part_of": None, "partner_kind": None}, person, work)
        return home, converted({name: value for name, value in partner.items() if value}, PartnerChoice)
    except Refused:
        return None


def pair_of(values: dict[str, Any], person: Person, work: Casework) -> tuple[str, dict[str, Any]]:
    """The code of the home side, and the partner as the use case wants it named: by its file where one was suggested.

    Raises Refused for both sides at once.
    """
    refusals: list[Refusal] = []
    home = ""
    try:
        home = home_code(values["local_government"], work)
    except Refused as refused:
        refusals += refused.refusals
    name, written = split_country(values["partner"])
    if not (country := values["country"] or written):
        refusals.append(Refusal("partner.country-missing", field="country"))
    if refusals:
        raise Refused(*refusals)
    if written and written == country:
        return home, {"id": partner_named(values["partner"], person, work)}
    return home, {
        "name": name,
        "country": country,
        "part_of": values["part_of"],
        "kind": values["partner_kind"],
    }


def options(names: Names) -> dict[str, Sequence[tuple[str, str]]]:
    """What can be chosen, by the question."""
    spoken = names.spoken
    return {
        "local_government": names.units,
        "country": countries(spoken),
        "partner_kind": [(k.value, word(k, spoken)) for k in PARTNER_KINDS],
        "kind": [(k.value, word(k, spoken)) for k in PROPOSABLE_KINDS],
        "fields": [(f.value, word(f, spoken)) for f in FIELDS],
        "origin": [(o.value, word(o, spoken)) for o in ORIGINS],
    }


def countries(spoken: Language) -> list[tuple[str, str]]:
    """Every country abroad, by its name."""
    abroad = [(iso, name) for iso, name in spoken.countries.items() if iso not in NOT_FOREIGN]
    return sorted(abroad, key=lambda country: sort_key(country[1]))
