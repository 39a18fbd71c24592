"""What makes a room a home."""

import math

from ..canvas import Canvas
from ..paths import smooth
from ..patterns import cover


def lamp(a: Canvas, c: str, foot: str = "", glow: str = "#ffe3a8") -> None:
    """A mushroom lamp, lit."""
    foot = foot or c
    a.shadow(96)
    a.ellipse(0, -150, 330, 260, a.glow(glow, 0.6))
    a.ellipse(0, 2, 210, 34, a.glow(glow, 0.7))
    a.lathe([(80, 0), (86, -8), (72, -26), (36, -66), (26, -120), (26, -190)], a.tube(foot, 0.4))
    a.ellipse(0, -182, 140, 24, a.light(glow, 0.5))
    a.path(
        "M-142 -182 C-150 -290 -70 -330 0 -330 S150 -290 142 -182 C100 -160 -100 -160 -142 -182Z",
        a.radial([(0, a.light(glow, 0.7)), (0.45, a.light(c, 0.35)), (1, a.shade(c, 0.14))], 0.46, 0.9, 0.95),
    )
    a.path(
        "M-112 -240 C-96 -290 -60 -306 -34 -312", "none", "#ffffff", 8, opacity=0.6, stroke_linecap="round"
    )


def readlamp(a: Canvas, c: str, brass: str = "#c9a552", glow: str = "#fff0c4") -> None:
    """A jointed reading lamp, lit."""
    a.shadow(90, -90)
    a.path("M86 -292 L-30 10 H300 L184 -262Z", a.linear([(0, glow, 0.75), (1, glow, 0)], 0, 0, 0, 1))
    a.can(-90, 0, 84, 20, c)
    a.stroke("M-90 -22 L-140 -190 L20 -330", a.shade(brass, 0.4), 14)
    a.stroke("M-91 -24 L-141 -192 L19 -332", a.light(brass, 0.12), 8)
    a.disc(-140, -190, 17, a.ball(brass, 0.6))
    with a.group("translate(52 -338) rotate(-26)"):
        a.ellipse(60, 70, 96, 26, a.light(glow, 0.4), transform="rotate(0)")
        a.path("M-40 64 C-40 -10 20 -40 60 -40 S160 -10 158 64 C130 92 -12 92 -40 64Z", a.ball(c, 0.5))
        a.ellipse(59, 70, 97, 21, a.light(glow, 0.5))
        a.rect(44, -62, 32, 28, a.tube(brass, 0.5), 6)
    a.disc(24, -334, 13, a.ball(brass, 0.6))


def vase(
    a: Canvas,
    c: str,
    branch: str = "eucalyptus",
    p: str = "#9db08f",
    pattern: str = "plain",
    q: str = "#fbf9f5",
) -> None:
    """A vase with branches: eucalyptus, blossom or grass."""
    a.shadow(74)
    for turn, length in ((-34, 190), (-14, 240), (6, 215), (27, 200)):
        with a.group(f"translate(0 -196) rotate({turn})"):
            a.stroke(f"M0 0 Q{turn * 0.3} {-length / 2} {turn * 0.7:.0f} {-length}", a.shade(p, 0.45), 4)
            for k in range(3, 12):
                y, x = -length * k / 11, turn * 0.7 * (k / 11) ** 2
                if branch == "grass":
                    a.ellipse(
                        x,
                        y,
                        9 * math.sin(k / 12 * 3.1) + 3,
                        17,
                        a.light(p, k / 30),
                        transform=f"rotate({-20 if k % 2 else 20} {x:.1f} {y:.1f})",
                    ) if k > 6 else None
                elif branch == "blossom":
                    for side in (-1, 1):
                        a.disc(
                            x + side * (10 + k % 3 * 4),
                            y + side * 5,
                            9 + k % 3 * 2,
                            a.ball(a.light(p, 0.1 * (k % 4))),
                        )
                        a.disc(x + side * (10 + k % 3 * 4), y + side * 5, 2.6, "#f0d667")
                else:
                    for side in (-1, 1):
                        a.ellipse(
                            x + side * 16,
                            y,
                            17,
                            12,
                            a.face(a.light(p, 0.06 * (k % 4))),
                            transform=f"rotate({side * -34} {x + side * 16:.1f} {y:.1f})",
                        )
    outline = a.lathe(
        [(56, 0), (62, -8), (94, -76), (86, -140), (42, -186), (40, -206), (48, -216)], a.tube(c)
    )
    cover(a, outline, pattern, q, (-96, -220, 192, 230))
    a.ellipse(0, -216, 48, 9.6, a.light(c, 0.3))
    a.ellipse(0, -215, 40, 7, a.shade(c, 0.6))


def candle(a: Canvas, c: str, wax: str = "#f6efe2", label: str = "#fbf9f5") -> None:
    """A scented candle in a glass, burning."""
    a.shadow(88)
    a.ellipse(0, -240, 210, 200, a.glow("#ffd58a", 0.6))
    outline = a.lathe([(76, 0), (84, -8), (86, -180)], a.tube(c, 0.4))
    with a.group(clip=outline):
        a.rect(-54, -128, 92, 76, label, 4, opacity=0.95)
        a.rect(-38, -110, 60, 6, a.shade(label, 0.6), 3)
        a.rect(-30, -94, 44, 4, a.shade(label, 0.35), 2)
        a.rect(-24, -80, 32, 4, a.shade(label, 0.35), 2)
    a.ellipse(0, -180, 86, 17, a.light(c, 0.35))
    a.ellipse(0, -178, 79, 14, a.radial([(0, "#fff6dd"), (0.5, wax), (1, a.shade(wax, 0.2))], 0.5, 0.5, 0.5))
    a.stroke("M0 -180 V-200", "#3b2f2a", 4)
    a.path(
        "M0 -262 C20 -232 19 -206 0 -200 C-19 -206 -20 -232 0 -262Z",
        a.linear([(0, "#ffe9b0"), (0.6, "#ffc24d"), (1, "#f08a3c")], 0, 0, 0, 1),
    )
    a.path("M0 -232 C9 -220 8 -206 0 -203 C-8 -206 -9 -220 0 -232Z", "#fff8e2")


def throw(a: Canvas, c: str, p: str = "#fbf9f5", pattern: str = "stripes", second: str = "") -> None:
    """Two folded blankets, the upper one with fringes."""
    a.shadow(190, 0, 0, 36)
    for y, tint, marks in ((0, second or a.shade(c, 0.2), False), (-92, c, True)):
        d = f"M-186 {y} C-204 {y} -206 {y - 94} -186 {y - 96} H176 C190 {y - 96} 192 {y - 50} 176 {y - 48} C192 {y - 46} 190 {y} 176 {y}Z"
        a.path(d, a.bar(tint, 0.22))
        if marks:
            cover(a, d, pattern, p, (-200, y - 100, 400, 104), 1)
            a.path(d, a.linear([(0, "#ffffff", 0.14), (0.5, "#ffffff", 0), (1, a.deep, 0.3)], 0, 0, 0, 1))
        a.stroke(f"M-180 {y - 48} H176", a.shade(tint, 0.4), 3, opacity=0.7)
    for i in range(17):
        x = -178 + i * 9
        a.stroke(
            f"M{x} -94 q{a.chance.uniform(-5, 5):.1f} 26 {a.chance.uniform(-3, 3):.1f} 54",
            a.light(c, 0.3),
            4.4,
        )
    a.path("M-188 -188 H-26 V-92 H-188 C-204 -96 -204 -184 -188 -188Z", a.bar(a.light(c, 0.1), 0.25))
    cover(
        a, "M-188 -188 H-26 V-92 H-188 C-204 -96 -204 -184 -188 -188Z", pattern, p, (-200, -192, 180, 104), 1
    )


def cushion(a: Canvas, c: str, pattern: str = "arcs", p: str = "#fbf9f5", back: str = "") -> None:
    """One or two cushions."""
    d = smooth(
        [
            (-150, -8),
            (-150, -8),
            (-60, -16),
            (60, -16),
            (150, -8),
            (150, -8),
            (142, -90),
            (142, -200),
            (150, -286),
            (150, -286),
            (60, -276),
            (-60, -276),
            (-150, -286),
            (-150, -286),
            (-142, -200),
            (-142, -90),
        ],
        True,
    )
    a.shadow(170, 20, 0, 34)
    if back:
        a.path(d, a.ball(back, 0.3), transform="translate(70 -6) rotate(9) scale(.96)")
    a.path(d, c)
    cover(a, d, pattern, p, (-160, -300, 320, 310), 1.2)
    a.path(
        d,
        a.radial(
            [(0, "#ffffff", 0.34), (0.4, "#ffffff", 0), (0.75, a.deep, 0.16), (1, a.deep, 0.42)],
            0.38,
            0.34,
            0.78,
        ),
    )
    a.path(d, "none", a.shade(c, 0.25), 3)


def diffuser(a: Canvas, c: str, oil: str = "#e3a94f", reed: str = "#a8814f") -> None:
    """A reed diffuser: a glass bottle with sticks."""
    a.shadow(72)
    for turn in (-24, -14, -4, 6, 15, 25):
        a.stroke("M0 -40 V-330", a.light(reed, 0.1 + turn / 200), 6, transform=f"rotate({turn * 0.8} 0 -120)")
    glass = a.lathe([(64, 0), (72, -8), (74, -120), (60, -156), (26, -172), (24, -196)], a.tube(c, 0.5), 0)
    with a.group(clip=glass, opacity=0.75):
        a.lathe([(66, 0), (70, -10), (71, -88)], a.tube(oil, 0.3))
        a.ellipse(0, -88, 71, 14, a.light(oil, 0.4))
    a.rect(-40, -104, 68, 62, "#fbf9f5", 4, opacity=0.94)
    a.rect(-26, -86, 40, 5, a.shade(oil, 0.6), 2)
    a.rect(-20, -72, 28, 4, a.shade(oil, 0.3), 2)
    a.can(0, -192, 29, 20, "#c9a06c")
