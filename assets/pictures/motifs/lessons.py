"""What courses are held with."""

from ..canvas import Canvas
from ..patterns import cover


def potterswheel(a: Canvas, c: str, wheel: str = "#8d9299") -> None:
    """A bowl that rises on a potter's wheel between two tools."""
    a.shadow(200)
    a.can(0, 0, 190, 40, "#c9a06c", "#b8a488")
    a.can(0, -42, 140, 18, wheel)
    for r in (120, 96):
        a.ring(0, -60, r, r * 0.2, a.light(wheel, 0.4), 2, opacity=0.6)
    outline = a.lathe([(62, -62), (70, -74), (112, -150), (122, -210)], a.tube(c, 0.4))
    with a.group(clip=outline):
        for y in range(-200, -60, 22):
            a.path(f"M-130 {y} Q0 {y + 40} 130 {y}", "none", a.shade(c, 0.22), 3, opacity=0.6)
    a.ellipse(0, -210, 122, 24, a.light(c, 0.3))
    a.ellipse(0, -208, 111, 20, a.linear([(0, a.shade(c, 0.45)), (1, a.light(c, 0.1))]))
    a.lathe([(34, -8), (38, -16), (38, -56)], a.tube("#5aa9a0"), -246)
    for x, turn in ((-262, -9), (-246, 0), (-232, 8)):
        a.rect(x - 4, -170, 8, 122, a.tube("#7b5540"), 3, transform=f"rotate({turn} {x} -50)")
    a.ellipse(-271, -178, 11, 18, a.face("#c9a552"))
    a.path(
        "M206 -4 C200 -60 250 -70 276 -40 C290 -20 284 0 270 4 C250 10 220 8 206 -4Z", a.ball("#e3b85a", 0.4)
    )
    for x, y in ((232, -30), (250, -18), (262, -34), (240, -10)):
        a.disc(x, y, 4, a.shade("#e3b85a", 0.3))


def camera(a: Canvas, c: str, body: str = "#26282d", lens: str = "#2f4468") -> None:
    """A camera with a leather strap."""
    a.shadow(180)
    strap = "M-168 -170 C-250 -330 -110 -400 0 -380 S250 -330 168 -170"
    a.stroke(strap, a.shade("#7b5540", 0.2), 15)
    a.stroke(strap, "#a8744f", 9)
    a.path("M-70 -220 L-48 -268 H48 L70 -220Z", a.bar("#b8c0c8", 0.5))
    a.rect(-180, -226, 360, 74, a.bar("#b8c0c8", 0.45), 20)
    a.rect(-180, -196, 360, 198, a.linear([(0, a.light(c, 0.2)), (0.4, c), (1, a.shade(c, 0.36))]), 22)
    cover(a, "M-180 -180 H180 V-20 H-180Z", "dots", a.shade(c, 0.2), (-180, -180, 360, 160), 0.34)
    a.can(-126, -222, 27, 20, "#b8c0c8")
    a.can(116, -222, 20, 13, "#cf4b3a")
    a.disc(4, -94, 96, a.ball("#b8c0c8", 0.5))
    a.disc(0, -96, 88, body)
    for r in (78, 66):
        a.ring(0, -96, r, r, a.light(body, 0.25), 3)
    a.disc(0, -96, 54, a.radial([(0, a.light(lens, 0.35)), (0.5, lens), (1, "#0e1420")], 0.4, 0.36, 0.7))
    a.ellipse(-18, -118, 17, 12, "#ffffff", opacity=0.75, transform="rotate(-30 -18 -118)")
    a.ellipse(20, -76, 8, 6, "#d98a92", opacity=0.7)
    a.rect(118, -182, 44, 28, a.face("#fff3cf"), 6)


def easel(a: Canvas, c: str, one: str = "#e8765e", two: str = "#f0d667") -> None:
    """A canvas on an easel with a half-finished landscape."""
    a.shadow(160)
    for d in ("M0 -400 L-128 0", "M0 -400 L128 0", "M0 -400 V-20"):
        a.stroke(d, a.shade("#c9a06c", 0.3), 15)
        a.stroke(d, "#c9a06c", 9)
    a.drop("M-150 -350 H150 V-110 H-150Z", 10, 12, 8)
    a.rect(-150, -350, 300, 240, "#fffdf6", 3)
    with a.group(clip="M-136 -336 H136 V-124 H-136Z"):
        a.rect(-136, -336, 272, 212, a.light(c, 0.55))
        a.disc(50, -270, 34, two)
        a.path("M-140 -216 C-80 -290 -20 -210 40 -250 S120 -260 150 -230 V-120 H-140Z", c)
        a.path("M-140 -180 C-60 -220 30 -150 150 -190 V-120 H-140Z", one)
        a.path("M-140 -152 C-80 -170 -20 -140 20 -150 L0 -120 H-140Z", a.shade(c, 0.4))
    a.rect(-166, -112, 332, 18, a.bar("#c9a06c"), 5)
    for x, tint in ((-110, "#cf4b3a"), (-80, "#4f7196"), (-54, "#5f9457")):
        a.rect(x - 7, -134, 14, 24, a.tube(tint), 3)
    a.stroke("M70 -120 L128 -196", "#7b5540", 6)
    a.stroke("M124 -190 l12 -16", one, 11)


def bubbles(a: Canvas, c: str, second: str = "#f0d667") -> None:
    """Two speech bubbles over a stack of books: a language lesson."""
    a.shadow(150, 0, 0, 26)
    for i, (tint, w) in enumerate((("#4f7196", 300), ("#e8765e", 260), ("#5f9457", 276))):
        y = -i * 40
        a.rect(-w / 2, y - 38, w, 38, a.bar(tint, 0.25), 7)
        a.rect(-w / 2 + 24, y - 38, 12, 38, a.light(tint, 0.4))
        a.rect(w / 2 - 14, y - 32, 14, 26, "#fbf4e4", 2)
    d = "M-250 -390 H-40 C-16 -390 0 -374 0 -350 V-250 C0 -226 -16 -210 -40 -210 H-110 L-150 -160 L-158 -210 H-250 C-274 -210 -290 -226 -290 -250 V-350 C-290 -374 -274 -390 -250 -390Z"
    a.drop(d, 8, 10, 8, 0.24)
    a.path(d, a.face(c))
    for k, w in enumerate((150, 190, 110)):
        a.rect(-244, -356 + k * 42, w, 15, "#ffffff", 7, opacity=0.92)
    e = "M70 -310 H230 C252 -310 266 -296 266 -274 V-196 C266 -174 252 -160 230 -160 H170 L140 -122 L128 -160 H70 C48 -160 34 -174 34 -196 V-274 C34 -296 48 -310 70 -310Z"
    a.drop(e, 8, 10, 8, 0.24)
    a.path(e, a.face(second))
    for x in (98, 150, 202):
        a.disc(x, -236, 15, a.shade(second, 0.55))


def piano(a: Canvas, c: str, p: str = "#cf4b3a") -> None:
    """An upright piano with music on it."""
    a.shadow(230, 0, 0, 26)
    a.rect(-210, -320, 420, 200, a.linear([(0, a.light(c, 0.22)), (0.5, c), (1, a.shade(c, 0.3))]), 8)
    a.rect(-220, -334, 440, 22, a.bar(a.light(c, 0.1), 0.4), 6)
    a.rect(-184, -292, 368, 140, a.shade(c, 0.16), 6)
    a.rect(-80, -290, 76, 106, "#fffdf6", 3, transform="rotate(-2 -40 -240)")
    a.rect(4, -290, 76, 106, "#fffdf6", 3, transform="rotate(2 40 -240)")
    for x in (-68, 16):
        for k in range(4):
            a.rect(x, -272 + k * 22, 52, 2.4, "#8d9299")
            a.ellipse(x + 10 + k * 11, -270 + k * 22, 5, 4, "#27313f")
    a.rect(-214, -128, 428, 20, a.bar(a.shade(c, 0.2)), 4)
    a.quad([(-206, -110), (206, -110), (222, -74), (-222, -74)], "#fbf9f5")
    for i in range(1, 22):
        share = i / 22 * 2 - 1
        a.path(f"M{206 * share:.1f} -110 L{222 * share:.1f} -74", "none", "#b9b2a6", 1.6)
    for i in range(21):
        if i % 7 in (0, 1, 3, 4, 5):
            share = (i + 1) / 22 * 2 - 1
            a.path(f"M{206 * share - 5:.1f} -110 h10 l1 21 h-12Z", "#26282d")
    a.rect(-226, -76, 452, 17, a.bar(c), 5)
    a.rect(-196, -60, 392, 62, a.face(a.shade(c, 0.24)), 4)
    for x in (-206, 206):
        a.rect(x - 13, -62, 26, 64, a.tube(a.shade(c, 0.1)), 4)
    for x in (-16, 16):
        a.ellipse(x, -8, 11, 5, a.ball("#c9a552"))
    a.lathe([(22, -334), (26, -342), (28, -366)], a.tube(p), 160)
    for turn in (-36, 0, 34):
        a.path(
            "M0 0 C14 -20 12 -50 0 -64 C-12 -50 -14 -20 0 0Z",
            a.face("#5f9457"),
            transform=f"translate(160 -362) rotate({turn})",
        )


def _person(a: Canvas, top: str, skin: str, hair: str, x: float, y: float, size: float = 1) -> None:
    with a.group(f"translate({x} {y}) scale({size})"):
        a.path("M-62 0 C-66 -84 -44 -112 0 -112 S66 -84 62 0Z", a.ball(top, 0.3))
        a.rect(-14, -132, 28, 34, a.shade(skin, 0.14), 10)
        a.ellipse(0, -164, 36, 42, a.ball(skin, 0.35))
        a.path("M-38 -160 C-46 -220 46 -220 38 -160 C30 -186 -10 -192 -38 -160Z", a.ball(hair, 0.25))


def classroom(a: Canvas, c: str, board: str = "#2f5d47") -> None:
    """A teacher before a board and three who listen."""
    a.rect(-250, -400, 500, 250, a.face("#c9a06c"), 8)
    a.rect(-236, -386, 472, 222, a.face(board), 4)
    a.disc(-120, -300, 42, "none", stroke="#fbf9f5", stroke_width=5)
    a.stroke("M-120 -342 V-258 M-162 -300 H-78", "#fbf9f5", 4, opacity=0.8)
    a.stroke("M-30 -350 h130 M-30 -320 h90 M-30 -290 h110", "#fbf9f5", 6, opacity=0.85)
    a.stroke("M-40 -236 C0 -270 40 -210 90 -250", "#f0d667", 6)
    _person(a, c, "#e3b48f", "#4a372c", 168, -94, 1.08)
    a.stroke("M130 -180 L92 -232", a.shade(c, 0.1), 21)
    a.disc(88, -238, 13, "#e3b48f")
    a.rect(-300, -100, 600, 22, a.bar("#c9a06c"), 4)
    for x, top, skin, hair in (
        (-190, "#5aa9a0", "#c68d62", "#26282d"),
        (-20, "#f0d667", "#f0c9a6", "#a8653c"),
        (150, "#d98a92", "#8a5a3c", "#26282d"),
    ):
        _person(a, top, skin, hair, x, 62, 0.92)


def yogi(a: Canvas, c: str, skin: str = "#c68d62", mat: str = "#7b68b0") -> None:
    """Someone who stands in the tree pose on a mat."""
    a.quad([(-190, 20), (190, 20), (150, -26), (-150, -26)], a.face(mat))
    a.shadow(70)
    a.rect(-20, -190, 36, 190, a.tube(a.shade(c, 0.3), 0.25), 17)
    a.ellipse(-8, -2, 30, 10, a.face(skin))
    a.path(
        "M10 -190 C70 -190 116 -150 120 -128 C112 -108 50 -104 14 -112 L10 -136 C40 -132 66 -136 72 -142 C50 -156 30 -160 8 -158Z",
        a.face(a.shade(c, 0.3)),
    )
    a.ellipse(10, -120, 22, 10, a.face(skin))
    a.path("M-40 -180 C-50 -250 -40 -300 -2 -300 S46 -250 36 -180Z", a.ball(c, 0.35))
    for side in (-1, 1):
        a.stroke(
            f"M{30 * side - 2} -284 C{66 * side} -330 {46 * side} -400 {5 * side - 2} -430",
            a.shade(skin, 0.1),
            20,
        )
        a.stroke(f"M{30 * side - 2} -286 C{64 * side} -332 {44 * side} -400 {5 * side - 2} -432", skin, 15)
    a.rect(-14, -318, 24, 30, a.shade(skin, 0.14), 9)
    a.ellipse(-2, -346, 31, 36, a.ball(skin, 0.35))
    a.path("M-35 -346 C-40 -396 36 -396 31 -346 C20 -368 -12 -372 -35 -346Z", "#26282d")
    a.disc(-2, -392, 15, "#26282d")


def pool(a: Canvas, c: str = "#5ab4cf", ring: str = "#e8765e") -> None:
    """From above: a swimming pool with lanes and a ring."""
    a.rect(-360, -230, 720, 470, a.face("#efe6d6"), 10)
    a.rect(-330, -200, 660, 410, a.linear([(0, a.light(c, 0.3)), (1, a.shade(c, 0.1))], 0, 0, 1, 1), 8)
    for y in range(-180, 210, 34):
        a.stroke(
            f"M-320 {y} q40 -14 80 0 t80 0 t80 0 t80 0 t80 0 t80 0 t80 0 t80 0", "#ffffff", 3, opacity=0.28
        )
    for y in (-66, 70):
        for i in range(22):
            a.rect(-326 + i * 30, y - 6, 24, 12, "#cf4b3a" if i % 4 < 2 else "#fbf9f5", 6)
    a.ellipse(-150, 14, 74, 74, a.deep, opacity=0.2)
    a.ring(-160, 2, 58, 58, a.face("#fbf9f5"), 34)
    for k in range(4):
        a.path(
            "M-160 -73 A75 75 0 0 1 -108 -52 L-132 -26 A40 40 0 0 0 -160 -38Z",
            ring,
            transform=f"rotate({k * 90 + 20} -160 2)",
        )
    a.ellipse(150, -130, 26, 22, a.ball("#e3b48f"))
    a.path("M124 -132 A27 24 0 0 1 177 -132Z", "#f0d667")
    a.stroke("M176 -124 C210 -150 240 -140 262 -160", "#e3b48f", 15)
    a.path("M100 -126 C60 -140 20 -120 -10 -128 L-8 -112 C20 -104 60 -108 100 -112Z", "#2f4468")


def dumplings(a: Canvas, c: str) -> None:
    """From above: a plate of dumplings, flour and a rolling pin."""
    a.ellipse(-110, 12, 180, 174, a.deep, opacity=0.22)
    a.disc(-120, 0, 176, a.face("#fbf9f5"))
    a.ring(-120, 0, 150, 150, a.light(c, 0.2), 5)
    for k in range(7):
        with a.group(f"rotate({k * 51} -120 0) translate(-120 -96)"):
            a.ellipse(5, 8, 48, 30, a.deep, opacity=0.2)
            a.path("M-48 8 C-44 -34 44 -34 48 8 C30 28 -30 28 -48 8Z", a.ball("#f4e6c8", 0.5))
            for x in (-30, -14, 2, 18, 34):
                a.stroke(f"M{x} -6 q-6 10 -2 20", "#d9c39a", 3)
    a.disc(-120, 0, 40, a.face(c))
    a.disc(-120, 0, 30, "#5a2f1e")
    with a.group("translate(190 20) rotate(64)"):
        a.drop("M-150 -28 H150 V28 H-150Z")
        a.rect(-200, -11, 400, 22, a.bar("#7b5540"), 10)
        a.rect(-140, -30, 280, 60, a.bar("#c9a06c", 0.35), 18)
    for _ in range(60):
        a.disc(
            a.chance.gauss(180, 70), a.chance.gauss(120, 46), a.chance.uniform(1, 3), "#ffffff", opacity=0.9
        )
