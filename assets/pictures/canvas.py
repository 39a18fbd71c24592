"""The drawing surface: shapes, and materials that answer to the scene's two lights.

The key light stands at the upper left and is nearly white; the second comes from the right in the
category's colour and shows as a rim. Motifs draw round (0, 0), the point where they touch the ground;
up is negative y, and most are about 300 units high.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .colour import lch, mix, oklch
from .paths import Point, line_to, n, smooth

FOCUS = 0.2  # how open the circles of the world are: height over width of a level circle


class Canvas:
    """Collects the elements of one picture."""

    width, height = 800, 600

    def __init__(self, accent: str, seed: str) -> None:
        self.accent = accent
        self.chance = random.Random(seed)
        _, chroma, hue = lch(accent)
        self.hue = hue
        self.key = oklch(0.985, 0.012, 85)
        self.rim = oklch(0.86, min(chroma + 0.02, 0.13), hue)
        self.deep = oklch(0.25, 0.05, hue)
        self._defs: dict[str, str] = {}
        self._body: list[str] = []

    # Materials

    def light(self, colour: str, share: float) -> str:
        """The colour with more of the key light."""
        return mix(colour, self.key, share)

    def shade(self, colour: str, share: float) -> str:
        """The colour turned away from the light; shadows lean to the category's hue."""
        return mix(colour, self.deep, share)

    def _define(self, element: str) -> str:
        name = self._defs.setdefault(element, f"d{len(self._defs)}")
        return f"url(#{name})"

    def linear(self, stops: Sequence[tuple[float, str] | tuple[float, str, float]], *axis: float) -> str:
        """A linear gradient along x1, y1, x2, y2 in shares of the shape; (0, 0) to (1, 0) if not given."""
        x1, y1, x2, y2 = axis or (0, 0, 1, 0)
        return self._define(
            f'<linearGradient id="?" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">{_stops(stops)}</linearGradient>'
        )

    def radial(
        self, stops: Sequence[tuple[float, str] | tuple[float, str, float]], cx: float, cy: float, r: float
    ) -> str:
        """A radial gradient; centre and radius in shares of the shape."""
        return self._define(
            f'<radialGradient id="?" cx="{cx}" cy="{cy}" r="{r}">{_stops(stops)}</radialGradient>'
        )

    def tube(self, c: str, gloss: float = 0.35) -> str:
        """Something round that stands upright: lit at the left third, rim light at the right edge."""
        dark = self.shade(c, 0.36)
        return self.linear(
            [
                (0, self.shade(c, 0.16)),
                (0.1, self.light(c, gloss * 0.25)),
                (0.26, self.light(c, gloss)),
                (0.42, self.light(c, 0.04)),
                (0.72, self.shade(c, 0.22)),
                (0.9, dark),
                (1, mix(dark, self.rim, 0.45)),
            ]
        )

    def bar(self, c: str, gloss: float = 0.35) -> str:
        """Something round that lies level: lit from above."""
        return self.linear(
            [
                (0, self.light(c, gloss * 0.4)),
                (0.22, self.light(c, gloss)),
                (0.55, c),
                (1, self.shade(c, 0.36)),
            ],
            *(0, 0, 0, 1),
        )

    def ball(self, c: str, gloss: float = 0.45) -> str:
        """Something domed that faces us."""
        dark = self.shade(c, 0.34)
        return self.radial(
            [(0, self.light(c, gloss)), (0.4, c), (0.82, dark), (1, mix(dark, self.rim, 0.4))],
            0.36,
            0.3,
            0.78,
        )

    def face(self, c: str, turn: float = 0.0) -> str:
        """A flat side; `turn` above 0 looks away from the key light, below 0 towards it."""
        base = self.shade(c, turn) if turn > 0 else self.light(c, -turn)
        return self.linear([(0, self.light(base, 0.14)), (1, self.shade(base, 0.14))], 0, 0, 0.7, 1)

    def glow(self, c: str, strength: float = 0.8) -> str:
        """Light that fades to nothing at the edge."""
        return self.radial([(0, c, strength), (0.5, c, strength * 0.4), (1, c, 0)], 0.5, 0.5, 0.5)

    # Shapes

    def add(self, element: str) -> None:
        """Any SVG element."""
        self._body.append(element)

    def path(self, d: str, fill: str = "none", stroke: str = "", width: float = 0, **more: object) -> None:
        """A path; `more` are further attributes (`opacity`, `dash`, `cap`)."""
        self.add(f'<path d="{d}" fill="{fill}"{_stroke(stroke, width)}{_attributes(more)}/>')

    def rect(self, x: float, y: float, w: float, h: float, fill: str, r: float = 0, **more: object) -> None:
        """A rectangle from its upper left corner, its corners rounded by `r`."""
        size = f'x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" rx="{n(r)}"'
        self.add(f'<rect {size} fill="{fill}"{_attributes(more)}/>')

    def ellipse(self, cx: float, cy: float, rx: float, ry: float, fill: str, **more: object) -> None:
        """An ellipse from its centre."""
        size = f'cx="{n(cx)}" cy="{n(cy)}" rx="{n(rx)}" ry="{n(ry)}"'
        self.add(f'<ellipse {size} fill="{fill}"{_attributes(more)}/>')

    def disc(self, cx: float, cy: float, r: float, fill: str, **more: object) -> None:
        """A circle from its centre."""
        self.ellipse(cx, cy, r, r, fill, **more)

    def ring(
        self, cx: float, cy: float, rx: float, ry: float, stroke: str, width: float, **more: object
    ) -> None:
        """The outline of an ellipse."""
        self.ellipse(cx, cy, rx, ry, "none", stroke=stroke, stroke_width=n(width), **more)

    def stroke(self, d: str, stroke: str, width: float, **more: object) -> None:
        """A line with round ends along path data."""
        self.path(d, "none", stroke, width, stroke_linecap="round", stroke_linejoin="round", **more)

    def quad(self, points: Sequence[Point], fill: str, **more: object) -> None:
        """A polygon; its corners are softened a little by a stroke of its own fill."""
        self.path(line_to(points), fill, **more)

    # Solids

    def lathe(self, profile: Sequence[Point], fill: str, cx: float = 0, focus: float = FOCUS) -> str:
        """A body of revolution from (radius, y) pairs, foot first. Returns its outline for clipping."""
        (foot, floor), (lip, top) = profile[0], profile[-1]
        right = smooth([(cx + r, y) for r, y in profile])
        left = smooth([(cx - r, y) for r, y in reversed(profile)]).replace("M", "L", 1)
        under = f"A{n(foot)} {n(foot * focus)} 0 0 0 {n(cx + foot)} {n(floor)}Z"
        over = f"A{n(lip)} {n(lip * focus)} 0 0 0 {n(cx - lip)} {n(top)}"
        outline = right + over + left + under
        self.path(outline, fill)
        return outline

    def band(self, low: Point, high: Point, fill: str, cx: float = 0, focus: float = FOCUS) -> str:
        """A band round a body of revolution between two (radius, y) pairs. Returns its outline."""
        (r0, y0), (r1, y1) = low, high
        under = f"A{n(r0)} {n(r0 * focus)} 0 0 0 {n(cx + r0)} {n(y0)}"
        over = f"A{n(r1)} {n(r1 * focus)} 0 0 1 {n(cx - r1)} {n(y1)}Z"
        outline = f"M{n(cx - r0)} {n(y0)}{under}L{n(cx + r1)} {n(y1)}{over}"
        self.path(outline, fill)
        return outline

    def can(
        self, cx: float, y: float, r: float, h: float, c: str, top: str = "", focus: float = FOCUS
    ) -> str:
        """An upright cylinder on y, `h` high; `top` is the colour of its lid."""
        outline = self.lathe([(r, y), (r, y - h)], self.tube(c), cx, focus)
        self.ellipse(cx, y - h, r, r * focus, self.face(top or self.light(c, 0.2)))
        return outline

    def box(self, x: float, y: float, w: float, d: float, h: float, c: str, top: str = "") -> None:
        """A box seen over its front edge at (x, y): `w` runs to the left, `d` to the right."""
        a, b = (x - w * 0.94, y - w * 0.2), (x + d * 0.82, y - d * 0.3)
        far = (a[0] + b[0] - x, a[1] + b[1] - y - h)
        self.quad([(x, y), a, (a[0], a[1] - h), (x, y - h)], self.face(c, -0.05))
        self.quad([(x, y), b, (b[0], b[1] - h), (x, y - h)], self.face(c, 0.24))
        self.quad([(x, y - h), (a[0], a[1] - h), far, (b[0], b[1] - h)], self.face(top or c, -0.28))

    def shadow(self, half: float, x: float = 0, y: float = 0, depth: float = 0.0) -> None:
        """The soft shadows that the two lights leave on the ground, and the dark line of contact."""
        deep = depth or half * 0.2
        soft = self.radial([(0, self.deep, 0.42), (0.55, self.deep, 0.2), (1, self.deep, 0)], 0.5, 0.5, 0.5)
        faint = self.radial([(0, self.deep, 0.2), (1, self.deep, 0)], 0.5, 0.5, 0.5)
        self.ellipse(x - half * 0.4, y, half * 1.25, deep * 1.15, faint)
        self.ellipse(x + half * 0.26, y + deep * 0.2, half * 1.42, deep * 1.55, soft)
        self.ellipse(x, y + 1, half * 1.04, deep * 0.8, soft)

    def drop(self, d: str, dx: float = 12, dy: float = 16, blur: float = 11, strength: float = 0.34) -> None:
        """The shadow of an outline that lies on a table (seen from above) or hangs on a wall."""
        soft = self._define(
            f'<filter id="?" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="{n(blur)}"/></filter>'
        )
        self.path(d, self.deep, opacity=strength, transform=f"translate({n(dx)} {n(dy)})", filter=soft)

    # Structure

    @contextmanager
    def group(self, transform: str = "", clip: str = "", **more: object) -> Iterator[None]:
        """Elements moved together, or seen only inside the outline `clip` (path data)."""
        attributes = f' transform="{transform}"' if transform else ""
        if clip:
            attributes += (
                f' clip-path="{self._define(f"""<clipPath id="?"><path d="{clip}"/></clipPath>""")}"'
            )
        self.add(f"<g{attributes}{_attributes(more)}>")
        yield
        self.add("</g>")

    def svg(self) -> str:
        """The whole picture."""
        defs = "".join(e.replace('"?"', f'"{name}"', 1) for e, name in self._defs.items())
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}><defs>{defs}</defs>{"".join(self._body)}</svg>'
        )


def _stops(stops: Sequence[tuple[float, str] | tuple[float, str, float]]) -> str:
    out = []
    for offset, colour, *rest in stops:
        clear = f' stop-opacity="{rest[0]:.3f}"' if rest else ""
        out.append(f'<stop offset="{offset}" stop-color="{colour}"{clear}/>')
    return "".join(out)


def _stroke(stroke: str, width: float) -> str:
    return f' stroke="{stroke}" stroke-width="{n(width)}"' if stroke else ""


def _attributes(more: dict[str, object]) -> str:
    return "".join(f' {key.replace("_", "-")}="{value}"' for key, value in more.items())
