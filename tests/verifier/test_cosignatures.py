"""Cosignatures that others have made: a checkpoint of a public log of certificates with the lines of three witnesses,
by programs that are not ours, as it was published in 2026."""

from base64 import b64decode

import pytest
from pobratim_verify.notes import WITNESS_KEY, verifier_key

from adapters.sealing.notes import COSIGNATURE, NoteFault, cosignature, verifier

TEXT = """arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=
"""
LINES = """\
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""  # noqa: E501
WITNESSES = [
    "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
    "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
]
SIGNED_AT = 0x6A122120


@pytest.mark.parametrize("vkey", WITNESSES)
def test_the_log_and_the_verifier_read_them_alike(vkey: str) -> None:
    key = verifier_key(vkey, WITNESS_KEY)
    made = cosignature(TEXT, LINES, verifier(vkey, COSIGNATURE))

    assert made is not None
    assert made.line.startswith(f"— {key.name} ")
    assert made.time == SIGNED_AT
    raw = b64decode(made.line.split(" ")[2])
    assert key.verifies(TEXT, raw[4:]) == SIGNED_AT
    assert key.verifies(TEXT.replace("1432088532", "1432088533"), raw[4:]) is None


@pytest.mark.parametrize("vkey", WITNESSES)
def test_another_tree_has_no_cosignature(vkey: str) -> None:
    with pytest.raises(NoteFault):
        cosignature(TEXT.replace("1432088532", "1432088533"), LINES, verifier(vkey, COSIGNATURE))
