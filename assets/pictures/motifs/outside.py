"""For hills, parks and campsites."""

from ..canvas import Canvas
from ..patterns import cover


def tent(a: Canvas, c: str, fly: str = "#f6efe2", glow: str = "#ffd58a") -> None:
    """A ridge tent with its door open and a light inside."""
    a.shadow(250, 0, 0, 34)
    for x in (-270, 270):
        a.stroke(f"M{x * 0.06:.0f} -284 L{x} 0", a.shade(c, 0.4), 3)
    a.quad([(-210, 0), (-16, -290), (190, -262), (236, -8)], a.face(a.shade(c, 0.16)))
    a.path("M-210 0 L-16 -290 L130 4Z", a.linear([(0, a.light(c, 0.22)), (1, a.shade(c, 0.1))], 0, 0, 0.6, 1))
    a.path(
        "M-96 2 L-16 -216 L62 3Z",
        a.radial([(0, "#fff3cf"), (0.6, glow), (1, a.shade(glow, 0.3))], 0.5, 0.85, 0.9),
    )
    a.path("M-16 -216 C-44 -120 -80 -40 -128 2 L-96 2Z", a.face(fly))
    a.path("M-16 -216 C14 -120 44 -40 94 4 L62 3Z", a.face(fly, 0.16))
    a.path("M-30 -290 L0 -306 L206 -270 L190 -258Z", a.face(a.light(c, 0.3)))
    a.path("M-36 2 h46 v-46 c0 -14 -46 -14 -46 0Z", a.shade(glow, 0.5), opacity=0.6)
    for x in (-210, 130, 236):
        a.stroke(f"M{x} -4 l6 14", a.shade("#b8c0c8", 0.3), 5)


def lantern(a: Canvas, c: str, glow: str = "#ffdf9a") -> None:
    """A camping lantern, lit."""
    a.shadow(84)
    a.ellipse(0, -140, 290, 240, a.glow(glow, 0.7))
    a.stroke("M-76 -236 C-90 -380 90 -380 76 -236", a.shade("#b8c0c8", 0.3), 7)
    a.can(0, 0, 82, 44, c)
    a.lathe(
        [(62, -44), (72, -70), (72, -170), (62, -196)],
        a.radial([(0, "#fffdf2"), (0.35, a.light(glow, 0.4)), (1, glow)], 0.5, 0.55, 0.75),
    )
    a.ellipse(0, -120, 22, 46, "#fffef8")
    for x in (-74, -26, 26, 74):
        a.stroke(f"M{x} -46 V-198", a.shade(c, 0.3), 4.4, opacity=0.8)
    a.lathe([(84, -196), (78, -226), (36, -250), (30, -262)], a.tube(c, 0.4))
    a.ellipse(0, -262, 30, 6, a.face(c, -0.2))
    a.disc(0, -18, 11, a.ball("#c9a552", 0.5))


def helmet(a: Canvas, c: str, stripe: str = "#fbf9f5") -> None:
    """A cycling helmet with vents."""
    a.shadow(170, 0, 0, 30)
    a.stroke("M-110 -70 C-80 30 40 40 70 -50", a.shade("#3b4048", 0.2), 11)
    a.rect(-36, -4, 40, 22, a.face("#3b4048"), 7)
    d = "M-190 -84 C-196 -230 -90 -270 10 -270 C130 -270 206 -190 200 -80 C150 -58 120 -92 60 -84 C-20 -74 -90 -40 -190 -84Z"
    a.path(d, a.ball(c, 0.45))
    with a.group(clip=d):
        a.path(
            "M-200 -120 C-120 -200 120 -230 210 -150 L210 -128 C120 -206 -110 -178 -200 -98Z",
            stripe,
            opacity=0.95,
        )
        for x, y, w, turn in (
            (-110, -196, 74, -32),
            (-20, -226, 86, -8),
            (84, -214, 78, 18),
            (-120, -132, 60, -18),
            (4, -152, 88, -4),
            (124, -138, 62, 14),
        ):
            a.ellipse(x, y, w / 2, 15, a.shade(c, 0.66), transform=f"rotate({turn} {x} {y})")
            a.ellipse(x, y - 4, w / 2 - 5, 9, a.shade(c, 0.84), transform=f"rotate({turn} {x} {y})")
    a.path("M-190 -84 C-90 -40 -20 -74 60 -84 C120 -92 150 -58 200 -80", "none", a.shade(c, 0.5), 9)


def campchair(a: Canvas, c: str, wood: str = "#c9a06c") -> None:
    """A low folding chair of wood and canvas."""
    a.shadow(170, 0, 0, 30)
    a.stroke("M-110 -2 L86 -196", a.shade(wood, 0.35), 17)
    a.stroke("M128 -2 L-86 -330", a.shade(wood, 0.3), 17)
    a.path(
        "M-112 -328 C-60 -316 20 -316 66 -330 L86 -190 C50 -170 -30 -166 -60 -184Z",
        a.linear([(0, a.light(c, 0.22)), (0.5, c), (1, a.shade(c, 0.28))]),
    )
    a.path(
        "M-62 -186 C-30 -166 50 -170 88 -192 L148 -120 C90 -84 -40 -78 -104 -110Z",
        a.linear([(0, a.light(c, 0.3)), (1, a.shade(c, 0.14))], 0, 0, 0, 1),
    )
    a.stroke("M-140 4 L92 -344", a.shade(wood, 0.1), 17)
    a.stroke("M-140 2 L92 -346", a.light(wood, 0.18), 10)
    a.stroke("M150 4 L-110 -112", a.shade(wood, 0.1), 17)
    a.stroke("M150 2 L-110 -114", a.light(wood, 0.18), 10)
    a.disc(34, -254, 8, "#c9a552")


def picnic(a: Canvas, c: str = "#cf4b3a", cloth: str = "#fbf9f5") -> None:
    """From above: a checked blanket with lunch on it."""
    d = "M-310 -190 H310 V200 H-310Z"
    a.drop(d, 8, 10, 8)
    a.path(d, cloth)
    cover(a, d, "checks", c, (-310, -190, 620, 390), 1.5)
    for x in range(-306, 312, 12):
        a.stroke(f"M{x} 200 v14", a.light(c, 0.3), 3)
        a.stroke(f"M{x} -190 v-14", a.light(c, 0.3), 3)
    a.ellipse(-142, 24, 104, 100, a.deep, opacity=0.25)
    a.disc(-150, 12, 100, a.face("#fbf9f5"))
    a.disc(-150, 12, 74, "#efe9dd")
    for x, y in ((-178, -10), (-130, -14), (-156, 40), (-112, 34)):
        a.disc(x, y, 25, a.ball("#cf4b3a", 0.4))
        a.path(f"M{x - 10} {y - 16} l10 8 l10 -8 l-4 14 h-12Z", "#5f9457")
    a.ellipse(128, -58, 140, 52, a.deep, opacity=0.24, transform="rotate(-18 128 -58)")
    a.ellipse(120, -70, 138, 48, a.ball("#c98a4a", 0.35), transform="rotate(-18 120 -70)")
    for k in range(-3, 4):
        a.stroke(f"M{112 + k * 34} {-86 - k * 11} q16 18 10 40", "#f1d9ac", 8)
    a.ellipse(188, 108, 52, 52, a.deep, opacity=0.25)
    a.disc(180, 98, 52, a.face("#5aa9a0"))
    a.disc(180, 98, 40, "#f0d667")
    a.disc(180, 98, 30, a.light("#f0d667", 0.4))


def binoculars(a: Canvas, c: str, metal: str = "#c9a552") -> None:
    """Field glasses, standing on their front lenses."""
    a.shadow(150)
    a.stroke("M-120 -220 C-220 -330 -60 -400 20 -340 S200 -330 124 -220", a.shade("#7b5540", 0.1), 12)
    a.rect(-50, -200, 100, 96, a.tube(a.shade(c, 0.3)), 12)
    a.can(0, -196, 28, 40, metal)
    for x in (-88, 88):
        a.lathe([(84, 0), (86, -10), (74, -96), (66, -140), (50, -190), (48, -226)], a.tube(c, 0.35), x)
        a.band((86, -6), (85, -22), a.tube(metal, 0.5), x)
        a.lathe([(54, -222), (56, -250), (52, -256)], a.tube(a.shade(c, 0.35)), x)
        a.ellipse(x, -256, 52, 11, a.shade(c, 0.6))
        a.ellipse(x, -255, 36, 7, a.linear([(0, "#7b68b0"), (1, "#8fd0c8")]))


def headlamp(a: Canvas, c: str, band: str = "#e8765e", glow: str = "#fff2c4") -> None:
    """A head torch with its elastic band, lit."""
    a.shadow(160, 0, 0, 30)
    a.ring(0, -104, 170, 76, a.shade(band, 0.3), 34)
    a.path(
        "M-170 -104 A170 76 0 0 0 170 -104",
        "none",
        a.linear([(0, a.light(band, 0.1)), (0.3, a.light(band, 0.3)), (1, a.shade(band, 0.3))]),
        44,
    )
    for x in range(-140, 150, 24):
        y = -104 + 76 * (1 - (x / 170) ** 2) ** 0.5
        a.rect(x - 4, y - 14, 8, 28, "#fbf9f5", 2, opacity=0.8)
    a.rect(-84, -96, 168, 108, a.face(c), 30)
    a.disc(-26, -42, 40, a.shade(c, 0.5))
    a.ellipse(-26, -42, 190, 170, a.glow(glow, 0.85))
    a.disc(-26, -42, 33, a.radial([(0, "#ffffff"), (0.5, glow), (1, a.shade(glow, 0.25))], 0.5, 0.5, 0.5))
    a.disc(48, -42, 15, a.face(band))


def poles(a: Canvas, c: str, grip: str = "#3b4048") -> None:
    """A pair of trekking poles, crossed."""
    a.shadow(130, 0, 0, 24)
    for turn, tint in ((17, c), (-17, a.light(c, 0.2))):
        with a.group(f"rotate({turn} 0 -160)"):
            a.rect(-4, -20, 8, 26, a.tube("#b8c0c8"), 3)
            a.ellipse(0, -26, 30, 9, a.face("#3b4048"))
            a.rect(-7, -200, 14, 176, a.tube("#b8c0c8", 0.5), 4)
            a.rect(-10, -330, 20, 150, a.tube(tint, 0.5), 5)
            a.rect(-13, -210, 26, 22, a.tube(grip), 5)
            a.rect(-14, -430, 28, 108, a.tube("#c9a06c", 0.3), 13)
            a.stroke("M8 -410 C64 -400 56 -330 12 -352", grip, 7)


def cooler(a: Canvas, c: str, lid: str = "#fbf9f5") -> None:
    """A cool box, its lid ajar, bottles inside."""
    a.shadow(190, 0, 0, 32)
    for x, tint in ((-90, "#5f9457"), (-40, "#cf4b3a"), (16, "#e3a94f")):
        a.lathe([(22, -180), (22, -240), (9, -262), (9, -292)], a.tube(tint, 0.45), x)
    a.rect(-180, -206, 360, 30, a.shade(c, 0.5), 8)
    a.path(
        "M-172 -190 H172 L160 -18 C158 -2 150 4 134 4 H-134 C-150 4 -158 -2 -160 -18Z",
        a.linear([(0, a.light(c, 0.26)), (0.4, c), (1, a.shade(c, 0.32))]),
    )
    a.rect(-184, -212, 368, 34, a.bar(lid), 12)
    a.path("M60 -212 H190 L214 -246 H96Z", a.face(lid, 0.1))
    a.rect(-70, -130, 140, 60, a.face(a.light(c, 0.12)), 8)
    a.stroke("M-30 -100 h60", a.light(c, 0.6), 8)
    for x in (-140, 140):
        a.rect(x - 12, -186, 24, 40, a.face("#3b4048"), 5)
    a.stroke(
        "M-176 -150 C-220 -140 -220 -60 -166 -60 M176 -150 C220 -140 220 -60 166 -60", a.shade(c, 0.4), 12
    )


def rackets(a: Canvas, c: str, second: str = "#5aa9a0") -> None:
    """Two badminton rackets and a shuttlecock."""
    a.shadow(150, 0, 0, 26)
    for turn, tint in ((-20, c), (20, second)):
        with a.group(f"rotate({turn} 0 -20)"):
            d = "M-72 -320 a72 92 0 1 0 144 0 a72 92 0 1 0 -144 0Z"
            with a.group(clip=d):
                cover(a, d, "grid", "#fbf9f5", (-80, -420, 160, 200), 0.5)
            a.ring(0, -320, 72, 92, a.shade(tint, 0.3), 14)
            a.ring(-1, -321, 72, 92, tint, 9)
            a.rect(-5, -230, 10, 126, a.tube("#b8c0c8", 0.5), 3)
            a.rect(-11, -112, 22, 112, a.tube("#3b4048"), 6)
            for y in range(-104, -4, 16):
                a.stroke(f"M-10 {y} l20 8", a.light("#3b4048", 0.25), 2)
    with a.group("translate(150 -14) rotate(60)"):
        a.path("M-16 0 L-50 -104 H50 L16 0Z", a.face("#fbf9f5"))
        for x in (-30, -10, 10, 30):
            a.stroke(f"M{x * 0.4:.0f} 0 L{x * 1.2:.0f} -102", a.shade("#fbf9f5", 0.3), 2.6)
        a.stroke("M-28 -40 H28 M-38 -72 H38", c, 4)
        a.ellipse(0, 6, 22, 20, a.ball("#fbf9f5"))
        a.rect(-20, -6, 40, 9, c, 4)


def stove(a: Canvas, c: str, pot: str = "#b8c0c8") -> None:
    """A small gas stove with a pot on it, burning."""
    a.shadow(110)
    a.lathe([(88, 0), (96, -14), (96, -66), (60, -96), (22, -104)], a.tube(c, 0.4))
    a.rect(-12, -136, 24, 36, a.tube("#c9a552", 0.5))
    for x in (-60, 60):
        a.stroke(f"M0 -128 L{x} -128 L{x * 1.2:.0f} -162", a.shade("#b8c0c8", 0.4), 9)
    for x, h in ((-38, 26), (-14, 34), (14, 34), (38, 26)):
        a.path(
            f"M{x} {-136 - h} C{x + 12} {-146} {x + 9} -136 {x} -132 C{x - 9} -136 {x - 12} -146 {x} {-136 - h}Z",
            a.linear([(0, "#8fd0f0"), (0.6, "#4f90d0"), (1, "#ffc24d")], 0, 0, 0, 1),
        )
    a.stroke("M104 -230 H214", a.shade("#3b4048", 0.1), 15)
    a.lathe([(98, -162), (106, -170), (108, -268)], a.tube(pot, 0.55))
    a.ellipse(0, -268, 108, 21, a.light(pot, 0.3))
    a.ellipse(0, -266, 99, 17, a.shade(pot, 0.3))
    a.ellipse(0, -260, 90, 11, "#c98a3a")
    for x in (-34, 26):
        a.stroke(f"M{x} -294 q-18 -24 0 -46 q18 -22 0 -44", "#ffffff", 7, opacity=0.5)


def blinkers(a: Canvas, c: str = "#cf4b3a", body: str = "#26282d") -> None:
    """A front and a rear bicycle light, lit."""
    for x, tint, beam in ((-110, "#fff2c4", "#ffe9a8"), (110, c, "#ff8a70")):
        a.shadow(70, x)
        a.ellipse(x, -104, 210, 190, a.glow(beam, 0.75))
        a.rect(x - 70, -180, 140, 156, a.ball(body, 0.3), 44)
        a.disc(x, -102, 52, a.shade(body, 0.5))
        a.disc(x, -102, 46, a.radial([(0, "#ffffff"), (0.4, tint), (1, a.shade(tint, 0.3))], 0.5, 0.5, 0.5))
        for r in (16, 30):
            a.ring(x, -102, r, r, a.shade(tint, 0.2), 2, opacity=0.5)
        a.rect(x - 26, -30, 52, 34, a.tube(body), 10)
