"""Small signs that say what a voucher is for."""

import math

from .canvas import Canvas


def sign(a: Canvas, kind: str, p: str, q: str) -> None:
    """A small sign of about 80 units: cup, bowl, bread, bike, ride, film, museum, data, photo, star, book."""
    if kind == "cup":
        a.path("M-34 -20 H24 V14 C24 34 14 40 -5 40 S-34 34 -34 14Z", p)
        a.path("M24 -10 c26 -6 26 34 -2 30", "none", p, 8)
        a.stroke("M-18 -34 q-8 -10 0 -20 M4 -34 q-8 -10 0 -20", q, 5)
    elif kind == "bowl":
        a.path("M-42 -4 H42 C42 30 20 40 0 40 S-42 30 -42 -4Z", p)
        a.stroke("M-20 -16 q-8 -12 0 -24 M4 -16 q-8 -12 0 -24 M28 -16 q-8 -12 0 -24", q, 5)
    elif kind == "bread":
        a.path("M-46 20 C-50 -30 -10 -40 0 -40 S50 -30 46 20 C30 4 18 24 0 12 C-18 24 -30 4 -46 20Z", p)
        a.stroke("M-26 -18 q10 14 8 28 M0 -30 v36 M26 -18 q-10 14 -8 28", q, 5)
    elif kind == "bike":
        for x in (-30, 30):
            a.ring(x, 16, 20, 20, p, 6)
        a.stroke("M-30 16 L-14 -18 H20 L30 16 M-14 -18 L4 16 L20 -18 M-22 -26 h16 M20 -18 l-3 -14 h14", p, 5)
    elif kind == "ride":
        a.rect(-34, -44, 68, 78, p, 14)
        a.rect(-24, -32, 48, 30, q, 5)
        for x in (-18, 18):
            a.disc(x, 18, 7, q)
        a.stroke("M-26 34 l-10 14 M26 34 l10 14", p, 6)
    elif kind == "museum":
        a.path("M-48 -14 L0 -44 L48 -14Z", p)
        for x in (-34, -8, 18):
            a.rect(x, -8, 16, 40, p)
        a.rect(-48, 34, 96, 10, p, 2)
    elif kind == "data":
        for k in range(4):
            a.rect(-38 + k * 21, 34 - 20 * (k + 1), 15, 20 * (k + 1), p if k < 3 else q, 4)
    elif kind == "photo":
        a.rect(-44, -34, 88, 70, p, 8)
        a.path("M-36 26 L-10 -8 L8 14 L20 2 L38 26Z", q)
        a.disc(22, -16, 8, q)
    elif kind == "book":
        a.path(
            "M0 -24 C-14 -36 -34 -36 -46 -30 V30 C-34 24 -14 24 0 36 C14 24 34 24 46 30 V-30 C34 -36 14 -36 0 -24Z",
            p,
        )
        a.stroke("M0 -22 V34", q, 4)
    else:
        points = [
            (
                math.sin(k * math.pi / 5) * (44 if k % 2 == 0 else 19),
                -math.cos(k * math.pi / 5) * (44 if k % 2 == 0 else 19),
            )
            for k in range(10)
        ]
        a.path("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z", p, p, 6, stroke_linejoin="round")
