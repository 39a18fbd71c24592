"""For balconies and gardens."""

from ..canvas import Canvas
from ..foliage import foliole


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
            foliole(a, leaf if x % 20 else a.light(leaf, 0.2), x, -74, length, w, turn)
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
                foliole(
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
        foliole(a, a.light(leaf, 0.1), turn * 0.5, -208, 84, 24, turn)
