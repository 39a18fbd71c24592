"""Games for a table."""

from ..canvas import Canvas
from ..patterns import cover


def boardgame(a: Canvas, c: str, p: str = "#f0d667", q: str = "#5aa9a0") -> None:
    """From above: a game board with a path, pieces, dice and cards."""
    with a.group("rotate(-5)"):
        a.drop("M-210 -190 H210 V190 H-210Z")
        a.rect(-210, -190, 420, 380, a.face(c), 12)
        a.rect(-194, -174, 388, 348, a.light(c, 0.55), 6)
        a.path("M-194 60 C-100 0 -40 110 60 60 S160 70 194 30 V174 H-194Z", a.light(q, 0.35))
        spots = [
            (-150, 130),
            (-90, 136),
            (-30, 128),
            (30, 134),
            (90, 126),
            (146, 100),
            (140, 40),
            (86, 16),
            (26, 26),
            (-34, 16),
            (-94, 26),
            (-150, 4),
            (-154, -60),
            (-100, -96),
            (-40, -84),
            (20, -96),
            (80, -84),
            (140, -110),
        ]
        for i, (x, y) in enumerate(spots):
            if i:
                px, py = spots[i - 1]
                a.stroke(f"M{px} {py} L{x} {y}", a.shade(c, 0.2), 5, stroke_dasharray="2 11")
        for i, (x, y) in enumerate(spots):
            a.disc(x, y, 21, "#fbf9f5")
            a.disc(x, y, 15, (p, q, c, "#e8765e")[i % 4])
        a.path("M120 -150 l20 -24 l20 24 l-6 26 h-28Z", "#cf4b3a")
    for x, y, tint in ((-96, 24, "#cf4b3a"), (22, 24, "#2f4468"), (-42, -88, p)):
        a.ellipse(x + 10, y + 8, 20, 12, a.deep, opacity=0.35)
        a.path(
            f"M{x - 17} {y + 4} C{x - 14} {y - 20} {x - 6} {y - 26} {x - 6} {y - 34} H{x + 6} C{x + 6} {y - 26} {x + 14} {y - 20} {x + 17} {y + 4}Z",
            a.tube(tint, 0.4),
        )
        a.disc(x, y - 42, 13, a.ball(tint, 0.5))
    for x, y, turn in ((262, 90, 12), (300, 160, -20)):
        with a.group(f"translate({x} {y}) rotate({turn})"):
            a.drop("M-26 -26 H26 V26 H-26Z", 7, 9, 6)
            a.rect(-28, -28, 56, 56, a.face("#fbf9f5"), 12)
            for dx, dy in ((-13, -13), (13, 13), (0, 0), (13, -13), (-13, 13)):
                a.disc(dx, dy, 5, "#cf4b3a")
    for k in range(3):
        with a.group(f"translate({286 + k * 8} {-90 + k * 7}) rotate({8 + k * 5})"):
            a.drop("M-42 -60 H42 V60 H-42Z", 6, 8, 5)
            a.rect(-42, -60, 84, 120, "#fbf9f5", 9)
            a.rect(-34, -52, 68, 104, a.face(q), 6)
            a.path("M0 -28 l9 18 l20 3 l-14 14 l3 20 l-18 -10 l-18 10 l3 -20 l-14 -14 l20 -3Z", p)


def puzzle(a: Canvas, one: str = "#8fb8d8", two: str = "#f2b98c", three: str = "#5f9457") -> None:
    """From above: a jigsaw with its last pieces apart."""

    def piece(x: float, y: float, i: int, j: int) -> str:
        s, k = 96, 17

        def tab(out: int) -> str:
            return f"l{s * 0.36:.0f} 0 c-10 {-16 * out} -6 {-k * 1.7 * out:.0f} {s * 0.14:.0f} {-k * 1.7 * out:.0f} s{s * 0.14 + 10:.0f} {k * 1.7 * out - 16 * out:.0f} {s * 0.14:.0f} {k * 1.7 * out:.0f} l{s * 0.36:.0f} 0"

        def vtab(out: int) -> str:
            return f"l0 {s * 0.36:.0f} c{16 * out} -10 {k * 1.7 * out:.0f} -6 {k * 1.7 * out:.0f} {s * 0.14:.0f} s{-(k * 1.7 * out - 16 * out):.0f} {s * 0.14 + 10:.0f} {-k * 1.7 * out:.0f} {s * 0.14:.0f} l0 {s * 0.36:.0f}"

        top = tab(1 if (i + j) % 2 else -1) if j else f"h{s}"
        right = vtab(1 if (i + j) % 2 else -1) if i < 3 else f"v{s}"
        return f"M{x} {y}{top}{right} L{x} {y + s}Z"

    loose = {(3, 2): (60, 54, 16), (2, 2): (-6, 76, -8)}
    for i, j in ((i, j) for j in range(3) for i in range(4)):
        x, y = -260 + i * 96, -170 + j * 96
        dx, dy, turn = loose.get((i, j), (0, 0, 0))
        with a.group(f"translate({dx} {dy}) rotate({turn} {x + 48} {y + 48})"):
            d = piece(x, y, i, j) if (i, j) in loose else f"M{x} {y}h96v96h-96Z"
            a.drop(d, 7, 9, 6, 0.3)
            with a.group(clip=d):
                a.rect(
                    -280, -190, 480, 360, a.linear([(0, a.light(two, 0.2)), (0.5, one), (1, one)], 0, 0, 0, 1)
                )
                a.disc(20, -90, 50, "#fff3cf")
                a.path("M-280 20 C-180 -60 -100 20 -20 -20 S100 -40 200 0 V200 H-280Z", a.shade(three, 0.3))
                a.path("M-280 70 C-160 20 -60 90 60 50 S160 60 220 50 V220 H-280Z", three)
                a.path("M-160 60 l30 -60 l30 60Z M-120 70 l34 -72 l34 72Z", a.shade(three, 0.5))
            a.path(d, "none", a.shade(one, 0.5), 1.6, opacity=0.55)
    for x, y, turn in ((190, -120, 24), (236, -10, -16)):
        with a.group(f"translate({x} {y}) rotate({turn})"):
            d = piece(-48, -48, 1, 1)
            a.drop(d, 7, 9, 6)
            a.path(d, a.face(one if y < -50 else three))


def cards(a: Canvas, c: str, p: str = "#f0d667") -> None:
    """From above: a fan of playing cards and their box."""
    with a.group("translate(-190 20) rotate(-12)"):
        a.drop("M-80 -120 H80 V120 H-80Z")
        a.rect(-80, -120, 160, 240, a.face(c), 8)
        cover(a, "M-66 -106 H66 V106 H-66Z", "arcs", p, (-66, -106, 132, 212), 0.8)
        a.disc(0, 0, 36, c)
        a.path("M0 -22 l6 14 l16 2 l-11 11 l2 16 l-13 -8 l-13 8 l2 -16 l-11 -11 l16 -2Z", p)
    for k, (mark, tint) in enumerate(
        (("spade", "#27313f"), ("heart", "#cf4b3a"), ("club", "#27313f"), ("diamond", "#cf4b3a"))
    ):
        with a.group(f"translate(110 180) rotate({-36 + k * 24}) translate(0 -190)"):
            a.drop("M-66 -100 H66 V100 H-66Z", 8, 8, 6, 0.28)
            a.rect(-66, -100, 132, 200, "#fffdf8", 11)
            shape = {
                "heart": "M0 26 C-40 -4 -30 -36 -10 -32 C-2 -30 0 -22 0 -18 C0 -22 2 -30 10 -32 C30 -36 40 -4 0 26Z",
                "diamond": "M0 -36 L26 0 L0 36 L-26 0Z",
                "spade": "M0 -36 C40 -6 30 22 10 18 L14 34 H-14 L-10 18 C-30 22 -40 -6 0 -36Z",
                "club": "M-8 34 L-4 12 C-30 26 -40 -8 -14 -10 C-24 -40 24 -40 14 -10 C40 -8 30 26 4 12 L8 34Z",
            }[mark]
            a.path(shape, tint)
            a.path(shape, tint, transform="translate(-46 -74) scale(.36)")
            a.path(shape, tint, transform="translate(46 74) rotate(180) scale(.36)")
