"""Toys and games."""

from ..canvas import Canvas
from ..paths import smooth


def train(a: Canvas, c: str, second: str = "#f0d667", third: str = "#4f7196") -> None:
    """A wooden train with two wagons."""
    a.shadow(280, 0, 0, 24)
    a.rect(-310, -6, 620, 10, a.bar("#c9a06c"), 4)
    for x, tint in ((-226, third), (-58, second)):
        a.rect(x - 70, -96, 140, 70, a.face(tint), 10)
        a.rect(x - 76, -106, 152, 16, a.bar(a.light(tint, 0.2)), 6)
        for k in range(3):
            a.box(x - 14 + k * 36, -104, 38, 14, 34 + k % 2 * 16, ("#c98a4a", "#e8765e", "#a8d5c2")[k])
    for x in (-142, 26):
        a.stroke(f"M{x - 12} -46 h24", "#7b5540", 8)
    a.rect(44, -110, 230, 82, a.face(c), 12)
    a.rect(130, -170, 140, 74, a.bar(a.light(c, 0.1), 0.4), 32)
    a.rect(40, -226, 96, 130, a.face(a.shade(c, 0.08)), 8)
    a.rect(60, -206, 56, 52, a.light("#8fb8d8", 0.3), 6)
    a.rect(28, -242, 120, 22, a.bar("#c9a06c"), 8)
    a.lathe([(15, -166), (15, -210), (24, -232)], a.tube("#3b4048", 0.4), 216)
    a.disc(270, -132, 13, a.ball("#f0d667", 0.5))
    for x, y, r in ((236, -266, 18), (262, -298, 24), (300, -330, 30)):
        a.disc(x, y, r, "#ffffff", opacity=0.75)
    for x, r in ((-266, 26), (-186, 26), (-98, 26), (-18, 26), (86, 34), (166, 34), (240, 34)):
        a.disc(x, -r + 2, r, a.ball("#7b5540", 0.35))
        a.disc(x, -r + 2, r * 0.62, a.face("#e6cfa8"))
        a.disc(x, -r + 2, 6, "#7b5540")


def blocks(
    a: Canvas, one: str = "#cf4b3a", two: str = "#f0d667", three: str = "#4f7196", four: str = "#5f9457"
) -> None:
    """Wooden building blocks as a little castle."""
    a.shadow(190, 0, 0, 34)
    a.box(-40, 0, 110, 60, 100, three)
    a.box(150, 0, 110, 60, 100, one)
    a.box(40, -104, 150, 60, 44, "#e6cfa8")
    a.lathe([(44, -20), (44, -110)], a.tube(two, 0.4), -178)
    a.ellipse(-178, -110, 44, 9, a.light(two, 0.3))
    a.lathe([(46, -112), (4, -196)], a.tube(one, 0.4), -178)
    a.lathe([(34, -168), (34, -246)], a.tube(four, 0.4), 0)
    a.ellipse(0, -246, 34, 7, a.light(four, 0.3))
    a.lathe([(40, -248), (3, -330)], a.tube(two, 0.4), 0)
    a.stroke("M0 -328 v-36", "#7b5540", 4)
    a.path("M2 -364 l40 12 l-40 14Z", one)
    a.path("M206 8 a40 40 0 0 1 80 0Z", a.ball(four))


def kite(a: Canvas, c: str, p: str = "#f0d667", q: str = "#5aa9a0") -> None:
    """A kite in the wind with its tail."""
    a.path("M60 -120 C-20 -60 60 -30 -10 10 S-120 0 -150 60", "none", a.shade(c, 0.2), 4)
    for x, y, tint, turn in ((40, -92, q, 20), (22, -38, p, -30), (-30, 16, c, 40), (-96, 22, q, -10)):
        for side in (-1, 1):
            a.path(
                "M0 0 L26 -15 V15Z",
                tint,
                transform=f"translate({x} {y}) rotate({turn + (180 if side < 0 else 0)})",
            )
    with a.group("translate(90 -270) rotate(24)"):
        a.path("M0 -180 L130 -30 L0 170Z", a.face(c))
        a.path("M0 -180 L-130 -30 L0 170Z", a.face(p))
        a.path("M0 -30 L130 -30 L0 170Z", a.face(q))
        a.path("M0 -30 L-130 -30 L0 170Z", a.face(a.light(c, 0.3)))
        a.stroke("M0 -180 V170 M-130 -30 H130", "#7b5540", 5)
        for side in (-1, 1):
            a.disc(38 * side, -66, 12, "#fbf9f5")
            a.disc(38 * side, -64, 6, "#2d2622")
        a.stroke("M-30 -12 q30 26 60 0", "#2d2622", 5)
    for x, y, s in ((-250, -330, 1), (-110, -400, 0.7), (280, -120, 0.8)):
        with a.group(f"translate({x} {y}) scale({s})", opacity=0.8):
            a.path("M-60 20 C-80 -10 -40 -30 -20 -14 C-6 -44 44 -36 44 -6 C76 -10 80 20 60 20Z", "#ffffff")


def robot(a: Canvas, c: str, p: str = "#f0d667", q: str = "#e8765e") -> None:
    """A friendly robot kit, built."""
    a.shadow(110)
    for side in (-1, 1):
        a.rect(50 * side - 24, -60, 48, 62, a.tube(a.shade(c, 0.2)), 8)
        a.rect(50 * side - 36, -18, 72, 22, a.bar("#3b4048"), 10)
        a.stroke(
            f"M{96 * side} -170 C{150 * side} -170 {150 * side} -120 {134 * side} -92",
            a.shade("#b8c0c8", 0.2),
            19,
        )
        a.ring(132 * side, -76, 20, 20, q, 11, stroke_dasharray="96 30")
    a.rect(-96, -206, 192, 152, a.face(c), 22)
    a.rect(-62, -178, 124, 84, a.shade(c, 0.3), 12)
    for x, tint in ((-36, "#cf4b3a"), (0, p), (36, "#9ff0c0")):
        a.disc(x, -148, 12, a.ball(tint, 0.5))
    a.stroke("M-44 -114 h20 l10 -14 l14 22 l10 -8 h34", "#9ff0c0", 4)
    a.rect(-24, -230, 48, 28, a.tube("#b8c0c8", 0.5))
    a.rect(-110, -354, 220, 130, a.face(a.light(c, 0.14)), 34)
    a.rect(-88, -330, 176, 82, "#27313f", 26)
    for x in (-42, 42):
        a.disc(x, -290, 22, a.ball("#9fe6f0", 0.6))
        a.disc(x - 6, -297, 7, "#ffffff")
    a.stroke("M-16 -264 q16 12 32 0", "#9fe6f0", 5)
    a.stroke("M0 -354 v-34", "#b8c0c8", 7)
    a.disc(0, -396, 15, a.ball(q, 0.5))
    for x in (-112, 112):
        a.rect(x - 12, -310, 24, 44, a.tube(p), 8)


def paints(a: Canvas, c: str = "#fbf9f5") -> None:
    """From above: a box of watercolours, a brush and a painted sheet."""
    with a.group("translate(-130 -10) rotate(-8)"):
        a.drop("M-150 -150 H130 V180 H-150Z")
        a.rect(-150, -150, 280, 330, "#fffdf8")
        a.path("M-120 60 C-60 -10 20 40 100 0 V140 H-120Z", "#5aa9a0", opacity=0.75)
        a.path("M-120 90 C-40 60 40 110 100 70 V140 H-120Z", "#2f5d47", opacity=0.6)
        a.disc(20, -50, 46, "#e8765e", opacity=0.75)
        a.disc(44, -40, 40, "#f0d667", opacity=0.6)
    with a.group("translate(170 30) rotate(6)"):
        a.drop("M-140 -110 H140 V110 H-140Z")
        a.rect(-140, -110, 280, 220, a.face("#3b4048"), 12)
        a.rect(-128, -98, 256, 196, a.face(c), 6)
        for k, tint in enumerate(
            (
                "#cf4b3a",
                "#e8765e",
                "#f0d667",
                "#5f9457",
                "#5aa9a0",
                "#4f7196",
                "#7b68b0",
                "#d98a92",
                "#7b5540",
                "#27313f",
            )
        ):
            x, y = -100 + k % 5 * 50, -52 + k // 5 * 84
            a.rect(x - 21, y - 34, 42, 68, "#e9e4da", 5)
            a.rect(x - 17, y - 30, 34, 60, a.ball(tint, 0.3), 8)
    with a.group("translate(70 170) rotate(-74)"):
        a.drop("M-9 -150 H9 V150 H-9Z", 8, 8, 6)
        a.path("M-8 40 L-5 190 H5 L8 40Z", a.tube("#cf4b3a", 0.4))
        a.rect(-9, -20, 18, 62, a.tube("#b8c0c8", 0.6))
        a.path("M-9 -20 C-14 -60 -4 -80 0 -100 C4 -80 14 -60 9 -20Z", a.face("#4f7196"))


def spinner(a: Canvas, c: str, p: str = "#f0d667", q: str = "#4f7196") -> None:
    """Two spinning tops, one on its side."""
    a.shadow(60)
    a.shadow(80, 190, 6)
    a.lathe([(4, 0), (14, -34), (110, -110), (116, -132), (70, -162), (16, -176), (12, -250)], a.tube(c, 0.5))
    a.band((98, -98), (112, -118), a.tube(p, 0.4))
    a.band((60, -66), (80, -84), a.tube(q, 0.4))
    a.ellipse(0, -250, 12, 3, a.light("#c9a06c", 0.3))
    with a.group("translate(196 -52) rotate(66) scale(.66)"):
        a.lathe([(4, 60), (14, 26), (96, -40), (100, -60), (60, -86), (14, -98), (10, -160)], a.tube(q, 0.5))
        a.band((84, -28), (98, -48), a.tube(p, 0.4))
    for r in (150, 176):
        a.path(
            f"M{-r} -20 A{r} {r * 0.2:.0f} 0 0 0 {r * 0.4:.0f} 14",
            "none",
            "#ffffff",
            4,
            opacity=0.5,
            stroke_linecap="round",
        )


def duck(a: Canvas, c: str = "#f0c53a", p: str = "#e8765e") -> None:
    """A bath duck on water."""
    a.ellipse(0, -8, 220, 34, "#ffffff", opacity=0.35)
    a.ellipse(0, -10, 170, 24, "#ffffff", opacity=0.35)
    d = smooth(
        [
            (-150, -96),
            (-176, -136),
            (-130, -124),
            (-70, -130),
            (0, -120),
            (60, -130),
            (122, -90),
            (118, -30),
            (60, -4),
            (-60, -4),
            (-130, -40),
        ],
        True,
    )
    a.path(d, a.ball(c, 0.5))
    a.path("M-90 -92 C-30 -116 40 -100 62 -60 C20 -30 -60 -30 -90 -92Z", a.ball(a.shade(c, 0.1), 0.3))
    a.disc(66, -190, 78, a.ball(c, 0.5))
    a.path("M122 -186 C158 -200 186 -186 190 -176 C176 -164 150 -160 124 -164Z", a.ball(p, 0.4))
    a.disc(84, -212, 10, "#2d2622")
    a.disc(81, -215, 3.4, "#ffffff")
    for x, y, r in ((-190, -40, 13), (-214, -70, 9), (170, -50, 11), (204, -28, 15)):
        a.disc(x, y, r, a.radial([(0, "#ffffff", 0.1), (1, "#ffffff", 0.8)], 0.5, 0.5, 0.5))
