"""The whole application over a real database, and everybody who may ask something of it.

Given to the tests of rights, bad input and pages by the `conftest.py` beside each of them.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

import structlog
from argon2 import PasswordHasher
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from adapters.identity.passwords import Argon2Passwords
from adapters.procedures.shelf import shipped
from application.access import Person, Role
from application.accounts import Account, OpenAccount
from application.handling import Request
from application.identity import partner_id
from application.partners import PartnerChoice
from application.ports import VaultEntry
from application.proposing import Proposal
from domain.initiatives.terms import Kind, Origin
from domain.kernel import AccountId, Command, CommandKey, VaultRef
from tests.conftest import Database
from tests.web.conftest import OfficeClock
from web import csrf
from web.main import Installation, build
from web.settings import Settings

OWN, OTHER = "nis", "leskovac"
ANONYMOUS: Final = "anonymous"
ROLES: Final[Mapping[str, tuple[Role, str | None]]] = {
    "coordinator": (Role.COORDINATOR, None),
    "officer": (Role.OFFICER, OWN),
    "stranger": (Role.OFFICER, OTHER),
    "approver": (Role.APPROVER, None),
    "auditor": (Role.AUDITOR, None),
    "administrator": (Role.ADMINISTRATOR, None),
    "technician": (Role.TECHNICIAN, None),
}
EVERYBODY: Final = (ANONYMOUS, *ROLES)
"""Whoever may knock; a case of the tests is one of Niš, so `officer` is of the own town and `stranger` is not."""
START_SECONDS: Final = 60
FORM: Final = "application/x-www-form-urlencoded"
_KEEPER: Final = Person(AccountId(UUID(int=1)), "Operator", Role.ADMINISTRATOR)
_VISIT: Final = "first-look"
Pairs = Sequence[tuple[str, str]] | Mapping[str, str]


@dataclass
class House:
    made: Installation
    app: Litestar
    door: TestClient[Litestar]
    clock: OfficeClock
    accounts: dict[str, Account] = field(default_factory=dict[str, Account])
    sessions: dict[str, str] = field(default_factory=dict[str, str])
    partners: int = 0

    # --- who asks

    def open_accounts(self) -> None:
        for name, (role, town) in ROLES.items():
            self.account(name, role, town)
            self.sessions[name] = self.entered(name)

    def account(self, name: str, role: Role, town: str | None = None) -> Account:
        wish = OpenAccount(name=f"Име {name}", email=f"{name}@primer.rs", role=role, local_government=town)
        self.accounts[name] = self.made.keeping_accounts.open(_KEEPER, wish)
        return self.accounts[name]

    def person(self, who: str) -> Person:
        return self.accounts[who].person

    def entered(self, who: str) -> str:
        """The secret of a new session."""
        return self.made.signing_in.with_link(self.link(who).rpartition("/")[2])

    def link(self, who: str) -> str:
        """Where this person signs in, once."""
        _, secret = self.made.keeping_accounts.link(_KEEPER, self.accounts[who].id)
        return f"/sign-in/link/{secret}"

    def bearer(self, who: str, *scopes: str) -> str:
        account = self.accounts[who].id
        return self.made.signing_in.issue_token(_KEEPER, account, "тест", scopes, timedelta(days=1))

    # --- what is asked

    def ask(self, method: str, path: str, who: str = ANONYMOUS, **more: object) -> Response:
        """One request, as the browser of `who` sends it; redirects are not followed."""
        self.door.cookies.clear()
        given = dict(more.pop("headers", {}))  # type: ignore[call-overload]
        carried = {"pobratim-visit": _VISIT} if who == ANONYMOUS else {"pobratim": self.sessions[who]}
        carried |= more.pop("cookies", {})  # type: ignore[operator]
        given.setdefault("cookie", "; ".join(f"{name}={value}" for name, value in carried.items()))
        return self.door.request(method, path, headers=given, follow_redirects=False, **more)  # type: ignore[arg-type]

    def get(self, path: str, who: str = ANONYMOUS, **more: object) -> Response:
        return self.ask("GET", path, who, **more)

    def send(self, path: str, who: str, fields: Pairs, **more: object) -> Response:
        """A form of ours: with the token of the session, and a key of its own unless it has one."""
        pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
        names = {name for name, _ in pairs}
        pairs += [] if csrf.FIELD in names else [(csrf.FIELD, self.token(who))]
        pairs += [] if "_key" in names else [("_key", str(uuid4()))]
        return self.ask("POST", path, who, content=encoded(pairs), headers={"content-type": FORM}, **more)

    def token(self, who: str) -> str:
        """What the hidden field of any page of this session says."""
        session = None if who == ANONYMOUS else self.made.signing_in.session(self.sessions[who])
        return csrf.token(self.made.settings.secret_key, session.key if session else f"visit {_VISIT}")

    # --- what there is

    def head(self) -> int:
        return self.made.log.head()

    def show_everything(self) -> None:
        assert self.made.read_side.views.caught_up(self.head(), 20.0)

    def propose(self, town: str = OWN, kind: Kind = Kind.TWINNING, name: str = "") -> str:
        """A new case with a partner of its own; its number."""
        self.partners += 1
        words = VaultEntry(VaultRef(uuid4()), "rationale", "Сарадња школа")
        partner = PartnerChoice(name=name or f"Stadt {self.partners}", country="DE")
        asked = Proposal(
            local_governments=(town,), partner=partner, kind=kind, origin=Origin.LOCAL_GOVERNMENT, rationale=words.ref
        )
        request = Request(key=CommandKey(uuid4()), command=asked, entries=(words,))
        return self.made.proposing.propose(self.person("coordinator"), asked, request).number

    def newest_partner(self) -> UUID:
        """The file of the partner of the newest case."""
        return partner_id("DE", f"Stadt {self.partners}")

    def advance(self, number: str, *commands: Command) -> None:
        for command in commands:
            request = Request(key=CommandKey(uuid4()), command=command)
            self.made.advancing.advance(self.person("coordinator"), number, request)


def encoded(pairs: Sequence[tuple[str, str]]) -> bytes:
    return urlencode(pairs, errors="surrogatepass").encode()


@contextmanager
def running(database: Database) -> Iterator[House]:
    """The application with its projector, as `pobratim serve` runs it."""
    with tempfile.TemporaryDirectory(prefix="pobratim-house-") as data_dir:
        second_version(Path(data_dir))
        with_a_second_person(Path(data_dir), "cross_border", "terminate", "request-consent")
        yield from _running(database, data_dir)


def second_version(data_dir: Path) -> None:
    """Of the procedure for projects, so that such a case can be moved to another one."""
    first = next(version for version in shipped() if version.procedure.pin == "project_based@1")
    folder = data_dir / "procedures"
    folder.mkdir()
    (folder / "project_based-2.toml").write_text(first.text.replace("version = 1", "version = 2"), "utf-8")


def with_a_second_person(data_dir: Path, code: str, *deeds: str) -> None:
    """A second version of a procedure, in which some deeds need an approval."""
    first = next(version for version in shipped() if version.procedure.pin == f"{code}@1")
    head = f"version = 2\nsecond_person = {list(deeds)}".replace("'", '"')
    folder = data_dir / "procedures"
    folder.mkdir(exist_ok=True)
    (folder / f"{code}-2.toml").write_text(first.text.replace("version = 1", head), "utf-8")


def _running(database: Database, data_dir: str) -> Iterator[House]:
    settings = Settings(
        database_url=database.url,
        base_url="http://testserver.local",
        secret_key="x" * 40,
        api_rate="0",
        data_dir=data_dir,
    )
    made, clock = Installation(settings), OfficeClock()
    made.clock = clock
    made.passwords = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made.project()
    assert made.read_side.views.caught_up(0, START_SECONDS), "no view was made"
    app = build(made)
    with TestClient(app, raise_server_exceptions=False) as door:
        house = House(made, app, door, clock)
        house.open_accounts()
        made.auditing.seal(lambda _done, _total: None)
        yield house
    structlog.reset_defaults()  # which `build` has set for the process


def hidden_of(page_text: str) -> dict[str, str]:
    """Hidden fields of a page, by name."""
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page_text)
    return {unescape(name): unescape(value) for name, value in found}
