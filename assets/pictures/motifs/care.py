"""For body and rest."""

from ..canvas import Canvas


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
