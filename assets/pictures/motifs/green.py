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


def olivetree(a: Canvas, c: str, leaf: str = "#8fa37d", trunk: str = "#7b5540") -> None:
    """A small standard tree in a pot."""
    _pot(a, c, 82, 112)
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
    _pot(a, c, 62, 106)
    for turn, length in ((-66, 128), (60, 132), (-40, 108), (34, 104)):
        _leaf(a, "#4c7a52", 0, -100, length, 30, turn)
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


def wateringcan(a: Canvas, c: str, rose: str = "#c9a552") -> None:
    """A long-necked watering can."""
    a.shadow(140)
    a.stroke("M76 -30 C150 -70 180 -200 256 -250", a.shade(c, 0.3), 24)
    a.stroke("M76 -34 C146 -74 176 -204 252 -254", a.light(c, 0.1), 14)
    with a.group("translate(262 -262) rotate(40)"):
        a.lathe([(12, 14), (38, -22)], a.tube(rose, 0.5))
        a.ellipse(0, -22, 38, 10, a.face(rose, -0.2))
    a.stroke("M-96 -40 C-200 -60 -190 -240 -60 -236", a.shade(c, 0.4), 17)
    a.stroke("M-96 -43 C-196 -63 -186 -243 -60 -239", a.light(c, 0.12), 9)
    a.stroke("M-70 -200 C-60 -300 60 -300 72 -200", a.shade(c, 0.3), 14)
    a.lathe([(112, 0), (118, -8), (100, -180), (96, -196)], a.tube(c, 0.4))
    a.ellipse(0, -196, 96, 19, a.light(c, 0.3))
    a.path("M-96 -196 A96 19 0 0 0 96 -196 L60 -204 A80 14 0 0 1 -84 -200Z", a.shade(c, 0.4))
    a.band((112.500, -112), (110.500, -134), a.tube(rose, 0.4))


def seeds(a: Canvas, one: str = "#e8765e", two: str = "#f0d667", three: str = "#a8d5c2") -> None:
    """From above: three seed packets and scattered seeds."""
    for x, y, turn, tint, kind in ((-190, 10, -10, one, 0), (0, -20, 3, two, 1), (186, 14, 11, three, 2)):
        with a.group(f"translate({x} {y}) rotate({turn})"):
            a.drop("M-84 -130 H84 V130 H-84Z")
            a.rect(-84, -130, 168, 260, a.face(tint), 4)
            a.rect(-84, -130, 168, 26, a.shade(tint, 0.16), 4)
            a.rect(-66, -92, 132, 164, "#fffaf0", 66)
            if kind == 0:
                a.disc(0, 4, 34, a.ball("#cf4b3a", 0.4))
                a.path("M-20 -28 L0 -18 L20 -28 L10 -8 H-10Z", "#5f9457")
            elif kind == 1:
                for k in range(12):
                    a.ellipse(0, -34, 9, 20, "#e3a94f", transform=f"rotate({k * 30}) translate(0 0)")
                a.disc(0, 0, 20, "#6b4636")
                a.stroke("M0 54 V20", "#5f9457", 6)
            else:
                a.path("M0 46 C-26 10 -20 -30 0 -50 C20 -30 26 10 0 46Z", a.ball("#e8953b", 0.4))
                for t in (-24, 0, 24):
                    a.path(
                        "M0 0 C8 -14 8 -30 0 -40 C-8 -30 -8 -14 0 0Z",
                        "#5f9457",
                        transform=f"translate(0 -46) rotate({t})",
                    )
            a.rect(-50, 92, 100, 10, a.shade(tint, 0.5), 4)
            a.rect(-34, 110, 68, 7, a.shade(tint, 0.3), 3)
    for _ in range(30):
        x, y = a.chance.gauss(-20, 150), a.chance.gauss(190, 18)
        a.ellipse(x, y, 7, 4, "#6b4636", transform=f"rotate({a.chance.uniform(0, 180):.0f} {x:.1f} {y:.1f})")


def terrarium(a: Canvas, c: str = "#c9a06c", leaf: str = "#5f9457") -> None:
    """A garden under glass."""
    a.shadow(130)
    a.can(0, 0, 136, 26, c)
    with a.group(
        clip="M-124 -26 V-200 C-124 -300 -60 -340 0 -340 S124 -300 124 -200 V-26 A124 24 0 0 1 -124 -26Z"
    ):
        a.lathe([(124, -24), (124, -62)], a.tube("#4a372c", 0.2))
        a.ellipse(0, -62, 124, 22, "#5d4638")
        a.path(
            "M-124 -60 C-90 -100 -30 -60 10 -76 S100 -96 124 -58 C80 -36 -80 -36 -124 -60Z",
            a.bar("#7fa25a", 0.3),
        )
        for x, turn, length, w in (
            (-40, -24, 130, 26),
            (-10, -4, 190, 30),
            (30, 18, 150, 28),
            (60, 40, 100, 22),
            (-66, -46, 90, 20),
            (10, 8, 120, 24),
        ):
            _leaf(a, leaf if x % 20 else a.light(leaf, 0.2), x, -74, length, w, turn)
        a.ellipse(74, -62, 26, 14, a.ball("#bcb5ab"))
        a.ellipse(-86, -62, 18, 10, a.ball("#a9a196"))
    a.path(
        "M-124 -26 V-200 C-124 -300 -60 -340 0 -340 S124 -300 124 -200 V-26 A124 24 0 0 1 -124 -26Z",
        a.linear(
            [
                (0, "#ffffff", 0.5),
                (0.14, "#ffffff", 0.12),
                (0.5, "#ffffff", 0.02),
                (0.9, a.rim, 0.25),
                (1, "#ffffff", 0.45),
            ]
        ),
        "#ffffff",
        2.5,
    )
    a.stroke("M-98 -90 V-210 C-96 -260 -76 -290 -54 -302", "#ffffff", 9, opacity=0.7)
    a.disc(0, -352, 15, a.ball(c, 0.5))


def trowels(a: Canvas, c: str, metal: str = "#b8c0c8") -> None:
    """From above: a trowel and a fork with wooden handles."""
    for x, turn, kind in ((-100, -14, 0), (110, 12, 1)):
        with a.group(f"translate({x} 0) rotate({turn})"):
            a.drop("M-24 -10 H24 V210 H-24Z M-50 -190 H50 V-30 H-50Z", 12, 14, 9)
            a.rect(-8, -60, 16, 90, a.tube(metal, 0.6))
            if kind == 0:
                a.path(
                    "M-54 -50 C-60 -140 -30 -200 0 -226 C30 -200 60 -140 54 -50 C30 -30 -30 -30 -54 -50Z",
                    a.linear(
                        [
                            (0, a.light(metal, 0.5)),
                            (0.48, metal),
                            (0.52, a.shade(metal, 0.2)),
                            (1, a.light(metal, 0.2)),
                        ]
                    ),
                )
            else:
                a.path("M-52 -90 C-52 -50 -30 -40 0 -40 S52 -50 52 -90", "none", metal, 15)
                for k in (-52, 0, 52):
                    a.path(f"M{k - 9} -88 L{k - 4} -216 H{k + 4} L{k + 9} -88Z", a.tube(metal, 0.6))
            a.path(
                "M-20 26 C-28 90 -26 180 -18 206 C-10 216 10 216 18 206 C26 180 28 90 20 26Z",
                a.tube("#c9a06c", 0.4),
            )
            a.rect(-21, 22, 42, 20, a.tube(metal, 0.5), 4)
            a.stroke("M-6 200 q6 40 20 44 q16 -6 -4 -44", c, 6)


def herbs(a: Canvas, c: str = "#e6cfa8") -> None:
    """Three herbs in a wooden trough."""
    a.shadow(220, 0, 0, 30)
    for x, leaf, kind in ((-140, "#5f9457", 0), (0, "#7fa27a", 1), (140, "#4c7a52", 2)):
        for k in range(13):
            turn = -60 + k * 10
            length = a.chance.uniform(100, 170) * (1 - abs(turn) / 160)
            if kind == 1:
                with a.group(f"translate({x} -104) rotate({turn * 0.7:.0f})"):
                    a.stroke(f"M0 0 V{-length}", a.shade(leaf, 0.3), 3)
                    for j in range(int(length / 11)):
                        for side in (-1, 1):
                            a.stroke(f"M0 {-j * 11} l{side * 14} -12", a.light(leaf, 0.1 * (j % 3)), 4.4)
            else:
                _leaf(
                    a,
                    a.light(leaf, 0.14) if k % 2 else leaf,
                    x + turn * 0.3,
                    -100,
                    length * (0.9 if kind else 0.75),
                    24 if kind == 0 else 9,
                    turn,
                )
    a.rect(-230, -110, 460, 112, a.linear([(0, a.light(c, 0.25)), (1, a.shade(c, 0.2))], 0, 0, 0, 1), 8)
    for y in (-76, -40):
        a.path(f"M-220 {y} C-100 {y - 8} 60 {y + 8} 220 {y - 2}", "none", a.shade(c, 0.3), 1.6, opacity=0.5)
    for x in (-140, 0, 140):
        a.rect(x - 36, -78, 72, 42, "#fffaf0", 5)
        a.rect(x - 22, -62, 44, 8, "#7b5540", 3, opacity=0.7)


def hanging(a: Canvas, c: str, leaf: str = "#5f9457", rope: str = "#dcc7a4") -> None:
    """A pot in a rope hanger with trailing shoots."""
    for x in (-84, 84):
        a.stroke(f"M0 -520 L{x} -210 L0 -76", rope, 6)
    a.stroke("M0 -520 V-76", rope, 6)
    a.disc(0, -78, 13, a.ball(rope))
    for x in (-12, -4, 4, 12):
        a.stroke(f"M0 -70 q{x} 30 {x * 1.4} 66", rope, 5)
    for x, length, bend in ((-78, 210, -26), (-46, 150, -8), (52, 180, 14), (84, 240, 30), (-98, 120, -40)):
        a.stroke(f"M{x} -208 q{bend} {length * 0.4:.0f} {bend * 0.4:.0f} {length}", a.shade(leaf, 0.3), 3.4)
        for k in range(int(length / 24)):
            share = (k + 1) * 24 / length
            px, py = (
                x + bend * (2 * share * (1 - share) + 0.4 * share * share),
                -208 + length * share * (0.8 + 0.2 * share),
            )
            for side in (-1, 1):
                with a.group(f"translate({px:.1f} {py:.1f}) rotate({side * 60 + 90:.0f}) scale(.62)"):
                    a.path(
                        "M0 0 C20 -12 22 -34 0 -44 C-22 -34 -20 -12 0 0Z",
                        a.face(a.light(leaf, 0.1 * (k % 3))),
                    )
    a.lathe([(58, -90), (80, -110), (96, -170), (92, -214)], a.tube(c))
    a.ellipse(0, -214, 92, 18, a.light(c, 0.3))
    a.ellipse(0, -213, 82, 14, "#4a372c")
    for turn in (-70, -44, -20, 4, 26, 50, 74):
        _leaf(a, a.light(leaf, 0.1), turn * 0.5, -208, 84, 24, turn)
