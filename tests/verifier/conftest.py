"""`judge`: the verifier's answer to a bundle under a policy."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pobratim_verify.__main__ import run

from tests.verifier.making import Bundle, policy

Judge = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def judge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Judge:
    """Exit code, and what `--json` says."""

    def judged(bundle: Bundle | bytes, **believed: Any) -> tuple[int, dict[str, Any]]:
        (tmp_path / "bundle.gz").write_bytes(bundle if isinstance(bundle, bytes) else bundle.packed())
        (tmp_path / "policy.json").write_text(json.dumps(policy(**believed)), "utf-8")
        code = run([str(tmp_path / "bundle.gz"), "--policy", str(tmp_path / "policy.json"), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return judged
