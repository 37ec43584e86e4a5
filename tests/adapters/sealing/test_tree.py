"""Roots and paths are those of RFC 6962: known vectors, and pymerkle as an oracle."""

import functools
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from adapters.sealing.tree import (
    EMPTY,
    HASH_BYTES,
    TILE_BYTES,
    Edge,
    Tree,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    root_of,
)

# The leaves and roots of the reference tests of Certificate Transparency.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LARGEST = 66_000
SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1000, 4096, 65_535, 65_536, 65_537]


def data(index: int) -> bytes:
    return b"leaf %d" % index


class Kept:
    """Tiles in memory; a later one of the same place takes its place."""

    def __init__(self) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.edge = Edge()

    def append(self, leaves: list[bytes]) -> None:
        for tile in self.edge.append(b"".join(map(leaf_hash, leaves))):
            before = self.tiles.get((tile.level, tile.n), b"")
            assert len(before) < TILE_BYTES, "a full tile never changes"
            assert tile.hashes.startswith(before), "a tile only grows"
            self.tiles[tile.level, tile.n] = tile.hashes

    def tree(self) -> Tree:
        return Tree(lambda level, n: self.tiles.get((level, n), b""))


@functools.cache
def kept() -> Kept:
    made, at = Kept(), 0
    for step in (1, 2, 250, 3, 255, 257, 1, 65_000, LARGEST):
        made.append([data(index) for index in range(at, min(at + step, LARGEST))])
        at = min(at + step, LARGEST)
    return made


@functools.cache
def oracle() -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    tree.append_entries([data(index) for index in range(LARGEST)])
    return tree


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_roots_are_those_of_the_reference(size):
    made = Kept()
    made.append([bytes.fromhex(leaf) for leaf in LEAVES[:size]])
    assert made.edge.root().hex() == made.tree().root(size).hex() == ROOTS[size]


@pytest.mark.parametrize("size", [*SIZES, LARGEST])
def test_roots_are_the_oracles(size):
    root = oracle().get_root(size)
    tree = kept().tree()
    assert tree.root(size) == root_of(tree.compact_range(size)) == root


def test_the_edge_knows_root_and_compact_range_of_its_tree():
    made, at = Kept(), 0
    for size in SIZES:
        made.append([data(index) for index in range(at, size)])
        at = size
        assert made.edge.compact_range() == kept().tree().compact_range(size)
        assert made.edge.root() == oracle().get_root(size)


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_paths_are_the_oracles_and_hold(size):
    tree, root = kept().tree(), oracle().get_root(size)
    for index in sorted({0, size // 3, size // 2, size - 1, *(i for i in (255, 256) if i < size)}):
        path = tree.inclusion(index, size)
        assert path == list(oracle().prove_inclusion(index + 1, size).path)[1:]
        assert is_included(leaf_hash(data(index)), index, size, path, root)
        assert not is_included(leaf_hash(b"another"), index, size, path, root)
        assert not is_included(leaf_hash(data(index)), index, size, [*path, EMPTY], root)
        assert not is_included(leaf_hash(data(index)), size, size, path, root)
        if path:
            assert not is_included(leaf_hash(data(index)), index, size, path[:-1], root)


@pytest.mark.parametrize("size", SIZES)
def test_consistency_paths_lead_from_one_root_of_the_oracle_to_another(size):
    tree, root = kept().tree(), oracle().get_root(size)
    for old in [smaller for smaller in SIZES if smaller <= size]:
        path, old_root = tree.consistency(old, size), oracle().get_root(old)
        assert is_consistent(old, size, old_root, root, path)
        assert not is_consistent(old, size, sha256(b"").digest(), root, path)
        assert not is_consistent(old, size, old_root, EMPTY, path)
        assert not is_consistent(old, size, old_root, root, [*path, EMPTY])
        assert not is_consistent(old, size, old_root, root, path[:-1]) or not path


def test_an_empty_tree_is_part_of_every_other_one():
    assert is_consistent(0, 7, EMPTY, oracle().get_root(7), [])
    assert not is_consistent(0, 7, node_hash(EMPTY, EMPTY), oracle().get_root(7), [])
    assert not is_consistent(8, 7, oracle().get_root(8), oracle().get_root(7), [EMPTY])


@given(st.lists(st.integers(1, 700), min_size=1, max_size=5))
def test_it_does_not_matter_in_how_many_pieces_leaves_come(pieces):
    made, at = Kept(), 0
    for step in pieces:
        made.append([data(index) for index in range(at, at + step)])
        at += step
    assert made.edge.root() == oracle().get_root(at) == made.tree().root(at)


@given(st.integers(1, 70_000))
def test_an_edge_is_taken_up_again_from_its_tiles(size):
    size = min(size, LARGEST)
    full = kept().tiles
    rows = [full.get((level, size >> 8 * (level + 1)), b"") for level in range(-(-size.bit_length() // 8))]
    again = Edge(size, [row[: (size >> 8 * level & 255) * HASH_BYTES] for level, row in enumerate(rows)])
    assert again.root() == oracle().get_root(size)


def test_an_edge_of_other_tiles_is_refused():
    with pytest.raises(ValueError, match="of a tree of 3 leaves"):
        Edge(3, [bytes(64)])


def test_a_tile_that_is_missing_is_told():
    with pytest.raises(LookupError, match="tile 0 of level 1"):
        Tree(lambda level, n: b"" if level else bytes(TILE_BYTES)).root(512)


def test_paths_that_no_tree_has_are_refused():
    with pytest.raises(IndexError):
        kept().tree().inclusion(5, 5)
    with pytest.raises(IndexError):
        kept().tree().consistency(6, 5)
    with pytest.raises(IndexError):
        kept().tree().consistency(0, 5)
