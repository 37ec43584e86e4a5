"""The demo: an embedded server, the real register imported, an account for each role."""

import contextlib
import secrets
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
from domain.kernel import Refused
from web.main import Installation, bring_up_to_date, embedded, open_table
from web.settings import Settings

Told = Callable[[str], None]
KEEPER: Final = replace(OPERATOR, role=Role.ADMINISTRATOR)
LINKS_LAST: Final = timedelta(days=30)
TOWN: Final = "leskovac"
FILES: Final = ("partnerships.csv", "initiatives.csv")
PEOPLE: Final = (
    (Role.COORDINATOR, "Jelena Marković", None),
    (Role.OFFICER, "Milan Stojanović", TOWN),
    (Role.APPROVER, "Vesna Ćirić", None),
    (Role.AUDITOR, "Dragan Petrović", None),
    (Role.ADMINISTRATOR, "Ana Đorđević", None),
)
"""Invented. The address of each account is named after its role: the name says who, the role beside it says what."""


class Ready(msgspec.Struct, frozen=True):
    settings: Settings
    folder: Path
    links: tuple[tuple[str, str, str], ...]
    """Role, sign-in address and name, the coordinator's first."""


@contextlib.contextmanager
def prepared(folder: Path, port: int, told: Told) -> Generator[Ready]:
    """Everything up to the point where only the web is missing; `told` hears one line a step.

    Raises a Fault in one line where the folder or the database cannot be used.
    """
    told(f"Starting PostgreSQL in {folder} …")
    with embedded(folder) as server:
        if server.folder != server.asked:
            told(f"The data are kept in {server.folder}: the server's account cannot enter {server.asked}.")
        settings = Settings(
            database_url=server.url,
            secret_key=_secret_key(server.folder),
            base_url=f"http://127.0.0.1:{port}",
            data_dir=str(server.folder),
        )
        if applied := bring_up_to_date(settings):
            told(f"Brought the database to this version ({len(applied)} steps).")
        made = Installation(settings)
        try:
            told("Importing the register …")
            _fill(made, server.folder, told)
            links = tuple((a.role.value, made.link_address(_link(made, a)), a.name) for a in _people(made))
        finally:
            made.close()
        told("Starting the web …")
        yield Ready(settings, server.folder, links)


def _fill(made: Installation, folder: Path, told: Told) -> None:
    """Once. A start that was broken off goes on where it stopped: importing a file twice adds nothing."""
    filled = folder / "filled"
    if filled.exists():
        return
    for name in FILES:
        with (
            resources.as_file(resources.files("adapters.reference") / "data" / name) as path,
            open_table(path) as table,
        ):
            report = made.importing.take(OPERATOR, table)
        told(f"  {name}: {report.entered + report.taken_over} cases, {report.new_partners} new partners.")
    made.catch_up(made.log.head())
    _merge_concluded(made)
    _hand_out(made, _people(made)[0])
    made.catch_up(made.log.head())
    filled.touch()


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


def _people(made: Installation) -> list[Account]:
    return [_person(made, *person) for person in PEOPLE]


def _person(made: Installation, role: Role, name: str, town: str | None) -> Account:
    email = f"{role.value}@primer.rs"
    with contextlib.suppress(Refused):
        return made.keeping_accounts.by_email(KEEPER, email)
    return made.keeping_accounts.open(KEEPER, OpenAccount(name=name, email=email, role=role, local_government=town))


def _link(made: Installation, account: Account) -> str:
    return made.keeping_accounts.link(KEEPER, account.id, LINKS_LAST, reusable=True)[1]


def _secret_key(folder: Path) -> str:
    """Kept beside the data, so that forms and sessions outlive a restart."""
    file = folder / "secret.key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return file.read_text(encoding="ascii")
