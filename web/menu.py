"""The main menu: what exists, for whom."""

from collections.abc import Sequence
from typing import Final

import msgspec

from application.access import READS_ALL, Person, Role
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

OWN_ACCOUNT: Final = "/account"
"""Behind the person's name at the foot of the menu."""
OWN_TOKENS: Final = "/account/tokens"
_CASEWORK = READS_ALL | {Role.OFFICER}
_TECHNICIAN = frozenset({Role.TECHNICIAN})


class Entry(msgspec.Struct, frozen=True):
    """One line of the menu."""

    path: str
    text: str
    """A message of the catalogue."""
    icon: str
    roles: frozenset[Role]
    key: str = ""
    """After `g`, the key that goes there."""
    others: bool = False
    """Whoever has another role may have something there too, and comes by another link."""

    def current(self, path: str) -> bool:
        """Whether a page lies under this entry."""
        return path == self.path or (self.path != "/" and path.startswith(f"{self.path}/"))


MENU = (
    Entry("/", N_("My desk"), "desk", _CASEWORK, "s"),
    Entry("/initiatives", N_("Initiatives"), "list", _CASEWORK, "i"),
    Entry("/followed", N_("Followed cases"), "star", _CASEWORK, "f"),
    Entry("/calendar", N_("Calendar"), "calendar", _CASEWORK, "c"),
    Entry("/partners", N_("Partners"), "people", _CASEWORK, "p"),
    Entry("/local-governments", N_("Local governments"), "town", _CASEWORK, "l"),
    Entry("/audit", N_("Audit"), "shield", READS_ALL, "u"),
    Entry("/admin/accounts", N_("Accounts"), "user", frozenset({Role.ADMINISTRATOR}), "a"),
    Entry("/admin/tokens", N_("Tokens"), "link", frozenset({Role.ADMINISTRATOR}), "t"),
    Entry("/admin/people", N_("Personal data"), "shield", frozenset({Role.ADMINISTRATOR}), "d"),
    Entry("/admin/subscriptions", N_("Subscriptions"), "export", frozenset({Role.ADMINISTRATOR}), "w"),
    Entry("/subscriptions", N_("Subscriptions"), "export", _TECHNICIAN, "w", others=True),
    Entry(OWN_TOKENS, N_("Tokens"), "link", _TECHNICIAN, "t", others=True),
    Entry("/admin/procedures", N_("Procedures"), "file", READS_ALL | {Role.ADMINISTRATOR}, "r"),
)
_MENUS = {role: tuple(entry for entry in MENU if role in entry.roles) for role in Role}


def menu_of(person: Person | None) -> Sequence[Entry]:
    return _MENUS[person.role] if person else ()


def current_of(menu: Sequence[Entry], path: str) -> Entry | None:
    """The entry under which a page lies."""
    return next((entry for entry in menu if entry.current(path)), None)


def may_open(person: Person, address: str) -> bool:
    """Whether the address lies under no entry of the menu, or under one that the person has."""
    entry = current_of(MENU, address.partition("?")[0])
    return entry is None or entry.others or person.role in entry.roles


def home_of(person: Person | None) -> str:
    """Where the work of a person begins."""
    return next((entry.path for entry in menu_of(person)), "/sign-in")
