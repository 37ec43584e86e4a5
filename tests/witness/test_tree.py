"""The witness' own check of consistency, against RFC 6962's recursion and the log's way of making proofs."""

from hypothesis import given
from hypothesis import strategies as st
from pobratim_witness.tree import goes_on

from adapters.sealing.tree import Edge, Tree
from tests.verifier.making import root
from tests.witness.making import leaves, proof

MOST = 40
HASHES = leaves(600)
ROOTS = [root(HASHES[:size]) for size in range(MOST + 1)]


def test_every_pair_of_small_trees() -> None:
    for size in range(MOST + 1):
        for old in range(size + 1):
            path = proof(HASHES[:size], old)
            assert goes_on(old, ROOTS[old], size, ROOTS[size], path)
            for other in range(MOST + 1):
                assert other == old or not goes_on(old, ROOTS[other], size, ROOTS[size], path)
                assert other == size or not goes_on(old, ROOTS[old], size, ROOTS[other], path) or old == 0


@given(st.integers(1, 600), st.integers(1, 600), st.data())
def test_proofs_as_the_log_makes_them(one: int, other: int, data: st.DataObject) -> None:
    old, size = sorted((one, other))
    tiles = {(tile.level, tile.n): tile.hashes for tile in Edge().append(b"".join(HASHES[:size]))}
    path = Tree(lambda level, n: tiles.get((level, n), b"")).consistency(old, size)
    roots = root(HASHES[:old]), root(HASHES[:size])

    assert path == proof(HASHES[:size], old)
    assert goes_on(old, roots[0], size, roots[1], path)
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        assert not goes_on(old, roots[0], size, roots[1], [*path[:at], b"\0" * 32, *path[at + 1 :]])
        assert not goes_on(old, roots[0], size, roots[1], [*path[:at], *path[at + 1 :]])
