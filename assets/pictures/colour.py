"""Colour arithmetic in OKLab, so that a lighter or deeper tone keeps its hue.

Source of the matrices: Björn Ottosson, "A perceptual color space for image processing" (2020).
"""

import math


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def lab(colour: str) -> tuple[float, float, float]:
    """OKLab of a `#rrggbb` colour."""
    r, g, b = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    l_ = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    m_ = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    s_ = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * l_ + 0.7936177850 * m_ - 0.0040720468 * s_,
        1.9779984951 * l_ - 2.4285922050 * m_ + 0.4505937099 * s_,
        0.0259040371 * l_ + 0.7827717662 * m_ - 0.8086757660 * s_,
    )


def _rgb(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    l_ = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m_ = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s_ = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * l_ - 3.3077115913 * m_ + 0.2309699292 * s_,
        -1.2684380046 * l_ + 2.6097574011 * m_ - 0.3413193965 * s_,
        -0.0041960863 * l_ - 0.7034186147 * m_ + 1.7076147010 * s_,
    )


def unlab(lightness: float, a: float, b: float) -> str:
    """`#rrggbb` of an OKLab colour, its chroma reduced until it fits the screen."""
    for _ in range(24):
        rgb = _rgb(lightness, a, b)
        if all(-0.0005 <= v <= 1.0005 for v in rgb):
            break
        a, b = a * 0.92, b * 0.92
    return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, v)))):02x}" for v in rgb)


def lch(colour: str) -> tuple[float, float, float]:
    """Lightness (0 to 1), chroma and hue (degrees) of a `#rrggbb` colour."""
    lightness, a, b = lab(colour)
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """`#rrggbb` of a lightness (0 to 1), a chroma and a hue (degrees)."""
    turn = math.radians(hue)
    return unlab(lightness, chroma * math.cos(turn), chroma * math.sin(turn))


def mix(one: str, other: str, share: float) -> str:
    """`one` with a `share` (0 to 1) of `other`."""
    p, q = lab(one), lab(other)
    return unlab(*(u + (v - u) * share for u, v in zip(p, q, strict=True)))
