"""Path data: numbers, straight lines and splines as SVG writes them."""

from collections.abc import Sequence

Point = tuple[float, float]


def n(value: float) -> str:
    """A number as SVG likes it: one decimal, no trailing zero, no minus zero."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def line_to(points: Sequence[Point], closed: bool = True) -> str:
    """Path data of straight lines through the points."""
    return "M" + " L".join(f"{n(x)} {n(y)}" for x, y in points) + ("Z" if closed else "")


def smooth(points: Sequence[Point], closed: bool = False) -> str:
    """Path data of a Catmull-Rom spline through the points; a point given twice is a corner."""
    size = len(points)

    def at(i: int) -> Point:
        return points[i % size] if closed else points[min(size - 1, max(0, i))]

    parts = [f"M{n(points[0][0])} {n(points[0][1])}"]
    for i in range(size if closed else size - 1):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = at(i - 1), at(i), at(i + 1), at(i + 2)
        one = (x1 + (x2 - x0) / 6, y1 + (y2 - y0) / 6)
        two = (x2 - (x3 - x1) / 6, y2 - (y3 - y1) / 6)
        parts.append(f"C{n(one[0])} {n(one[1])} {n(two[0])} {n(two[1])} {n(x2)} {n(y2)}")
    return "".join(parts) + ("Z" if closed else "")
