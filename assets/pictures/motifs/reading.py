"""Books, and what lies about them."""

from ..canvas import Canvas
from ..patterns import cover


def books(a: Canvas, low: str = "#4f7196", b: str = "#e8765e", c: str = "#dcc7a4") -> None:
    """A pile of three books; the lowest in colour `low`."""
    a.shadow(150, 0, 0, 30)
    for i, (tint, w, shift) in enumerate(((low, 300, 0), (b, 262, -10), (c, 232, 12))):
        y, h = -i * 46, 44
        left, _right = shift - w / 2, shift + w / 2
        a.rect(left + 8, y - h + 6, w - 12, h - 12, a.linear([(0, "#fbf4e4"), (1, "#d9ccb2")], 0, 0, 0, 1))
        for k in range(5):
            a.rect(left + 10, y - h + 10 + k * 6, w - 16, 1.2, "#bfae8e", opacity=0.6)
        a.rect(left, y - h, w, 7, a.face(tint, -0.1), 3)
        a.rect(left, y - 7, w, 7, a.face(tint, 0.2), 3)
        a.path(
            f"M{left + 12} {y - h} C{left - 8} {y - h} {left - 8} {y} {left + 12} {y} L{left + 26} {y} V{y - h}Z",
            a.bar(tint, 0.3),
        )
        a.rect(left + 36, y - h + 1, 22, 5, a.light(tint, 0.5), 2)


def book(
    a: Canvas, c: str, design: str = "sun", p: str = "#f2b98c", q: str = "#fbf9f5", thick: float = 34
) -> None:
    """A standing book, its cover to us: sun, waves, tree, bowl, bird, rocket, city, poem, map, flower, teacup, lines."""
    a.shadow(130, 8, 0, 24)
    w, h = 236, 322
    a.quad(
        [(w / 2, 0), (w / 2 + thick, -12), (w / 2 + thick, -h - 4), (w / 2, -h)],
        a.linear([(0, "#d8caac"), (1, "#f6eedb")]),
    )
    for k in range(1, 6):
        x = w / 2 + thick * k / 6
        a.path(f"M{x} {-12 * k / 6} V{-h - 4 * k / 6}", "none", "#b9a985", 1.2, opacity=0.5)
    a.quad(
        [(-w / 2, -h), (w / 2, -h), (w / 2 + thick + 6, -h - 5), (-w / 2 + thick, -h - 6)], a.shade(c, 0.3)
    )
    front = f"M{-w / 2} 0 V{-h} H{w / 2} V0Z"
    a.path(front, a.face(c))
    with a.group(clip=front), a.group(f"translate(0 {-h / 2})"):
        _COVERS[design](a, c, p, q)
    a.rect(-w / 2, -h, 15, h, a.linear([(0, a.deep, 0.36), (0.6, a.deep, 0.04), (1, "#ffffff", 0.25)]))
    a.path(front, a.linear([(0, "#ffffff", 0.22), (0.5, "#ffffff", 0), (1, a.deep, 0.16)], 0, 0, 0.8, 1))


def _title(a: Canvas, tint: str, y: float, x: float = -84, wide: float = 120) -> None:
    a.rect(x, y, wide, 12, tint, 2)
    a.rect(x, y + 21, wide * 0.62, 8, tint, 2, opacity=0.7)


def _sun(a: Canvas, c: str, p: str, q: str) -> None:
    a.disc(20, 26, 76, p)
    a.path("M-140 60 C-80 0 -20 40 20 70 S100 60 140 20 V200 H-140Z", a.shade(c, 0.35))
    a.path("M-140 110 C-60 70 20 130 140 90 V200 H-140Z", a.shade(c, 0.6))
    _title(a, q, -128)


def _waves(a: Canvas, c: str, p: str, q: str) -> None:
    cover(a, "M-130 -20 H130 V170 H-130Z", "arcs", p, (-130, -20, 260, 190), 1.3)
    _title(a, q, -122)
    a.disc(66, -76, 22, q)


def _tree(a: Canvas, c: str, p: str, q: str) -> None:
    a.path("M-6 150 L-9 0 L9 0 L8 150Z", a.shade(p, 0.6))
    for x, y, r in ((0, -50, 62), (-46, -6, 46), (48, -2, 48), (4, 16, 44)):
        a.disc(x, y, r, a.light(p, (x + 60) / 300))
    for x, y in ((-30, -30), (26, -62), (54, 6), (-48, 12), (6, 4)):
        a.disc(x, y, 8, q)
    _title(a, q, -136, -60, 120)


def _bowl(a: Canvas, c: str, p: str, q: str) -> None:
    a.path("M-80 10 H80 C80 80 40 104 0 104 S-80 80 -80 10Z", q)
    a.path("M-80 10 H80 C80 26 76 40 72 50 H-72 C-76 40 -80 26 -80 10Z", p)
    for x in (-36, 0, 36):
        a.stroke(f"M{x} -10 q-16 -20 0 -40 t0 -40", q, 6, opacity=0.8)
    _title(a, q, -136, -60, 120)


def _bird(a: Canvas, c: str, p: str, q: str) -> None:
    a.path("M-86 60 C-60 -30 20 -50 60 -10 L96 -18 L74 10 C80 70 10 110 -30 84 L-100 104Z", p)
    a.path("M-50 50 C-20 10 30 10 44 30 C30 66 -20 80 -50 50Z", a.shade(p, 0.4))
    a.disc(56, -6, 6, a.shade(c, 0.8))
    a.stroke("M-110 120 C-40 104 40 130 120 108", q, 7)
    _title(a, q, -136)


def _rocket(a: Canvas, c: str, p: str, q: str) -> None:
    cover(a, "M-130 -170 H130 V170 H-130Z", "stars", q, (-130, -170, 260, 340), 1.3)
    with a.group("rotate(24)"):
        a.path("M0 -96 C40 -60 40 20 26 60 H-26 C-40 20 -40 -60 0 -96Z", a.tube(q))
        a.path("M-30 20 L-58 70 L-24 60Z M30 20 L58 70 L24 60Z", p)
        a.disc(0, -26, 16, a.shade(c, 0.3))
        a.path("M-16 64 H16 L0 118Z", p)


def _city(a: Canvas, c: str, p: str, q: str) -> None:
    for x, w, h in ((-118, 50, 150), (-64, 40, 210), (-20, 56, 120), (40, 34, 240), (78, 50, 170)):
        a.rect(x, 165 - h, w, h, a.shade(p, (x + 118) / 500))
        for k in range(int(h / 30)):
            for i in range(int(w / 18)):
                a.rect(x + 7 + i * 16, 175 - h + k * 28, 8, 12, q, opacity=0.75)
    _title(a, q, -140)


def _poem(a: Canvas, c: str, p: str, q: str) -> None:
    a.rect(-70, -110, 140, 220, "none", 2, stroke=p, stroke_width=3)
    a.disc(24, -52, 26, p)
    a.stroke("M-40 90 C-30 20 -10 0 30 -8", q, 5)
    for x, y, turn in ((-36, 60, -60), (-30, 26, 40), (-8, 8, -50), (14, -4, 30)):
        a.path(
            "M0 0 C12 -10 12 -26 0 -36 C-12 -26 -12 -10 0 0Z",
            q,
            transform=f"translate({x} {y}) rotate({turn})",
        )


def _map(a: Canvas, c: str, p: str, q: str) -> None:
    cover(a, "M-130 -170 H130 V170 H-130Z", "grid", a.light(c, 0.22), (-130, -170, 260, 340), 1)
    a.path("M-70 40 C-100 0 -60 -60 0 -50 S90 -20 70 30 S20 100 -20 90 S-50 70 -70 40Z", p)
    a.path("M-90 120 C-40 60 20 60 30 0", "none", q, 5, stroke_dasharray="12 10")
    a.path("M30 -4 C10 -30 14 -54 30 -54 S50 -30 30 -4Z", "#cf4b3a")
    _title(a, q, -136)


def _flower(a: Canvas, c: str, p: str, q: str) -> None:
    for x, y, r in ((-40, 40, 46), (44, 10, 56), (0, 104, 40)):
        for k in range(8):
            a.ellipse(x, y - r * 0.62, r * 0.24, r * 0.44, p, transform=f"rotate({k * 45} {x} {y})")
        a.disc(x, y, r * 0.26, q)
    _title(a, q, -132)


def _tea(a: Canvas, c: str, p: str, q: str) -> None:
    a.path("M-64 20 H64 C62 84 30 100 0 100 S-62 84 -64 20Z", q)
    a.ellipse(0, 20, 64, 15, a.shade(p, 0.1))
    a.path("M0 -10 C30 -30 30 -70 0 -96 C-30 -70 -30 -30 0 -10Z", p)
    a.stroke("M0 -8 V-80", q, 3)
    _title(a, q, -142, -60, 120)


def _lines(a: Canvas, c: str, p: str, q: str) -> None:
    for i in range(7):
        a.rect(-118 + i * 34, 150 - (i * 37 % 120) - 70, 20, (i * 37 % 120) + 90, p if i % 2 else q)
    _title(a, q, -130)


_COVERS = {
    "sun": _sun, "waves": _waves, "tree": _tree, "bowl": _bowl, "bird": _bird, "rocket": _rocket, "city": _city,
    "poem": _poem, "map": _map, "flower": _flower, "teacup": _tea, "lines": _lines,
}  # fmt: skip


def openbook(a: Canvas, one: str = "#8fb8d8", two: str = "#f0d667", c: str = "#cf4b3a") -> None:
    """From above: an open picture book."""
    board = "M-318 -180 H318 V188 H-318Z"
    a.drop(board, 10, 16, 12)
    a.path(board, a.face(c))
    for side in (-1, 1):
        page = f"M0 -168 C{100 * side} -196 {220 * side} -180 {304 * side} -170 V172 C{220 * side} 162 {100 * side} 150 0 176Z"
        a.path(page, "#fbf6ea")
        with a.group(clip=page):
            if side < 0:
                a.rect(-310, -200, 310, 400, a.light(one, 0.4))
                a.disc(-220, -86, 42, two)
                a.path("M-320 60 C-240 -10 -160 40 -100 10 S-20 0 0 20 V200 H-320Z", a.shade(one, 0.18))
                a.path("M-320 110 C-220 60 -120 120 0 80 V200 H-320Z", "#5f9457")
                a.path("M-150 96 l44 -60 l44 60Z", c)
                a.rect(-142, 92, 72, 46, "#fbf9f5")
            else:
                for k in range(7):
                    a.rect(56, -110 + k * 34, 200 - (k * 47 % 80), 10, "#c9bda4", 4)
                a.disc(214, 128, 22, two)
        a.path(
            page,
            a.linear(
                [
                    (0, a.deep, 0.3 if side > 0 else 0),
                    (0.16 if side > 0 else 0.84, a.deep, 0),
                    (1, a.deep, 0 if side > 0 else 0.3),
                ]
            ),
        )


def boxset(a: Canvas, c: str, p: str = "#f0d667", books: float = 4) -> None:
    """Several volumes in a slip case; the spines make one picture."""
    count = int(books)
    a.shadow(170, 0, 0, 30)
    w = count * 62
    a.rect(-w / 2 - 14, -306, w + 28, 306, a.face(a.shade(c, 0.4)), 4)
    clip = f"M{-w / 2} -318 H{w / 2} V-8 H{-w / 2}Z"
    with a.group(clip=clip):
        for i in range(count):
            a.rect(-w / 2 + i * 62, -318, 61, 312, a.tube(a.light(c, 0.06 * (i % 3)), 0.25), 5)
        a.disc(20, -160, 84, p, opacity=0.92)
        a.path(f"M{-w / 2} -100 C-60 -180 40 -60 {w / 2} -130 V0 H{-w / 2}Z", a.shade(c, 0.5), opacity=0.85)
        for i in range(count):
            a.rect(-w / 2 + i * 62 + 22, -296, 18, 40, "#fbf9f5", 3, opacity=0.9)
            a.rect(-w / 2 + i * 62, -318, 2.4, 312, a.deep, opacity=0.4)


def pencils(a: Canvas) -> None:
    """From above: colouring pencils side by side."""
    tints = ("#cf4b3a", "#e3a94f", "#f0d667", "#5f9457", "#5aa9a0", "#4f7196", "#7b68b0", "#d98a92")
    for i, tint in enumerate(tints):
        x = -154 + i * 44
        lift = (i * 29) % 46
        d = f"M{x - 15} {150 - lift} V{-110 - lift} L{x} {-168 - lift} L{x + 15} {-110 - lift} V{150 - lift}Z"
        a.drop(d, 8, 8, 6)
        a.path(d, "#eed9b3")
        a.rect(
            x - 15,
            -104 - lift,
            30,
            254,
            a.linear(
                [
                    (0, a.light(tint, 0.3)),
                    (0.33, a.light(tint, 0.3)),
                    (0.34, tint),
                    (0.66, tint),
                    (0.67, a.shade(tint, 0.25)),
                    (1, a.shade(tint, 0.25)),
                ]
            ),
        )
        a.path(f"M{x - 5} {-149 - lift} L{x} {-168 - lift} L{x + 5} {-149 - lift}Z", tint)
        a.rect(x - 15, 130 - lift, 30, 20, a.shade(tint, 0.45))


def beans(a: Canvas, c: str = "#6b4636") -> None:
    """From above: scattered coffee beans."""
    for _ in range(26):
        x, y, turn = a.chance.gauss(0, 74), a.chance.gauss(0, 52), a.chance.uniform(0, 180)
        with a.group(f"translate({x:.1f} {y:.1f}) rotate({turn:.0f})"):
            a.ellipse(4, 6, 19, 13, a.deep, opacity=0.24)
            a.ellipse(0, 0, 18, 12.5, a.ball(c, 0.35))
            a.path("M-16 0 q8 -5 16 0 t16 0", "none", a.shade(c, 0.6), 2.6)
