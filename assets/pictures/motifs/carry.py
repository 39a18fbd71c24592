"""Bags and what travels."""

from ..canvas import Canvas
from ..patterns import cover


def tote(a: Canvas, c: str, handle: str = "#7b5540", pattern: str = "plain", p: str = "#fbf9f5") -> None:
    """A canvas shopper with two handles."""
    a.shadow(140, 0, 0, 26)
    a.stroke("M-66 -222 C-60 -350 60 -350 66 -222", a.shade(handle, 0.35), 13)
    d = "M-146 -236 H146 L128 -6 C60 6 -60 6 -128 -6Z"
    a.path(d, a.linear([(0, a.light(c, 0.18)), (0.3, c), (0.55, a.light(c, 0.06)), (1, a.shade(c, 0.3))]))
    cover(a, d, pattern, p, (-150, -240, 300, 250), 1.2)
    a.path(d, a.linear([(0, "#ffffff", 0.12), (0.4, "#ffffff", 0), (1, a.deep, 0.28)], 0, 0, 1, 0.6))
    a.path("M-146 -236 H146 L144.500 -216 H-144.500Z", a.shade(c, 0.16))
    a.stroke("M-78 -196 V-232 C-72 -372 72 -372 78 -232 V-196", a.shade(handle, 0.2), 15)
    a.stroke("M-78 -196 V-234 C-72 -372 72 -372 78 -234 V-196", a.light(handle, 0.1), 9)
    for x in (-78, 78):
        a.rect(x - 11, -214, 22, 26, handle, 4)
        a.disc(x, -201, 3, "#e7d6a8")


def backpack(a: Canvas, c: str, flap: str = "", strap: str = "#7b5540") -> None:
    """A roll-top rucksack with a front pocket."""
    flap = flap or a.light(c, 0.1)
    a.shadow(138, 0, 0, 30)
    for side in (-1, 1):
        a.stroke(
            f"M{90 * side} -250 C{176 * side} -230 {180 * side} -90 {130 * side} -34", a.shade(strap, 0.2), 21
        )
    a.stroke("M-26 -346 C-26 -382 26 -382 26 -346", strap, 11)
    a.path(
        "M-124 -300 C-130 -350 130 -350 124 -300 L138 -40 C138 0 120 4 80 4 H-80 C-120 4 -138 0 -138 -40Z",
        a.linear([(0, a.light(c, 0.18)), (0.35, c), (1, a.shade(c, 0.34))]),
    )
    a.path(
        "M-128 -304 C-134 -356 134 -356 128 -304 L132 -214 C60 -186 -60 -186 -132 -214Z",
        a.linear([(0, a.light(flap, 0.2)), (0.4, flap), (1, a.shade(flap, 0.28))]),
    )
    a.path(
        "M-96 -144 H96 L102 -34 C102 -14 92 -12 70 -12 H-70 C-92 -12 -102 -14 -102 -34Z",
        a.face(a.light(c, 0.08)),
        a.shade(c, 0.3),
        3,
    )
    a.rect(-96, -148, 192, 17, a.shade(c, 0.34), 8)
    a.rect(-74, -144, 148, 5, "#c9a552", 2)
    for x in (-60, 60):
        a.rect(x - 10, -262, 20, 112, a.face(strap), 4)
        a.rect(x - 15, -186, 30, 24, "none", 4, stroke="#c9a552", stroke_width=5)
    a.rect(-18, -92, 36, 24, a.face(strap), 4)


def suitcase(a: Canvas, c: str, trim: str = "#3b4048", stickers: str = "") -> None:
    """A hard-shell trolley case."""
    a.shadow(122, 0, 0, 26)
    a.rect(-56, -420, 10, 84, a.tube("#b8c0c8"), 3)
    a.rect(46, -420, 10, 84, a.tube("#b8c0c8"), 3)
    a.rect(-66, -430, 132, 18, a.bar(trim), 9)
    for x in (-84, 84):
        a.rect(x - 13, -14, 26, 20, a.tube(trim), 8)
    a.rect(-116, -340, 232, 332, a.linear([(0, a.light(c, 0.25)), (0.35, c), (1, a.shade(c, 0.34))]), 28)
    for x in range(-84, 100, 28):
        a.rect(x - 3.5, -318, 7, 288, a.shade(c, 0.26), 3, opacity=0.7)
        a.rect(x + 3.5, -318, 2.4, 288, a.light(c, 0.4), 1, opacity=0.6)
    a.rect(-116, -182, 232, 9, a.shade(c, 0.42))
    a.rect(-26, -196, 52, 36, a.face("#b8c0c8"), 6)
    a.disc(0, -178, 7, a.shade(trim, 0.1))
    a.rect(-40, -346, 80, 15, a.bar(trim), 7)
    for x, y in ((-116, -340), (76, -340), (-116, -48), (76, -48)):
        a.rect(x, y, 40, 40, a.face(trim), 17, opacity=0.92)
    if stickers:
        a.disc(-52, -112, 34, a.face("#f0d667"))
        a.path("M-70 -104 l18 -28 l18 28Z", "#2f5d47")
        a.rect(10, -272, 78, 44, a.face(stickers), 6, transform="rotate(-10 48 -250)")
        a.rect(22, -256, 54, 8, "#fbf9f5", 3, transform="rotate(-10 48 -250)")
        a.disc(56, -86, 26, a.face("#fbf9f5"))
        a.disc(56, -86, 17, "#cf4b3a")


def crossbody(a: Canvas, c: str, metal: str = "#c9a552") -> None:
    """A half-moon shoulder bag with its strap in a loop."""
    a.shadow(150, 0, 0, 26)
    a.stroke("M-138 -176 C-190 -420 190 -420 138 -176", a.shade(c, 0.45), 14)
    a.stroke("M-138 -178 C-190 -422 190 -422 138 -178", a.light(c, 0.08), 9)
    a.path(
        "M-156 -184 H156 C170 -60 90 4 0 4 S-170 -60 -156 -184Z",
        a.linear([(0, a.light(c, 0.25)), (0.4, c), (1, a.shade(c, 0.34))]),
    )
    a.path("M-158 -190 H158 V-172 H-158Z", a.bar(a.shade(c, 0.2)))
    a.rect(-134, -184, 260, 5, metal, 2)
    a.stroke(
        "M-130 -150 C-116 -60 -60 -26 0 -24 S116 -60 130 -150",
        a.light(c, 0.4),
        2.4,
        stroke_dasharray="9 7",
        opacity=0.7,
    )
    a.stroke("M124 -180 q18 20 10 46", a.shade(c, 0.3), 8)
    for x in (-138, 138):
        a.ring(x, -178, 12, 14, metal, 5)


def wallet(a: Canvas, c: str, card: str = "#f0d667", open: str = "") -> None:
    """From above: a folded wallet with cards looking out."""
    a.drop("M-180 -110 H180 V120 H-180Z")
    for i, tint in enumerate((card, "#5aa9a0", "#fbf9f5")):
        a.rect(-140 + i * 14, -176 + i * 26, 250, 120, a.face(tint), 12)
        a.rect(-116 + i * 14, -160 + i * 26, 40, 9, a.shade(tint, 0.3), 4, opacity=0.6)
    a.rect(-180, -104, 360, 226, a.face(c), 18)
    a.path("M-180 20 H180 V104 C180 116 172 122 162 122 H-162 C-172 122 -180 116 -180 104Z", a.face(c, 0.12))
    a.stroke("M-166 -90 H166 M-166 108 H166", a.light(c, 0.4), 2.4, stroke_dasharray="10 7", opacity=0.8)
    a.rect(84, -30, 104, 64, a.face(a.shade(c, 0.14)), 20)
    a.disc(118, 2, 14, a.ball("#c9a552", 0.6))


def cubes(a: Canvas, c: str, second: str = "#f2b98c", third: str = "#9db08f") -> None:
    """Three soft packing cubes in a pile."""
    a.shadow(176, 0, 0, 30)
    for i, (tint, w) in enumerate(((c, 330), (second, 286), (third, 216))):
        y = -i * 82
        x = -w / 2 + (i % 2) * 10
        a.rect(x, y - 80, w, 82, a.bar(tint, 0.25), 22)
        a.rect(x + 14, y - 68, w - 28, 7, a.shade(tint, 0.4), 3)
        a.rect(x + w - 66, y - 71, 26, 13, a.face("#c9a552"), 5)
        with a.group(clip=f"M{x + 30} {y - 50} h{w - 100} v38 h{100 - w}Z"):
            cover(
                a,
                f"M{x + 30} {y - 50} h{w - 100} v38 h{100 - w}Z",
                "grid",
                a.shade(tint, 0.24),
                (x + 30, y - 50, w - 100, 40),
                0.34,
            )
        a.stroke(f"M{x + w - 46} {y - 40} q26 16 0 30", a.shade(tint, 0.35), 6)


def umbrella(a: Canvas, c: str, p: str = "#fbf9f5", handle: str = "#7b5540", pattern: str = "plain") -> None:
    """An open umbrella that leans on the ground."""
    a.shadow(190, 20, 0, 30)
    with a.group("translate(0 -20) rotate(-16)"):
        a.stroke("M0 -330 V-30 C0 14 56 14 56 -26", a.shade(handle, 0.3), 13)
        a.stroke("M-1 -330 V-30 C0 10 54 10 54 -26", handle, 8)
        dome = "M-220 -160 C-210 -320 -90 -362 0 -362 S210 -320 220 -160 C186 -186 132 -186 110 -160 C84 -190 26 -190 0 -160 C-26 -190 -84 -190 -110 -160 C-132 -186 -186 -186 -220 -160Z"
        a.path(dome, a.linear([(0, a.light(c, 0.25)), (0.45, c), (1, a.shade(c, 0.36))]))
        cover(a, dome, pattern, p, (-224, -366, 448, 220), 1.2)
        a.path(
            "M0 -362 C-70 -330 -106 -250 -110 -160 C-84 -190 -26 -190 0 -160Z", a.light(c, 0.3), opacity=0.45
        )
        a.path(
            "M0 -362 C150 -350 208 -260 220 -160 C186 -186 132 -186 110 -160 C106 -250 70 -330 0 -362Z",
            a.deep,
            opacity=0.2,
        )
        a.rect(-4, -386, 8, 28, a.tube("#b8c0c8"), 3)


def washbag(a: Canvas, c: str, pattern: str = "stripes", p: str = "#fbf9f5") -> None:
    """A toilet bag with a zip, a brush and a bottle looking out."""
    a.shadow(160, 0, 0, 28)
    a.rect(-84, -254, 16, 110, a.tube("#c9a06c"), 8)
    a.rect(-90, -262, 28, 42, a.face("#fbf9f5"), 6)
    a.lathe([(28, -130), (28, -214), (12, -226), (12, -246)], a.tube("#5aa9a0", 0.4), 40)
    a.rect(26, -262, 28, 20, a.tube("#fbf9f5"), 4)
    d = "M-150 -164 C-100 -150 100 -150 150 -164 C176 -100 170 -20 150 0 C60 10 -60 10 -150 0 C-170 -20 -176 -100 -150 -164Z"
    a.path(d, a.linear([(0, a.light(c, 0.2)), (0.4, c), (1, a.shade(c, 0.3))]))
    cover(a, d, pattern, p, (-180, -170, 360, 180), 1)
    a.path(d, a.linear([(0, "#ffffff", 0.18), (0.5, "#ffffff", 0), (1, a.deep, 0.34)], 0, 0, 0.8, 1))
    a.stroke("M-150 -164 C-100 -150 100 -150 150 -164", "#c9a552", 7)
    a.stroke("M150 -164 q24 14 20 44", a.shade(c, 0.3), 9)


def neckpillow(a: Canvas, c: str, mask: str = "#27313f") -> None:
    """A travel pillow with a sleeping mask over it."""
    a.shadow(170, 0, 0, 34)
    d = "M-168 -112 C-176 -270 176 -270 168 -112 C172 -20 130 8 96 2 C60 -4 66 -50 70 -96 C74 -162 -74 -162 -70 -96 C-66 -50 -60 -4 -96 2 C-130 8 -172 -20 -168 -112Z"
    a.path(d, a.ball(c, 0.4))
    a.stroke("M-140 -80 C-150 -220 150 -220 140 -80", a.shade(c, 0.3), 4, opacity=0.5)
    with a.group("translate(0 -212) rotate(-5)"):
        a.path(
            "M-128 -30 C-80 -54 80 -54 128 -30 C140 30 60 54 0 16 C-60 54 -140 30 -128 -30Z",
            a.ball(mask, 0.3),
        )
        for x in (-62, 62):
            a.path(f"M{x - 34} 0 q34 26 68 0", "none", a.light(mask, 0.55), 5)


def sleeve(a: Canvas, c: str, strap: str = "#7b5540") -> None:
    """From above: a felt laptop sleeve, the laptop half out."""
    a.drop("M-250 -130 H180 V150 H-250Z")
    a.rect(-140, -126, 390, 256, a.face("#c9cfd6"), 16)
    a.disc(70, 2, 17, a.shade("#c9cfd6", 0.2))
    a.rect(-260, -144, 330, 292, a.face(c), 16)
    for _ in range(260):
        a.disc(a.chance.uniform(-250, 60), a.chance.uniform(-134, 138), 1.2, a.light(c, 0.5), opacity=0.5)
    a.rect(-20, -28, 120, 56, a.face(strap), 10)
    a.disc(76, 0, 9, a.ball("#c9a552", 0.6))
    a.stroke("M-246 -128 V132", a.light(c, 0.4), 2.4, stroke_dasharray="10 8")


def tags(a: Canvas, c: str, second: str = "#5aa9a0") -> None:
    """From above: two luggage tags on loops."""
    for x, y, turn, tint in ((-90, 0, -16, c), (110, 20, 13, second)):
        with a.group(f"translate({x} {y}) rotate({turn})"):
            d = "M-76 -80 L-40 -130 H40 L76 -80 V150 H-76Z"
            a.drop(d, 10, 12, 9)
            a.stroke("M0 -98 C-60 -240 60 -260 6 -100", a.shade(tint, 0.35), 13)
            a.path(d, a.face(tint), a.light(tint, 0.1), 4)
            a.disc(0, -98, 14, a.shade(tint, 0.6))
            a.ring(0, -98, 15, 15, "#c9a552", 5)
            a.rect(-52, -44, 104, 160, "#fbf9f5", 8)
            for k in range(4):
                a.rect(-36, -20 + k * 32, 72 - k % 2 * 24, 7, "#b9b2a6", 3)
            a.stroke("M-64 -66 V138 H64 V-66", a.light(tint, 0.5), 2.2, stroke_dasharray="8 6")


def cap(a: Canvas, c: str, peak: str = "", p: str = "#fbf9f5") -> None:
    """A six-panel cap."""
    peak = peak or c
    a.shadow(150, 20, 0, 26)
    a.path(
        "M-150 -44 C-160 -190 -70 -226 10 -226 S156 -170 150 -50 C60 -24 -60 -20 -150 -44Z", a.ball(c, 0.4)
    )
    for d in ("M10 -226 C-60 -190 -80 -110 -76 -34", "M10 -226 C60 -190 80 -110 76 -36"):
        a.stroke(d, a.shade(c, 0.3), 3, opacity=0.7)
    a.disc(10, -228, 10, a.face(c, 0.2))
    a.path("M-60 -50 C40 -84 190 -72 250 -14 C258 4 220 10 150 -2 C70 -16 0 -16 -60 -30Z", a.bar(peak, 0.3))
    a.stroke("M-40 -36 C50 -56 160 -44 226 -10", a.light(peak, 0.4), 2.2, stroke_dasharray="8 6", opacity=0.7)
    a.disc(40, -128, 28, p)
    a.path("M22 -116 l18 -28 l18 28Z", c)
