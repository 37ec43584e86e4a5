"""`pobratim-verify BUNDLE --policy FILE [--json]`: exit 0 verified, 1 does not hold, 2 wrong use or bad input."""

import argparse
import json
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from pobratim_verify import policy, report
from pobratim_verify.files import opened_file
from pobratim_verify.verdicts import CannotJudge, DoesNotHold
from pobratim_verify.verifying import verify

VERIFIED, HOLDS_NOT, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"pobratim-verify: {message}. See: pobratim-verify --help\n")


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except OSError:  # the answer did not reach anybody
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = BAD_INPUT
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Says what holds, or the one line why not. Returns the exit code."""
    parser = _Arguments(prog="pobratim-verify", description=__doc__, allow_abbrev=False)
    parser.add_argument("bundle", type=Path, help="the file that the installation handed out")
    parser.add_argument("--policy", type=Path, required=True, help="keys and witnesses that you believe")
    parser.add_argument("--json", action="store_true", help="one JSON object for programs")
    given = parser.parse_args(arguments)
    try:
        believed = policy.read(given.policy)
        with opened_file(given.bundle, "bundle") as file:
            proof = verify(file, believed)
    except (DoesNotHold, CannotJudge) as fault:
        return _refuse(fault, as_json=given.json)
    except Exception as fault:
        return _refuse(CannotJudge(f"This program failed ({type(fault).__name__}: {fault})."), as_json=given.json)
    print(json.dumps(report.as_json(proof), ensure_ascii=False) if given.json else report.as_text(proof))
    return VERIFIED


def _refuse(fault: DoesNotHold | CannotJudge, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(report.fault_as_json(fault), ensure_ascii=False))
    elif isinstance(fault, DoesNotHold):
        print(f"DOES NOT HOLD: {' '.join(str(fault).split())}")
    else:
        print(f"pobratim-verify: {' '.join(str(fault).split())}", file=sys.stderr)
    return HOLDS_NOT if isinstance(fault, DoesNotHold) else BAD_INPUT


if __name__ == "__main__":
    main()
