"""Sweets, fruit and what stands in sacks."""

import math

from ..canvas import Canvas
from ..paths import smooth
from ..patterns import cover


def chocolates(a: Canvas, c: str, ribbon: str = "#c9a552", inner: str = "#f6efe2") -> None:
    """From above: an open box of pralines, its lid beside it."""
    lid, box = "M-300 -150 H-20 V130 H-300Z", "M-70 -120 H270 V170 H-70Z"
    a.drop(lid)
    a.path(lid, a.face(c))
    a.rect(-186, -150, 46, 280, a.face(ribbon))
    a.path("M-163 -10 C-220 -70 -250 -10 -163 -2 C-76 -10 -106 -70 -163 -10Z", a.ball(ribbon))
    a.disc(-163, -6, 14, a.shade(ribbon, 0.2))
    a.drop(box)
    a.path(box, a.face(a.shade(c, 0.1)))
    a.rect(-56, -106, 312, 262, a.face(inner, 0.14), 4)
    tints = ("#5a3a2c", "#7b5540", "#3e2a22", "#f3e3c8", "#a2653f")
    for j in range(3):
        for i in range(4):
            x, y, tint = -20 + i * 80, -64 + j * 88, tints[(i * 2 + j * 3) % 5]
            a.ellipse(x + 5, y + 7, 34, 34, a.deep, opacity=0.25)
            if (i + j) % 3 == 0:
                a.rect(x - 30, y - 30, 60, 60, a.ball(tint, 0.35), 12)
                a.path(f"M{x - 24} {y + 12} q12 -30 24 0 t24 0", "none", a.light(tint, 0.45), 3.4)
            elif (i + j) % 3 == 1:
                a.disc(x, y, 32, a.ball(tint, 0.4))
                a.disc(x, y - 2, 9, "#c9a552")
            else:
                a.disc(x, y, 32, a.ball(tint, 0.35))
                for k in (-14, 0, 14):
                    a.stroke(f"M{x - 22} {y + k} L{x + 22} {y + k - 8}", a.light(tint, 0.5), 3)


def cookies(a: Canvas, c: str, p: str = "#fbf9f5", pattern: str = "flowers") -> None:
    """A low round tin, open, biscuits showing; the lid leans behind."""
    a.shadow(170)
    a.ellipse(104, -150, 124, 120, a.ball(a.shade(c, 0.1), 0.3), transform="rotate(14 104 -150)")
    with a.group(clip="M-20 -150 a124 120 0 1 0 248 0 a124 120 0 1 0 -248 0Z"):
        cover(a, "M-20 -270 H230 V-20 H-20Z", pattern, p, (-20, -270, 250, 250))
    a.ring(104, -150, 122, 118, a.shade(c, 0.2), 5)
    outline = a.lathe([(148, 0), (152, -6), (152, -92)], a.tube(c, 0.3), -30)
    cover(a, outline, pattern, p, (-190, -110, 320, 150))
    a.path(
        outline, a.linear([(0, a.deep, 0.16), (0.26, "#ffffff", 0.2), (0.5, "#ffffff", 0), (1, a.deep, 0.4)])
    )
    a.ellipse(-30, -92, 152, 30, a.light(c, 0.4))
    a.ellipse(-30, -90, 143, 26, a.shade("#fbf4e4", 0.25))
    for x, y, r in (
        (-120, -96, 40),
        (-64, -106, 42),
        (0, -108, 42),
        (58, -98, 40),
        (-92, -82, 40),
        (-32, -84, 44),
        (30, -82, 40),
    ):
        a.ellipse(x, y, r, 17, a.ball("#cf9350", 0.35))
        for _ in range(5):
            a.ellipse(x + a.chance.uniform(-24, 24), y + a.chance.uniform(-8, 5), 4.6, 3, "#5a3a2c")


def sack(a: Canvas, c: str, p: str = "#cf4b3a", tie: str = "#c9a06c") -> None:
    """A tied cloth sack of rice with a round stamp, grains before it."""
    a.shadow(130, 0, 0, 30)
    d = smooth(
        [
            (-122, -8),
            (-122, -8),
            (0, 6),
            (122, -8),
            (122, -8),
            (138, -110),
            (112, -210),
            (60, -246),
            (54, -256),
            (84, -312),
            (84, -312),
            (0, -296),
            (-84, -312),
            (-84, -312),
            (-54, -256),
            (-60, -246),
            (-112, -210),
            (-138, -110),
        ],
        True,
    )
    a.path(d, a.linear([(0, a.shade(c, 0.1)), (0.28, a.light(c, 0.4)), (0.6, c), (1, a.shade(c, 0.32))]))
    for x, turn in ((-44, -8), (-14, -3), (18, 4), (46, 9)):
        a.stroke(f"M{x} -246 q{turn} 30 {turn * 3} 70", a.shade(c, 0.3), 3.4, opacity=0.6)
    a.rect(-60, -262, 120, 16, a.bar(tie), 8)
    a.stroke("M44 -252 q40 14 30 66", tie, 7)
    a.ring(0, -112, 62, 62, p, 5)
    for k in range(-2, 3):
        a.stroke(f"M0 -76 Q{k * 16} -110 {k * 22} -148", p, 4)
        a.ellipse(k * 22, -144, 6, 11, p, transform=f"rotate({k * 16} {k * 22} -144)")
    for _ in range(34):
        x, y = a.chance.gauss(100, 50), a.chance.gauss(12, 8)
        a.ellipse(
            x, y, 6.4, 2.8, "#fffaf0", transform=f"rotate({a.chance.uniform(-60, 60):.0f} {x:.1f} {y:.1f})"
        )


def mooncakes(a: Canvas, c: str = "#2f4468", p: str = "#c9a552") -> None:
    """From above: four mooncakes in an open box."""
    d = "M-200 -180 H200 V180 H-200Z"
    a.drop(d)
    a.path(d, a.face(c))
    a.rect(-180, -160, 360, 320, a.face("#b4232c", 0.1), 6)
    for x in (-88, 88):
        for y in (-78, 78):
            a.ellipse(x + 6, y + 8, 72, 72, a.deep, opacity=0.35)
            for k in range(12):
                a.disc(
                    x + 58 * math.cos(k * math.pi / 6),
                    y + 58 * math.sin(k * math.pi / 6),
                    17,
                    a.ball("#c98a3f", 0.3),
                )
            a.disc(x, y, 62, a.ball("#d99a4a", 0.4))
            a.ring(x, y, 50, 50, "#a8692a", 3)
            for k in range(6):
                a.ellipse(
                    x,
                    y - 24,
                    10,
                    18,
                    "#e9b668",
                    transform=f"rotate({k * 60 + x} {x} {y})",
                    stroke="#a8692a",
                    stroke_width=2.4,
                )
            a.disc(x, y, 9, "#a8692a")
    a.rect(-204, -184, 408, 368, "none", 4, stroke=p, stroke_width=5)


def fruit(a: Canvas, kind: str = "mango") -> None:
    """A shallow bowl of fruit: mango, berry, citrus."""
    tints = {
        "mango": ("#e9a23b", "#e8765e", "#f0c14d"),
        "berry": ("#9c3f63", "#63405e", "#cf4b3a"),
        "citrus": ("#e8953b", "#f0d667", "#a9b84c"),
    }[kind]
    a.shadow(140)
    for i, (x, y, r) in enumerate(
        ((-78, -112, 52), (78, -112, 52), (0, -122, 58), (-40, -160, 50), (44, -164, 50))
    ):
        a.ellipse(x, y, r * 1.12, r, a.ball(tints[i % 3], 0.4), transform=f"rotate({x / 3:.0f} {x} {y})")
        a.path(f"M{x} {y - r + 4} q4 -16 14 -18", "none", "#6b4636", 4)
        a.path(f"M{x + 10} {y - r - 10} q22 -20 40 0 q-22 16 -40 0Z", a.face("#5f9457"))
    a.lathe([(62, 0), (70, -10), (140, -72), (156, -110)], a.tube("#fbf9f5"))
    a.path("M-156 -110 A156 31 0 0 0 156 -110 A156 24 0 0 1 -156 -110Z", a.shade("#fbf9f5", 0.16))
