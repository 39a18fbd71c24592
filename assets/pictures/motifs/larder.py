"""Things to eat and drink, as they come from the shop."""

import math

from ..canvas import Canvas, smooth
from ..patterns import cover


def tin(
    a: Canvas,
    c: str,
    label: str = "#fbf9f5",
    p: str = "#5f9457",
    pattern: str = "leaves",
    lid: str = "#c9a552",
    tall: float = 210,
) -> None:
    """A round tea tin with a patterned body and a plain label."""
    a.shadow(92)
    outline = a.lathe([(88, 0), (92, -4), (92, -tall)], a.tube(c, 0.3))
    cover(a, outline, pattern, p, (-94, -tall - 6, 188, tall + 30), 0.9)
    a.band((92.4, -tall * 0.24), (92.4, -tall * 0.68), a.tube(label, 0.3))
    a.rect(-44, -tall * 0.5 + 17, 76, 9, a.shade(c, 0.3), 3)
    a.rect(-32, -tall * 0.5 + 36, 52, 6, a.shade(c, 0.1), 3)
    a.path(
        outline,
        a.linear(
            [
                (0, a.deep, 0.2),
                (0.26, "#ffffff", 0.2),
                (0.5, "#ffffff", 0),
                (0.9, a.deep, 0.34),
                (1, a.rim, 0.2),
            ]
        ),
    )
    a.lathe([(95, -tall), (95, -tall - 40), (92, -tall - 46)], a.tube(lid, 0.5))
    a.ellipse(0, -tall - 46, 92, 18, a.face(lid, -0.25))
    a.ring(0, -tall - 46, 76, 14, a.shade(lid, 0.14), 2)


def pouch(
    a: Canvas,
    c: str,
    label: str = "#fbf9f5",
    mark: str = "bean",
    p: str = "#6b4636",
    pattern: str = "plain",
    q: str = "#fbf9f5",
) -> None:
    """A stand-up bag with a label: bean, nut, grain, paw or leaf."""
    a.shadow(114, 0, 0, 26)
    d = smooth(
        [
            (-108, -4),
            (-108, -4),
            (0, 10),
            (108, -4),
            (108, -4),
            (116, -150),
            (100, -292),
            (100, -292),
            (-100, -292),
            (-100, -292),
            (-116, -150),
        ],
        True,
    )
    a.path(
        d,
        a.linear(
            [
                (0, a.shade(c, 0.14)),
                (0.2, a.light(c, 0.25)),
                (0.5, c),
                (0.8, a.shade(c, 0.16)),
                (1, a.shade(c, 0.36)),
            ]
        ),
    )
    cover(a, d, pattern, q, (-120, -300, 240, 320))
    a.path(
        "M-100 -292 H100 L97 -330 H-97Z",
        a.linear([(0, a.shade(c, 0.1)), (0.3, a.light(c, 0.2)), (1, a.shade(c, 0.34))]),
    )
    a.rect(-98, -306, 196, 4, a.shade(c, 0.4), opacity=0.6)
    a.path("M-96 -286 C-80 -200 -90 -100 -96 -20", "none", a.shade(c, 0.34), 4, opacity=0.5)
    a.rect(-62, -222, 124, 150, label, 6)
    a.rect(-40, -112, 80, 10, a.shade(label, 0.66), 3)
    a.rect(-28, -94, 56, 6, a.shade(label, 0.4), 3)
    with a.group("translate(0 -166)"):
        if mark == "bean":
            for x, turn in ((-18, 24), (18, -18)):
                a.ellipse(x, 0, 15, 24, a.ball(p), transform=f"rotate({turn} {x} 0)")
                a.path(
                    f"M{x} -22 q8 11 0 22 t0 22",
                    "none",
                    a.shade(p, 0.5),
                    3,
                    transform=f"rotate({turn} {x} 0)",
                )
        elif mark == "nut":
            for x, y in ((-20, 6), (20, 6), (0, -18)):
                a.path(
                    f"M{x} {y - 22} C{x + 22} {y - 10} {x + 16} {y + 18} {x} {y + 18} C{x - 16} {y + 18} {x - 22} {y - 10} {x} {y - 22}Z",
                    a.ball(p),
                )
        elif mark == "grain":
            a.stroke("M0 34 V-30", p, 3)
            for k in range(4):
                for side in (-1, 1):
                    a.ellipse(
                        side * 10,
                        -24 + k * 15,
                        6,
                        11,
                        a.ball(p),
                        transform=f"rotate({side * 28} {side * 10} {-24 + k * 15})",
                    )
        elif mark == "paw":
            a.ellipse(0, 12, 22, 18, p)
            for x, y in ((-24, -8), (-9, -22), (9, -22), (24, -8)):
                a.ellipse(x, y, 8, 10, p)
        else:
            a.path("M0 34 C36 10 32 -30 0 -42 C-32 -30 -36 10 0 34Z", a.ball(p))
            a.stroke("M0 40 V-30", a.light(p, 0.5), 2.4)


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


def honey(
    a: Canvas, c: str = "#e3a94f", lid: str = "#fbf9f5", label: str = "#fbf9f5", fruit: str = ""
) -> None:
    """A jar under a cloth lid: honey, or jam of a fruit."""
    a.shadow(88)
    outline = a.lathe([(78, 0), (88, -10), (92, -60), (90, -130), (70, -158), (68, -166)], a.tube(c, 0.5))
    with a.group(clip=outline):
        a.ellipse(-20, -60, 60, 90, a.glow(a.light(c, 0.6), 0.8))
        if fruit:
            for _ in range(14):
                a.disc(
                    a.chance.uniform(-80, 80),
                    a.chance.uniform(-140, 0),
                    a.chance.uniform(6, 13),
                    a.shade(fruit, 0.2),
                    opacity=0.55,
                )
    a.rect(-50, -118, 92, 72, label, 6, opacity=0.97)
    if fruit:
        a.disc(-4, -90, 15, a.ball(fruit))
        a.path("M-4 -104 q10 -12 20 -6", "none", "#5f9457", 4)
    else:
        for x, y in ((-18, -92), (8, -92), (-5, -78), (-5, -106)):
            a.path(f"M{x} {y - 9} l9 5 v9 l-9 5 l-9 -5 v-9Z", "#e3a94f", "#c98f2c", 1.6)
    a.rect(-30, -62, 50, 6, a.shade(label, 0.5), 3)
    a.lathe([(74, -162), (76, -196), (70, -204)], a.tube(lid, 0.3))
    a.ellipse(0, -204, 70, 13, a.face(lid, -0.2))
    a.rect(-70, -152, 12, 116, "#ffffff", 6, opacity=0.5, transform="rotate(-4 -64 -90)")


def oil(
    a: Canvas, c: str = "#66764a", label: str = "#fbf9f5", p: str = "#8a8a4e", cork: str = "#c9a06c"
) -> None:
    """A tall bottle of oil with an olive sprig on the label."""
    a.shadow(66)
    a.lathe([(56, 0), (62, -8), (62, -190), (52, -226), (22, -262), (20, -330)], a.tube(c, 0.4))
    a.band((62.4, -44), (62.4, -164), a.tube(label, 0.25))
    a.stroke("M-24 -58 q26 -30 34 -74", a.shade(p, 0.4), 3)
    for x, y, turn in ((-12, -74, -60), (6, -84, 54), (-2, -100, -54), (14, -112, 44), (10, -130, -20)):
        a.path(
            "M0 0 C9 -8 9 -22 0 -30 C-9 -22 -9 -8 0 0Z",
            a.face(p),
            transform=f"translate({x} {y}) rotate({turn})",
        )
    a.disc(18, -92, 9, a.ball("#3d4a2a"))
    a.can(0, -326, 22, 34, cork)
    a.rect(-44, -206, 9, 150, "#ffffff", 4, opacity=0.25)


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
