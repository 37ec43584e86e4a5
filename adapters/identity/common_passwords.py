"""Passwords that are guessed first: the common ones, also with digits and signs around them, runs and repetitions.

`common_passwords.txt` holds words in folded form: the first three thousand of Django's list (BSD licence; Royce
Williams counted it from leaked passwords) without their digits, its entries of twelve signs and more as they are, and
words that suggest themselves in a Serbian office.
"""

import re
from functools import cache
from importlib import resources
from typing import Final

from application.script import fold

RUNS: Final = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "abvgddezzijklljmnnjoprstcufhcdzs",
    "qwertyuiop",
    "qwertzuiopsd",
    "asdfghjkl",
    "yxcvbnm",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)
"""Rows and columns of keyboards and two alphabets, folded."""
MEAN_RUN: Final = 4
"""A text of runs that are so long on the average is one movement of the hand, not a choice."""
TIMES: Final = 3
"""A piece that stands so often, and nothing else, is a repetition."""
_BOTH_WAYS: Final = (*RUNS, *(run[::-1] for run in RUNS))


@cache
def words() -> frozenset[str]:
    """Those of the file."""
    text = (resources.files("adapters.identity") / "common_passwords.txt").read_text("utf-8")
    return frozenset(text.split())


def is_common(password: str) -> bool:
    bare = fold(password).replace(" ", "")
    if not bare:  # nothing but signs
        return len(set(password)) < MEAN_RUN
    return any(map(_is_word, (bare, re.sub(r"\d", "", bare)))) or _is_repeated(bare) or _is_run(bare)


def _is_word(text: str) -> bool:
    """A common word, once or again and again."""
    return text in words() or text[: _period(text)] in words()


def _is_repeated(text: str) -> bool:
    return len(text) >= TIMES * _period(text)


def _period(text: str) -> int:
    """The length of the shortest piece of which the text is whole repetitions."""
    return (text + text).find(text, 1) if text else 0


def _is_run(text: str) -> bool:
    at = pieces = 0
    while at < len(text):
        at, pieces = at + _run_at(text, at), pieces + 1
    return pieces * MEAN_RUN <= len(text)


def _run_at(text: str, at: int) -> int:
    """How far one run reaches from there; a sign alone is one."""
    length = 1
    while at + length < len(text) and any(text[at : at + length + 1] in run for run in _BOTH_WAYS):
        length += 1
    return length
