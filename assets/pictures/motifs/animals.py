"""For dogs and cats, and now and then one of them."""

from ..canvas import Canvas
from ..patterns import cover


def cat(a: Canvas, c: str = "#e3a94f", p: str = "#fbf9f5") -> None:
    """A sitting cat, seen from the front."""
    a.shadow(96)
    a.stroke("M84 -20 C190 -10 190 -120 140 -130", a.shade(c, 0.2), 30)
    a.path("M-86 0 C-110 -140 -60 -210 0 -210 S110 -140 86 0 C40 8 -40 8 -86 0Z", a.ball(c, 0.4))
    a.path("M-40 0 C-50 -90 -24 -150 0 -150 S50 -90 40 0Z", a.ball(p, 0.5))
    for x in (-32, 32):
        a.ellipse(x, -6, 28, 17, a.ball(p, 0.4))
    for side in (-1, 1):
        a.path(f"M{26 * side} -300 L{86 * side} -358 L{92 * side} -250Z", a.ball(c, 0.4))
        a.path(f"M{44 * side} -300 L{78 * side} -334 L{80 * side} -270Z", "#d98a92")
    a.ellipse(0, -250, 100, 80, a.ball(c, 0.45))
    for d in ("M-20 -326 v26 M0 -328 v34 M20 -326 v26",):
        a.stroke(d, a.shade(c, 0.4), 9)
    a.ellipse(0, -222, 40, 30, a.ball(p, 0.5))
    for side in (-1, 1):
        a.ellipse(42 * side, -262, 15, 17, "#5f9457")
        a.ellipse(42 * side, -262, 6, 15, "#1d1a17")
        a.disc(42 * side - 4, -268, 4, "#ffffff")
        for k in (-1, 0, 1):
            a.stroke(
                f"M{44 * side} {-222 + k * 7} L{112 * side} {-228 + k * 17}", "#ffffff", 2.4, opacity=0.85
            )
    a.path("M-10 -240 H10 L0 -228Z", "#c1606a")
    a.stroke("M0 -228 v7 M-14 -214 q7 8 14 -6 q7 14 14 6", a.shade(c, 0.6), 3)


def dog(a: Canvas, c: str = "#c98a4a", ear: str = "#7b5540", collar: str = "#cf4b3a") -> None:
    """A sitting dog, seen from the front."""
    a.shadow(104)
    a.path("M-96 0 C-116 -130 -70 -200 0 -200 S116 -130 96 0 C50 8 -50 8 -96 0Z", a.ball(c, 0.4))
    a.path("M-44 -2 C-54 -90 -30 -160 0 -160 S54 -90 44 -2Z", a.ball("#f6efe2", 0.5))
    for x in (-40, 40):
        a.rect(x - 26, -90, 52, 92, a.tube(c, 0.3), 24)
        a.ellipse(x, -4, 34, 17, a.ball("#f6efe2", 0.4))
    a.path("M-70 -186 C-30 -160 30 -160 70 -186 L66 -164 C30 -140 -30 -140 -66 -164Z", a.bar(collar))
    a.disc(0, -146, 14, a.ball("#c9a552", 0.5))
    a.ellipse(0, -262, 92, 86, a.ball(c, 0.45))
    a.path("M-12 -344 C-30 -280 -20 -230 0 -220 C20 -230 30 -280 12 -344Z", "#f6efe2")
    a.ellipse(0, -222, 52, 40, a.ball("#f6efe2", 0.5))
    for side in (-1, 1):
        a.path(
            f"M{58 * side} -330 C{130 * side} -340 {136 * side} -230 {104 * side} -202 C{84 * side} -212 {72 * side} -280 {58 * side} -330Z",
            a.ball(ear, 0.35),
        )
        a.disc(38 * side, -272, 10, "#1d1a17")
        a.disc(38 * side - 3, -276, 3.4, "#ffffff")
    a.ellipse(0, -242, 19, 13, "#1d1a17")
    a.ellipse(-5, -246, 6, 3, "#ffffff", opacity=0.6)
    a.stroke("M0 -230 v14 M-24 -210 q12 12 24 -4 q12 16 24 4", "#4a372c", 4)
    a.path("M-12 -202 C-12 -176 12 -176 12 -202Z", "#d9727c")


def petbed(a: Canvas, c: str, cushion: str = "#f6efe2", sleeper: str = "#8d9299") -> None:
    """A round bed with a curled-up cat."""
    a.shadow(210, 0, 0, 34)
    a.ellipse(0, -110, 206, 60, a.face(a.shade(c, 0.2)))
    a.ellipse(0, -100, 176, 46, a.ball(cushion, 0.4))
    a.path(
        "M-120 -96 C-130 -170 -50 -206 20 -196 C100 -186 140 -130 116 -92 C60 -62 -70 -62 -120 -96Z",
        a.ball(sleeper, 0.4),
    )
    a.stroke("M110 -110 C140 -90 80 -64 -10 -72", a.shade(sleeper, 0.16), 26)
    a.ellipse(-74, -118, 54, 44, a.ball(a.light(sleeper, 0.08), 0.4))
    for x, turn in ((-106, -20), (-52, 16)):
        a.path("M-20 0 L0 -36 L20 0Z", a.ball(sleeper), transform=f"translate({x} -150) rotate({turn})")
    a.stroke("M-102 -120 q9 8 18 0 M-66 -118 q9 8 18 0", "#2d2622", 4)
    a.path("M-82 -106 h10 l-5 6Z", "#d98a92")
    a.path(
        "M-216 -104 C-220 -30 -130 4 0 4 S220 -30 216 -104 C190 -60 90 -46 0 -46 S-190 -60 -216 -104Z",
        a.bar(c, 0.3),
    )
    for x in range(-170, 180, 34):
        a.stroke(
            f"M{x} {-62 + abs(x) * -0.06:.0f} q{x * 0.05:.0f} 30 {x * -0.06:.0f} 52",
            a.shade(c, 0.25),
            3.4,
            opacity=0.6,
        )


def petbowls(a: Canvas, c: str, second: str = "#b8c0c8", wood: str = "#c9a06c") -> None:
    """Two bowls in a raised wooden stand."""
    a.shadow(220, 0, 0, 30)
    for x in (-190, 190):
        a.rect(x - 14, -110, 28, 112, a.tube(wood), 5)
    for x, tint, food in ((-104, c, "#a8653c"), (104, second, "#8fc7e0")):
        a.lathe([(70, -60), (88, -104), (92, -122)], a.tube(tint, 0.4), x)
        a.ellipse(x, -124, 96, 24, a.light(tint, 0.4))
        a.ellipse(x, -122, 84, 19, a.shade(tint, 0.3))
        a.ellipse(x, -119, 76, 15, a.face(food))
        if x < 0:
            for _ in range(26):
                a.ellipse(
                    x + a.chance.uniform(-60, 60),
                    -124 + a.chance.uniform(-10, 10),
                    9,
                    6,
                    a.ball("#a8653c", 0.3),
                )
    a.path("M-222 -108 H222 L214 -78 H-214Z", a.bar(wood, 0.3))
    a.path("M-20 -94 c0 -14 40 -14 40 0 c0 10 -12 12 -20 12 s-20 -2 -20 -12Z", a.shade(wood, 0.4))


def leash(a: Canvas, c: str, p: str = "#fbf9f5", metal: str = "#c9a552") -> None:
    """From above: a lead in coils and a collar."""
    d = "M-230 80 C-270 -120 -60 -170 0 -60 S-130 120 -160 10 S0 -150 110 -90 S140 110 40 130"
    a.path(d, "none", a.deep, 24, opacity=0.22, transform="translate(8 12)")
    a.stroke(d, a.shade(c, 0.25), 24)
    a.stroke(d, c, 18)
    a.stroke(d, p, 3, stroke_dasharray="10 10")
    a.rect(14, 116, 40, 26, a.bar(metal, 0.6), 8)
    a.ring(-2, 130, 17, 13, metal, 7)
    a.ring(190, 40, 104, 100, a.deep, 24, opacity=0.2, transform="translate(8 12)")
    a.ring(190, 40, 104, 100, a.shade(c, 0.2), 26)
    a.ring(190, 40, 104, 100, c, 19)
    a.rect(164, -80, 54, 38, "none", 6, stroke=metal, stroke_width=7)
    a.disc(190, 160, 24, a.ball(metal, 0.5))
    a.path(
        "M180 160 c0 -10 20 -10 20 0 c0 6 -6 8 -10 8 s-10 -2 -10 -8Z M180 148 a4 5 0 1 0 .1 0Z M190 144 a4 5 0 1 0 .1 0Z M200 148 a4 5 0 1 0 .1 0Z",
        a.shade(metal, 0.6),
    )


def cattree(a: Canvas, c: str, rope: str = "#dcc7a4", wood: str = "#c9a06c") -> None:
    """A scratching post with two platforms and a ball."""
    a.shadow(170, 0, 0, 32)
    a.box(10, 0, 170, 150, 22, wood)
    for x, y, h in ((-60, -36, 170), (70, -42, 300)):
        a.rect(x - 24, y - h, 48, h, a.tube(rope, 0.3), 4)
        for k in range(int(h / 11)):
            a.stroke(f"M{x - 23} {y - k * 11} q23 9 46 0", a.shade(rope, 0.3), 2.6, opacity=0.7)
    a.can(-64, -196, 96, 26, c)
    a.ellipse(-64, -222, 80, 13, a.light(c, 0.35))
    a.path("M-30 -330 C-34 -400 170 -400 170 -330 C170 -300 -30 -300 -30 -330Z", a.bar(c, 0.3))
    a.ellipse(70, -350, 98, 20, a.light(c, 0.35))
    a.stroke("M-140 -208 v70", a.shade(c, 0.4), 3)
    a.disc(-140, -122, 20, a.ball("#cf4b3a", 0.5))


def carrier(a: Canvas, c: str, mesh: str = "#3b4048", eyes: str = "#f0d667") -> None:
    """A soft carrier; two eyes look out through the mesh."""
    a.shadow(190, 0, 0, 30)
    a.stroke("M-80 -236 C-70 -330 70 -330 80 -236", a.shade(c, 0.3), 17)
    a.path(
        "M-190 -40 C-190 -220 -150 -250 0 -250 S190 -220 190 -40 C190 0 180 4 150 4 H-150 C-180 4 -190 0 -190 -40Z",
        a.linear([(0, a.light(c, 0.22)), (0.4, c), (1, a.shade(c, 0.32))]),
    )
    d = "M-130 -50 C-130 -180 -90 -204 0 -204 S130 -180 130 -50 C130 -34 124 -30 110 -30 H-110 C-124 -30 -130 -34 -130 -50Z"
    a.path(d, mesh)
    with a.group(clip=d):
        a.path("M-70 0 C-90 -140 90 -140 70 0Z", a.shade(mesh, 0.5))
        a.path("M-56 -86 l10 -44 l30 30Z M56 -86 l-10 -44 l-30 30Z", a.shade(mesh, 0.5))
        for x in (-26, 26):
            a.ellipse(x, -78, 12, 14, eyes)
            a.ellipse(x, -78, 4.500, 12, "#1d1a17")
        cover(a, d, "grid", a.light(mesh, 0.25), (-140, -210, 280, 190), 0.34)
    a.path(d, "none", a.light(c, 0.3), 6)
    a.rect(-160, -2, 320, 9, a.shade(c, 0.4), 4)


def pettoys(a: Canvas, c: str, second: str = "#5aa9a0") -> None:
    """A rope knot, a ball and a cloth mouse."""
    a.shadow(60, -160)
    a.shadow(90, 30, 8)
    a.shadow(60, 210, 4)
    a.disc(-160, -66, 66, a.ball(second, 0.5))
    a.path("M-222 -86 C-180 -60 -140 -60 -98 -86 M-222 -46 C-180 -72 -140 -72 -98 -46", "none", "#fbf9f5", 7)
    a.path(
        "M-60 0 C-66 -70 -10 -104 40 -96 C96 -88 112 -30 108 4 C60 14 0 14 -60 0Z", a.ball("#bcb5ab", 0.45)
    )
    a.stroke("M104 -6 C160 -10 150 -80 176 -96", a.shade(c, 0.2), 9)
    for x in (-18, 16):
        a.disc(x, -88, 24, a.ball("#bcb5ab"))
        a.disc(x, -86, 13, "#d98a92")
    a.disc(-30, -46, 6, "#2d2622")
    a.disc(-62, -20, 8, "#d98a92")
    a.stroke("M-54 -14 l-34 -8 M-54 -8 l-32 8", "#7b7268", 2.4)
    for k in range(7):
        a.stroke(f"M{186 + k * 8} -10 q{-10 + k * 3} 16 {-14 + k * 5} 26", a.light(c, 0.3), 5)
    a.disc(212, -48, 48, a.ball(c, 0.4))
    a.stroke(
        "M170 -64 q40 20 82 -8 M176 -26 q36 -30 78 6 M206 -94 q-20 50 10 92", a.shade(c, 0.35), 7, opacity=0.7
    )
    for k in range(7):
        a.stroke(f"M{188 + k * 8} -90 q{-10 + k * 3} -18 {-14 + k * 5} -34", a.light(c, 0.3), 5)


def fountain(a: Canvas, c: str, water: str = "#8fc7e0") -> None:
    """A drinking fountain for cats."""
    a.shadow(136)
    a.lathe([(120, 0), (130, -12), (134, -110), (126, -126)], a.tube(c, 0.4))
    a.ellipse(0, -126, 126, 25, a.light(c, 0.4))
    a.ellipse(0, -124, 114, 21, a.face(water))
    for r in (92, 64):
        a.ring(0, -123, r, r * 0.18, "#ffffff", 2.4, opacity=0.7)
    a.lathe([(20, -124), (18, -196), (30, -214)], a.tube(c, 0.4))
    a.path(
        "M-26 -214 C-70 -220 -64 -140 -58 -124 H-38 C-42 -160 -30 -190 -14 -206Z",
        a.light(water, 0.3),
        opacity=0.9,
    )
    a.path("M26 -214 C70 -220 64 -140 58 -124 H38 C42 -160 30 -190 14 -206Z", water, opacity=0.9)
    a.path("M-34 -214 C-30 -250 30 -250 34 -214 C20 -204 -20 -204 -34 -214Z", a.ball(water, 0.6))
    a.rect(-16, -58, 32, 8, "#9ff0c0", 4)


def brush(a: Canvas, c: str, wood: str = "#c9a06c", hair: str = "#8d9299") -> None:
    """From above: a grooming brush and a tuft of hair."""
    with a.group("rotate(-24)"):
        d = "M-190 -70 C-150 -100 -10 -100 30 -60 L220 -30 C258 -24 258 30 220 34 L30 62 C-10 100 -150 100 -190 72 C-214 40 -214 -40 -190 -70Z"
        a.drop(d)
        a.path(d, a.linear([(0, a.light(wood, 0.3)), (1, a.shade(wood, 0.2))], 0, 0, 0, 1))
        a.path(
            "M-176 -52 C-140 -78 -20 -78 10 -44 V44 C-20 78 -140 78 -176 52 C-194 30 -194 -30 -176 -52Z",
            a.face(c),
        )
        for i in range(8):
            for j in range(6):
                a.disc(-160 + i * 22, -48 + j * 19, 3.4, "#fbf9f5")
        a.disc(214, 2, 10, a.shade(wood, 0.6))
    with a.group("translate(180 120)"):
        for _ in range(26):
            x, y = a.chance.gauss(0, 22), a.chance.gauss(0, 14)
            a.stroke(
                f"M{x:.0f} {y:.0f} q{a.chance.uniform(-30, 30):.0f} {a.chance.uniform(-30, 10):.0f} {a.chance.uniform(-40, 40):.0f} {a.chance.uniform(-16, 16):.0f}",
                a.light(hair, a.chance.uniform(0, 0.4)),
                2.6,
                opacity=0.7,
            )
