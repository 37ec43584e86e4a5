"""A folder for the demo. Not of pytest: as root the database's server is `nobody`, who may not enter there."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def demo_folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="pobratim-demo-"))
    place.chmod(0o755)
    yield place / "data"
    shutil.rmtree(place, ignore_errors=True)
