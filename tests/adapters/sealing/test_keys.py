"""Keys are made once, are readable by their owner alone, and change hands by signing twice."""

import os
from datetime import UTC, datetime

import pytest

from adapters.sealing.faults import SealFault
from adapters.sealing.keys import KeyFolder
from adapters.sealing.notes import opened, sign

NAME = "pobratim.example.rs/log"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path):
    made = KeyFolder(tmp_path / "seal")
    made.make_first(NAME, NOW)
    return made


def pem(keys):
    [signer] = keys.signers()
    return keys._folder / f"{signer.verifier.hash.hex()}.pem"


def code(act):
    with pytest.raises(SealFault) as fault:
        act()
    assert "\n" not in str(fault.value)
    return fault.value.code


def test_there_is_no_key_before_the_first(tmp_path):
    keys = KeyFolder(tmp_path / "seal")
    assert (keys.name, keys.verifiers()) == (None, [])
    assert code(keys.signers) == "seal.no-key"
    assert code(lambda: keys.begin_rotation(NOW)) == "seal.no-key"


def test_the_first_key_stays(keys):
    before = keys.verifiers()
    keys.make_first("another.rs/log", NOW)
    assert keys.verifiers() == before
    assert keys.name == NAME
    assert opened(sign("word\n", keys.signers()), before)[1] == before


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_may_reach_signs_nothing(keys, mode):
    assert pem(keys).stat().st_mode & 0o777 == 0o600
    pem(keys).chmod(mode)
    assert code(keys.signers) == "seal.key-open"


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\n", b"\xff" * 100])
def test_a_key_that_is_none_signs_nothing(keys, content):
    pem(keys).write_bytes(content)
    assert code(keys.signers) == "seal.key-unusable"


def test_another_key_in_its_place_signs_nothing(keys, tmp_path):
    other = KeyFolder(tmp_path / "other")
    other.make_first(NAME, NOW)
    pem(keys).write_bytes(pem(other).read_bytes())
    assert code(keys.signers) == "seal.key-unusable"


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"name":"n","keys":[{"vkey":"n+1","since":""}]}'])
def test_a_list_that_cannot_be_read_is_told(keys, content):
    keys._list.write_bytes(content)
    assert code(keys.signers) == "seal.key-unusable"
    assert code(keys.verifiers) == "seal.key-unusable"


def test_a_rotation_signs_twice_until_it_is_finished(keys):
    [old], file = keys.verifiers(), pem(keys)
    assert code(lambda: keys.finish_rotation(NOW)) == "seal.not-rotating"
    new = keys.begin_rotation(NOW)
    assert code(lambda: keys.begin_rotation(NOW)) == "seal.rotating"
    note = sign("word\n", keys.signers())
    assert [opened(note, [one])[1] for one in (old, new)] == [[old], [new]]
    assert keys.finish_rotation(NOW) == [old]
    assert not file.exists(), "a key that signs no more can only be stolen"
    assert [signer.verifier for signer in keys.signers()] == [new]
    assert keys.verifiers() == [old, new], "what the old key has signed is still read"


def test_a_lost_key_is_replaced_and_stays_known(keys):
    [old] = keys.verifiers()
    pem(keys).unlink()
    keys.replace_lost(NAME, NOW)
    assert keys.verifiers()[0] == old
    assert [signer.verifier for signer in keys.signers()] == keys.verifiers()[1:]
    keys._list.write_bytes(b"?")
    keys.replace_lost(NAME, NOW)
    assert len(keys.verifiers()) == 1
    assert len(list(keys._folder.glob("keys.json.until-*"))) == 1


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    assert code(lambda: KeyFolder(tmp_path / "file" / "seal").make_first(NAME, NOW)) in {
        "seal.folder",
        "seal.key-unusable",
    }
