"""Every tone can be read on its ground, in light and in dark, and no tone is the only carrier of what it says."""

import re
from typing import Any, Final

import pytest

from domain.initiatives.terms import Stage
from web.language import LOCALES
from web.static_files import static_files
from web.templating import TEMPLATES, environment

CSS: Final = static_files()["pobratim.css"].content.decode()
TEXT, SIGN = 4.5, 3.0
"""WCAG 2.2, 1.4.3 and 1.4.11."""
PAIRS: Final = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3", "accent") for ground in ("paper", "surface")),
    *((tone, ground, TEXT) for tone in ("bad", "warn", "good") for ground in ("paper", "surface", f"{tone}-wash")),
    ("accent", "wash", TEXT),
    ("on-accent", "accent", TEXT),
    ("past", "past-wash", TEXT),
    ("line-strong", "surface", SIGN),
    ("line-strong", "paper", SIGN),
]
"""Ink, what it stands on, and the ratio that it needs."""


def tokens(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\n  \}", CSS, re.DOTALL)[:2]
    found = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", light))
    return found | (dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", dark)) if scheme == "dark" else {})


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) > len("#fff") else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS, ids=[f"{ink} on {ground}" for ink, ground, _ in PAIRS])
def test_a_tone_can_be_read_on_its_ground(scheme: str, ink: str, ground: str, least: float) -> None:
    known = tokens(scheme)
    assert ratio(known[ink], known[ground]) >= least


def made(code: str, stage: Stage) -> str:
    """The sign and the word of a stage as every page has them."""
    components: Any = environment(code).globals["c"]
    return str(components.stage(stage.value))


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_a_sign_and_a_word_beside_its_colour(stage: Stage) -> None:
    sprite = (TEMPLATES.parent / "static" / "sprite.svg").read_text("utf-8")
    for code in LOCALES:
        shown = made(code, stage)
        sign = re.search(r"#(s-[a-z0-9]+)", shown)
        assert sign
        assert f'id="{sign[1]}"' in sprite
        assert re.search(r"<span>[^<]{3,}</span>", shown)


def test_stages_of_different_tone_have_different_signs() -> None:
    shown = {stage: made("en", stage) for stage in Stage}
    signs = {stage: re.findall(r"#(s-[a-z0-9]+)", text)[0] for stage, text in shown.items()}
    tones = {stage: (re.findall(r"stage--([a-z]+)", text) or [""])[0] for stage, text in shown.items()}
    for sign in set(signs.values()):
        assert len({tones[stage] for stage in Stage if signs[stage] == sign}) == 1, sign
