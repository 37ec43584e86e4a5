"""Sealing a log from cold, and proofs of single facts: `python -m benchmarks.sealing [FACTS]`.

The yardstick is pymerkle: the same leaves appended to a tree in memory, and the same proofs of inclusion. It neither
reads facts nor keeps anything.
"""

import random
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import psycopg

from adapters.database.urls import sealer_url
from adapters.sealing.leaves import leaf
from adapters.sealing.sealing import Sealing
from adapters.sealing.store import Store
from adapters.sealing.tree import Tree, is_included, leaf_hash
from benchmarks.measure import migrated_server
from web.language.language import now

FACTS: Final = 1_000_000
PROOFS: Final = 2_000
WANTED_SECONDS: Final = "15 s for 1,000,000"
WANTED_PROOF: Final = "p99 < 5 ms"
_FILL: Final = b"""
    INSERT INTO log.facts (originator_id, originator_version, topic, state, notification_id, recorded_at)
    SELECT md5((n / 8)::text)::uuid, 1 + n %% 8, 'initiative.remark-added.v1',
           convert_to('{"actor":"' || md5(n::text) || '","command":"' || md5((n + 1)::text) || '","fact":{"about":"'
                      || repeat(md5((n + 2)::text), 6) || '"}}', 'UTF8'),
           n + 1, timestamptz '2026-01-01' + n * interval '1 second'
    FROM generate_series(0, %s - 1) AS n
"""


def main(facts: int = FACTS) -> None:
    with migrated_server() as url, tempfile.TemporaryDirectory(prefix="pobratim-benchmark-") as folder:
        with psycopg.connect(url) as connection:
            connection.execute(_FILL, (facts,))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE log.facts")
        sealing = Sealing(Path(folder), "pobratim.example.rs", now)
        with psycopg.connect(sealer_url(url), autocommit=True) as connection:
            seconds = timed(lambda: sealing.seal(connection))
            print(f"{facts:,} facts sealed in {seconds:.2f} s  (wanted: {WANTED_SECONDS})")
            prove(Store(connection), sealing, facts)


def prove(store: Store, sealing: Sealing, facts: int) -> None:
    """Each proof from the position of a fact to a path that holds, nothing kept in memory from one to the next."""
    kept = sealing.kept.read(sealing.keys.verifiers())
    assert kept is not None
    root, positions = kept.checkpoint.root, random.Random(1).sample(range(1, facts + 1), min(PROOFS, facts))  # noqa: S311
    spent = list[float]()
    for position in positions:
        begin = time.perf_counter()
        index = store.index(1, position)
        assert index is not None
        path = Tree(lambda level, n: store.tile(1, level, n)).inclusion(index, facts)
        spent.append(time.perf_counter() - begin)
        [row] = store.facts(position - 1, 1)
        assert is_included(leaf_hash(leaf(index, row)), index, facts, path, root)
    shown("proof of inclusion", spent, WANTED_PROOF)
    beside(store, facts, root, [position - 1 for position in positions])


def beside(store: Store, facts: int, root: bytes, indexes: list[int]) -> None:
    """pymerkle over the same leaves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree: Any = import_module("pymerkle").InmemoryTree(algorithm="sha256")  # typed nowhere
        leaves, position = list[bytes](), 0
        while rows := store.facts(position, 50_000):
            leaves += [leaf(len(leaves) + number, row) for number, row in enumerate(rows)]
            position = rows[-1][0]
        seconds = timed(lambda: tree.append_entries(leaves))
        print(f"{'pymerkle':>20}: {facts:,} leaves appended in {seconds:.2f} s, in memory")
        seconds = timed(lambda: _same(tree.get_root(facts), root))
        print(f"{'pymerkle':>20}: the same root in {seconds:.2f} s")
        shown("pymerkle", [timed(lambda at=at: tree.prove_inclusion(at + 1, facts)) for at in indexes[:200]], "")


def _same(found: bytes, root: bytes) -> None:
    assert found == root, "pymerkle has another root"


def shown(name: str, spent: list[float], wanted: str) -> None:
    cuts = statistics.quantiles(spent, n=100)
    print(
        f"{name:>20}: median {statistics.median(spent) * 1000:.2f} ms, p99 {cuts[98] * 1000:.2f} ms, "
        f"{len(spent):,} proofs" + (f"  (wanted: {wanted})" if wanted else "")
    )


def timed(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
