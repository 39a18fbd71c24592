"""Toys and games."""

from ..canvas import Canvas, smooth
from ..patterns import cover


def plush(a: Canvas, c: str, animal: str = "bear", belly: str = "#f6efe2", p: str = "#cf4b3a") -> None:
    """A sitting soft toy: bear, rabbit or fox, with a scarf."""
    a.shadow(126)
    dark = "#2d2622"
    if animal == "fox":
        a.path("M90 -20 C190 -10 220 -120 150 -150 C170 -90 130 -60 80 -60Z", a.ball(c))
        a.path("M150 -150 C186 -140 196 -110 190 -88 C172 -92 156 -110 150 -150Z", belly)
    for side in (-1, 1):
        a.ellipse(92 * side, -26, 54, 34, a.ball(c, 0.4), transform=f"rotate({-14 * side} {92 * side} -26)")
        a.ellipse(116 * side, -28, 22, 20, a.face(belly))
    a.ellipse(0, -92, 100, 98, a.ball(c, 0.4))
    a.ellipse(0, -76, 62, 66, a.ball(belly, 0.5))
    for side in (-1, 1):
        a.ellipse(
            100 * side, -124, 32, 58, a.ball(c, 0.4), transform=f"rotate({28 * side} {100 * side} -124)"
        )
        if animal == "rabbit":
            a.ellipse(
                44 * side, -356, 30, 86, a.ball(c, 0.4), transform=f"rotate({9 * side} {44 * side} -356)"
            )
            a.ellipse(
                44 * side,
                -352,
                15,
                62,
                a.light("#d98a92", 0.3),
                transform=f"rotate({9 * side} {44 * side} -352)",
            )
        elif animal == "fox":
            a.path(f"M{30 * side} -300 L{88 * side} -374 L{104 * side} -262Z", a.ball(c, 0.4))
            a.path(f"M{52 * side} -304 L{84 * side} -346 L{92 * side} -282Z", dark)
        else:
            a.disc(78 * side, -306, 40, a.ball(c, 0.4))
            a.disc(78 * side, -304, 22, a.face(belly))
    a.ellipse(0, -240, 104, 92, a.ball(c, 0.45))
    if animal == "fox":
        a.path(
            "M-104 -236 C-70 -170 -30 -160 0 -156 C30 -160 70 -170 104 -236 C60 -240 30 -226 0 -196 C-30 -226 -60 -240 -104 -236Z",
            a.ball(belly, 0.5),
        )
    else:
        a.ellipse(0, -210, 44, 34, a.ball(belly, 0.5))
    for side in (-1, 1):
        a.disc(38 * side, -250, 9.5, dark)
        a.disc(38 * side - 3, -253, 3, "#ffffff")
        a.ellipse(66 * side, -218, 14, 9, "#e8765e", opacity=0.35)
    a.ellipse(0, -222 if animal != "fox" else -196, 13, 9.5, dark)
    if animal != "fox":
        a.stroke("M0 -212 v10 M-14 -198 q7 8 14 0 q7 8 14 0", dark, 3.4)
    a.path("M-84 -168 C-40 -138 40 -138 84 -168 L88 -146 C40 -112 -40 -112 -88 -146Z", a.bar(p, 0.3))
    a.path("M30 -136 L64 -142 L74 -58 L40 -54Z", a.face(p, 0.08))


def whale(a: Canvas, c: str, belly: str = "#f6efe2") -> None:
    """A soft whale."""
    a.shadow(200, 0, 0, 30)
    a.path(
        "M150 -120 C200 -150 190 -230 240 -246 C250 -214 246 -190 232 -170 C262 -172 284 -160 292 -140 C250 -116 220 -90 176 -66Z",
        a.ball(c, 0.4),
    )
    d = "M-230 -90 C-236 -200 -130 -236 -40 -222 C60 -206 130 -140 190 -118 C180 -30 90 2 -40 2 C-150 2 -224 -20 -230 -90Z"
    a.path(d, a.ball(c, 0.45))
    with a.group(clip=d):
        a.path("M-240 -70 C-120 -20 20 -20 200 -80 V20 H-240Z", belly)
        for k in range(6):
            a.path(
                f"M{-220 + k * 6} {-52 + k * 11} C-110 {-8 + k * 9} 10 {-8 + k * 9} {130 - k * 10} {-44 + k * 9}",
                "none",
                a.shade(belly, 0.16),
                4,
            )
    a.path("M-20 -60 C20 -30 40 10 0 30 C-40 20 -60 -30 -70 -62Z", a.ball(a.shade(c, 0.1)))
    a.disc(-150, -112, 11, "#2d2622")
    a.disc(-154, -116, 3.6, "#ffffff")
    a.stroke("M-206 -78 q20 16 44 6", "#2d2622", 4)
    for d in ("M-96 -232 C-96 -280 -140 -286 -142 -262", "M-96 -232 C-96 -290 -46 -292 -48 -266"):
        a.stroke(d, "#8fb8d8", 10)


def boardgame(a: Canvas, c: str, p: str = "#f0d667", q: str = "#5aa9a0") -> None:
    """From above: a game board with a path, pieces, dice and cards."""
    with a.group("rotate(-5)"):
        a.drop("M-210 -190 H210 V190 H-210Z")
        a.rect(-210, -190, 420, 380, a.face(c), 12)
        a.rect(-194, -174, 388, 348, a.light(c, 0.55), 6)
        a.path("M-194 60 C-100 0 -40 110 60 60 S160 70 194 30 V174 H-194Z", a.light(q, 0.35))
        spots = [
            (-150, 130),
            (-90, 136),
            (-30, 128),
            (30, 134),
            (90, 126),
            (146, 100),
            (140, 40),
            (86, 16),
            (26, 26),
            (-34, 16),
            (-94, 26),
            (-150, 4),
            (-154, -60),
            (-100, -96),
            (-40, -84),
            (20, -96),
            (80, -84),
            (140, -110),
        ]
        for i, (x, y) in enumerate(spots):
            if i:
                px, py = spots[i - 1]
                a.stroke(f"M{px} {py} L{x} {y}", a.shade(c, 0.2), 5, stroke_dasharray="2 11")
        for i, (x, y) in enumerate(spots):
            a.disc(x, y, 21, "#fbf9f5")
            a.disc(x, y, 15, (p, q, c, "#e8765e")[i % 4])
        a.path("M120 -150 l20 -24 l20 24 l-6 26 h-28Z", "#cf4b3a")
    for x, y, tint in ((-96, 24, "#cf4b3a"), (22, 24, "#2f4468"), (-42, -88, p)):
        a.ellipse(x + 10, y + 8, 20, 12, a.deep, opacity=0.35)
        a.path(
            f"M{x - 17} {y + 4} C{x - 14} {y - 20} {x - 6} {y - 26} {x - 6} {y - 34} H{x + 6} C{x + 6} {y - 26} {x + 14} {y - 20} {x + 17} {y + 4}Z",
            a.tube(tint, 0.4),
        )
        a.disc(x, y - 42, 13, a.ball(tint, 0.5))
    for x, y, turn in ((262, 90, 12), (300, 160, -20)):
        with a.group(f"translate({x} {y}) rotate({turn})"):
            a.drop("M-26 -26 H26 V26 H-26Z", 7, 9, 6)
            a.rect(-28, -28, 56, 56, a.face("#fbf9f5"), 12)
            for dx, dy in ((-13, -13), (13, 13), (0, 0), (13, -13), (-13, 13)):
                a.disc(dx, dy, 5, "#cf4b3a")
    for k in range(3):
        with a.group(f"translate({286 + k * 8} {-90 + k * 7}) rotate({8 + k * 5})"):
            a.drop("M-42 -60 H42 V60 H-42Z", 6, 8, 5)
            a.rect(-42, -60, 84, 120, "#fbf9f5", 9)
            a.rect(-34, -52, 68, 104, a.face(q), 6)
            a.path("M0 -28 l9 18 l20 3 l-14 14 l3 20 l-18 -10 l-18 10 l3 -20 l-14 -14 l20 -3Z", p)


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


def puzzle(a: Canvas, one: str = "#8fb8d8", two: str = "#f2b98c", three: str = "#5f9457") -> None:
    """From above: a jigsaw with its last pieces apart."""

    def piece(x: float, y: float, i: int, j: int) -> str:
        s, k = 96, 17

        def tab(out: int) -> str:
            return f"l{s * 0.36:.0f} 0 c-10 {-16 * out} -6 {-k * 1.7 * out:.0f} {s * 0.14:.0f} {-k * 1.7 * out:.0f} s{s * 0.14 + 10:.0f} {k * 1.7 * out - 16 * out:.0f} {s * 0.14:.0f} {k * 1.7 * out:.0f} l{s * 0.36:.0f} 0"

        def vtab(out: int) -> str:
            return f"l0 {s * 0.36:.0f} c{16 * out} -10 {k * 1.7 * out:.0f} -6 {k * 1.7 * out:.0f} {s * 0.14:.0f} s{-(k * 1.7 * out - 16 * out):.0f} {s * 0.14 + 10:.0f} {-k * 1.7 * out:.0f} {s * 0.14:.0f} l0 {s * 0.36:.0f}"

        top = tab(1 if (i + j) % 2 else -1) if j else f"h{s}"
        right = vtab(1 if (i + j) % 2 else -1) if i < 3 else f"v{s}"
        return f"M{x} {y}{top}{right} L{x} {y + s}Z"

    clips = []
    loose = {(3, 2): (60, 54, 16), (2, 2): (-6, 76, -8)}
    for j in range(3):
        for i in range(4):
            clips.append((i, j))
    for i, j in clips:
        x, y = -260 + i * 96, -170 + j * 96
        dx, dy, turn = loose.get((i, j), (0, 0, 0))
        with a.group(f"translate({dx} {dy}) rotate({turn} {x + 48} {y + 48})"):
            d = piece(x, y, i, j) if (i, j) in loose else f"M{x} {y}h96v96h-96Z"
            a.drop(d, 7, 9, 6, 0.3)
            with a.group(clip=d):
                a.rect(
                    -280, -190, 480, 360, a.linear([(0, a.light(two, 0.2)), (0.5, one), (1, one)], 0, 0, 0, 1)
                )
                a.disc(20, -90, 50, "#fff3cf")
                a.path("M-280 20 C-180 -60 -100 20 -20 -20 S100 -40 200 0 V200 H-280Z", a.shade(three, 0.3))
                a.path("M-280 70 C-160 20 -60 90 60 50 S160 60 220 50 V220 H-280Z", three)
                a.path("M-160 60 l30 -60 l30 60Z M-120 70 l34 -72 l34 72Z", a.shade(three, 0.5))
            a.path(d, "none", a.shade(one, 0.5), 1.6, opacity=0.55)
    for x, y, turn in ((190, -120, 24), (236, -10, -16)):
        with a.group(f"translate({x} {y}) rotate({turn})"):
            d = piece(-48, -48, 1, 1)
            a.drop(d, 7, 9, 6)
            a.path(d, a.face(one if y < -50 else three))


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


def cards(a: Canvas, c: str, p: str = "#f0d667") -> None:
    """From above: a fan of playing cards and their box."""
    with a.group("translate(-190 20) rotate(-12)"):
        a.drop("M-80 -120 H80 V120 H-80Z")
        a.rect(-80, -120, 160, 240, a.face(c), 8)
        cover(a, "M-66 -106 H66 V106 H-66Z", "arcs", p, (-66, -106, 132, 212), 0.8)
        a.disc(0, 0, 36, c)
        a.path("M0 -22 l6 14 l16 2 l-11 11 l2 16 l-13 -8 l-13 8 l2 -16 l-11 -11 l16 -2Z", p)
    for k, (mark, tint) in enumerate(
        (("spade", "#27313f"), ("heart", "#cf4b3a"), ("club", "#27313f"), ("diamond", "#cf4b3a"))
    ):
        with a.group(f"translate(110 180) rotate({-36 + k * 24}) translate(0 -190)"):
            a.drop("M-66 -100 H66 V100 H-66Z", 8, 8, 6, 0.28)
            a.rect(-66, -100, 132, 200, "#fffdf8", 11)
            shape = {
                "heart": "M0 26 C-40 -4 -30 -36 -10 -32 C-2 -30 0 -22 0 -18 C0 -22 2 -30 10 -32 C30 -36 40 -4 0 26Z",
                "diamond": "M0 -36 L26 0 L0 36 L-26 0Z",
                "spade": "M0 -36 C40 -6 30 22 10 18 L14 34 H-14 L-10 18 C-30 22 -40 -6 0 -36Z",
                "club": "M-8 34 L-4 12 C-30 26 -40 -8 -14 -10 C-24 -40 24 -40 14 -10 C40 -8 30 26 4 12 L8 34Z",
            }[mark]
            a.path(shape, tint)
            a.path(shape, tint, transform="translate(-46 -74) scale(.36)")
            a.path(shape, tint, transform="translate(46 74) rotate(180) scale(.36)")


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
