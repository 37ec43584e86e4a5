"""Passwords: what may be one, and what is asked of whoever hashes them."""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol, runtime_checkable

from application.script import fold
from domain.kernel import Refusal

SHORTEST_PASSWORD: Final = 12
"""NIST SP 800-63B asks for 8 at least and advises longer; no rules of composition, as it advises too."""
LONGEST_PASSWORD: Final = 200
OWN_WORD: Final = 3
"""Shorter parts of a name or an address are left alone: they stand in many words."""
LEAST_BESIDE_ONES_NAME: Final = 6
"""Letters and digits that a password must have beside the words of its owner's name and address."""


@runtime_checkable
class Passwords(Protocol):
    def hash(self, password: str) -> str: ...

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether they belong together; without a hash it takes as long and says no."""
        ...

    def outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with weaker parameters than those of today."""
        ...

    def common(self, password: str) -> bool:
        """Whether it is one of those that are guessed first."""
        ...


def about_password(password: str, whose: Sequence[str], passwords: Passwords) -> Sequence[Refusal]:
    """What speaks against it, at the field `password`; `whose` has the name and the address of its owner.

    NIST SP 800-63B, 5.1.1.2: a length, nothing that is guessed first, nothing made of the person's own name.
    """
    if len(password) < SHORTEST_PASSWORD:
        return [Refusal("account.password-short", {"least": SHORTEST_PASSWORD}, "password")]
    if len(password) > LONGEST_PASSWORD:
        return [Refusal("account.password-long", {"most": LONGEST_PASSWORD}, "password")]
    rules = (
        (passwords.common(password), Refusal("account.password-common", field="password")),
        (_is_ones_name(password, whose), Refusal("account.password-own-name", field="password")),
    )
    return [refusal for broken, refusal in rules if broken][:1]


def _is_ones_name(password: str, whose: Sequence[str]) -> bool:
    """Whether little is left without the words of the name and the address, in whatever script they are written."""
    left = fold(password).replace(" ", "")
    before = len(left)
    for word in sorted(_words(whose), key=len, reverse=True):
        left = left.replace(word, "")
    return len(left) < min(before, LEAST_BESIDE_ONES_NAME)


def _words(whose: Sequence[str]) -> Iterator[str]:
    for text in whose:
        yield from (word for word in fold(text).split() if len(word) >= OWN_WORD)
