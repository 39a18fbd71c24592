"""Things that make sound."""

from ..canvas import Canvas
from ..paths import smooth


def headphones(a: Canvas, c: str, pad: str = "#3b4048", band: str = "", ears: str = "") -> None:
    """Over-ear headphones, seen from the side of the left cup; `ears` makes them a child's."""
    band = band or c
    a.shadow(165, 4)
    arc = "M-92 -150 C-104 -268 -62 -338 10 -338 C84 -338 124 -262 116 -150"
    inner = "M-80 -170 C-86 -262 -50 -314 12 -314 C72 -314 106 -258 104 -170"
    if ears:
        for x, turn in ((-54, -24), (78, 26)):
            with a.group(f"translate({x} -318) rotate({turn})"):
                a.path("M-30 8 C-30 -50 -14 -62 0 -62 C14 -62 30 -50 30 8Z", a.ball(c))
                a.path("M-15 4 C-15 -30 -8 -40 0 -40 C8 -40 15 -30 15 4Z", a.ball(ears))
    a.stroke(inner, a.shade(pad, 0.1), 20)
    a.stroke(arc, a.shade(band, 0.3), 30)
    a.stroke(arc, a.linear([(0, a.light(band, 0.25)), (0.5, band), (1, a.shade(band, 0.3))]), 25)
    a.stroke("M-66 -250 C-52 -306 -26 -330 8 -331", a.light(band, 0.6), 5, opacity=0.7)
    a.ellipse(142, -84, 58, 84, a.ball(a.shade(c, 0.1)), transform="rotate(-6 142 -84)")
    a.ellipse(112, -82, 56, 82, a.ball(pad, 0.25), transform="rotate(-6 112 -82)")
    a.ellipse(106, -82, 30, 52, a.shade(pad, 0.65), transform="rotate(-6 106 -82)")
    a.rect(-104, -206, 26, 74, a.tube(a.light(band, 0.1), 0.5), 10)
    a.rect(104, -206, 24, 60, a.tube(a.light(band, 0.05), 0.4), 10)
    a.ellipse(-72, -84, 70, 90, a.ball(pad, 0.2), transform="rotate(6 -72 -84)")
    a.ellipse(-100, -86, 70, 90, a.ball(c, 0.4), transform="rotate(6 -100 -86)")
    a.ellipse(-108, -87, 52, 70, a.shade(c, 0.16), transform="rotate(6 -108 -87)")
    a.ellipse(-110, -88, 47, 65, a.ball(a.light(c, 0.14), 0.5), transform="rotate(6 -110 -88)")
    a.path(
        "M-146 -104 C-142 -134 -122 -146 -104 -144",
        "none",
        a.light(c, 0.75),
        6,
        opacity=0.6,
        stroke_linecap="round",
    )
    a.disc(-112, -82, 9, a.light(c, 0.5), opacity=0.8)


def earbuds(a: Canvas, c: str, lid: str = "", tip: str = "#3b4048") -> None:
    """Two in-ear buds beside their open case."""
    lid = lid or c
    a.shadow(150, -10)
    a.shadow(44, 165, 16)
    a.shadow(44, 236, 4)
    with a.group("translate(-30 0)"):
        a.path(
            smooth([(-112, -100), (-108, -206), (-60, -232), (60, -232), (108, -206), (112, -100)], False)
            + "Z",
            a.face(a.shade(lid, 0.12)),
        )
        a.path(
            smooth([(-98, -106), (-94, -196), (-52, -216), (52, -216), (94, -196), (98, -106)], False) + "Z",
            a.linear([(0, a.shade(c, 0.5)), (1, a.shade(c, 0.2))], 0, 0, 0, 1),
        )
        a.path("M-118 -104 H118 V-62 C118 -14 84 2 40 2 H-40 C-84 2 -118 -14 -118 -62Z", a.tube(c, 0.45))
        a.ellipse(0, -104, 118, 24, a.light(c, 0.3))
        a.ellipse(0, -103, 106, 19, a.shade(c, 0.35))
        for x in (-48, 48):
            a.ellipse(x, -102, 36, 13, a.shade(c, 0.68))
        a.disc(0, -40, 5, a.light("#9fe6b0", 0.2))
    for x, y, turn in ((166, 14, -14), (238, 2, 12)):
        with a.group(f"translate({x} {y}) rotate({turn})"):
            a.rect(-13, -96, 26, 96, a.tube(c, 0.5), 13)
            a.ellipse(-26, -112, 20, 24, a.ball(tip, 0.3))
            a.ellipse(4, -112, 36, 34, a.ball(c, 0.5))
            a.ellipse(12, -120, 11, 9, a.light(c, 0.7), opacity=0.7)
            a.disc(0, -10, 5, a.shade(c, 0.4))


def sportbuds(a: Canvas, c: str, accent: str) -> None:
    """Ear-hook sports earphones joined by a cord, lying in a loop."""
    a.shadow(190, 0, 0, 46)
    a.stroke("M-128 -118 C-190 10 -60 22 0 10 C70 -2 190 30 132 -118", a.shade(accent, 0.35), 11)
    a.stroke("M-128 -122 C-190 6 -60 18 0 6 C70 -6 190 26 132 -122", accent, 8)
    a.rect(-30, -8, 60, 24, a.bar(c), 11)
    for side in (-1, 1):
        with a.group(f"translate({132 * side} -128) scale({side} 1)"):
            hook = "M18 -30 C10 -112 -84 -118 -92 -40 C-96 -8 -84 20 -74 32"
            a.stroke(hook, a.shade(c, 0.5), 18)
            a.stroke(hook, a.linear([(0, c), (1, a.light(c, 0.25))]), 13)
            a.rect(-26, -52, 62, 96, a.ball(c, 0.4), 26)
            a.rect(-12, -40, 36, 66, a.ball(accent, 0.5), 17)
            a.ellipse(-40, 14, 22, 26, a.ball("#e8e2d8", 0.4))
            a.ellipse(-50, 16, 10, 15, "#6d6a66")


def speaker(a: Canvas, c: str, metal: str = "#c9a552", height: float = 250) -> None:
    """A round fabric speaker with a top dial."""
    a.shadow(112)
    outline = a.lathe([(104, 0), (110, -14), (110, -height + 20), (102, -height)], a.tube(c, 0.25))
    with a.group(clip=outline):
        for i in range(-11, 12):
            x = i * 10
            a.stroke(f"M{x} {-height} V30", a.shade(c, 0.3), 1.6, opacity=0.45)
        for y in range(-int(height) + 8, 20, 10):
            a.path(f"M-112 {y} Q0 {y + 44} 112 {y}", "none", a.light(c, 0.5), 1.4, opacity=0.35)
    a.band((106, -2), (111, -16), a.tube(metal, 0.6))
    a.ellipse(0, -height, 102, 20, a.face(a.shade(c, 0.1)))
    a.ellipse(0, -height - 3, 92, 17.5, a.face(metal, -0.2))
    a.ellipse(0, -height - 5, 58, 11, a.face(a.shade(c, 0.3)))
    a.rect(-22, -52, 44, 9, metal, 4)


def radio(a: Canvas, c: str, wood: str = "#c9a06c") -> None:
    """A table radio with a round dial and a carrying handle."""
    a.shadow(205)
    a.stroke("M-120 -206 C-118 -262 118 -262 120 -206", a.shade(c, 0.45), 15)
    a.stroke("M-120 -208 C-118 -264 118 -264 120 -208", a.light(c, 0.05), 9)
    for x in (-140, 140):
        a.rect(x - 15, -14, 30, 16, a.shade(wood, 0.5), 4)
    a.rect(
        -200, -212, 400, 204, a.linear([(0, a.light(wood, 0.3)), (0.5, wood), (1, a.shade(wood, 0.3))]), 34
    )
    a.rect(-186, -198, 372, 176, a.face(c), 24)
    for row in range(9):
        for column in range(11):
            a.disc(-158 + column * 17, -180 + row * 17.5, 4.4, a.shade(c, 0.48))
    a.disc(104, -122, 63, a.shade(c, 0.25))
    a.disc(103, -124, 60, a.face("#f6efe2"))
    for i in range(24):
        a.rect(
            101.6,
            -180,
            2.8 if i % 4 else 4,
            9 if i % 4 else 14,
            "#6b4636",
            transform=f"rotate({i * 15} 103 -124)",
            opacity=0.8,
        )
    a.rect(101, -172, 4, 50, "#cf4b3a", 2, transform="rotate(38 103 -124)")
    a.disc(103, -124, 20, a.ball(wood, 0.5))
    for x in (68, 136):
        a.disc(x, -42, 13, a.ball(wood, 0.5))


def microphone(a: Canvas, c: str, base: str = "#3b4048") -> None:
    """A studio microphone on a desk stand."""
    a.shadow(92)
    a.can(0, 0, 88, 16, base)
    a.lathe([(10, -14), (8, -120)], a.tube("#b8c0c8", 0.6))
    a.stroke("M-72 -232 C-72 -96 72 -96 72 -232", a.shade(base, 0.2), 15)
    a.stroke("M-72 -234 C-72 -98 72 -98 72 -234", a.light(base, 0.18), 9)
    for x in (-74, 74):
        a.disc(x, -236, 15, a.ball(base, 0.5))
    a.rect(-54, -356, 108, 214, a.tube(c, 0.4), 52)
    with a.group(clip="M-54 -250 V-304 A54 52 0 0 1 54 -304 V-250Z"):
        a.rect(-54, -360, 108, 112, a.ball("#b8c0c8", 0.5))
        for i in range(-12, 16):
            a.stroke(f"M{i * 11 - 70} -250 l70 -110 M{i * 11 - 70} -360 l70 110", "#596270", 1.7, opacity=0.5)
    a.rect(-56, -258, 112, 14, a.tube("#c9a552", 0.6), 4)
    a.disc(-8, -196, 9, a.light(c, 0.5))
