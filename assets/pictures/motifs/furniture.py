"""What furnishes a room."""

from ..canvas import Canvas
from ..paths import smooth
from ..patterns import cover


def clock(a: Canvas, c: str, dial: str = "#fbf9f5", hand: str = "#27313f") -> None:
    """A round wall clock."""
    a.drop("M-166 -200 a166 166 0 1 0 332 0 a166 166 0 1 0 -332 0Z", 20, 22, 13)
    a.disc(0, -200, 166, a.ball(c, 0.35))
    a.disc(0, -200, 147, a.shade(c, 0.4))
    a.disc(0, -198, 145, a.face(dial))
    for i in range(60):
        long = i % 5 == 0
        a.rect(
            -2.6 if long else -1,
            -334,
            5.2 if long else 2,
            24 if long else 9,
            hand,
            1,
            transform=f"rotate({i * 6} 0 -198)",
            opacity=0.9 if long else 0.4,
        )
    a.rect(-6, -282, 12, 100, hand, 6, transform="rotate(-58 0 -198)")
    a.rect(-4.4, -316, 8.8, 138, hand, 4, transform="rotate(56 0 -198)")
    a.rect(-1.6, -310, 3.2, 150, a.accent, 1, transform="rotate(152 0 -198)")
    a.disc(0, -198, 10, a.ball(c))


def mirror(a: Canvas, c: str, view: str = "#cfe0e6") -> None:
    """A round mirror that leans on the wall, on a small foot."""
    a.shadow(110)
    a.drop("M-158 -200 a158 158 0 1 0 316 0 a158 158 0 1 0 -316 0Z", 26, 14, 13, 0.28)
    a.path("M-86 0 C-86 -40 86 -40 86 0Z", a.bar(c))
    a.disc(0, -196, 158, a.ball(c, 0.4))
    a.disc(
        0, -196, 140, a.linear([(0, a.light(view, 0.6)), (0.5, view), (1, a.shade(view, 0.14))], 0, 0, 1, 1)
    )
    with a.group(clip="M-140 -196 a140 140 0 1 0 280 0 a140 140 0 1 0 -280 0Z"):
        a.path("M-160 -120 L60 -360 L110 -360 L-120 -100Z", "#ffffff", opacity=0.4)
        a.path("M-100 -70 L130 -330 L146 -320 L-80 -50Z", "#ffffff", opacity=0.3)


def basket(a: Canvas, c: str, band: str = "#fbf9f5", cloth: str = "#d98a92") -> None:
    """A woven basket with a blanket in it."""
    a.shadow(126)
    a.path(
        smooth([(-120, -206), (-96, -262), (-30, -246), (30, -288), (96, -252), (124, -206)], False) + "Z",
        a.ball(cloth, 0.3),
    )
    a.path("M-40 -210 C-50 -250 -20 -268 10 -250 C44 -236 30 -212 20 -200Z", a.shade(cloth, 0.2), opacity=0.5)
    outline = a.lathe([(104, 0), (116, -10), (138, -100), (134, -208)], a.tube(c, 0.2), 0, 0.16)
    with a.group(clip=outline):
        for j in range(14):
            for i in range(-10, 11):
                x, y = i * 27 + (13 if j % 2 else 0), -210 + j * 17 + (1 - (i * 27 / 140) ** 2) * 18
                a.stroke(f"M{x - 10:.1f} {y:.1f} q10 7 20 0", a.shade(c, 0.36), 5, opacity=0.55)
        a.path("M-150 -120 Q0 -80 150 -120 V-84 Q0 -44 -150 -84Z", band, opacity=0.85)
    for side in (-1, 1):
        a.stroke(
            f"M{112 * side} -190 C{190 * side} -210 {190 * side} -120 {132 * side} -122", a.shade(c, 0.3), 11
        )


def armchair(a: Canvas, c: str, wood: str = "#7b5540", pillow: str = "#f6efe2") -> None:
    """A round-backed armchair."""
    a.shadow(190, 0, 0, 34)
    for x, turn in ((-132, 8), (132, -8), (-84, 4), (84, -4)):
        a.rect(x - 9, -66, 18, 70, a.tube(wood), 5, transform=f"rotate({turn} {x} -60)")
    a.path(
        "M-172 -120 C-190 -330 -110 -360 0 -360 S190 -330 172 -120Z",
        a.linear([(0, a.light(c, 0.16)), (0.5, c), (1, a.shade(c, 0.26))]),
    )
    for x in (-84, -28, 28, 84):
        a.stroke(
            f"M{x} -130 C{x * 1.1:.0f} -220 {x * 1.05:.0f} -290 {x * 0.9:.0f} -342",
            a.shade(c, 0.26),
            4,
            opacity=0.7,
        )
    a.path("M-150 -74 C-160 -150 -140 -172 0 -172 S160 -150 150 -74Z", a.bar(a.light(c, 0.08), 0.3))
    a.rect(-70, -262, 126, 104, a.ball(pillow, 0.3), 26, transform="rotate(-6 0 -210)")
    for side in (-1, 1):
        a.path(
            f"M{118 * side} -58 C{120 * side} -150 {112 * side} -206 {158 * side} -208 C{212 * side} -206 {204 * side} -130 {196 * side} -58Z",
            a.linear([(0, a.light(c, 0.24)), (1, a.shade(c, 0.22))]),
        )
    a.path("M-190 -86 C-100 -72 100 -72 190 -86 L186 -52 C100 -40 -100 -40 -186 -52Z", a.bar(c, 0.1))


def frames(a: Canvas, c: str, one: str = "#cf4b3a", two: str = "#2f4468") -> None:
    """Three picture frames, leaning."""
    a.shadow(190, 0, 0, 22)
    for x, y, w, h, kind in ((-190, -300, 190, 300, 0), (60, -230, 150, 230, 1), (-40, -176, 130, 176, 2)):
        d = f"M{x} {y} h{w} v{h} h{-w}Z"
        a.drop(d, 14, 2, 8, 0.3)
        a.path(d, a.linear([(0, a.light(c, 0.25)), (1, a.shade(c, 0.24))]))
        a.rect(x + 11, y + 11, w - 22, h - 22, "#fbf9f5")
        inner = f"M{x + 28} {y + 28} h{w - 56} v{h - 56} h{56 - w}Z"
        with a.group(clip=inner):
            a.path(inner, (a.light(one, 0.75), a.light(two, 0.7), a.light(a.accent, 0.6))[kind])
            if kind == 0:
                a.disc(x + w / 2, y + 120, 46, one)
                a.path(f"M{x} {y + 240} q60 -80 110 -30 t90 -10 V{y + h} H{x}Z", two)
            elif kind == 1:
                a.path(f"M{x} {y + 170} q40 -60 75 -20 t80 -30 V{y + h} H{x}Z", one)
                a.disc(x + 96, y + 70, 20, "#f0d667")
            else:
                a.path(
                    f"M{x + 65} {y + 140} C{x + 65} {y + 80} {x + 40} {y + 70} {x + 40} {y + 46} M{x + 65} {y + 100} q24 -10 26 -44",
                    "none",
                    "#2f5d47",
                    6,
                )


def bedding(a: Canvas, c: str, pillow: str = "#fbf9f5", pattern: str = "plain", p: str = "#fbf9f5") -> None:
    """A made bed seen from its foot."""
    a.shadow(270, 0, 0, 26)
    a.path("M-230 -250 C-230 -330 230 -330 230 -250 V-90 H-230Z", a.face("#c9a06c"))
    for x in (-176, 14):
        a.rect(x, -226, 162, 98, a.ball(pillow, 0.4), 38)
    d = "M-240 -150 C-120 -176 120 -176 240 -150 L262 -8 C150 12 -150 12 -262 -8Z"
    a.path(d, a.linear([(0, a.light(c, 0.2)), (0.5, c), (1, a.shade(c, 0.25))]))
    cover(a, d, pattern, p, (-270, -180, 540, 200), 1.2)
    a.path(
        "M-242 -152 C-120 -178 120 -178 242 -152 L246 -116 C130 -140 -130 -140 -246 -116Z", a.light(c, 0.45)
    )
    for x in (-150, -40, 90, 180):
        a.stroke(
            f"M{x} -130 q{-14 if x < 0 else 16} 60 {-18 if x < 0 else 20} 132",
            a.shade(c, 0.26),
            5,
            opacity=0.35,
        )
