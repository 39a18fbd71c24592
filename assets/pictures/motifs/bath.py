"""For bathroom and bedroom."""

from ..canvas import Canvas
from ..paths import smooth
from ..patterns import cover


def towels(a: Canvas, c: str, second: str = "#fbf9f5", third: str = "#f0c6c3") -> None:
    """Three folded towels and a sprig."""
    a.shadow(180, 0, 0, 32)
    for i, tint in enumerate((c, second, third)):
        y, w = -i * 76, 330 - i * 22
        d = f"M{-w / 2} {y} C{-w / 2 - 18} {y} {-w / 2 - 18} {y - 74} {-w / 2} {y - 74} H{w / 2 - 12} C{w / 2 + 12} {y - 74} {w / 2 + 12} {y - 38} {w / 2 - 8} {y - 38} C{w / 2 + 12} {y - 36} {w / 2 + 12} {y} {w / 2 - 12} {y}Z"
        a.path(d, a.bar(tint, 0.3))
        with a.group(clip=d):
            for _ in range(120):
                a.disc(
                    a.chance.uniform(-w / 2 - 10, w / 2),
                    y - a.chance.uniform(2, 72),
                    1.5,
                    a.light(tint, 0.5),
                    opacity=0.5,
                )
            for x in (-w / 2 + 34, -w / 2 + 46):
                a.rect(x, y - 76, 6, 80, a.shade(tint, 0.16))
        a.stroke(f"M{-w / 2 + 4} {y - 37} H{w / 2 - 10}", a.shade(tint, 0.3), 2.6, opacity=0.7)
    with a.group("translate(-20 -236) rotate(74)"):
        a.stroke("M0 40 V-120", "#66764a", 4)
        for k in range(6):
            for side in (-1, 1):
                a.path(
                    "M0 0 C12 -9 12 -26 0 -34 C-12 -26 -12 -9 0 0Z",
                    a.face("#7fa27a"),
                    transform=f"translate(0 {20 - k * 24}) rotate({side * 52})",
                )


def soap(a: Canvas, c: str, second: str = "#9db08f", dish: str = "#c9a06c") -> None:
    """Two bars of soap on a slatted dish, with bubbles."""
    a.shadow(170, 0, 0, 32)
    for x in (-130, -78, -26, 26, 78, 130):
        a.rect(
            x - 20, -32, 40, 30, a.linear([(0, a.light(dish, 0.3)), (1, a.shade(dish, 0.24))], 0, 0, 0, 1), 4
        )
    a.rect(-162, -8, 324, 12, a.bar(a.shade(dish, 0.2)), 4)
    a.box(96, -30, 200, 60, 66, c)
    for k in range(3):
        a.path(f"M{-70 + k * 50} {-112 + k * 10 - 8} q30 10 54 12", "none", a.shade(c, 0.16), 3)
    with a.group("translate(20 -112) rotate(-4)"):
        a.rect(-110, -62, 210, 66, a.bar(second, 0.35), 24)
        a.rect(-64, -44, 118, 30, "none", 12, stroke=a.shade(second, 0.25), stroke_width=3)
        for _ in range(26):
            a.disc(a.chance.uniform(-96, 88), a.chance.uniform(-54, -4), 2, a.shade(second, 0.4), opacity=0.6)
    for x, y, r in ((-150, -96, 20), (-178, -140, 12), (-132, -150, 9), (170, -100, 14)):
        a.disc(
            x, y, r, a.radial([(0, "#ffffff", 0.1), (0.8, "#ffffff", 0.35), (1, a.rim, 0.9)], 0.5, 0.5, 0.5)
        )
        a.ellipse(x - r * 0.35, y - r * 0.4, r * 0.22, r * 0.16, "#ffffff")


def bathscale(a: Canvas, c: str = "#fbf9f5", p: str = "#5aa9a0") -> None:
    """From above: a bathroom scale on tiles."""
    for x in range(-400, 420, 130):
        a.rect(x, -320, 3, 640, "#ffffff", opacity=0.4)
    for y in range(-260, 300, 130):
        a.rect(-420, y, 840, 3, "#ffffff", opacity=0.4)
    d = "M-170 -190 H170 C190 -190 200 -180 200 -160 V170 C200 190 190 200 170 200 H-170 C-190 200 -200 190 -200 170 V-160 C-200 -180 -190 -190 -170 -190Z"
    a.drop(d)
    a.path(d, a.face(c))
    a.path(d, "none", a.shade(c, 0.2), 3)
    a.rect(-74, -160, 148, 66, a.shade(p, 0.8), 12)
    for x in (-46, -14, 18):
        a.rect(x, -146, 22, 38, "none", 4, stroke="#c8fff2", stroke_width=4)
    for x in (-84, 84):
        a.ellipse(x, 60, 46, 96, a.light(p, 0.55), opacity=0.6, transform=f"rotate({x / 10} {x} 60)")
        for k in range(-3, 4):
            a.stroke(f"M{x - 34} {60 + k * 22} h68", a.light(p, 0.2), 2.4, opacity=0.6)


def tube(a: Canvas, c: str, cap: str = "#c9a552", p: str = "#d98a92", pattern: str = "leaves") -> None:
    """A tube of hand cream on its cap, and a dab of cream."""
    a.shadow(70, -20)
    d = "M-66 -52 L-82 -330 H70 L54 -52Z"
    with a.group("translate(-14 0)"):
        a.path(d, a.tube(c, 0.4))
        cover(a, d, pattern, p, (-86, -330, 170, 280), 0.9)
        a.rect(-58, -232, 104, 116, "#fbf9f5", 6)
        a.rect(-38, -206, 64, 9, a.shade(p, 0.5), 3)
        a.rect(-38, -184, 44, 6, a.shade(p, 0.2), 3)
        a.rect(-84, -344, 156, 22, a.face(c, 0.16), 3)
        a.can(-6, 0, 50, 54, cap)
    a.ellipse(146, 2, 56, 13, a.face("#fbf9f5", 0.12))
    a.path(
        "M100 0 C104 -34 130 -30 140 -46 C156 -34 190 -30 192 0 C170 12 120 12 100 0Z", a.ball("#fffdf8", 0.5)
    )


def toothbrush(a: Canvas, c: str, second: str = "#f2b98c") -> None:
    """Two electric toothbrushes on their stand."""
    a.shadow(120)
    a.can(0, 0, 118, 24, "#fbf9f5")
    for x, tint in ((-52, c), (52, second)):
        a.lathe([(30, -26), (34, -40), (30, -190), (16, -220), (8, -232)], a.tube(tint, 0.5), x)
        a.disc(x - 4, -130, 9, a.light(tint, 0.6))
        a.rect(x - 7, -322, 14, 96, a.tube("#fbf9f5"), 5)
        a.rect(x - 11, -352, 22, 42, a.tube("#fbf9f5"), 9)
        for k in range(4):
            a.rect(x + 10, -348 + k * 9, 20, 6, a.light(tint, 0.3), 3)


def pillow(a: Canvas, c: str, second: str = "#c9d8e0") -> None:
    """Two bed pillows, one on the other."""
    a.shadow(210, 0, 0, 32)
    for y, tint, turn in ((-62, second, 0), (-150, c, -2)):
        d = smooth(
            [
                (-210, 40),
                (-210, 40),
                (-120, 62),
                (0, 66),
                (120, 62),
                (210, 40),
                (210, 40),
                (202, 0),
                (212, -42),
                (212, -42),
                (110, -72),
                (0, -78),
                (-110, -72),
                (-212, -42),
                (-212, -42),
                (-202, 0),
            ],
            True,
        )
        with a.group(f"translate(0 {y}) rotate({turn})"):
            a.path(
                d, a.radial([(0, a.light(tint, 0.6)), (0.5, tint), (1, a.shade(tint, 0.26))], 0.4, 0.2, 0.8)
            )
            a.path(
                "M-150 20 C-80 34 -40 10 10 22 M40 -20 C90 -34 140 -12 170 -22",
                "none",
                a.shade(tint, 0.16),
                5,
                stroke_linecap="round",
            )
            a.path(d, "none", a.shade(tint, 0.14), 3)
