"""Things to eat and drink, as they come from the shop."""

from ..canvas import Canvas
from ..paths import smooth
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
