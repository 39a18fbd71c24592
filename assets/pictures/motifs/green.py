"""Plants and what they grow in."""

import math

from ..canvas import Canvas, smooth


def _leaf(a: Canvas, c: str, x: float, y: float, length: float, width: float, turn: float) -> None:
    with a.group(f"translate({x:.1f} {y:.1f}) rotate({turn:.1f})"):
        a.path(
            f"M0 0 C{width} {-length * 0.3} {width} {-length * 0.75} 0 {-length} C{-width} {-length * 0.75} {-width} {-length * 0.3} 0 0Z",
            a.linear(
                [
                    (0, a.light(c, 0.28)),
                    (0.49, a.light(c, 0.12)),
                    (0.51, a.shade(c, 0.14)),
                    (1, a.shade(c, 0.3)),
                ]
            ),
        )
        a.stroke(f"M0 0 V{-length * 0.86}", a.light(c, 0.4), 1.8, opacity=0.5)


def _pot(a: Canvas, c: str, r: float = 74, h: float = 120, soil: str = "#4a372c") -> None:
    a.shadow(r * 0.9)
    a.lathe([(r * 0.68, 0), (r * 0.74, -8), (r, -h)], a.tube(c))
    a.ellipse(0, -h, r, r * 0.2, a.light(c, 0.3))
    a.ellipse(0, -h + 1, r * 0.9, r * 0.165, a.shade(c, 0.35))
    a.ellipse(0, -h + 4, r * 0.86, r * 0.13, soil)


def plant(a: Canvas, c: str, leaf: str = "#5f9457", stems: float = 11, tall: float = 230) -> None:
    """A leafy pot plant."""
    _pot(a, c)
    count = int(stems)
    for i in sorted(range(count), key=lambda k: -abs(k - (count - 1) / 2)):
        share = (i / (count - 1) - 0.5) * 2
        turn = share * 68
        reach = tall * (1 - 0.34 * abs(share)) * a.chance.uniform(0.86, 1.06)
        x, y = math.sin(math.radians(turn)) * reach * 0.5, -112 - math.cos(math.radians(turn)) * reach * 0.5
        a.stroke(f"M{share * 26:.1f} -112 Q{share * 34:.1f} {y:.1f} {x:.1f} {y:.1f}", a.shade(leaf, 0.3), 4)
        _leaf(a, a.light(leaf, 0.1) if i % 2 else leaf, x, y + 10, reach * 0.62, reach * 0.22, turn * 1.05)


def monstera(a: Canvas, c: str, leaf: str = "#2f6b4c") -> None:
    """A tall plant with great split leaves."""
    _pot(a, c, 84, 128)
    for turn, reach, size in (
        (-62, 150, 0.8),
        (58, 165, 0.86),
        (-32, 235, 1.02),
        (30, 225, 0.95),
        (2, 290, 1.0),
    ):
        x, y = math.sin(math.radians(turn)) * reach, -120 - math.cos(math.radians(turn)) * reach * 0.72
        a.stroke(f"M0 -116 Q{x * 0.3:.0f} {y + 40:.0f} {x:.0f} {y:.0f}", a.shade(leaf, 0.1), 6)
        with a.group(f"translate({x:.0f} {y:.0f}) rotate({turn * 1.25:.0f}) scale({size})"):
            d = smooth(
                [
                    (0, 28),
                    (34, 40),
                    (66, 14),
                    (76, -30),
                    (56, -74),
                    (0, -112),
                    (-56, -74),
                    (-76, -30),
                    (-66, 14),
                    (-34, 40),
                ],
                True,
            )
            a.path(d, a.linear([(0, a.light(leaf, 0.26)), (0.5, leaf), (1, a.shade(leaf, 0.3))]))
            with a.group(clip=d):
                for side in (-1, 1):
                    for k, (px, py) in enumerate(((80, 10), (86, -28), (78, -66))):
                        a.path(
                            f"M{side * px} {py} L{side * 26} {py + 6 - k * 5} L{side * px} {py + 15}Z",
                            a.shade(leaf, 0.5),
                        )
            a.stroke("M0 24 V-96", a.light(leaf, 0.36), 3, opacity=0.7)


def snakeplant(a: Canvas, c: str, leaf: str = "#4c7a52", edge: str = "#d8cf86") -> None:
    """Upright sword leaves with a light edge."""
    _pot(a, c, 78, 116)
    for x, turn, length, w in (
        (-40, -17, 190, 22),
        (44, 16, 175, 21),
        (-18, -7, 262, 25),
        (26, 7, 240, 25),
        (2, 0, 205, 24),
        (-54, -27, 120, 17),
        (58, 26, 128, 17),
    ):
        with a.group(f"translate({x} -110) rotate({turn})"):
            d = f"M-12 0 C{-w} {-length * 0.4} {-w} {-length * 0.7} 0 {-length} C{w} {-length * 0.7} {w} {-length * 0.4} 12 0Z"
            a.path(d, a.linear([(0, a.light(leaf, 0.22)), (0.5, leaf), (1, a.shade(leaf, 0.36))]), edge, 4)
            with a.group(clip=d):
                for k in range(int(length / 17)):
                    a.path(
                        f"M-30 {-k * 17 - 5} q15 -9 30 0 t30 0", "none", a.light(leaf, 0.3), 4, opacity=0.35
                    )


def succulent(a: Canvas, c: str, leaf: str = "#7fae92", tip: str = "#d98a92") -> None:
    """A rosette in a low bowl."""
    _pot(a, c, 104, 84)
    for ring, (count, reach, size) in enumerate(((11, 92, 1.0), (9, 64, 0.84), (7, 38, 0.66), (5, 15, 0.5))):
        for i in range(count):
            turn = 360 / count * i + ring * 19
            x, y = (
                math.sin(math.radians(turn)) * reach * 0.62,
                -98 - ring * 14 - math.cos(math.radians(turn)) * reach * 0.3,
            )
            with a.group(f"translate({x:.1f} {y:.1f}) rotate({turn * 0.999:.1f}) scale({size})"):
                a.path(
                    "M0 16 C42 0 34 -52 0 -74 C-34 -52 -42 0 0 16Z",
                    a.linear(
                        [(0, tip), (0.3, a.light(leaf, 0.14)), (1, a.shade(leaf, 0.3 - ring * 0.06))],
                        0,
                        0,
                        0,
                        1,
                    ),
                )
