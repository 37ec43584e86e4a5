"""A stranger's machine with the client alone, and the register as the API tells it to compare with."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import httpx

from tests.processes import ROOT

PACKAGE = ROOT / "clients" / "python"
EXAMPLES = PACKAGE / "examples"
BIN = "Scripts" if os.name == "nt" else "bin"
PATIENCE = 60


class Program(subprocess.Popen[str]):
    """Is killed, not waited for, where what is done with it fails."""

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind:
            self.kill()
        super().__exit__(kind, value, traceback)


@dataclass
class Machine:
    """A stranger's machine: an environment with nothing of ours but the client."""

    folder: Path
    token: str = ""

    @property
    def python(self) -> Path:
        return self.folder / "alone" / BIN / "python"

    def start(self, *command: str | Path, **environment: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        return Program(
            [self.python, *command],
            cwd=self.folder,
            env={**kept, "POBRATIM_TOKEN": self.token, "PYTHONUTF8": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        with self.start(*command) as process:
            try:
                output, faults = process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                output, faults = process.communicate()
        return subprocess.CompletedProcess(command, process.returncode, output, faults)


def installed(folder: Path, token: str = "") -> Machine:
    made = Machine(folder, token)
    subprocess.run([sys.executable, "-m", "venv", made.folder / "alone"], check=True)
    for command in (
        ["wheel", "-q", "--disable-pip-version-check", "--no-deps", "-w", made.folder / "dist", PACKAGE],
        ["install", "-q", "--disable-pip-version-check", "--find-links", made.folder / "dist", "pobratim-client"],
    ):
        done = made.run("-m", "pip", *command)
        assert done.returncode == 0, done.stderr
    return made


def rows(url: str, token: str) -> list[dict[str, object]]:
    """The register by `GET /api/v1/initiatives`, by number."""
    found: list[dict[str, object]] = []
    asked: dict[str, str | int] = {"limit": 200, "sort": "number"}
    while True:
        answer = httpx.get(f"{url}/api/v1/initiatives", params=asked, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.text
        found += answer.json()["initiatives"]
        if answer.json()["next"] is None:
            return sorted(found, key=lambda row: str(row["number"]))
        asked["cursor"] = answer.json()["next"]


COMPARED = (
    *("number", "version", "kind", "stage", "local_governments", "partners", "since", "updated", "proposed_on"),
    *("signed_on", "ends_on", "tacit_renewal", "visits", "source"),
)


def by_row(rows: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    return [
        {name: moment(row[name]) if name in ("since", "updated") else row[name] for name in COMPARED} for row in rows
    ]


def moment(text: object) -> str:
    """With microseconds and `Z`, as events tell it."""
    whole = str(text).removesuffix("Z").removesuffix("+00:00")
    return f"{whole if '.' in whole else whole + '.'}".ljust(26, "0") + "Z"
