"""The demo: an embedded server, the real register imported, an account for each role, and a subscriber."""

import contextlib
import secrets
import time
from collections.abc import Callable, Generator
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from application.access import OPERATOR, Role
from application.accounts import Account, OpenAccount
from application.handling import Request
from application.identity import command_key
from application.views.register import Phase, RegisterQuery
from domain.initiatives.decisions.anytime import NameHandler
from domain.initiatives.decisions.coordinating import MergeInitiative
from domain.initiatives.terms import Stage
from domain.kernel import AccountId, Refused
from web.cli.faults import Complaint
from web.demo_subscriber import subscriber
from web.main import EmbeddedPostgres, Installation, bring_up_to_date, embedded, open_table
from web.settings import Settings
from web.wiring.machine import CATCH_UP_SECONDS

Told = Callable[[str], None]
KEEPER: Final = replace(OPERATOR, role=Role.ADMINISTRATOR)
LOOK_SECONDS: Final = 1.0
"""How often it is looked whether the disk is full, while the views do not come on."""
LINKS_LAST: Final = timedelta(days=30)
TOWN: Final = "leskovac"
FILES: Final = ("partnerships.csv", "initiatives.csv")
_NEIGHBOURS: Final = "&".join(f"country={code}" for code in ("BA", "ME", "HR", "MK", "HU", "RO", "BG", "AL"))
PEOPLE: Final = (
    (Role.COORDINATOR, "Jelena Marković", None),
    (Role.OFFICER, "Milan Stojanović", TOWN),
    (Role.APPROVER, "Vesna Ćirić", None),
    (Role.AUDITOR, "Dragan Petrović", None),
    (Role.ADMINISTRATOR, "Ana Đorđević", None),
    (Role.TECHNICIAN, "Saša Ilić", None),
)
"""Invented. The address of each account is named after its role: the name says who, the role beside it says what."""
COLLEAGUE: Final = ("Milica Đokić", "milica.djokic@primer.rs")
"""A second coordinator, so that cases can be handed over."""
SAVED_FILTERS: Final = (
    ("Kasni, po roku", "due=late&column=stage&column=due&column=since&column=handler&sort=due", True),
    ("Susedi: partnerstva", "phase=partnership&" + _NEIGHBOURS + "&column=country&column=signed&column=ends", False),
)
"""Name, what the register shows under it, and whether for everybody at the association."""


class Ready(msgspec.Struct, frozen=True):
    settings: Settings
    folder: Path
    links: tuple[tuple[str, str, str], ...]
    """Role, sign-in address and name, the coordinator's first."""


@contextlib.contextmanager
def prepared(wished: Settings, folder: Path, port: int, told: Told) -> Generator[Ready]:
    """Everything up to the point where only the web is missing; `told` hears one line a step. Of the settings that
    somebody wished for, those that do not follow from folder and port are kept, such as the language.

    Raises a Fault in one line where the folder or the database cannot be used.
    """
    told(f"Starting PostgreSQL in {folder} …")
    with embedded(folder) as server:
        if server.folder != server.asked:
            told(f"The data are kept in {server.folder}: the server's account cannot enter {server.asked}.")
        settings = replace(
            wished,
            database_url=server.url,
            migration_url="",
            secret_key=server.secret("secret.key", _new_key),
            base_url=f"http://127.0.0.1:{port}",
            data_dir=str(server.folder),
        )
        if applied := bring_up_to_date(settings):
            told(f"Brought the database to this version ({len(applied)} steps).")
        with contextlib.ExitStack() as while_it_lasts:
            made = Installation(settings)
            try:
                if erased := made.erase_again():
                    told(f"{erased:,} entries that had been erased came back with a backup. They are erased again.")
                _fill(made, server, told)
                people = _people(made)
                links = tuple((a.role.value, made.link_address(_link(made, a)), a.name) for a in people)
                technician = next(account.id for account in people if account.role is Role.TECHNICIAN)
                _give_a_token(made, technician)
                while_it_lasts.enter_context(subscriber(made, technician))
            finally:
                made.close()
            told("Starting the web …")
            yield Ready(settings, server.folder, links)


def _fill(made: Installation, server: EmbeddedPostgres, told: Told) -> None:
    """Once. A start that was broken off goes on where it stopped: importing a file twice adds nothing.

    Raises a Fault or Complaint where pages do not come to show what was imported.
    """
    filled = server.folder / "filled"
    if filled.exists():
        return
    told("Importing the register …")
    for name in FILES:
        with (
            resources.as_file(resources.files("adapters.reference") / "data" / name) as path,
            open_table(path) as table,
        ):
            report = made.importing.take(OPERATOR, table)
        told(f"  {name}: {report.entered + report.taken_over} cases, {report.new_partners} new partners.")
    _catch_up(made, server)
    _merge_concluded(made)
    _hand_out(made, _people(made)[0])
    _settle_in(made, _people(made)[0])
    _catch_up(made, server)
    filled.touch()


def _catch_up(made: Installation, server: EmbeddedPostgres) -> None:
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while not made.catch_up(made.log.head(), LOOK_SECONDS):
        server.require_space()
        if time.monotonic() > deadline:
            raise Complaint(f"The views do not keep up with the log. Start again; {server.log} may say why.")
    if stopped := made.read_side.health().stopped:
        raise Complaint(f"The view {stopped[0].view} has stopped ({stopped[0].error}). Start a newer Pobratim.")


def _merge_concluded(made: Installation) -> None:
    """An initiative that its source reports as signed goes on in the agreement that it led to."""
    query = RegisterQuery(stages=(Stage.PROPOSED,), sort="number", descending=False, size=200)
    for row in made.reading.register(OPERATOR, query).rows:
        pair = made.read_side.register.same_pair(row.home, [partner.id for partner in row.partners])
        for other in pair:
            if other.stage is Stage.ACTIVE and other.kind is row.kind and other.signed_on:
                command = MergeInitiative(into=other.case, into_number=other.number, occurred_on=other.signed_on)
                request = Request(key=command_key("demo", "merge", row.number), command=command)
                made.advancing.advance(OPERATOR, row.number, request)
                break


def _hand_out(made: Installation, coordinator: Account) -> None:
    """Every second case under way gets the coordinator of the demo as its handler; the others wait for somebody."""
    query = RegisterQuery(phase=Phase.PROPOSAL, sort="number", descending=False, size=200)
    for row in made.reading.register(OPERATOR, query).rows[::2]:
        request = Request(key=command_key("demo", row.number), command=NameHandler(handler=coordinator.id))
        made.advancing.advance(OPERATOR, row.number, request)


def _settle_in(made: Installation, coordinator: Account) -> None:
    """A colleague beside the coordinator, and what the coordinator has saved; what is there already stays."""
    name, email = COLLEAGUE
    wish = OpenAccount(name=name, email=email, role=Role.COORDINATOR, locale=made.settings.locale)
    with contextlib.suppress(Refused):
        made.keeping_accounts.open(KEEPER, wish)
    for title, query, shared in SAVED_FILTERS:
        with contextlib.suppress(Refused):
            made.saved_views.save(coordinator.person, title, query, shared=shared)


def _people(made: Installation) -> list[Account]:
    return [_person(made, *person) for person in PEOPLE]


def _person(made: Installation, role: Role, name: str, town: str | None) -> Account:
    email = f"{role.value}@primer.rs"
    with contextlib.suppress(Refused):
        return made.keeping_accounts.by_email(KEEPER, email)
    wish = OpenAccount(name=name, email=email, role=role, local_government=town, locale=made.settings.locale)
    return made.keeping_accounts.open(KEEPER, wish)


def _give_a_token(made: Installation, technician: AccountId) -> None:
    """Once, and to nobody: its secret is thrown away. So the page of one's own tokens shows what one looks like."""
    key, scopes = command_key("demo", "token"), ("subscriptions:read",)
    with contextlib.suppress(Refused):  # it was revoked or is over
        made.keeping_tokens.issue(KEEPER, technician, "Nadzor portala", scopes, LINKS_LAST, key)


def _link(made: Installation, account: Account) -> str:
    return made.keeping_accounts.link(KEEPER, account.id, LINKS_LAST, reusable=True)[1]


def _new_key() -> str:
    """Kept beside the data, so that forms and sessions outlive a restart."""
    return secrets.token_urlsafe(48)
