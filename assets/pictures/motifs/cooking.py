"""What a kitchen works with."""

from ..canvas import Canvas
from ..paths import smooth
from ..patterns import cover


def pan(a: Canvas, c: str, handle: str = "#7b5540", food: str = "") -> None:
    """A frying pan, its handle to the right; `food="egg"` puts one in."""
    a.shadow(150, -30)
    a.path("M112 -56 L300 -92 C318 -96 322 -74 304 -70 L116 -30Z", a.bar(handle, 0.3))
    a.path("M112 -58 L176 -70 L178 -42 L116 -30Z", a.bar("#b8c0c8", 0.5))
    a.disc(296, -82, 6, a.shade(handle, 0.7))
    with a.group("translate(-30 0)"):
        a.lathe([(108, 0), (120, -6), (150, -56), (154, -62)], a.tube(c, 0.25), 0, 0.26)
        a.ellipse(0, -62, 154, 42, a.light(c, 0.3))
        a.ellipse(0, -61, 147, 38, a.linear([(0, a.shade(c, 0.4)), (1, a.light(c, 0.14))]))
        a.ellipse(2, -52, 118, 27, a.linear([(0, a.light(c, 0.02)), (1, a.light(c, 0.2))]))
        if food:
            d = smooth([(-70, -52), (-40, -72), (6, -70), (52, -68), (74, -50), (30, -34), (-30, -32)], True)
            a.path(d, a.linear([(0, "#ffffff"), (1, "#efe6d6")], 0, 0, 0, 1))
            a.ellipse(4, -55, 27, 14, a.ball("#f0b13c", 0.5))
            a.ellipse(-4, -60, 8, 3.5, "#fff3d0", opacity=0.8)


def cocotte(a: Canvas, c: str, knob: str = "#c9a552") -> None:
    """An enamelled cast-iron pot with its lid on."""
    a.shadow(150)
    for side in (-1, 1):
        a.stroke(
            f"M{140 * side} -128 C{196 * side} -132 {196 * side} -88 {138 * side} -92", a.shade(c, 0.35), 22
        )
        a.stroke(
            f"M{140 * side} -130 C{190 * side} -133 {190 * side} -92 {138 * side} -95", a.light(c, 0.08), 13
        )
    a.lathe([(128, 0), (138, -10), (148, -60), (148, -150)], a.tube(c, 0.4))
    a.band((149, -144), (150, -158), a.tube(a.shade(c, 0.12), 0.3))
    a.lathe([(152, -158), (144, -178), (90, -200), (30, -208)], a.tube(a.light(c, 0.06), 0.45))
    a.path(
        "M-110 -182 C-80 -198 -50 -204 -20 -206",
        "none",
        a.light(c, 0.7),
        6,
        opacity=0.55,
        stroke_linecap="round",
    )
    a.lathe([(12, -206), (10, -222), (28, -230), (28, -238)], a.tube(knob, 0.6))
    a.ellipse(0, -238, 28, 6, a.face(knob, -0.3))


def knife(a: Canvas, c: str = "#7b5540", steel: str = "#b8c0c8") -> None:
    """From above: a chef's knife."""
    blade = "M-300 8 C-220 -34 -60 -48 70 -48 L76 26 C20 40 -160 48 -300 8Z"
    grip = "M78 -44 L252 -38 C292 -36 300 -6 284 12 C268 20 240 2 190 6 L80 12Z"
    a.drop(blade + grip)
    a.path(
        blade,
        a.linear(
            [(0, a.light(steel, 0.5)), (0.45, steel), (0.5, a.light(steel, 0.65)), (1, a.shade(steel, 0.14))],
            0,
            0,
            0.1,
            1,
        ),
    )
    a.path("M-298 9 C-160 34 20 26 75 14 L76 26 C20 40 -160 48 -298 9Z", a.light(steel, 0.75))
    a.path(grip, a.linear([(0, a.light(c, 0.24)), (0.5, c), (1, a.shade(c, 0.36))], 0, 0, 0, 1))
    a.rect(66, -49, 22, 78, a.linear([(0, a.light(steel, 0.5)), (1, a.shade(steel, 0.3))], 0, 0, 0, 1), 4)
    for x in (126, 176, 226):
        a.disc(x, -15 + (x - 126) * 0.02, 6.5, a.ball("#c9a552", 0.6))


def board(a: Canvas, c: str, things: str = "lemon") -> None:
    """From above: a wooden board, with something on it."""
    d = "M-260 -130 H150 C176 -130 180 -70 210 -52 H270 C304 -52 304 52 270 52 H210 C180 70 176 130 150 130 H-260 C-286 130 -286 -130 -260 -130Z"
    a.drop(d)
    a.path(d, a.linear([(0, a.light(c, 0.26)), (1, a.shade(c, 0.16))], 0, 0, 0.3, 1))
    with a.group(clip=d):
        for i in range(-9, 10):
            a.path(
                f"M-300 {i * 16} C-160 {i * 16 - 12} -60 {i * 16 + 14} 60 {i * 16} S240 {i * 16 + 6} 320 {i * 16}",
                "none",
                a.shade(c, 0.3),
                1.6,
                opacity=0.4,
            )
    a.disc(262, 0, 17, a.shade(c, 0.75))
    if things == "lemon":
        for x, y, r in ((-170, 24, 52), (-78, -40, 46)):
            a.ellipse(x + 8, y + 10, r, r, a.deep, opacity=0.2)
            a.disc(x, y, r, "#e7c33f")
            a.disc(x, y, r * 0.88, "#fbf3c8")
            for k in range(9):
                a.path(
                    f"M{x} {y - r * 0.1} L{x - r * 0.22} {y - r * 0.74} A{r} {r} 0 0 1 {x + r * 0.22} {y - r * 0.74}Z",
                    "#f2d85c",
                    transform=f"rotate({k * 40} {x} {y})",
                )
        for x, y, turn in ((30, 50, 60), (70, 34, 95), (40, 84, 20)):
            a.path(
                "M0 0 C20 -16 20 -40 0 -56 C-20 -40 -20 -16 0 0Z",
                a.face("#5f9457"),
                transform=f"translate({x} {y}) rotate({turn})",
            )
    if things == "bread":
        a.ellipse(-100, 14, 142, 78, a.deep, opacity=0.24)
        a.ellipse(-108, 0, 140, 76, a.ball("#b9793f", 0.35))
        for x in (-180, -130, -80, -30):
            a.stroke(f"M{x - 12} -42 q30 36 24 82", "#f1d9ac", 9, opacity=0.85)


def bowls(a: Canvas, c: str, second: str = "#fbf9f5", third: str = "#8fb8d8") -> None:
    """Three bowls, one in the other, the largest below."""
    a.shadow(96)
    for i, (tint, y) in enumerate(((c, 0), (second, -52), (third, -104))):
        r = 142 - i * 10
        a.lathe([(62 - i * 4, y), (66 - i * 4, y - 10), (r * 0.8, y - 46), (r, y - 96)], a.tube(tint))
        a.ellipse(0, y - 96, r, r * 0.2, a.light(tint, 0.35))
        a.ellipse(0, y - 95, r - 8, r * 0.175, a.linear([(0, a.shade(tint, 0.34)), (1, a.light(tint, 0.25))]))


def bento(a: Canvas, c: str, wood: str = "#e6cfa8", band: str = "#3b4048") -> None:
    """A two-tier lunch box with a strap, chopsticks in front."""
    a.shadow(170, 0, 0, 34)
    for y, tint in ((0, c), (-74, a.light(c, 0.12))):
        a.path(
            f"M-150 {y - 70} V{y - 22} C-150 {y} -136 {y + 6} -110 {y + 6} H110 C136 {y + 6} 150 {y} 150 {y - 22} V{y - 70}Z",
            a.tube(tint),
        )
        a.ellipse(0, y - 70, 150, 20, a.shade(c, 0.35))
    a.path("M-156 -150 V-136 C-156 -118 -120 -114 0 -114 S156 -118 156 -136 V-150Z", a.tube(wood, 0.3))
    a.ellipse(0, -152, 156, 27, a.face(wood, -0.2))
    for k in (-14, 0, 12):
        a.path(
            f"M-140 {-152 + k} C-60 {-158 + k} 60 {-146 + k} 140 {-152 + k}",
            "none",
            a.shade(wood, 0.3),
            1.5,
            opacity=0.4,
        )
    a.path("M-18 -178 V6 H20 V-178 C8 -180 -8 -180 -18 -178Z", a.linear([(0, band), (1, a.shade(band, 0.3))]))
    for y, turn in ((24, -3), (36, 1)):
        a.path(
            f"M-170 {y} L150 {y - 3} L150 {y + 4} L-170 {y + 9}Z",
            a.bar("#7b5540"),
            transform=f"rotate({turn})",
        )


def apron(a: Canvas, c: str, strap: str = "#7b5540", pattern: str = "plain", p: str = "#fbf9f5") -> None:
    """An apron that hangs from a peg."""
    d = "M-64 -330 C-40 -316 40 -316 64 -330 L78 -262 C92 -224 126 -216 150 -206 L140 0 C60 16 -60 16 -140 0 L-150 -206 C-126 -216 -92 -224 -78 -262Z"
    a.stroke("M-60 -328 C-40 -420 40 -420 60 -328", strap, 11)
    a.drop(d, 14, 10, 9)
    a.path(
        d,
        a.linear(
            [
                (0, a.light(c, 0.2)),
                (0.35, c),
                (0.5, a.light(c, 0.1)),
                (0.75, a.shade(c, 0.14)),
                (1, a.shade(c, 0.3)),
            ]
        ),
    )
    cover(a, d, pattern, p, (-160, -340, 320, 360), 1.1)
    for x in (-148, 142):
        a.stroke(f"M{x} -196 q{x * 0.18:.0f} 60 {x * 0.06:.0f} 150", strap, 9)
    a.path("M-84 -160 H84 V-70 C84 -52 60 -46 0 -46 S-84 -52 -84 -70Z", a.face(c, 0.12), a.shade(c, 0.4), 2.4)
    a.stroke("M0 -158 V-48", a.shade(c, 0.4), 2.4)
    a.rect(-84, -166, 168, 12, strap, 3)
    a.disc(0, -398, 13, a.ball("#c9a06c"))


def scales(a: Canvas, c: str, top: str = "#dfe3e6") -> None:
    """A kitchen scale with a small cup on it."""
    a.shadow(168, 0, 0, 32)
    a.rect(-160, -48, 320, 52, a.linear([(0, a.light(c, 0.25)), (1, a.shade(c, 0.25))]), 14)
    a.quad([(-152, -46), (152, -46), (118, -96), (-118, -96)], a.face(top))
    a.rect(-44, -38, 88, 30, "#1d2226", 6)
    for x in (-26, -6, 14):
        a.rect(x, -32, 13, 18, "none", 2, stroke="#9fe6d8", stroke_width=3)
    a.disc(96, -23, 9, a.light(c, 0.5))
    with a.group("translate(0 -66) scale(.78)"):
        a.lathe([(54, 0), (60, -8), (66, -90)], a.tube("#fbf9f5"))
        a.ellipse(0, -90, 66, 13, "#ffffff")
        a.ellipse(0, -89, 58, 10, "#6b4636")
        for x, y in ((-28, -92), (-6, -88), (18, -92), (34, -88), (4, -94)):
            a.ellipse(x, y, 9, 5, a.ball("#8a5a3c"), transform=f"rotate({x} {x} {y})")


def jars(
    a: Canvas, c: str = "#c9a06c", one: str = "#e3a94f", two: str = "#a8503c", three: str = "#66764a"
) -> None:
    """Three glass jars with wooden lids."""
    for x, h, r, fill in ((-128, 170, 60, one), (124, 140, 60, three), (0, 230, 66, two)):
        a.shadow(r, x)
        glass = a.lathe([(r - 6, 0), (r, -8), (r, -h + 16), (r - 10, -h)], a.tube("#e7eeee", 0.5), x)
        with a.group(clip=glass):
            a.lathe([(r - 10, -2), (r - 5, -10), (r - 5, -h * 0.7)], a.tube(fill, 0.25), x)
            a.ellipse(x, -h * 0.7, r - 5, (r - 5) * 0.2, a.light(fill, 0.3))
            for _ in range(46):
                a.disc(
                    x + a.chance.uniform(-r + 10, r - 10),
                    -a.chance.uniform(0, h * 0.68),
                    3.2,
                    a.light(fill, 0.35),
                    opacity=0.5,
                )
        a.rect(x - r + 12, -h + 20, 10, h - 44, "#ffffff", 5, opacity=0.55)
        a.can(x, -h + 2, r - 5, 24, c)
