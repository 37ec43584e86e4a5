"""Names as the reader reads them: ours in the reader's script, foreign ones as their owners write them."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from uuid import UUID

import msgspec

from application.access import OPERATOR, Person, Role
from application.accounts import Account, Accounts
from application.asking_sides import PARTNER_ABROAD
from application.reference import LocalGovernments, UnitKind
from application.script import sort_key
from application.views.register import PartnerName
from domain.initiatives.deeds import approvable
from domain.initiatives.initiative import Initiative
from domain.initiatives.policies import particulars_asked
from domain.initiatives.procedure import Procedure, Procedures
from domain.partners.partner import Name, Partner
from web.initiatives.deed_words import DEEDS
from web.initiatives.words import UNITS
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

MOST_KEPT = 8192
_SHOWN = 2
"""How many names of one side stand in a line before the others are counted."""


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides of a case in one line."""

    home: str
    partner: str
    iso: str
    country: str


def procedure_name(version: Procedure, spoken: Language) -> str:
    named = {"procedure": spoken.either(version.title.sr, version.title.en), "version": version.version}
    return spoken.gettext(N_("%(procedure)s, version %(version)s")) % named


class Names:
    """Made for one request: it asks for the accounts at most once, and only where a page names a person."""

    def __init__(self, spoken: Language, units: LocalGovernments, accounts: Accounts, procedures: Procedures) -> None:
        self.spoken = spoken
        self._procedures = procedures
        self._units = units
        self._accounts = accounts

    def unit(self, code: str) -> str:
        """`Opština Varvarin`, `Gradska opština Sevojno (Užice)`; the code itself where it names nothing."""
        return _unit(self.spoken, self._units, code)

    def short(self, code: str) -> str:
        """`Varvarin`, `Sevojno (Užice)`."""
        return _short(self.spoken, self._units, code)

    def district(self, code: str) -> str:
        unit = self._units.by_code.get(code)
        return self.spoken.name(unit.district) if unit else ""

    @cached_property
    def units(self) -> Sequence[tuple[str, str]]:
        """Every local government: code and full name, by the alphabet."""
        ordered = sorted(self._units.by_code.values(), key=lambda unit: sort_key(unit.name))
        return [(unit.code, self.unit(unit.code)) for unit in ordered]

    def procedure(self, pin: str) -> str:
        """`Bratimljenje, verzija 2`; the code itself where no such version is at hand."""
        found = self._procedures.named(pin)
        return procedure_name(found, self.spoken) if found else pin

    def asked_by_procedure(self, state: Initiative, deed: str) -> Sequence[str]:
        """Names of the questions that the case's procedure wants answered in the form of a deed."""
        return particulars_asked(state, deed, self._procedures.of(state))

    def procedures(self, state: Initiative) -> Sequence[tuple[str, str]]:
        """The versions to which a case can be moved, the newest first."""
        followed = self._procedures.of(state)
        others = [version for version in self._procedures.of_code(followed.code) if version != followed]
        return [(version.pin, procedure_name(version, self.spoken)) for version in reversed(others)]

    def approvable(self, state: Initiative) -> Sequence[tuple[str, str]]:
        """Deeds that need a second person at this stage, those that were asked for first."""
        possible = sorted(approvable(state, self._procedures.of(state)), key=lambda deed: deed not in state.asked)
        return [(deed, self.spoken.gettext(DEEDS[deed].title)) for deed in possible]

    def pair(self, home: Sequence[str], partners: Sequence[PartnerName]) -> Pair:
        return _pair(self.spoken, self._units, tuple(home), tuple(partners), _unit)

    def short_pair(self, home: Sequence[str], partners: Sequence[PartnerName]) -> Pair:
        return _pair(self.spoken, self._units, tuple(home), tuple(partners), _short)

    def person(self, account: UUID | None) -> str:
        """Who it is; a word for nobody, or for an account that is not known here."""
        if account is None:
            return self.spoken.gettext(N_("Nobody"))
        if account == OPERATOR.account:
            return self.spoken.gettext(N_("Pobratim (operator)"))
        if account == PARTNER_ABROAD.account:
            return self.spoken.gettext(N_("The side abroad"))
        found = self._found(account)
        return found.name if found else self.spoken.gettext(N_("Unknown account"))

    def person_by_text(self, account: str) -> str:
        """As `person`, for an id that came in an address."""
        try:
            return self.person(UUID(account))
        except ValueError:
            return account

    def with_town(self, account: UUID) -> str:
        """A person, with the local government of a municipal officer."""
        found = self._found(account)
        if found is None or found.local_government is None:
            return self.person(account)
        return f"{found.name}, {self.unit(found.local_government)}"

    @property
    def handlers(self) -> Sequence[tuple[str, str]]:
        """Who may lead cases: account id as text, and name."""
        return [
            (str(account.id), account.name)
            for account in self._people.values()
            if account.role is Role.COORDINATOR and not account.disabled
        ]

    def colleagues(self, state: Initiative, fits: Callable[[Person, Initiative], bool]) -> Sequence[tuple[str, str]]:
        """Those who fit a case: account id as text, and name with the town of an officer."""
        return [
            (str(account.id), self.with_town(account.id))
            for account in self._people.values()
            if not account.disabled and fits(account.person, state)
        ]

    def _found(self, account: UUID) -> Account | None:
        return self._people.get(account) or self._now.get(account)

    @cached_property
    def _now(self) -> Mapping[UUID, Account]:
        """Where somebody is not known yet: asked for once, whoever else is missing."""
        return {account.id: account for account in self._accounts.all()}

    @cached_property
    def _people(self) -> Mapping[UUID, Account]:
        return self._accounts.lately()


# Names of towns and pairs are asked for again and again: each is put together once for every language.


@lru_cache(MOST_KEPT)
def _pair(
    spoken: Language,
    units: LocalGovernments,
    home: tuple[str, ...],
    partners: tuple[PartnerName, ...],
    named: Callable[[Language, LocalGovernments, str], str],
) -> Pair:
    return Pair(
        home=_several(spoken, [named(spoken, units, code) for code in home]),
        partner=_several(spoken, [foreign(partner) for partner in partners]),
        iso=partners[0].country if partners else "",
        country=spoken.country(partners[0].country) if partners else "",
    )


@lru_cache(MOST_KEPT)
def _unit(spoken: Language, units: LocalGovernments, code: str) -> str:
    unit = units.by_code.get(code)
    return spoken.gettext(UNITS[unit.kind]) % {"name": _short(spoken, units, code)} if unit else code


@lru_cache(MOST_KEPT)
def _short(spoken: Language, units: LocalGovernments, code: str) -> str:
    unit = units.by_code.get(code)
    if unit is None:
        return code
    name = spoken.name(unit.name)
    city = units.by_code.get(unit.parent) if unit.parent else None
    if city is None or unit.kind is not UnitKind.CITY_MUNICIPALITY:
        return name
    return f"{name} ({spoken.name(city.name)})"


def _several(spoken: Language, names: Sequence[str]) -> str:
    """`Bursa, Izmir`, and the others as a number."""
    shown, more = ", ".join(names[:_SHOWN]), len(names) - _SHOWN
    if more <= 0:
        return shown
    return f"{shown} {spoken.count('and %(num)s more', 'and %(num)s more', more)}"


def foreign(partner: PartnerName | Partner) -> str:
    """`Simmering (Vienna)`: the district with its city."""
    return f"{partner.name} ({partner.part_of})" if partner.part_of else partner.name


def other_name(name: Name, spoken: Language) -> str:
    """A Serbian name in the reader's script, any other as it is written."""
    return spoken.name(name.name) if name.language == "sr" else name.name


def initials(name: str) -> str:
    """First letters of the first two words: `Jelena Marković` gives `JM`."""
    return "".join(word[0] for word in name.split()[:_SHOWN] if word).upper()
