"""What was sealed is checked by an implementation that is not ours: the packages `note` and `tlog` of Go's sumdb.

They come with Debian (golang-go, golang-golang-x-mod-dev); where they are missing the tests are skipped, unless
POBRATIM_REQUIRE_GO is set.
"""

import json
import os
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

from adapters.sealing.cosignatures import Cosignatures
from adapters.sealing.leaves import leaf
from adapters.sealing.notes import COSIGNATURE, verifier
from adapters.sealing.tree import Tree
from adapters.sealing.witnesses import Witness
from adapters.sealing.witnessing import show
from tests.verifier.test_cosignatures import LINES, TEXT, WITNESSES
from tests.witness.nearby import nearby

SOURCES = Path(__file__).parent / "go"
SIZES = (1, 2, 3, 255, 256, 257, 600)
MODULE = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")
"""Where Debian keeps it."""


@pytest.fixture(scope="module")
def go(tmp_path_factory):
    """The checking program."""
    missing = [name for name, there in (("go", shutil.which("go")), (str(MODULE), MODULE.is_dir())) if not there]
    if missing and not os.environ.get("POBRATIM_REQUIRE_GO"):
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    assert not missing, f"not on this machine: {', '.join(missing)}"
    folder = tmp_path_factory.mktemp("go")
    program = folder / "check"
    environment = os.environ | {
        "GO111MODULE": "off",  # as Debian's packages are made for
        "GOPATH": str(MODULE.parents[4]),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
        "GOPROXY": "off",
        "CGO_ENABLED": "0",
    }
    built = ["go", "build", "-o", str(program), str(SOURCES / "main.go")]
    done = subprocess.run(built, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    def check(asked):
        told = subprocess.run([str(program)], input=json.dumps(asked), capture_output=True, text=True, check=True)
        return json.loads(told.stdout)

    return check


def text(raw):
    return b64encode(raw).decode()


@pytest.fixture
def asked(registry):
    """A tree of 600 facts that was sealed in pieces, with the paths of leaves and of older trees."""
    done = 0
    for size in SIZES:
        registry.record(size - done)
        registry.seal()
        done = size
    tree, rows = Tree(lambda level, n: registry.store.tile(1, level, n)), registry.store.facts(0, 600)
    return {
        "Note": registry.sealing.kept.path.read_text("utf-8"),
        "Keys": [str(one) for one in registry.sealing.keys.verifiers()],
        "Records": [
            {
                "Index": index,
                "Leaf": text(leaf(index, rows[index])),
                "Path": [text(one) for one in tree.inclusion(index, 600)],
            }
            for index in (0, 1, 254, 255, 256, 257, 511, 512, 599)
        ],
        "Trees": [
            {
                "Size": made.size,
                "Root": text(made.root),
                "Path": [text(one) for one in tree.consistency(made.size, 600)],
            }
            for made in registry.checkpoints()
        ],
    }


def test_go_opens_our_note_and_finds_every_leaf_and_every_older_tree_in_it(go, asked):
    told = go(asked)
    assert (told["Note"], told["Signatures"]) == ("", 1)
    assert told["Records"] == [""] * 9
    assert told["Trees"] == [""] * len(SIZES)


def test_go_refuses_what_is_not_so(go, asked):
    asked["Records"][3]["Leaf"] = text(b"another")
    asked["Records"][4]["Index"] += 1
    asked["Trees"][2]["Root"] = asked["Trees"][3]["Root"]
    told = go(asked)
    assert [number for number, said in enumerate(told["Records"]) if said] == [3, 4]
    assert [number for number, said in enumerate(told["Trees"]) if said] == [2]
    assert go(asked | {"Note": asked["Note"].replace("\n600\n", "\n601\n")})["Note"] != ""


def test_go_knows_both_keys_of_a_rotation(go, asked, registry):
    registry.sealing.rotate(registry.connection, finish=False)
    keys = [str(one) for one in registry.sealing.keys.verifiers()]
    note = registry.sealing.kept.path.read_text("utf-8")
    for known, signatures in ((keys, 2), (keys[:1], 1), (keys[1:], 1)):
        told = go(asked | {"Note": note, "Keys": known})
        assert (told["Note"], told["Signatures"], told["Records"]) == ("", signatures, [""] * 9)


def test_go_finds_the_cosignature_of_our_witness(go, asked, registry, tmp_path):
    keys = [str(one) for one in registry.sealing.keys.verifiers()]
    with nearby(tmp_path / "witness", {"pobratim.example.rs/log": keys}, registry.now.timestamp) as site:
        assert show(registry.connection, Witness(verifier(site.vkey, COSIGNATURE), site.address), lambda: registry.now)
        newest = Cosignatures(registry.connection).newest()
        note = asked["Note"] + Cosignatures(registry.connection).lines(newest.number, [site.vkey])
    for known, signatures in (([site.vkey], 2), ([], 1)):
        told = go(asked | {"Note": note, "Witnesses": known})
        assert (told["Note"], told["Signatures"], told["Records"]) == ("", signatures, [""] * 9)
    assert go(asked | {"Note": note, "Keys": [], "Witnesses": [site.vkey]})["Signatures"] == 1
    assert go(asked | {"Note": note.replace("\n600\n", "\n601\n"), "Keys": [], "Witnesses": [site.vkey]})["Note"] != ""


def test_go_and_we_agree_on_witnesses_of_others(go):
    told = go({"Note": f"{TEXT}\n{LINES}", "Witnesses": WITNESSES})
    assert (told["Note"], told["Signatures"]) == ("", 3)
