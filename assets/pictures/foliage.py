"""What every plant is made of."""

from .canvas import Canvas


def foliole(a: Canvas, c: str, x: float, y: float, length: float, width: float, turn: float) -> None:
    """A pointed leaf with a light side, a dark side and a rib, from its stem at (x, y)."""
    with a.group(f"translate({x:.1f} {y:.1f}) rotate({turn:.1f})"):
        a.path(
            f"M0 0 C{width} {-length * 0.3} {width} {-length * 0.75} 0 {-length} C{-width} {-length * 0.75} {-width} {-length * 0.3} 0 0Z",
            a.linear(
                [
                    (0, a.light(c, 0.28)),
                    (0.49, a.light(c, 0.12)),
                    (0.51, a.shade(c, 0.14)),
                    (1, a.shade(c, 0.3)),
                ]
            ),
        )
        a.stroke(f"M0 0 V{-length * 0.86}", a.light(c, 0.4), 1.8, opacity=0.5)


def pot(a: Canvas, c: str, r: float = 74, h: float = 120, soil: str = "#4a372c") -> None:
    """A pot with soil, `r` wide at the rim and `h` high."""
    a.shadow(r * 0.9)
    a.lathe([(r * 0.68, 0), (r * 0.74, -8), (r, -h)], a.tube(c))
    a.ellipse(0, -h, r, r * 0.2, a.light(c, 0.3))
    a.ellipse(0, -h + 1, r * 0.9, r * 0.165, a.shade(c, 0.35))
    a.ellipse(0, -h + 4, r * 0.86, r * 0.13, soil)
