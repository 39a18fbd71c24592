"""Vouchers, cards and codes, and what they stand for."""

from ..canvas import Canvas
from ..paths import smooth
from ..patterns import cover
from ..signs import sign


def ticket(
    a: Canvas, c: str, icon: str = "cup", p: str = "#fbf9f5", q: str = "#f0d667", second: str = ""
) -> None:
    """From above: a coupon with a stub, and a second one under it."""
    d = "M-230 -120 H230 A0 0 0 0 1 230 -120 V-34 A34 34 0 0 0 230 34 V120 H-230 V34 A34 34 0 0 0 -230 -34Z"
    if second:
        with a.group("translate(24 34) rotate(9)"):
            a.drop(d)
            a.path(d, a.face(second))
    with a.group("rotate(-6)"):
        a.drop(d)
        a.path(d, a.face(c))
        for k in range(9):
            a.disc(104, -104 + k * 26, 5, a.shade(c, 0.35))
        a.rect(-206, -96, 286, 192, "none", 10, stroke=a.light(c, 0.45), stroke_width=3)
        with a.group("translate(-130 0) scale(1.2)"):
            sign(a, icon, p, q)
        a.rect(-50, -48, 104, 17, p, 7, opacity=0.95)
        a.rect(-50, -14, 76, 11, p, 5, opacity=0.7)
        a.rect(-50, 12, 92, 11, p, 5, opacity=0.7)
        a.rect(-50, 40, 54, 26, q, 8)
        for k in range(14):
            a.rect(134, -74 + k * 11, 62, 3 + k * 7 % 5, p, opacity=0.9)


def giftcard(
    a: Canvas, c: str, ribbon: str = "#f0d667", pattern: str = "stars", p: str = "#fbf9f5", icon: str = ""
) -> None:
    """From above: a gift card with a ribbon, half in its envelope."""
    with a.group("translate(-40 60) rotate(-5)"):
        a.drop("M-230 -110 H230 V150 H-230Z")
        a.rect(-230, -110, 460, 260, a.face("#f6efe2"), 8)
        a.path("M-230 -106 L0 40 L230 -106", "none", a.shade("#f6efe2", 0.2), 4)
    with a.group("translate(30 -34) rotate(7)"):
        d = "M-196 -130 H196 C208 -130 216 -122 216 -110 V114 C216 126 208 134 196 134 H-196 C-208 134 -216 126 -216 114 V-110 C-216 -122 -208 -130 -196 -130Z"
        a.drop(d)
        a.path(d, a.face(c))
        cover(a, d, pattern, a.light(c, 0.28), (-220, -134, 440, 270), 1.2)
        a.path(d, a.linear([(0, "#ffffff", 0.25), (0.5, "#ffffff", 0), (1, a.deep, 0.2)], 0, 0, 1, 1))
        a.rect(-120, -131, 38, 266, a.face(ribbon))
        a.rect(-217, -30, 434, 34, a.face(ribbon, 0.05))
        for side in (-1, 1):
            a.path(
                f"M-101 -13 C{-101 + 30 * side} -90 {-101 + 110 * side} -76 {-101 + 92 * side} -26 C{-101 + 82 * side} -4 {-101 + 30 * side} -4 -101 -13Z",
                a.ball(ribbon, 0.4),
            )
            a.path(f"M-101 -10 L{-101 + 66 * side} 62 L{-101 + 36 * side} 74 L-101 4Z", a.face(ribbon, 0.1))
        a.disc(-101, -12, 18, a.ball(a.shade(ribbon, 0.12)))
        if icon:
            with a.group("translate(110 -74) scale(.8)"):
                sign(a, icon, p, ribbon)
        a.rect(36, 60, 140, 15, p, 6, opacity=0.9)
        a.rect(36, 90, 84, 10, p, 5, opacity=0.7)


def phonecode(a: Canvas, c: str, icon: str = "star", p: str = "#f0d667") -> None:
    """A phone that shows a code, with its sign above."""
    a.shadow(96, 0, 0, 22)
    with a.group("rotate(4)"):
        a.rect(-104, -400, 208, 402, a.tube("#26282d", 0.3), 32)
        a.rect(-94, -390, 188, 382, "#fbf9f5", 24)
        a.path("M-94 -366 C-94 -380 -84 -390 -70 -390 H70 C84 -390 94 -380 94 -366 V-240 H-94Z", a.face(c))
        with a.group("translate(0 -312)"):
            sign(a, icon, "#fbf9f5", p)
        a.rect(-70, -218, 140, 14, a.shade("#fbf9f5", 0.6), 6)
        a.rect(-70, -194, 90, 9, a.shade("#fbf9f5", 0.3), 4)
        for i in range(7):
            for j in range(7):
                corner = (i < 2 or i > 4) and (j < 2 or (j > 4 and i < 2))
                if corner or a.chance.random() < 0.5:
                    a.rect(-60 + i * 17.4, -168 + j * 17.4, 15, 15, "#27313f", 3)
        a.rect(-48, -32, 96, 13, a.face(c), 6)
    a.path(
        "M150 -330 C190 -350 220 -320 200 -280 M176 -354 C236 -380 276 -320 240 -262",
        "none",
        a.light(c, 0.2),
        9,
        stroke_linecap="round",
    )


def popcorn(a: Canvas, c: str = "#cf4b3a", card: str = "#f0d667") -> None:
    """Two cinema tickets beside a box of popcorn."""
    a.shadow(110, -60)
    a.shadow(60, 150)
    for _ in range(42):
        x = a.chance.gauss(-60, 48)
        y = -256 - abs(a.chance.gauss(0, 26)) + abs(x + 60) * 0.3
        for dx, dy in ((-9, 0), (9, -2), (0, -10)):
            a.disc(x + dx, y + dy, 12, a.ball("#fff1c9", 0.6))
    d = "M-178 -248 H58 L26 0 H-146Z"
    a.path(d, "#fbf9f5")
    with a.group(clip=d):
        for k in range(5):
            a.path(f"M{-178 + k * 52} -250 h26 l{-k * 3 + 4} 252 h-20Z", c)
    a.path(d, a.linear([(0, a.deep, 0.06), (0.3, "#ffffff", 0.2), (0.6, a.deep, 0), (1, a.deep, 0.3)]))
    a.ellipse(-60, -116, 56, 42, "#fbf9f5")
    with a.group("translate(-60 -116) scale(.7)"):
        sign(a, "star", c, card)
    for turn, tint in ((18, a.shade(card, 0.1)), (4, card)):
        with a.group(f"translate(150 -10) rotate({turn})"):
            a.path(
                "M-50 -210 H50 V-130 A14 14 0 0 0 50 -102 V0 H-50 V-102 A14 14 0 0 0 -50 -130Z", a.face(tint)
            )
            a.stroke("M-36 -116 H36", a.shade(tint, 0.4), 3, stroke_dasharray="6 7")
            with a.group("translate(0 -164) scale(.6)"):
                sign(a, "star", c, "#fbf9f5")
            for k in range(3):
                a.rect(-32, -84 + k * 22, 64 - k * 14, 8, a.shade(tint, 0.5), 4)


def ereader(a: Canvas, c: str, cloth: str = "#8fb8d8") -> None:
    """From above: an e-reader on a folded cloth."""
    with a.group("rotate(8)"):
        a.drop("M-230 -150 H230 V190 H-230Z", 6, 8, 8, 0.24)
        a.rect(-230, -150, 460, 340, a.face(cloth), 10)
        cover(a, "M-230 -150 H230 V190 H-230Z", "stripes", a.light(cloth, 0.35), (-230, -150, 460, 340), 0.9)
    with a.group("rotate(-5)"):
        a.drop("M-150 -196 H150 V206 H-150Z")
        a.rect(-150, -200, 300, 410, a.face(c), 22)
        a.rect(-124, -172, 248, 320, "#f4f1e8", 4)
        a.rect(-96, -140, 130, 16, "#3b4048", 4)
        for k in range(9):
            a.rect(-96, -98 + k * 25, 192 - (k * 53 % 70 if k % 3 == 2 else 0), 8, "#8d8a84", 3)
        a.disc(0, 178, 11, a.light(c, 0.3))


def gamepad(a: Canvas, c: str, p: str = "#f0d667") -> None:
    """A game controller with its code card."""
    a.shadow(190, 0, 0, 30)
    a.rect(-70, -330, 230, 150, a.face(p), 14, transform="rotate(9 40 -250)")
    a.rect(-40, -300, 120, 16, "#fbf9f5", 6, transform="rotate(9 40 -250)")
    for k in range(4):
        a.rect(-44 + k * 48, -244, 38, 18, a.shade(p, 0.4), 5, transform="rotate(9 40 -250)")
    d = smooth(
        [
            (-100, -190),
            (0, -182),
            (100, -190),
            (168, -176),
            (212, -60),
            (196, 0),
            (150, -6),
            (104, -56),
            (0, -60),
            (-104, -56),
            (-150, -6),
            (-196, 0),
            (-212, -60),
            (-168, -176),
        ],
        True,
    )
    a.path(d, a.ball(c, 0.4))
    a.path("M-132 -146 h24 v22 h22 v24 h-22 v22 h-24 v-22 h-22 v-24 h22Z", a.shade(c, 0.6))
    for x, y, tint in (
        (120, -146, "#f0d667"),
        (146, -118, "#cf4b3a"),
        (94, -118, "#5aa9a0"),
        (120, -92, "#8fb8d8"),
    ):
        a.disc(x, y, 14, a.ball(tint, 0.5))
    for x in (-56, 56):
        a.disc(x, -86, 30, a.shade(c, 0.5))
        a.disc(x, -90, 24, a.ball(a.shade(c, 0.3), 0.4))
    a.rect(-16, -150, 32, 12, a.light(c, 0.5), 6)


def cloud(a: Canvas, c: str, p: str = "#f0d667") -> None:
    """A cloud that holds folders and pictures."""
    a.shadow(180, 0, 40, 24)
    for x, y, turn, tint in ((-110, -230, -12, p), (10, -270, 4, "#e8765e"), (120, -226, 13, "#5aa9a0")):
        with a.group(f"translate({x} {y}) rotate({turn})"):
            a.path(
                "M-60 -60 H-10 L6 -44 H60 C68 -44 72 -40 72 -32 V60 H-72 V-48 C-72 -56 -68 -60 -60 -60Z",
                a.face(tint),
            )
            a.rect(-72, -26, 144, 88, a.face(a.light(tint, 0.2)), 8)
    d = "M-170 0 C-250 0 -260 -110 -178 -122 C-180 -210 -60 -240 -20 -176 C30 -220 130 -200 130 -120 C230 -126 240 0 160 0Z"
    a.path(d, a.radial([(0, "#ffffff"), (0.5, a.light(c, 0.6)), (1, a.light(c, 0.05))], 0.36, 0.2, 0.9))
    a.stroke("M0 -30 V-100 M-28 -74 L0 -104 L28 -74", a.shade(c, 0.2), 15)


def croissant(a: Canvas, c: str = "#d0924a", bag: str = "#e6cfa8") -> None:
    """A paper bag with a baguette and two croissants before it."""
    a.shadow(190, 0, 0, 30)
    for x, turn in ((-40, -10), (26, 7)):
        with a.group(f"translate({x} -170) rotate({turn})"):
            a.rect(-30, -200, 60, 260, a.tube("#c98a45", 0.4), 30)
            for k in range(4):
                a.stroke(f"M-16 {-170 + k * 42} l30 20", "#f1d9ac", 8)
    a.path(
        "M-130 0 L-142 -236 L-112 -222 L-82 -238 L-52 -222 L-22 -238 L8 -222 L38 -238 L68 -222 L98 -236 L88 0Z",
        a.linear([(0, a.light(bag, 0.25)), (0.6, bag), (0.62, a.shade(bag, 0.1)), (1, a.shade(bag, 0.24))]),
    )
    with a.group("translate(-20 -110)"):
        sign(a, "bread", a.shade(bag, 0.5), bag)
    for x, y, s in ((150, 6, 1), (-170, 14, 0.72)):
        with a.group(f"translate({x} {y}) scale({s})"):
            a.shadow(90)
            a.path(
                "M-106 -6 C-120 -70 -60 -120 0 -120 S120 -70 106 -6 C90 4 74 -4 66 -26 C50 -50 -50 -50 -66 -26 C-74 -4 -90 4 -106 -6Z",
                a.bar(c, 0.4),
            )
            for x0, x1 in ((-78, -46), (-34, -22), (0, 0), (34, 22), (78, 46)):
                a.stroke(
                    f"M{x0} {-92 + abs(x0) * 0.55:.0f} Q{x0 * 0.9:.0f} -70 {x1} -44",
                    a.shade(c, 0.36),
                    5,
                    opacity=0.7,
                )


def prints(a: Canvas, c: str, one: str = "#e8765e", two: str = "#5aa9a0") -> None:
    """From above: photo prints spread on the table."""
    for x, y, turn, kind in ((-150, -40, -14, 0), (140, -50, 10, 1), (0, 50, -3, 2)):
        with a.group(f"translate({x} {y}) rotate({turn})"):
            a.drop("M-112 -130 H112 V130 H-112Z")
            a.rect(-112, -130, 224, 260, "#fffdf8", 4)
            clip = "M-94 -112 H94 V76 H-94Z"
            with a.group(clip=clip):
                a.rect(
                    -94,
                    -112,
                    188,
                    188,
                    a.linear(
                        [(0, a.light((c, two, one)[kind], 0.4)), (1, a.light((c, two, one)[kind], 0.75))],
                        0,
                        0,
                        0,
                        1,
                    ),
                )
                if kind == 0:
                    a.disc(30, -60, 26, "#f0d667")
                    a.path("M-94 30 C-50 -30 0 20 40 -10 S80 0 94 10 V80 H-94Z", a.shade(c, 0.25))
                elif kind == 1:
                    a.path("M-94 20 q24 -16 47 0 t47 0 t47 0 t47 0 V80 H-94Z", a.shade(two, 0.2))
                    a.path("M-30 16 L0 -70 L40 16Z", "#fbf9f5")
                    a.path("M-44 16 H52 L36 38 H-28Z", "#cf4b3a")
                else:
                    a.disc(0, -6, 44, a.ball("#e3b48f"))
                    a.path("M-50 -14 C-50 -74 50 -74 50 -14 C30 -40 -20 -44 -50 -14Z", "#4a372c")
                    a.path("M-70 80 C-66 40 -30 34 0 34 S66 40 70 80Z", "#f0d667")
                    a.disc(-15, -8, 4.5, "#2d2622")
                    a.disc(15, -8, 4.5, "#2d2622")
                    a.stroke("M-14 12 q14 14 28 0", "#8a4a3a", 4)
            a.rect(-50, 96, 100, 9, "#d8d2c6", 4)
