"""The real application with the reference initiatives in it, and a subscriber with a token."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from adapters.reference.demo import INITIATIVES
from application.access import OPERATOR, Role
from tests.conftest import Database
from tests.web.api.program import Program
from tests.web.casework_stack import Stack, stack
from tests.web.running import House, running
from web.demo import KEEPER
from web.main import open_table

__all__ = ["stack"]


@pytest.fixture(scope="module")
def subscriber(stack: Stack) -> TestClient[Litestar]:
    with open_table(INITIATIVES) as table:
        stack.made.importing.take(OPERATOR, table)
    account = stack.account(Role.AUDITOR)
    token = stack.made.signing_in.issue_token(KEEPER, account.id, "portal", ["events:read"], timedelta(days=1))
    client = TestClient(stack.app)
    client.headers["authorization"] = f"Bearer {token}"
    return client


@pytest.fixture(scope="module")
def house(database: Database) -> Iterator[House]:
    with running(database) as made:
        yield made


@pytest.fixture(scope="module")
def program(house: House) -> Program:
    return Program(house)
