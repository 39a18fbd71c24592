"""For the desk."""

from ..canvas import Canvas
from ..patterns import cover


def notebook(
    a: Canvas, c: str, band: str = "#f0d667", pattern: str = "plain", p: str = "#fbf9f5", pen: str = ""
) -> None:
    """From above: a notebook with elastic band and ribbon, a pen beside it."""
    with a.group("rotate(-7)"):
        d = "M-150 -196 H140 C150 -196 156 -190 156 -180 V190 C156 200 150 206 140 206 H-150Z"
        a.drop(d)
        a.rect(-140, -186, 302, 398, "#f3ead8", 8)
        a.path(d, a.face(c))
        cover(a, d, pattern, p, (-150, -200, 310, 410), 1.2)
        a.rect(-150, -196, 26, 402, a.shade(c, 0.2))
        a.rect(104, -197, 15, 404, a.face(band))
        a.stroke("M-40 206 v46 l9 -9 l9 9 v-46", "#cf4b3a", 6)
        if pattern == "plain":
            a.rect(-84, -140, 140, 56, a.light(c, 0.7), 4)
            a.rect(-66, -122, 90, 7, a.shade(c, 0.2), 3)
    if pen:
        with a.group("translate(236 10) rotate(14)"):
            a.drop("M-11 -170 H11 V150 H-11Z", 8, 10, 6)
            a.rect(-11, -170, 22, 290, a.tube(pen, 0.5), 10)
            a.path("M-11 116 H11 L2 166 H-2Z", a.tube("#c9a552", 0.5))
            a.rect(6, -160, 8, 90, a.tube("#c9a552", 0.5), 4)


def fountainpen(a: Canvas, c: str, metal: str = "#c9a552") -> None:
    """From above: a fountain pen, its cap off, and a line of ink."""
    a.stroke(
        "M-290 150 C-240 60 -200 190 -150 130 S-70 70 -30 140 S60 160 130 104", a.shade(a.accent, 0.55), 7
    )
    with a.group("translate(20 -20) rotate(-32)"):
        a.drop("M-200 -22 H230 V22 H-200Z", 10, 16, 9)
        a.path("M-110 -20 H200 C224 -18 224 18 200 20 H-110Z", a.bar(c, 0.5))
        a.path("M-168 -15 L-110 -20 V20 L-168 15Z", a.bar(a.shade(c, 0.3), 0.4))
        a.rect(-116, -21, 10, 42, a.bar(metal, 0.6))
        a.path("M-168 -13 C-200 -15 -226 -8 -256 0 C-226 8 -200 15 -168 13Z", a.bar(metal, 0.6))
        a.stroke("M-252 0 H-206", a.shade(metal, 0.6), 2)
        a.disc(-203, 0, 3.6, a.shade(metal, 0.6))
    with a.group("translate(90 150) rotate(-22)"):
        a.drop("M-110 -24 H110 V24 H-110Z", 8, 12, 8)
        a.rect(-110, -24, 210, 48, a.bar(c, 0.5), 18)
        a.rect(78, -25, 12, 50, a.bar(metal, 0.6))
        a.rect(-92, -8, 150, 11, a.bar(metal, 0.6), 5)


def organiser(a: Canvas, c: str, second: str = "#f6efe2") -> None:
    """A desk tidy with pens, scissors and a plant."""
    a.shadow(180, 0, 0, 32)
    for x, tint, turn, h in (
        (-128, "#cf4b3a", -8, 250),
        (-104, "#f0d667", -2, 270),
        (-80, "#4f7196", 7, 244),
        (-58, "#5f9457", 13, 226),
    ):
        with a.group(f"translate({x} -40) rotate({turn})"):
            a.rect(-8, -h + 40, 16, h - 40, a.tube(tint, 0.4))
            a.path(f"M-8 {-h + 40} L0 {-h + 8} L8 {-h + 40}Z", "#eed9b3")
            a.path(f"M-2.500 {-h + 18} L0 {-h + 8} L2.500 {-h + 18}Z", tint)
    a.box(-20, 0, 160, 50, 150, c)
    a.box(176, 0, 196, 60, 84, second)
    a.rect(30, -60, 96, 8, a.shade(second, 0.3), 4)
    with a.group("translate(106 -98) scale(.5)"):
        a.lathe([(50, 0), (58, -8), (70, -84)], a.tube("#c1785a"))
        for turn in (-56, -30, -6, 20, 46):
            a.path(
                "M0 0 C24 -40 22 -100 0 -140 C-22 -100 -24 -40 0 0Z",
                a.face("#5f9457"),
                transform=f"translate(0 -76) rotate({turn})",
            )


def keyboard(a: Canvas, c: str, keys: str = "#fbf9f5", accent: str = "#e8765e") -> None:
    """From above: a compact keyboard."""
    d = "M-300 -120 H300 C312 -120 318 -114 318 -102 V112 C318 124 312 130 300 130 H-300 C-312 130 -318 124 -318 112 V-102 C-318 -114 -312 -120 -300 -120Z"
    a.drop(d)
    a.path(d, a.face(c))
    for j in range(5):
        x = -300.0
        widths = [1] * 13 + [1.6] if j < 4 else [1.3, 1.3, 1.3, 6.2, 1.3, 1.3, 1.9]
        for i, w in enumerate(widths):
            size = w * 41.1
            tint = (
                accent
                if (j, i) in ((0, 0), (2, 13), (4, 3))
                else a.shade(keys, 0.16)
                if i in (0, 13)
                else keys
            )
            a.rect(x + 2, -104 + j * 45, size - 4, 41, a.shade(tint, 0.34), 7)
            a.rect(x + 5, -105 + j * 45, size - 10, 34, a.face(tint), 6)
            x += size


def mouse(a: Canvas, c: str, p: str = "#5aa9a0") -> None:
    """From above: a mouse on a round felt mat."""
    a.drop("M-220 10 a220 220 0 1 0 440 0 a220 220 0 1 0 -440 0Z", 8, 10, 8)
    a.disc(0, 10, 220, a.face(p))
    a.ring(0, 10, 204, 204, a.light(p, 0.4), 3, stroke_dasharray="10 8")
    d = "M0 -130 C70 -130 84 -70 84 0 C84 90 60 150 0 150 S-84 90 -84 0 C-84 -70 -70 -130 0 -130Z"
    a.drop(d, 14, 20, 12)
    a.path(d, a.ball(c, 0.5))
    a.stroke("M0 -128 V-20 M-82 -18 C-40 -30 40 -30 82 -18", a.shade(c, 0.3), 3)
    a.rect(-10, -96, 20, 52, a.bar("#3b4048", 0.4), 10)


def laptopstand(a: Canvas, c: str = "#b8c0c8", wood: str = "#c9a06c") -> None:
    """A laptop raised on a stand."""
    a.shadow(210, 0, 0, 32)
    a.path("M-150 0 H150 L110 -24 H-110Z", a.face(wood))
    a.path("M-70 -20 L-40 -130 H40 L70 -20Z", a.linear([(0, a.light(wood, 0.2)), (1, a.shade(wood, 0.3))]))
    a.path(
        "M-196 -384 C-196 -394 -190 -398 -182 -398 H182 C190 -398 196 -394 196 -384 V-158 H-196Z",
        a.face("#3b4048"),
    )
    a.rect(
        -184,
        -386,
        368,
        222,
        a.linear([(0, a.light(a.accent, 0.55)), (1, a.shade(a.accent, 0.1))], 0, 0, 1, 1),
        4,
    )
    a.disc(90, -320, 36, "#fff6dd", opacity=0.85)
    a.path(
        "M-184 -250 C-100 -320 -40 -230 40 -270 S150 -250 184 -280 V-164 H-184Z",
        a.shade(a.accent, 0.45),
        opacity=0.8,
    )
    a.quad([(-196, -158), (196, -158), (232, -124), (-232, -124)], a.face(c, -0.2))
    a.rect(-232, -125, 464, 11, a.bar(c, 0.4), 5)
    for j in range(3):
        a.rect(-170 - j * 8, -153 + j * 8, 340 + j * 16, 4, a.shade(c, 0.4), 2, opacity=0.8)


def tapes(a: Canvas, c: str = "#d98a92", second: str = "#5aa9a0", third: str = "#f0d667") -> None:
    """Three rolls of paper tape."""
    for x, y, tint, pattern, p in (
        (-120, 0, c, "flowers", "#fbf9f5"),
        (120, 4, second, "stripes", "#fbf9f5"),
        (6, -4, third, "dots", "#cf4b3a"),
    ):
        a.shadow(90, x, y)
        outline = a.lathe([(88, y), (88, y - 92)], a.tube(tint), x, 0.3)
        cover(a, outline, pattern, p, (x - 90, y - 126, 180, 160), 0.8)
        a.path(
            outline,
            a.linear([(0, a.deep, 0.1), (0.26, "#ffffff", 0.25), (0.5, "#ffffff", 0), (1, a.deep, 0.36)]),
        )
        a.ellipse(x, y - 92, 88, 26.4, a.light(tint, 0.4))
        a.ring(x, y - 92, 72, 21, a.shade(tint, 0.14), 2)
        a.ellipse(x, y - 92, 54, 16, "#c9a06c")
        a.ellipse(x, y - 88, 48, 13, a.shade("#c9a06c", 0.55))


def calendar(a: Canvas, c: str, p: str = "#cf4b3a") -> None:
    """A desk calendar on its stand, a picture above the days."""
    a.shadow(150, 0, 0, 26)
    a.quad([(-150, 0), (150, 0), (176, -18), (-124, -18)], a.shade(c, 0.4))
    d = "M-150 0 L-138 -310 H138 L150 0Z"
    a.path(d, a.face("#fbf9f5"))
    with a.group(clip="M-138 -298 H138 L144 -160 H-144Z"):
        a.rect(-150, -300, 300, 150, a.light(c, 0.45))
        a.disc(60, -246, 34, p)
        a.path("M-150 -200 C-80 -260 -20 -180 40 -214 S120 -220 150 -196 V-150 H-150Z", c)
        a.path("M-150 -176 C-60 -210 40 -150 150 -180 V-150 H-150Z", a.shade(c, 0.4))
    for j in range(4):
        for i in range(7):
            mark = (j, i) == (1, 4)
            a.disc(
                -108 + i * 36,
                -128 + j * 33,
                12 if mark else 6.4,
                p if mark else a.shade("#fbf9f5", 0.4 if i < 5 else 0.24),
            )
    for i in range(13):
        a.stroke(f"M{-120 + i * 20} -322 v26", a.shade("#b8c0c8", 0.4), 5)


def charger(a: Canvas, c: str, phone: str = "#26282d") -> None:
    """A phone on a charging stand, a full battery on its screen."""
    a.shadow(110)
    a.can(0, 0, 104, 18, c)
    a.path("M-40 -12 L-22 -120 H22 L40 -12Z", a.tube(c))
    with a.group("rotate(-3)"):
        a.rect(-84, -358, 168, 332, a.tube(phone, 0.3), 26)
        a.rect(
            -75,
            -349,
            150,
            314,
            a.linear(
                [(0, a.shade(a.accent, 0.5)), (0.6, a.accent), (1, a.light(a.accent, 0.5))], 0, 0, 0.6, 1
            ),
            19,
        )
        a.ring(0, -206, 44, 44, "#fbf9f5", 9, opacity=0.35)
        a.path("M0 -250 a44 44 0 1 1 -42 30", "none", "#9ff0c0", 9, stroke_linecap="round")
        a.path("M8 -236 L-18 -200 H-2 L-8 -174 L18 -212 H2Z", "#fbf9f5")
        a.rect(-34, -320, 68, 16, "#fbf9f5", 4, opacity=0.85)


def powerbank(a: Canvas, c: str, cable: str = "#e8765e") -> None:
    """A power bank with its cable in a loop."""
    a.shadow(140, 0, 0, 30)
    a.stroke("M70 -150 C190 -220 230 -30 120 -10 S-180 40 -190 -40", a.shade(cable, 0.3), 12)
    a.stroke("M70 -153 C190 -223 230 -33 120 -13 S-180 37 -190 -43", cable, 8)
    a.rect(-206, -78, 32, 44, a.tube("#fbf9f5"), 6)
    a.rect(-90, -270, 172, 272, a.tube(c, 0.4), 30)
    a.rect(-74, -254, 140, 240, "none", 20, stroke=a.light(c, 0.35), stroke_width=2)
    for k in range(4):
        a.disc(-32 + k * 20, -34, 5, "#9ff0c0" if k < 3 else a.shade(c, 0.3))
    a.rect(58, -172, 34, 38, a.tube("#fbf9f5"), 6)
    a.path("M4 -196 L-32 -140 H-8 L-16 -100 L24 -156 H-2Z", a.light(c, 0.6))


def notes(a: Canvas, c: str = "#f0d667", second: str = "#f2b98c", third: str = "#a8d5c2") -> None:
    """From above: three pads of sticky notes and a pencil."""
    for x, y, turn, tint in ((-150, -50, -8, c), (130, -70, 6, second), (-10, 90, -2, third)):
        with a.group(f"translate({x} {y}) rotate({turn})"):
            a.drop("M-94 -94 H94 V94 H-94Z", 12, 14, 9)
            a.rect(-91, -88, 188, 188, a.shade(tint, 0.24), 2)
            a.path("M-94 -94 H94 V60 C94 84 84 94 60 94 H-94Z", a.face(tint))
            a.path("M94 60 C94 84 84 94 60 94 C66 84 66 66 60 58 C70 64 84 66 94 60Z", a.light(tint, 0.5))
            for k in range(3):
                a.stroke(f"M-62 {-40 + k * 32} h{110 - k * 34}", a.shade(tint, 0.5), 5, opacity=0.6)
    with a.group("translate(220 110) rotate(36)"):
        a.drop("M-11 -130 H11 V130 H-11Z", 8, 10, 6)
        a.rect(-11, -110, 22, 220, a.tube("#4f7196", 0.4))
        a.path("M-11 -108 L0 -148 L11 -108Z", "#eed9b3")
        a.path("M-4 -134 L0 -148 L4 -134Z", "#27313f")
        a.rect(-11, 110, 22, 26, a.tube("#d98a92"), 6)
