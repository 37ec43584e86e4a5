"""The procedures that come with the program, for tests that decide or fold something about cases."""

from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.procedures.shelf import FiledProcedures
from domain.initiatives import procedure
from domain.initiatives.initiative import Initiative
from domain.initiatives.procedure import CODES, Procedure, Procedures, Step
from domain.initiatives.terms import Kind

SHIPPED = FiledProcedures().now()


def next_step(state: Initiative) -> Step | None:
    """Under the procedure that the case follows."""
    return procedure.next_step(state, SHIPPED.of(state))


def but(kind: Kind, **changed: Any) -> Procedures:
    """Those that come with the program, and a second version of one of them."""
    first = SHIPPED.in_force(kind)
    return Procedures([*first_versions().values(), msgspec.structs.replace(first, version=2, **changed)])


def first_versions() -> Mapping[str, Procedure]:
    return {code: SHIPPED.of_code(code)[0] for code in CODES.values()}
