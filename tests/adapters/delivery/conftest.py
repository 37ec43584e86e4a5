"""An office whose facts are delivered to receivers on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from application.subscriptions import MACHINE, Opened, Wish
from application.subscriptions_reading import Row
from domain.kernel import AccountId, CommandKey
from domain.subscriptions.events import Signing
from domain.subscriptions.subscription import Filter
from tests.adapters.recording.office import a_save, renamed
from tests.conftest import Database, new_database
from tests.receivers import Receiver
from web.main import Installation
from web.settings import Settings

EVERYTHING = Filter()


def key() -> CommandKey:
    return CommandKey(uuid4())


@dataclass
class House:
    """One installation, and the versions of the files whose facts it has recorded."""

    made: Installation
    versions: dict[UUID, int] = field(default_factory=dict[UUID, int])

    def record(self, *streams: UUID) -> list[int]:
        """One fact of each file in this order; where they stand."""
        saves = []
        for stream in streams:
            version = self.versions.get(stream, 0)
            saves.append(a_save(stream, version, [renamed(f"Ниш {version}")]))
            self.versions[stream] = version + 1
        return [saved.position for saved in self.made.log.append(saves)]

    def subscribe(
        self,
        to: Receiver,
        code: str = "nis",
        *,
        after: int = 0,
        let: Filter = EVERYTHING,
        signing: Signing = Signing.HMAC,
        keeper: AccountId | None = None,
    ) -> Opened:
        """From the beginning, and at once."""
        wish = Wish(name=f"Portal {code}", address=to.address, keeper=keeper, filter=let)
        opened = self.made.keeping_subscriptions.create(MACHINE, key(), code, wish, signing, after)
        self.made.keeping_subscriptions.resume(MACHINE, code, key())
        return opened

    def row(self, code: str = "nis") -> Row:
        return self.made.reading_subscriptions.one(MACHINE, code)

    def caught_up(self, code: str = "nis") -> bool:
        row = self.row(code)
        return row.stand is not None and row.lag == 0 and not row.stand.waiting

    @contextmanager
    def delivering(self) -> Iterator[None]:
        courier = self.made.courier(mails=True)
        courier.start()
        try:
            yield
        finally:
            courier.stop()


@contextmanager
def housed(database: Database, folder: Path) -> Iterator[House]:
    (folder / "filled").touch()
    made = Installation(
        Settings(database_url=database.url, base_url="http://127.0.0.1:8000", data_dir=str(folder), secret_key="s" * 32)
    )
    try:
        yield House(made)
    finally:
        made.close()


@pytest.fixture
def house(server: str, template: str, tmp_path: Path) -> Iterator[House]:
    """Each test has a log of its own."""
    with new_database(server, template) as database, housed(database, tmp_path) as house:
        yield house


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts follow each other at once, and after the third one a case is parked."""
    monkeypatch.setattr("application.delivering.PAUSES", (timedelta(milliseconds=20),) * 2)
    monkeypatch.setattr("application.delivering.RESTS", (timedelta(milliseconds=50),))
