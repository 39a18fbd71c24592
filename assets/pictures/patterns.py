"""Patterns that cover a shape."""

from .canvas import Canvas
from .paths import line_to


def _leafy(a: Canvas, p: str, x: float, y: float, size: float, turn: float) -> None:
    with a.group(f"translate({x:.1f} {y:.1f}) rotate({turn:.0f}) scale({size:.2f})"):
        a.path("M0 0 C14 -14 14 -34 0 -48 C-14 -34 -14 -14 0 0Z", p)


_Box = tuple[float, float, float, float]


def cover(a: Canvas, outline: str, pattern: str, p: str, box: _Box, size: float = 1) -> None:
    """Fill the outline with a pattern in colour `p`: the box says where, `size` how coarse."""
    if pattern == "plain":
        return
    with a.group(clip=outline):
        {
            "stripes": _stripes, "bands": _bands, "dots": _dots, "speckle": _speckle, "leaves": _leaves,
            "waves": _waves, "checks": _checks, "zigzag": _zigzag, "flowers": _flowers, "half": _half,
            "drops": _drops, "arcs": _arcs, "terrazzo": _terrazzo, "stars": _stars, "grid": _grid,
        }[pattern](a, p, box, size)  # fmt: skip


def _stripes(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    step = 26 * size
    for i in range(int(w / step) + 2):
        a.rect(x + i * step, y, step * 0.45, h, p)


def _bands(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    for share, thick in ((0.3, 0.05), (0.4, 0.11), (0.56, 0.05)):
        top = y + h * share
        sag = w * 0.1
        a.path(f"M{x} {top} q{w / 2} {sag * 2} {w} 0 v{h * thick} q{-w / 2} {sag * 2} {-w} 0Z", p)


def _dots(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    step = 30 * size
    for j in range(int(h / step) + 2):
        for i in range(int(w / step) + 2):
            a.disc(x + (i + j % 2 * 0.5) * step, y + j * step, step * 0.22, p)


def _speckle(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    for _ in range(int(w * h / (260 * size))):
        a.disc(
            x + a.chance.random() * w, y + a.chance.random() * h, a.chance.uniform(0.8, 2.6), p, opacity=0.75
        )


def _leaves(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    step = 52 * size
    for i in range(int(w / step) + 2):
        for j in range(int(h / step) + 2):
            turn = 35 if (i + j) % 2 else -35
            _leafy(a, p, x + i * step, y + (j + i % 2 * 0.5) * step + 20, 0.75 * size, turn)


def _waves(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    step = 24 * size
    for j in range(int(h / step) + 2):
        d = f"M{x} {y + j * step}" + "".join(
            f" q{step / 2} {-step * 0.6} {step} 0 q{step / 2} {step * 0.6} {step} 0"
            for _ in range(int(w / step / 2) + 2)
        )
        a.path(d, "none", p, 4 * size)


def _checks(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    step = 44 * size
    for i in range(int(w / step) + 2):
        a.rect(x + i * step, y, step / 2, h, p, opacity=0.5)
    for j in range(int(h / step) + 2):
        a.rect(x, y + j * step, w, step / 2, p, opacity=0.5)


def _grid(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    step = 34 * size
    for i in range(int(w / step) + 2):
        a.rect(x + i * step, y, 2.4, h, p)
    for j in range(int(h / step) + 2):
        a.rect(x, y + j * step, w, 2.4, p)


def _zigzag(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    step = 34 * size
    for j in range(int(h / step) + 2):
        points = [
            (x + i * step / 2, y + j * step + (0 if i % 2 else step / 2))
            for i in range(int(w / step * 2) + 3)
        ]
        a.path(line_to(points, False), "none", p, 7 * size)


def _flowers(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    step = 56 * size
    for i in range(int(w / step) + 2):
        for j in range(int(h / step) + 2):
            cx, cy = x + (i + j % 2 * 0.5) * step, y + j * step
            for k in range(5):
                a.ellipse(
                    cx,
                    cy - 9 * size,
                    5.6 * size,
                    9 * size,
                    p,
                    transform=f"rotate({k * 72 + i * 20} {cx:.1f} {cy:.1f})",
                )
            a.disc(cx, cy, 4.4 * size, a.shade(p, 0.45))


def _half(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    top = y + h * 0.52
    a.path(f"M{x} {top} q{w / 2} {w * 0.2} {w} 0 V{y + h} H{x}Z", p)


def _drops(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    a.path(
        f"M{x} {y} H{x + w} V{y + h * 0.34} C{x + w * 0.9} {y + h * 0.6} {x + w * 0.84} {y + h * 0.34} {x + w * 0.74} {y + h * 0.4}"
        f" S{x + w * 0.6} {y + h * 0.72} {x + w * 0.5} {y + h * 0.46} S{x + w * 0.34} {y + h * 0.66} {x + w * 0.26} {y + h * 0.42}"
        f" S{x + w * 0.08} {y + h * 0.56} {x} {y + h * 0.36}Z",
        p,
    )


def _arcs(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    step = 48 * size
    for j in range(int(h / step * 2) + 2):
        for i in range(int(w / step) + 2):
            cx, cy = x + (i + j % 2 * 0.5) * step, y + (j + 1) * step / 2
            for r in (0.46, 0.3, 0.14):
                a.path(
                    f"M{cx - r * step:.1f} {cy:.1f} a{r * step:.1f} {r * step:.1f} 0 0 1 {2 * r * step:.1f} 0",
                    "none",
                    p,
                    3 * size,
                )


def _terrazzo(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    tints = (p, a.shade(p, 0.3), a.accent, "#fbf9f5")
    for _ in range(int(w * h / (900 * size))):
        cx, cy = x + a.chance.random() * w, y + a.chance.random() * h
        corners = [
            (cx + a.chance.uniform(-12, 12) * size, cy + a.chance.uniform(-9, 9) * size) for _ in range(4)
        ]
        a.quad(corners, a.chance.choice(tints), opacity=0.9)


def _stars(a: Canvas, p: str, box: _Box, size: float) -> None:
    x, y, w, h = box
    step = 46 * size
    for i in range(int(w / step) + 2):
        for j in range(int(h / step) + 2):
            cx, cy = x + (i + j % 2 * 0.5) * step, y + j * step
            r = (9 if (i + j) % 3 else 14) * size
            a.path(
                f"M{cx} {cy - r} Q{cx} {cy} {cx + r} {cy} Q{cx} {cy} {cx} {cy + r} Q{cx} {cy} {cx - r} {cy} Q{cx} {cy} {cx} {cy - r}Z",
                p,
            )
