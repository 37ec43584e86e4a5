"""The verifier over a bundle of 1,000,000 facts, in a process of its own: `python -m benchmarks.verifying [FACTS]`.

Beside it stands a program in Go, with the packages `note` and `tlog` of its checksum database: the signature, every
leaf and fact, the root, and 2,000 proofs each of a leaf and of an older tree. It keeps every hash in memory and does
not look at order, versions and moments. The packages come with Debian (golang-go, golang-golang-x-mod-dev); without
them a line says so.

The yardstick is another process that unpacks the same file with `gzip` and takes one SHA-256 of each line: what nobody
who reads every fact can go below. Memory is the highest resident set of each process.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FACTS, A_STREAM = 1_000_000, 12
WANTED_SECONDS, WANTED_MEGABYTES = 30, 500
ORIGIN = "pobratim.example.rs/log"
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).parents[1]
GO = Path(__file__).parent / "go" / "verifying.go"
MODULE = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")
"""Where Debian keeps it."""
YARDSTICK = """
import gzip, hashlib, sys
with gzip.open(sys.argv[1]) as file:
    for line in file:
        hashlib.sha256(line).digest()
"""


def main(facts: int = FACTS) -> None:
    with tempfile.TemporaryDirectory(prefix="pobratim-benchmark-") as name:
        file, policy = Path(name) / "bundle.gz", Path(name) / "policy.json"
        make(file, policy, facts)
        verifier = [sys.executable, "-m", "pobratim_verify", str(file), "--policy", str(policy)]
        sides = {"pobratim-verify": verifier, "gzip and SHA-256": [sys.executable, "-c", YARDSTICK, str(file)]}
        if program := built(Path(name)):
            key = json.loads(policy.read_text("utf-8"))["origins"][0]["keys"][0]
            sides["Go's note and tlog"] = [str(program), str(file), key]
        megabytes = file.stat().st_size / 1e6
        print(f"\nVerifying {facts:,} facts, a file of {megabytes:.0f} MB, {os.cpu_count()} processors")
        for side, command in sides.items():
            seconds, memory = measured(command)
            print(f"{side:>18} {seconds:8.2f} s {facts / seconds:12,.0f} facts/s {memory:8.1f} MB")
    print(f"{'wanted':>18} {WANTED_SECONDS:8} s {'':20} {WANTED_MEGABYTES:8} MB, for {FACTS:,}")


def built(folder: Path) -> Path | None:
    """The program in Go, None where Go or its package is not on this machine."""
    missing = [what for what, there in (("go", shutil.which("go")), (str(MODULE), MODULE.is_dir())) if not there]
    if missing:
        print(f"Go's verifier is left out: there is no {' and no '.join(missing)} here.")
        return None
    environment = os.environ | {
        "GO111MODULE": "off",  # as Debian's packages are made for
        "GOPATH": str(MODULE.parents[4]),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
        "GOPROXY": "off",
        "CGO_ENABLED": "0",
    }
    subprocess.run(["go", "build", "-o", str(folder / "verify"), str(GO)], env=environment, check=True)
    return folder / "verify"


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds from start to end, and megabytes. Raises CalledProcessError where it does not end well."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(ROOT / "verifier")}, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return seconds, used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def make(file: Path, policy: Path, facts: int) -> None:
    """A bundle of the whole log, whose facts are as long as those of the office are: 250 bytes."""
    key = Ed25519PrivateKey.generate()
    append, root = a_tree()
    recorded_at = ""
    with gzip.open(file, "wt", compresslevel=1, encoding="utf-8", newline="\n") as out:
        first = {"pobratim_bundle": 1, "origin": ORIGIN, "from": a_moment(0), "to": a_moment(facts - 1), "case": None}
        out.write(compact(first) + '\n{"before":null,"size":0,"range":[],"last":null}\n')
        for index in range(facts):
            stream, recorded_at = UUID(int=index // A_STREAM + 1), a_moment(index)
            state = compact(
                {"fact": "initiative.remark-added", "actor": str(UUID(int=index)), "remark": "ћ" * 60 + "." * 60}
            )
            leaf = compact(
                {"v": 1, "index": index, "position": index + 1, "case": str(stream), "version": index % A_STREAM + 1}
                | {"topic": "initiative.remark-added.v1", "recorded_at": recorded_at}
                | {"sha256": sha256(state.encode()).hexdigest()}
            )
            append(sha256(b"\x00" + leaf.encode()).digest())
            out.write(compact({"leaf": leaf, "state": state}) + "\n")
        text = f"{ORIGIN}\n{facts}\n{b64encode(root()).decode()}\nrecorded_at {recorded_at}\n"
        material = b"\x01" + key.public_key().public_bytes_raw()
        name = sha256(f"{ORIGIN}\n".encode() + material).digest()[:4]
        note = f"{text}\n— {ORIGIN} {b64encode(name + key.sign(text.encode())).decode()}\n"
        out.write(compact({"after": note, "leaves": facts}) + "\n")
    vkey = f"{ORIGIN}+{name.hex()}+{b64encode(material).decode()}"
    origins = [{"origin": ORIGIN, "keys": [vkey], "successor_of": None}]
    believed = {"pobratim_policy": 1, "origins": origins, "witnesses": [], "quorum": 0, "checkpoints": []}
    policy.write_text(compact(believed), "utf-8")


def a_tree() -> tuple[Callable[[bytes], None], Callable[[], bytes]]:
    """To append a leaf's hash, and to ask for the root: not the verifier's own, so that both are checked."""
    levels: list[bytes | None] = []

    def append(hashed: bytes) -> None:
        for height, waiting in enumerate(levels):
            if waiting is None:
                levels[height] = hashed
                return
            levels[height], hashed = None, sha256(b"\x01" + waiting + hashed).digest()
        levels.append(hashed)

    def root() -> bytes:
        found = None
        for waiting in levels:
            if waiting is not None:
                found = waiting if found is None else sha256(b"\x01" + waiting + found).digest()
        return found or sha256(b"").digest()

    return append, root


def a_moment(index: int) -> str:
    return f"{BEGIN + timedelta(seconds=7 * index):%Y-%m-%dT%H:%M:%S.%fZ}"


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
