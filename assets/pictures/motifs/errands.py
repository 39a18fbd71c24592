"""What services come with."""

from ..canvas import Canvas
from ..patterns import cover


def bucket(a: Canvas, c: str, brush: str = "#c9a06c", cloth: str = "#f0d667") -> None:
    """A bucket with bubbles, a brush, a spray bottle and a cloth."""
    a.shadow(180)
    a.rect(-160, -390, 15, 360, a.tube(brush), 6)
    a.path("M-206 -86 H-98 L-86 0 H-218Z", a.face("#e6cfa8"))
    for x in range(-206, -90, 14):
        a.stroke(f"M{x} -70 l{(x + 152) * 0.12:.0f} 66", a.shade("#e6cfa8", 0.24), 3)
    a.rect(-206, -102, 108, 24, a.bar(c), 6)
    a.stroke("M-92 -170 C-84 -290 118 -290 126 -170", "#8d9299", 7)
    a.lathe([(84, 0), (90, -8), (112, -176)], a.tube(c, 0.4), 18)
    a.ellipse(18, -176, 112, 22, a.light(c, 0.3))
    for x, y, r in (
        (-56, -186, 26),
        (-12, -196, 34),
        (38, -190, 28),
        (84, -184, 24),
        (14, -176, 24),
        (60, -210, 16),
        (-30, -226, 12),
        (98, -236, 10),
    ):
        a.disc(x, y, r, a.radial([(0, "#ffffff"), (0.7, "#eef6fa"), (1, a.light(c, 0.6))], 0.35, 0.3, 0.8))
    a.path(
        "M90 -170 C130 -160 134 -90 126 -56 C116 -70 108 -66 98 -52 C86 -84 96 -130 64 -158Z", a.face(cloth)
    )
    a.lathe([(38, 0), (42, -8), (42, -116), (18, -150), (16, -166)], a.tube("#5aa9a0", 0.5), 220)
    a.band((42.4, -34), (42.4, -92), a.tube("#fbf9f5"), 220)
    a.path("M200 -168 H244 V-196 H180 L168 -184 L200 -176Z", a.face("#fbf9f5"))
    a.path("M182 -176 q-8 22 4 36", "none", "#e8765e", 7)


def van(a: Canvas, c: str, stripe: str = "#f0d667") -> None:
    """A small delivery van on its way."""
    a.shadow(270, 0, 0, 28)
    a.path(
        "M-262 -36 V-226 C-262 -246 -250 -256 -232 -256 H70 C92 -256 100 -248 100 -236 V-36Z",
        a.linear([(0, a.light(c, 0.2)), (0.6, c), (1, a.shade(c, 0.1))]),
    )
    a.path(
        "M96 -204 H180 C204 -204 214 -194 226 -170 L254 -120 C266 -110 272 -104 272 -88 V-36 H96Z",
        a.linear([(0, c), (1, a.shade(c, 0.25))]),
    )
    a.path(
        "M124 -182 H176 C190 -182 198 -176 206 -160 L224 -122 H124Z",
        a.linear([(0, "#dcecf2"), (1, "#9cc3d2")], 0, 0, 1, 1),
    )
    a.rect(-262, -110, 534, 20, stripe)
    a.box(-80, -130, 84, 30, 66, "#e6cfa8")
    a.rect(-280, -48, 560, 19, a.bar(a.shade(c, 0.45)), 8)
    a.disc(262, -78, 12, "#fff3cf")
    a.rect(-270, -92, 14, 26, "#cf4b3a", 4)
    a.rect(140, -112, 26, 8, a.shade(c, 0.5), 4)
    for x in (-160, 176):
        a.disc(x, -30, 46, a.shade(c, 0.5))
        a.disc(x, -28, 40, "#26282d")
        a.disc(x, -28, 23, a.ball("#b8c0c8", 0.5))
        a.disc(x, -28, 7, "#596270")
    for y, w in ((-200, 70), (-150, 110), (-90, 60)):
        a.stroke(f"M-300 {y} h{-w}", "#ffffff", 7, opacity=0.7)


def haircut(a: Canvas, c: str, comb: str = "#5aa9a0") -> None:
    """From above: scissors, a comb and a brush on a towel."""
    d = "M-250 -180 H250 V200 H-250Z"
    with a.group("rotate(-6)"):
        a.drop(d, 8, 10, 9)
        a.path(d, a.face("#fbf9f5"))
        for x in (-220, -206, 206, 220):
            a.rect(x, -180, 6, 380, a.light(c, 0.2))
    with a.group("translate(-70 0) rotate(16)"):
        for side in (-1, 1):
            a.path(
                f"M{-4 * side} -196 C{16 * side} -120 {14 * side} -40 {8 * side} 20 L{-12 * side} 22 C{-14 * side} -40 {-12 * side} -120 {-4 * side} -196Z",
                a.linear([(0, a.light("#b8c0c8", 0.5)), (1, a.shade("#b8c0c8", 0.2))]),
                transform=f"rotate({side * 9})",
            )
        for side in (-1, 1):
            a.stroke(f"M{-4 * side} 14 C{20 * side} 60 {20 * side} 70 {34 * side} 92", "#b8c0c8", 12)
            a.ring(44 * side, 126, 30, 36, c, 14)
        a.disc(0, 8, 9, a.ball("#c9a552"))
    with a.group("translate(130 0) rotate(8)"):
        a.drop("M-30 -170 H30 V170 H-30Z", 9, 11, 7)
        a.rect(-30, -170, 26, 340, a.tube(comb, 0.3), 9)
        for k in range(34):
            a.rect(-8, -160 + k * 9.4, 40, 5 if k < 17 else 3.4, comb, 2)
    for _ in range(24):
        x, y = a.chance.gauss(-10, 60), a.chance.gauss(150, 18)
        a.stroke(f"M{x:.0f} {y:.0f} q8 -8 18 {a.chance.uniform(-8, 8):.0f}", "#6b4636", 2.4, opacity=0.7)


def spa(a: Canvas, c: str, towel: str = "#fbf9f5") -> None:
    """Warm stones on a towel roll, a candle and a blossom."""
    a.shadow(200, 0, 0, 32)
    a.rect(-210, -66, 300, 68, a.bar(towel, 0.4), 32)
    a.ellipse(-186, -32, 24, 33, a.face(towel, 0.1))
    for r in (0.7, 0.4):
        a.ring(-186, -32, 24 * r, 33 * r, a.shade(towel, 0.26), 4)
    for x, y, w, tint in (
        (-50, -86, 96, "#596270"),
        (-44, -128, 76, "#8d9299"),
        (-54, -164, 56, "#6f6a68"),
        (-48, -194, 36, "#bcb5ab"),
    ):
        a.ellipse(x, y, w, 24, a.ball(tint, 0.35))
    a.ellipse(170, -150, 120, 120, a.glow("#ffd58a", 0.7))
    a.can(170, 0, 56, 92, c)
    a.ellipse(170, -92, 50, 9, "#fff6dd")
    a.path(
        "M170 -152 C184 -128 184 -108 170 -102 C156 -108 156 -128 170 -152Z",
        a.linear([(0, "#ffe9b0"), (1, "#f08a3c")], 0, 0, 0, 1),
    )
    with a.group("translate(78 -14)"):
        for k in range(5):
            a.ellipse(
                0,
                -24,
                15,
                26,
                a.face("#fbf9f5"),
                transform=f"rotate({k * 72}) scale(1 .8)",
                stroke=a.light("#d98a92", 0.4),
                stroke_width=2,
            )
        a.disc(0, 0, 9, "#f0d667")


def bicycle(a: Canvas, c: str, saddle: str = "#7b5540") -> None:
    """A city bicycle with a basket."""
    a.shadow(240, 0, 0, 22)
    for x in (-158, 158):
        a.ring(x, -98, 96, 96, "#26282d", 11)
        a.ring(x, -98, 88, 88, "#b8c0c8", 4)
        for k in range(12):
            a.stroke(
                f"M{x} -98 L{x} -184", "#b8c0c8", 1.6, transform=f"rotate({k * 30} {x} -98)", opacity=0.8
            )
        a.disc(x, -98, 11, a.ball("#b8c0c8"))
    for w, tint in ((15, a.shade(c, 0.4)), (9, a.light(c, 0.1))):
        a.stroke("M-158 -98 L-84 -232 L84 -240 L0 -98 Z M-84 -232 L0 -98 M158 -98 L100 -292", tint, w)
    a.stroke("M-84 -232 L-100 -274", "#b8c0c8", 9)
    a.path("M-152 -290 C-120 -304 -70 -300 -54 -284 C-60 -270 -110 -264 -146 -274Z", a.ball(saddle))
    a.stroke("M100 -292 C96 -322 60 -328 34 -318", "#b8c0c8", 9)
    a.stroke("M50 -322 L22 -314", saddle, 15)
    a.disc(0, -98, 27, "#b8c0c8")
    a.disc(0, -98, 17, "#3b4048")
    a.stroke("M0 -98 L24 -54 M8 -52 h36", "#596270", 9)
    d = "M112 -290 H222 L206 -214 H124Z"
    a.path(d, a.face("#c9a06c"))
    with a.group(clip=d):
        cover(a, d, "grid", a.shade("#c9a06c", 0.3), (104, -292, 130, 84), 0.5)
    for x, tint in ((136, "#e8765e"), (164, "#f0d667"), (192, "#d98a92")):
        a.disc(x, -304, 19, a.ball(tint))
    a.path("M150 -300 l-12 -34 M178 -302 l8 -30", "none", "#5f9457", 5)


def toolbox(a: Canvas, c: str) -> None:
    """An open tool box."""
    a.shadow(190, 0, 0, 30)
    for x, turn, tint in ((-110, -12, "#f0d667"), (-40, 4, "#cf4b3a"), (110, 10, "#5aa9a0")):
        with a.group(f"translate({x} -110) rotate({turn})"):
            a.rect(-7, -160, 14, 90, a.tube("#b8c0c8", 0.6), 3)
            a.rect(-17, -90, 34, 110, a.tube(tint, 0.4), 12)
    with a.group("translate(40 -120) rotate(-6)"):
        a.rect(-9, -130, 18, 150, a.tube("#c9a06c"), 5)
        a.path("M-60 -170 H40 C56 -170 60 -150 48 -136 H-60Z", a.bar("#8d9299", 0.5))
    a.stroke("M-130 -140 C-130 -260 130 -260 130 -140", a.shade(c, 0.4), 15)
    a.rect(-190, -136, 380, 138, a.linear([(0, a.light(c, 0.2)), (0.5, c), (1, a.shade(c, 0.3))]), 10)
    a.rect(-200, -146, 400, 26, a.bar(a.light(c, 0.1), 0.4), 8)
    for x in (-110, 110):
        a.rect(x - 17, -128, 34, 44, a.face("#b8c0c8"), 5)
    a.rect(-50, -74, 100, 44, a.light(c, 0.5), 6)


def sewing(a: Canvas, c: str, thread: str = "#cf4b3a") -> None:
    """A sewing machine at work on cloth."""
    a.shadow(210, 0, 0, 28)
    a.rect(-210, -44, 420, 46, a.bar(a.shade("#c9a06c", 0.06)), 8)
    a.path(
        "M84 -44 V-200 H-110 V-150 C-110 -138 -120 -130 -132 -130 H-170 C-186 -130 -192 -140 -192 -156 V-236 C-192 -266 -176 -280 -148 -280 H130 C164 -280 182 -262 182 -228 V-44Z",
        a.linear([(0, a.light(c, 0.25)), (0.5, c), (1, a.shade(c, 0.3))]),
    )
    a.rect(-158, -132, 12, 56, a.tube("#b8c0c8"), 3)
    a.rect(-154, -80, 4, 36, "#596270")
    a.disc(190, -200, 40, a.ball("#b8c0c8", 0.5))
    a.disc(190, -200, 20, a.shade(c, 0.2))
    a.rect(96, -322, 8, 44, a.tube("#b8c0c8"))
    a.lathe([(22, -284), (20, -312), (22, -326)], a.tube(thread), 100)
    a.stroke("M100 -318 L-60 -292 L-152 -280 V-130", thread, 2.4)
    a.path("M-260 -48 C-200 -64 -130 -40 -60 -52 L-40 -40 C-120 -30 -200 -26 -266 -32Z", a.face("#8fb8d8"))
    a.path("M-266 -34 C-210 -20 -190 20 -250 26 L-300 8 C-300 -20 -290 -40 -266 -34Z", a.face("#8fb8d8", 0.1))
    a.disc(60, -240, 15, a.ball("#f0d667"))
    a.rect(-120, -252, 110, 14, a.light(c, 0.55), 6)


def parcel(a: Canvas, c: str = "#d9b684", tape: str = "#e8765e") -> None:
    """Two parcels, one on the other, a clock on the upper."""
    a.shadow(190, 0, 0, 32)
    a.box(20, 0, 190, 170, 130, c)
    a.quad([(-74, -20), (-104, -26), (-104, -156), (-74, -150)], a.shade(tape, 0.06), opacity=0.9)
    with a.group("translate(30 -142)"):
        a.box(0, 0, 130, 120, 96, a.light(c, 0.12))
        a.disc(-62, -62, 34, a.face("#fbf9f5"))
        a.ring(-62, -62, 34, 34, tape, 6)
        a.stroke("M-62 -62 V-84 M-62 -62 l14 8", "#27313f", 5)
