"""Each advisory lock has one meaning: with two, one process would wait for ever for what another one holds."""

import re
from collections import Counter
from pathlib import Path

import adapters

NUMBER = re.compile(r"\b(\w+)(?:: Final)? = (7_631_400_\d{3})\b")


def test_no_two_parts_of_the_program_share_a_lock():
    sources = Path(adapters.__file__).parent.rglob("*.py")
    found = [number for path in sources for _, number in NUMBER.findall(path.read_text("utf-8"))]
    assert len(found) > 5
    assert [number for number, times in Counter(found).items() if times > 1] == []
