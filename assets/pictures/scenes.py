"""The rooms in which the goods stand: wall, ground, light, and where the goods go."""

from collections.abc import Callable
from dataclasses import dataclass

from .canvas import Canvas
from .colour import lch, oklch
from .paths import line_to, n


@dataclass(frozen=True)
class Tone:
    """The colours of a room."""

    wall: str
    ground: str
    piece: str
    glow: str
    second: str


def tone(canvas: Canvas, name: str) -> Tone:
    """`pale`, `mid`, `deep`, `cream` or `cool` room in the category's hue."""
    _, chroma, h = lch(canvas.accent)
    c = min(chroma, 0.13)
    if name == "mid":
        return Tone(
            oklch(0.83, c * 0.62, h), oklch(0.76, c * 0.68, h), oklch(0.88, c * 0.5, h), "#ffffff", canvas.rim
        )
    if name == "deep":
        wall, ground, piece = oklch(0.4, c * 0.55, h), oklch(0.33, c * 0.5, h), oklch(0.5, c * 0.62, h)
        return Tone(wall, ground, piece, oklch(0.72, c * 0.9, h), oklch(0.66, c, h + 24))
    if name == "cream":
        return Tone(
            oklch(0.945, 0.018, 85), oklch(0.895, 0.026, 80), oklch(0.86, c * 0.5, h), "#ffffff", canvas.rim
        )
    if name == "cool":
        wall, ground = oklch(0.92, 0.016, 240), oklch(0.865, 0.02, 245)
        return Tone(wall, ground, oklch(0.84, c * 0.55, h), "#ffffff", canvas.rim)
    return Tone(
        oklch(0.93, c * 0.27, h), oklch(0.875, c * 0.38, h), oklch(0.83, c * 0.6, h), "#ffffff", canvas.rim
    )


def _wall(a: Canvas, t: Tone, line: float) -> None:
    """Wall and ground that meet at `line`, and the two lights on the wall."""
    down = (0, 0, 0, 1)
    a.rect(0, 0, 800, line + 2, a.linear([(0, a.shade(t.wall, 0.05)), (1, a.light(t.wall, 0.16))], *down))
    a.ellipse(190, 90, 460, 380, a.glow(t.glow, 0.55))
    a.ellipse(720, 330, 330, 330, a.glow(t.second, 0.5))
    a.rect(
        0,
        line,
        800,
        600 - line,
        a.linear([(0, a.shade(t.ground, 0.05)), (0.6, a.light(t.ground, 0.1))], *down),
    )


def _sweep(a: Canvas, t: Tone) -> float:
    stops = [
        (0, a.shade(t.wall, 0.05)),
        (0.62, t.wall),
        (0.78, a.shade(t.ground, 0.03)),
        (1, a.light(t.ground, 0.15)),
    ]
    a.rect(0, 0, 800, 600, a.linear(stops, 0, 0, 0, 1))
    a.ellipse(200, 110, 480, 400, a.glow(t.glow, 0.6))
    a.ellipse(730, 300, 340, 360, a.glow(t.second, 0.55))
    return 492


def _table(a: Canvas, t: Tone) -> float:
    _wall(a, t, 428)
    a.rect(0, 427, 800, 3, a.light(t.ground, 0.3), opacity=0.7)
    return 506


def _plinth(a: Canvas, t: Tone) -> float:
    _wall(a, t, 440)
    a.shadow(255, 400, 560, 40)
    a.can(400, 556, 250, 92, t.piece, a.light(t.piece, 0.35), 0.17)
    return 470


def _arch(a: Canvas, t: Tone) -> float:
    _wall(a, t, 470)
    d = "M205 472 V255 A195 195 0 0 1 595 255 V472Z"
    inner = "M232 472 V258 A181 181 0 0 1 594 258 V472Z"
    a.path(d, a.linear([(0, a.shade(t.piece, 0.24)), (0.4, a.shade(t.piece, 0.1)), (1, t.piece)]))
    with a.group(clip=d):
        a.path(inner, a.linear([(0, a.light(t.piece, 0.05)), (1, a.light(t.piece, 0.35))]))
        a.ellipse(560, 300, 240, 300, a.glow(t.second, 0.5))
    return 508


def _disc(a: Canvas, t: Tone) -> float:
    _wall(a, t, 446)
    with a.group(clip="M0 0H800V446H0Z"):
        a.disc(400, 286, 216, a.linear([(0, a.light(t.piece, 0.4)), (1, t.piece)], 0, 0, 0.6, 1))
    return 506


def _shelf(a: Canvas, t: Tone) -> float:
    _wall(a, t, 600)
    shadow = a.linear([(0, a.deep, 0.26), (1, a.deep, 0)], 0, 0, 0, 1)
    a.rect(84, 516, 660, 60, shadow)
    a.quad(
        [(70, 478), (730, 478), (764, 500), (36, 500)],
        a.linear([(0, a.shade(t.piece, 0.08)), (1, a.light(t.piece, 0.3))]),
    )
    a.rect(36, 500, 728, 20, a.linear([(0, t.piece), (1, a.shade(t.piece, 0.2))]), 2)
    return 490


def _window(a: Canvas, t: Tone) -> float:
    _wall(a, t, 440)
    for i, x in enumerate((70, 190)):
        for j in range(2):
            y = 40 + j * 168 + i * 22
            pane = [(x, y), (x + 104, y + 19), (x + 158, y + 171), (x + 54, y + 152)]
            a.quad([(px + j * 58, py) for px, py in pane], "#ffffff", opacity=0.42)
    return 508


def _blocks(a: Canvas, t: Tone) -> float:
    _wall(a, t, 430)
    a.rect(500, 208, 210, 330, a.linear([(0, a.light(t.piece, 0.2)), (1, a.shade(t.piece, 0.14))]), 4)
    a.ellipse(605, 540, 170, 18, a.glow(a.deep, 0.3))
    a.rect(88, 330, 150, 200, a.linear([(0, a.light(t.piece, 0.42)), (1, t.piece)]), 4)
    a.shadow(280, 400, 560, 30)
    a.rect(140, 486, 520, 78, a.linear([(0, a.light(t.piece, 0.3)), (1, a.shade(t.piece, 0.12))]), 4)
    a.quad([(140, 488), (660, 488), (632, 462), (168, 462)], a.light(t.piece, 0.5))
    return 478


def _panel(a: Canvas, t: Tone) -> float:
    _wall(a, t, 448)
    for i, x in enumerate((150, 275, 400, 525)):
        fold = a.linear(
            [(0, a.light(t.piece, 0.34)), (1, a.light(t.piece, 0.05))]
            if i % 2
            else [(0, a.shade(t.piece, 0.06)), (1, a.light(t.piece, 0.2))]
        )
        a.quad([(x, 70), (x + 125, 70), (x + 125, 456 if i % 2 else 466), (x, 466 if i % 2 else 456)], fold)
    return 510


def _hill(a: Canvas, t: Tone) -> float:
    _wall(a, t, 600)
    a.disc(600, 170, 78, a.linear([(0, a.light(t.second, 0.5)), (1, t.second)], 0, 0, 0, 1))
    a.path(
        "M0 420 C140 330 260 340 380 400 S640 430 800 340 V600 H0Z",
        a.linear([(0, a.light(t.piece, 0.25)), (1, t.piece)], 0, 0, 0, 1),
    )
    a.path(
        "M0 470 C200 430 420 440 800 452 V600 H0Z",
        a.linear([(0, a.shade(t.ground, 0.1)), (1, a.light(t.ground, 0.12))], 0, 0, 0, 1),
    )
    return 516


def _flat(a: Canvas, t: Tone) -> float:
    """A table top seen from above."""
    a.rect(
        0, 0, 800, 600, a.linear([(0, a.light(t.ground, 0.3)), (1, a.shade(t.ground, 0.07))], 0, 0, 0.8, 1)
    )
    a.ellipse(150, 60, 520, 420, a.glow(t.glow, 0.5))
    a.ellipse(760, 540, 360, 300, a.glow(t.second, 0.45))
    return 300


def _paper(a: Canvas, t: Tone) -> float:
    """Seen from above, on two sheets of coloured paper."""
    _flat(a, t)
    a.quad([(0, 600), (0, 330), (470, 600)], a.linear([(0, a.light(t.piece, 0.25)), (1, t.piece)]))
    a.quad([(800, 0), (800, 250), (430, 0)], a.linear([(0, t.piece), (1, a.light(t.piece, 0.3))]))
    return 300


def _slats(a: Canvas, t: Tone) -> float:
    """Seen from above, on wooden boards, with the light of a blind across."""
    _flat(a, t)
    for y in range(0, 600, 120):
        a.rect(0, y, 800, 2.4, a.shade(t.ground, 0.22), opacity=0.5)
        a.rect(0, y + 2.4, 800, 2, "#ffffff", opacity=0.35)
    for x in range(-200, 900, 150):
        a.path(line_to([(x, 0), (x + 60, 0), (x + 260, 600), (x + 200, 600)]), "#ffffff", opacity=0.14)
    return 300


ROOMS: dict[str, Callable[[Canvas, Tone], float]] = {
    "sweep": _sweep,
    "table": _table,
    "plinth": _plinth,
    "arch": _arch,
    "disc": _disc,
    "shelf": _shelf,
    "window": _window,
    "blocks": _blocks,
    "panel": _panel,
    "hill": _hill,
    "flat": _flat,
    "paper": _paper,
    "slats": _slats,
}


def furnish(canvas: Canvas, room: str, light: str) -> str:
    """Draw the room; returns the transform that puts a motif's (0, 0) on its spot."""
    ground = ROOMS[room](canvas, tone(canvas, light))
    return f"translate(400 {n(ground)})"
