"""What can be wrong with the ground that the program stands on: a code, its parameters and one clear line."""

from collections.abc import Mapping
from typing import ClassVar


class Fault(Exception):
    """A fault that a person can mend. `str()` is one English line: what is wrong, where, and how to mend it.

    `code` and `params` are for a translated message; a subclass lists its codes in `messages`.
    """

    messages: ClassVar[Mapping[str, str]] = {}

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(self.messages[code].format(**params))
        self.code = code
        self.params = params
