"""For body and rest."""

from ..canvas import Canvas, smooth
from ..patterns import cover


def yogamat(a: Canvas, c: str, inner: str = "", strap: str = "#7b5540") -> None:
    """A rolled mat that has begun to unroll."""
    inner = inner or a.light(c, 0.3)
    a.shadow(230, 10, 0, 34)
    a.quad(
        [(-60, -6), (262, -22), (300, 8), (-60, 18)],
        a.linear([(0, a.shade(inner, 0.14)), (1, a.light(inner, 0.1))]),
    )
    a.path("M-232 -62 L-36 -84 V18 L-214 30Z", a.bar(c, 0.25))
    a.path(
        "M-220 -110 C-150 -126 -90 -132 -30 -130 C20 -128 40 -92 38 -56 C36 -16 6 18 -40 18 L-216 32 C-190 10 -182 -70 -220 -110Z",
        a.bar(c, 0.3),
    )
    a.ellipse(-216, -38, 46, 72, a.face(a.shade(c, 0.1)), transform="rotate(-4 -216 -38)")
    for r in (0.82, 0.62, 0.42, 0.22):
        a.ring(-216, -38, 46 * r, 72 * r, a.shade(c, 0.42), 5, transform="rotate(-4 -216 -38)")
    for x in (-142, -52):
        a.stroke(f"M{x} -122 C{x + 36} -90 {x + 36} -10 {x + 4} 24", strap, 11)


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


def massager(a: Canvas, c: str, head: str = "#26282d") -> None:
    """A massage gun with a ball head."""
    a.shadow(130, -20, 0, 26)
    with a.group("rotate(-8)"):
        a.path("M6 -150 L74 -150 L60 2 C58 14 2 14 4 2Z", a.tube(head, 0.25))
        for y in range(-130, -10, 20):
            a.stroke(f"M14 {y} h44", a.light(head, 0.2), 4, opacity=0.6)
        a.rect(-110, -262, 240, 118, a.bar(c, 0.4), 56)
        a.disc(80, -204, 36, a.ball(a.shade(c, 0.2), 0.4))
        a.disc(80, -204, 20, "#9fe6d8", opacity=0.8)
        a.rect(-148, -236, 46, 66, a.bar("#b8c0c8", 0.5), 8)
        a.disc(-186, -203, 54, a.ball(head, 0.4))


def dumbbells(a: Canvas, c: str, bar: str = "#b8c0c8") -> None:
    """A pair of hex dumbbells."""
    for x, y, size in ((40, -46, 0.86), (-20, 0, 1)):
        with a.group(f"translate({x} {y}) scale({size})"):
            a.shadow(190, 0, 0, 26)
            a.rect(-90, -84, 180, 28, a.bar(bar, 0.6), 12)
            for k in range(-6, 7):
                a.stroke(f"M{k * 11} -82 l6 24", a.shade(bar, 0.3), 1.6, opacity=0.6)
            for side in (-1, 1):
                x0 = 142 * side
                a.quad(
                    [
                        (x0 - 56, -34),
                        (x0 - 56, -104),
                        (x0 - 30, -138),
                        (x0 + 30, -138),
                        (x0 + 56, -104),
                        (x0 + 56, -34),
                        (x0 + 30, 0),
                        (x0 - 30, 0),
                    ],
                    a.face(c),
                )
                a.quad([(x0 - 30, -138), (x0 + 30, -138), (x0 + 20, -112), (x0 - 20, -112)], a.light(c, 0.35))
                a.quad(
                    [
                        (x0 - 40, -44),
                        (x0 - 40, -94),
                        (x0 - 20, -112),
                        (x0 + 20, -112),
                        (x0 + 40, -94),
                        (x0 + 40, -44),
                        (x0 + 20, -26),
                        (x0 - 20, -26),
                    ],
                    a.shade(c, 0.16),
                )
                a.rect(x0 - 14, -78, 28, 14, a.light(c, 0.6), 4)


def dropper(a: Canvas, c: str = "#8a5a2c", label: str = "#fbf9f5", p: str = "#9db08f") -> None:
    """A small brown bottle with a pipette, a leaf before it."""
    a.shadow(66)
    a.lathe([(58, 0), (64, -8), (64, -138), (46, -172), (28, -180), (28, -192)], a.tube(c, 0.45))
    a.band((64.4, -34), (64.4, -116), a.tube(label, 0.25))
    a.disc(-8, -72, 13, a.ball(p))
    a.rect(-32, -46, 46, 5, a.shade(label, 0.5), 2)
    a.lathe([(34, -190), (34, -230), (30, -234)], a.tube("#3b4048", 0.4))
    a.lathe([(20, -232), (24, -262), (18, -290), (8, -298)], a.tube("#d9d3c8", 0.4))
    with a.group("translate(112 -2) rotate(64)"):
        a.path("M0 0 C30 -22 30 -74 0 -102 C-30 -74 -30 -22 0 0Z", a.face(p))
        a.stroke("M0 6 V-88", a.light(p, 0.5), 2.4)


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


def foamroller(a: Canvas, c: str) -> None:
    """A ribbed foam roller on its side."""
    a.shadow(210, 0, 0, 34)
    a.path("M-170 -150 H150 C200 -150 200 4 150 4 H-170Z", a.bar(c, 0.35))
    for x in range(-130, 160, 40):
        a.path(f"M{x} -150 C{x + 40} -120 {x + 40} -30 {x} 4", "none", a.shade(c, 0.3), 7, opacity=0.7)
        for k, y in enumerate((-120, -84, -48, -14)):
            a.rect(x + 32 - abs(1.5 - k) * 8, y - 12, 20, 20, a.light(c, 0.14), 6, opacity=0.9)
    a.ellipse(-170, -73, 44, 77, a.face(a.light(c, 0.12)))
    a.ellipse(-170, -73, 26, 46, a.shade(c, 0.6))
    a.ellipse(-164, -73, 22, 42, a.shade(c, 0.75))


def skiprope(a: Canvas, c: str, grip: str = "#c9a06c") -> None:
    """From above: a skipping rope in loops with wooden grips."""
    d = "M-210 100 C-260 -120 -60 -200 40 -120 S120 90 -20 80 S-110 -90 60 -110 S260 -20 210 110"
    a.path(d, "none", a.deep, 13, opacity=0.22, transform="translate(9 12)")
    a.stroke(d, a.shade(c, 0.3), 13)
    a.stroke(d, c, 9)
    a.stroke(d, a.light(c, 0.5), 3, stroke_dasharray="6 9")
    for x, turn in ((-206, -6), (208, 8)):
        with a.group(f"translate({x} 96) rotate({turn})"):
            a.drop("M-22 0 H22 V150 H-22Z", 8, 10, 7)
            a.rect(-22, 0, 44, 150, a.tube(grip, 0.4), 18)
            a.rect(-22, 22, 44, 14, c)
            a.rect(-22, 112, 44, 8, c)


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
