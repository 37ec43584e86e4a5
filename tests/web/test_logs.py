"""What a fault leaves in the log: where it happened, and nothing that anybody typed."""

from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from web.logs import configure_logs


def fail_over(typed: str) -> None:
    raise RuntimeError(f"failed over {len(typed)} characters")


@pytest.fixture(autouse=True)
def own_configuration() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("kind", ["text", "json"])
def test_the_secret_of_a_sign_in_link_is_masked(
    kind: Literal["text", "json"], capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(kind)
    structlog.get_logger().warning("unavailable", path="/sign-in/link/hush-hush", reason="GET /sign-in/link/hush?x")
    logged = capsys.readouterr().err
    assert logged.count("/sign-in/link/") == 2
    assert "hush" not in logged


@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_logged_fault_shows_no_values(kind: Literal["text", "json"], capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(kind)
    typed = "".join(("име и ", "презиме"))  # not as it stands in the source, which a traceback may quote
    try:
        fail_over(typed)
    except RuntimeError as fault:
        structlog.get_logger().error("unexpected", exc_info=fault)
    logged = capsys.readouterr().err
    assert "fail_over" in logged
    assert "failed over 13 characters" in logged
    assert typed not in logged
    assert "\\u043f\\u0440\\u0435\\u0437" not in logged
