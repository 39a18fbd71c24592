"""Plants and what they grow in."""

import math

from ..canvas import Canvas
from ..foliage import foliole, pot
from ..paths import smooth


def plant(a: Canvas, c: str, leaf: str = "#5f9457", stems: float = 11, tall: float = 230) -> None:
    """A leafy pot plant."""
    pot(a, c)
    count = int(stems)
    for i in sorted(range(count), key=lambda k: -abs(k - (count - 1) / 2)):
        share = (i / (count - 1) - 0.5) * 2
        turn = share * 68
        reach = tall * (1 - 0.34 * abs(share)) * a.chance.uniform(0.86, 1.06)
        x, y = math.sin(math.radians(turn)) * reach * 0.5, -112 - math.cos(math.radians(turn)) * reach * 0.5
        a.stroke(f"M{share * 26:.1f} -112 Q{share * 34:.1f} {y:.1f} {x:.1f} {y:.1f}", a.shade(leaf, 0.3), 4)
        foliole(a, a.light(leaf, 0.1) if i % 2 else leaf, x, y + 10, reach * 0.62, reach * 0.22, turn * 1.05)


def monstera(a: Canvas, c: str, leaf: str = "#2f6b4c") -> None:
    """A tall plant with great split leaves."""
    pot(a, c, 84, 128)
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
    pot(a, c, 78, 116)
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
    pot(a, c, 104, 84)
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


def olivetree(a: Canvas, c: str, leaf: str = "#8fa37d", trunk: str = "#7b5540") -> None:
    """A small standard tree in a pot."""
    pot(a, c, 82, 112)
    a.stroke("M0 -108 C-10 -170 12 -200 0 -262", trunk, 13)
    a.stroke("M0 -220 C30 -240 34 -262 50 -280 M0 -236 C-24 -250 -34 -276 -44 -288", trunk, 7)
    for _ in range(150):
        angle, reach = a.chance.uniform(0, 6.28), a.chance.random() ** 0.6
        x, y = math.cos(angle) * 116 * reach, -318 + math.sin(angle) * 92 * reach
        tone = a.light(leaf, 0.3) if x + y * 0.6 < -220 else a.shade(leaf, a.chance.uniform(0, 0.3))
        a.ellipse(x, y, 6.4, 19, tone, transform=f"rotate({a.chance.uniform(-70, 70):.0f} {x:.1f} {y:.1f})")
    for _ in range(7):
        a.ellipse(a.chance.uniform(-70, 70), -318 + a.chance.uniform(-50, 60), 8, 10, a.ball("#3d3a4a", 0.4))


def orchid(a: Canvas, c: str, petal: str = "#d98a92", heart: str = "#9c3f63") -> None:
    """An orchid with two arching stems."""
    pot(a, c, 62, 106)
    for turn, length in ((-66, 128), (60, 132), (-40, 108), (34, 104)):
        foliole(a, "#4c7a52", 0, -100, length, 30, turn)
    for side, lift in ((-1, 0), (1, 30)):
        a.stroke(
            f"M0 -106 C{10 * side} -240 {20 * side} -{330 + lift} {120 * side} -{330 + lift} S{190 * side} -{270 + lift} {196 * side} -{250 + lift}",
            "#66764a",
            5,
        )
        for _k, (x, y, s) in enumerate(((46, -316, 0.8), (96, -338, 1), (150, -318, 1), (190, -262, 0.8))):
            with a.group(f"translate({x * side} {y - lift}) scale({s})"):
                for t in (0, 120, 240):
                    a.ellipse(0, -26, 15, 25, a.light(petal, 0.25), transform=f"rotate({t})")
                for t in (62, -62):
                    a.ellipse(0, -25, 23, 25, a.ball(petal, 0.4), transform=f"rotate({t})")
                a.path("M-9 2 C-14 22 14 22 9 2 C4 -6 -4 -6 -9 2Z", heart)
                a.disc(0, 1, 5, "#f0d667")
