"""The whole application, and an administrator who handles requests of persons."""

from collections.abc import Iterator
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
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def stack(database: Database, data_dir: Path) -> Iterator[Stack]:
    settings = Settings(
        database_url=database.owner_url,
        base_url="http://testserver.local",
        secret_key="x" * 40,
        data_dir=str(data_dir),
    )
    made = Installation(settings)
    made.project()
    assert made.read_side.views.caught_up(0, 20.0)  # its tables are there
    with TestClient(build(made)) as client:
        yield Stack(client.app, made)
    structlog.reset_defaults()  # which `build` has set for the process


@pytest.fixture(scope="module")
def coordinator(stack: Stack) -> Browser:
    return stack.browser(name="Jelena Marković")


@pytest.fixture(scope="module")
def administrator(stack: Stack) -> Browser:
    return stack.browser(Role.ADMINISTRATOR, name="Ana Đorđević")
