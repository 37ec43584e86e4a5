"""Stages and kinds as numbers: smaller rows, and the order of the road when sorted."""

from typing import Final

from domain.initiatives.terms import Kind, Stage

STAGES: Final = {stage: place for place, stage in enumerate(Stage)}
KINDS: Final = {kind: place for place, kind in enumerate(Kind)}
RULES: Final = (tuple(stage.value for stage in Stage), tuple(kind.value for kind in Kind))
"""A new order of the words calls for a rebuild of what holds their places."""

NUMBERS_A_YEAR: Final = 10_000_000


def number_of(text: str) -> int:
    """A case number as a number that sorts: `2026-0042` gives 20260000042."""
    year, running = text.split("-")
    return int(year) * NUMBERS_A_YEAR + int(running)
