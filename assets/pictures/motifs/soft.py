"""Soft toys."""

from ..canvas import Canvas


def plush(a: Canvas, c: str, animal: str = "bear", belly: str = "#f6efe2", p: str = "#cf4b3a") -> None:
    """A sitting soft toy: bear, rabbit or fox, with a scarf."""
    a.shadow(126)
    dark = "#2d2622"
    if animal == "fox":
        a.path("M90 -20 C190 -10 220 -120 150 -150 C170 -90 130 -60 80 -60Z", a.ball(c))
        a.path("M150 -150 C186 -140 196 -110 190 -88 C172 -92 156 -110 150 -150Z", belly)
    for side in (-1, 1):
        a.ellipse(92 * side, -26, 54, 34, a.ball(c, 0.4), transform=f"rotate({-14 * side} {92 * side} -26)")
        a.ellipse(116 * side, -28, 22, 20, a.face(belly))
    a.ellipse(0, -92, 100, 98, a.ball(c, 0.4))
    a.ellipse(0, -76, 62, 66, a.ball(belly, 0.5))
    for side in (-1, 1):
        a.ellipse(
            100 * side, -124, 32, 58, a.ball(c, 0.4), transform=f"rotate({28 * side} {100 * side} -124)"
        )
        if animal == "rabbit":
            a.ellipse(
                44 * side, -356, 30, 86, a.ball(c, 0.4), transform=f"rotate({9 * side} {44 * side} -356)"
            )
            a.ellipse(
                44 * side,
                -352,
                15,
                62,
                a.light("#d98a92", 0.3),
                transform=f"rotate({9 * side} {44 * side} -352)",
            )
        elif animal == "fox":
            a.path(f"M{30 * side} -300 L{88 * side} -374 L{104 * side} -262Z", a.ball(c, 0.4))
            a.path(f"M{52 * side} -304 L{84 * side} -346 L{92 * side} -282Z", dark)
        else:
            a.disc(78 * side, -306, 40, a.ball(c, 0.4))
            a.disc(78 * side, -304, 22, a.face(belly))
    a.ellipse(0, -240, 104, 92, a.ball(c, 0.45))
    if animal == "fox":
        a.path(
            "M-104 -236 C-70 -170 -30 -160 0 -156 C30 -160 70 -170 104 -236 C60 -240 30 -226 0 -196 C-30 -226 -60 -240 -104 -236Z",
            a.ball(belly, 0.5),
        )
    else:
        a.ellipse(0, -210, 44, 34, a.ball(belly, 0.5))
    for side in (-1, 1):
        a.disc(38 * side, -250, 9.5, dark)
        a.disc(38 * side - 3, -253, 3, "#ffffff")
        a.ellipse(66 * side, -218, 14, 9, "#e8765e", opacity=0.35)
    a.ellipse(0, -222 if animal != "fox" else -196, 13, 9.5, dark)
    if animal != "fox":
        a.stroke("M0 -212 v10 M-14 -198 q7 8 14 0 q7 8 14 0", dark, 3.4)
    a.path("M-84 -168 C-40 -138 40 -138 84 -168 L88 -146 C40 -112 -40 -112 -88 -146Z", a.bar(p, 0.3))
    a.path("M30 -136 L64 -142 L74 -58 L40 -54Z", a.face(p, 0.08))


def whale(a: Canvas, c: str, belly: str = "#f6efe2") -> None:
    """A soft whale."""
    a.shadow(200, 0, 0, 30)
    a.path(
        "M150 -120 C200 -150 190 -230 240 -246 C250 -214 246 -190 232 -170 C262 -172 284 -160 292 -140 C250 -116 220 -90 176 -66Z",
        a.ball(c, 0.4),
    )
    d = "M-230 -90 C-236 -200 -130 -236 -40 -222 C60 -206 130 -140 190 -118 C180 -30 90 2 -40 2 C-150 2 -224 -20 -230 -90Z"
    a.path(d, a.ball(c, 0.45))
    with a.group(clip=d):
        a.path("M-240 -70 C-120 -20 20 -20 200 -80 V20 H-240Z", belly)
        for k in range(6):
            a.path(
                f"M{-220 + k * 6} {-52 + k * 11} C-110 {-8 + k * 9} 10 {-8 + k * 9} {130 - k * 10} {-44 + k * 9}",
                "none",
                a.shade(belly, 0.16),
                4,
            )
    a.path("M-20 -60 C20 -30 40 10 0 30 C-40 20 -60 -30 -70 -62Z", a.ball(a.shade(c, 0.1)))
    a.disc(-150, -112, 11, "#2d2622")
    a.disc(-154, -116, 3.6, "#ffffff")
    a.stroke("M-206 -78 q20 16 44 6", "#2d2622", 4)
    for d in ("M-96 -232 C-96 -280 -140 -286 -142 -262", "M-96 -232 C-96 -290 -46 -292 -48 -266"):
        a.stroke(d, "#8fb8d8", 10)
