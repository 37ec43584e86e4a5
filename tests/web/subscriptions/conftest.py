"""The whole application over a data folder of the demo, so that it may deliver to receivers on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from litestar.testing import TestClient

from application.access import Role
from tests.conftest import Database
from tests.web.casework_stack import Browser, Stack
from web.main import Installation, build
from web.settings import Settings


@pytest.fixture(scope="module")
def stack(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("data")
    (folder / "filled").touch()
    with running(database, folder) as made, TestClient(build(made)) as client:
        yield Stack(client.app, made)
    structlog.reset_defaults()  # which `build` has set for the process


@contextmanager
def running(database: Database, folder: Path) -> Iterator[Installation]:
    settings = Settings(
        database_url=database.owner_url, base_url="http://127.0.0.1:8000", secret_key="x" * 40, data_dir=str(folder)
    )
    made = Installation(settings)
    made.project()
    assert made.read_side.views.caught_up(0, 20.0)  # its tables are there
    yield made


@pytest.fixture(scope="module")
def administrator(stack: Stack) -> Browser:
    return stack.browser(Role.ADMINISTRATOR, name="Ana Đorđević")


@pytest.fixture(scope="module")
def coordinator(stack: Stack) -> Browser:
    return stack.browser(name="Jelena Marković")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts follow each other at once, and after the third one a case is parked."""
    monkeypatch.setattr("application.delivering.PAUSES", (timedelta(milliseconds=20),) * 2)
    monkeypatch.setattr("application.delivering.RESTS", (timedelta(milliseconds=50),))


@pytest.fixture
def delivering(stack: Stack) -> Iterator[None]:
    courier = stack.made.courier(mails=False)
    courier.start()
    try:
        yield
    finally:
        courier.stop()
