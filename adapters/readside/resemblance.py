"""How much two folded names resemble each other, as PostgreSQL's pg_trgm reckons it."""

from functools import lru_cache


def resemblance(one: str, other: str) -> float:
    """Shared groups of three letters among all of them: 0 for nothing in common, 1 for the same words."""
    ours, theirs = _trigrams(one), _trigrams(other)
    return len(ours & theirs) / (len(ours | theirs) or 1)


@lru_cache(10_000)
def _trigrams(text: str) -> frozenset[str]:
    padded = [f"  {word} " for word in text.split()]
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))
