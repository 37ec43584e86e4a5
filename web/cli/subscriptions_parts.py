"""What the commands of `pobratim subscription` share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import click
from msgspec.structs import replace

from application.access import OPERATOR, Role
from domain.kernel import CommandKey

if TYPE_CHECKING:
    from application.subscriptions_ports import Answer

KEEPER: Final = replace(OPERATOR, role=Role.ADMINISTRATOR)


def code_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.argument("code")(command)


def new_key() -> CommandKey:
    return CommandKey(uuid4())


def answered(answer: "Answer") -> str:
    return answer.fault or f"status {answer.status}"
