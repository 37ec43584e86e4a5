"""The whole description against the whole program: what it promises is answered, what it excludes is refused, and
nothing ends in a fault of ours. For a token of each role; deterministic, a bounded number of requests an operation."""

from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks

from tests.web.api.program import SCOPES, Program
from tests.web.running import House

ENDLESS: Final = frozenset({"/api/v1/events/stream"})
"""A stream that begins has no end, and no check could wait for it. So it is asked by HEAD, which promises the same
status and head, and by GET where HEAD is refused: a refusal ends. What a stream sends test_event_streams.py holds."""
ROLES: Final = {"coordinator": 4, "officer": 2, "approver": 2, "auditor": 2, "administrator": 2}
"""Requests of each operation, as described and otherwise."""
WRITERS: Final = ("coordinator", "officer")
"""Who gets past the rights, so that what is wrong with a request is looked at."""
CHECKS: Final = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
]
WITHOUT_BODY: Final = [check for check in CHECKS if check is not checks.response_schema_conformance]
CONFIG: Final = {
    "generation": {"deterministic": True, "allow-x00": True, "with-security-parameters": False, "database": "none"}
}


@pytest.fixture(scope="module")
def described(house: House, program: Program) -> Any:
    house.propose()
    house.show_everything()
    answer = house.door.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return schemathesis.openapi.from_dict(answer.json(), config=SchemathesisConfig.from_dict(CONFIG))


@pytest.mark.filterwarnings("ignore:Do not use the `random` module:hypothesis.errors.HypothesisDeprecationWarning")
@pytest.mark.parametrize(  # the pool of connections draws when one of its threads opens another
    ("who", "mode"),
    [*((who, GenerationMode.POSITIVE) for who in ROLES), *((who, GenerationMode.NEGATIVE) for who in WRITERS)],
    ids=[*(f"{who}, as described" for who in ROLES), *(f"{who}, otherwise" for who in WRITERS)],
)
def test_every_operation_keeps_what_the_description_says(
    program: Program, described: Any, who: str, mode: GenerationMode
) -> None:
    asked, broken, begun = 0, list[str](), set[int]()
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=ROLES[who],
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(mode))
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            if case.operation.path in ENDLESS:
                looked = sent(program, case, who, method="HEAD")
                begun.add(looked.status_code)
                if looked.status_code < 300:
                    case.validate_response(looked, checks=WITHOUT_BODY)
                    return
            case.validate_response(sent(program, case, who), checks=CHECKS)

        try:
            ask()
        except Unsatisfiable:  # nothing that it takes can be wrong
            assert mode is GenerationMode.NEGATIVE
            assert operation.method == "get"
        except (Exception, BaseExceptionGroup) as fault:
            broken.append(f"{operation.label}: {told(fault)}")
    assert broken == []
    assert asked > 100
    assert begun, "the stream was not asked"


def told(fault: BaseException) -> str:
    """Of a group of failures every one."""
    parts = getattr(fault, "exceptions", None)
    return " ".join(map(told, parts)) if parts else f"{type(fault).__name__} {fault}"[:1500]


def sent(program: Program, case: Any, who: str, **more: Any) -> Any:
    """The request as the generator made it, with the token of somebody of the house."""
    given_ = case.as_transport_kwargs(base_url="http://testserver.local")
    assert not given_.pop("cookies", None)
    if isinstance(given_.get("data"), bytes | str):
        given_["content"] = given_.pop("data")
    headers = dict(given_.pop("headers", None) or {})
    given_ |= more
    headers["authorization"] = f"Bearer {program.token(who, *SCOPES)}"
    return program.house.door.request(headers=headers, follow_redirects=False, **given_)
