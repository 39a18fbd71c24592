"""The colours keep the contrasts that the design promises, computed from the theme file (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

from mall.config import ROOT

THEME = ROOT / "assets" / "css" / "theme.css"
COMPILED = ROOT / "static" / "css" / "mall.css"
GROUNDS = ("tone-page", "tone-surface", "tone-well", "color-base-100", "color-base-300")

# words, ground, least contrast in light and in dark: the table of the design
PROMISED = [
    ("color-base-content", "color-base-100", 15.7, 15.1),
    ("tone-muted", "color-base-100", 6.0, 8.1),
    ("color-primary-content", "color-primary", 7.4, 9.1),
    ("color-primary", "color-base-100", 7.4, 9.1),
    ("color-secondary-content", "color-secondary", 6.4, 8.1),
    ("tone-points", "color-base-100", 6.2, 11.5),
    ("tone-good", "color-base-100", 5.2, 7.8),
    ("tone-warn", "tone-warn-soft", 5.2, 7.8),
    ("tone-bad", "tone-bad-soft", 5.2, 7.0),
    ("tone-edge", "color-base-100", 3.0, 3.0),
]


def themes(path: Path) -> dict[str, dict[str, str]]:
    """The variables of each theme block, by the theme's name."""
    found = {}
    for block in re.findall(r'@plugin "daisyui/theme" \{(.*?)\n\}', path.read_text(encoding="utf-8"), re.S):
        values = dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))
        found[re.search(r'name: "(\w+)"', block)[1]] = values
    return found


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2, definition of relative luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


THEMES = themes(THEME)


def test_black_on_white_is_21_and_grey_is_what_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_there_are_a_light_and_a_dark_theme_with_the_same_tokens() -> None:
    assert set(THEMES) == {"light", "dark"}
    assert THEMES["light"].keys() == THEMES["dark"].keys()


@pytest.mark.parametrize(("words", "ground", "light", "dark"), PROMISED)
def test_the_promised_contrasts_hold(words: str, ground: str, light: float, dark: float) -> None:
    for name, least in (("light", light), ("dark", dark)):
        theme = THEMES[name]
        assert contrast(theme[words], theme[ground]) >= least, (name, words, ground)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize(
    "words", ["color-base-content", "tone-muted", "color-primary", "tone-points", "tone-good", "tone-bad"]
)
def test_words_can_be_read_on_every_ground(name: str, ground: str, words: str) -> None:
    assert contrast(THEMES[name][words], THEMES[name][ground]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("tone", ["good", "warn", "bad"])
def test_words_and_signs_can_be_read_on_notes(name: str, tone: str) -> None:
    theme = THEMES[name]
    for words in ("color-base-content", f"tone-{tone}"):
        assert contrast(theme[words], theme[f"tone-{tone}-soft"]) >= 4.5
    assert contrast(theme["color-primary"], theme["tone-info-soft"]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("ground", ["tone-page", "tone-surface", "tone-well", "color-base-100"])
def test_the_borders_of_controls_can_be_seen(name: str, ground: str) -> None:
    assert contrast(THEMES[name]["tone-edge"], THEMES[name][ground]) >= 3


@pytest.mark.parametrize("name", ["light", "dark"])
def test_what_daisyui_colours_can_be_read(name: str) -> None:
    theme = THEMES[name]
    for role in ("primary", "secondary", "accent", "neutral", "info", "success", "warning", "error"):
        assert contrast(theme[f"color-{role}"], theme[f"color-{role}-content"]) >= 4.5, role


def test_the_compiled_css_carries_this_theme() -> None:
    compiled = COMPILED.read_text(encoding="utf-8").lower().replace(" ", "")
    for theme in THEMES.values():
        for token in ("tone-points", "tone-muted", "tone-bad", "color-primary", "tone-edge"):
            short = re.sub(r"^#(.)\1(.)\2(.)\3$", r"#\1\2\3", theme[token].lower())
            assert f"--{token}:{short}" in compiled, f"{token}: run `npm run build` in assets/"
