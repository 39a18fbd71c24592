"""Cups, pots and bottles: what turns on a wheel."""

from ..canvas import Canvas
from ..patterns import cover


def mug(
    a: Canvas,
    c: str,
    pattern: str = "plain",
    p: str = "#fbf9f5",
    inside: str = "#fbf9f5",
    steam: str = "",
    tall: float = 170,
) -> None:
    """A mug with its handle to the right."""
    a.shadow(104, 6)
    a.stroke(f"M84 {-tall + 34} C170 {-tall + 22} 168 -32 82 -44", a.shade(c, 0.42), 27)
    a.stroke(
        f"M84 {-tall + 32} C166 {-tall + 22} 164 -34 82 -46",
        a.linear([(0, c), (0.6, a.light(c, 0.2)), (1, a.shade(c, 0.2))]),
        19,
    )
    outline = a.lathe([(82, 0), (92, -8), (98, -40), (98, -tall)], a.tube(c))
    cover(a, outline, pattern, p, (-100, -tall - 20, 200, tall + 50))
    if pattern != "plain":
        a.path(
            outline,
            a.linear([(0, a.deep, 0.12), (0.26, "#ffffff", 0.26), (0.5, "#ffffff", 0), (1, a.deep, 0.34)]),
        )
    a.ellipse(0, -tall, 98, 19.6, a.light(c, 0.3))
    a.ellipse(0, -tall + 1, 89, 16.6, a.linear([(0, a.shade(inside, 0.36)), (1, a.light(inside, 0.2))]))
    if steam:
        a.ellipse(0, -tall + 6, 80, 11.5, a.linear([(0, a.shade(steam, 0.3)), (1, a.light(steam, 0.1))]))
        for x in (-30, 22):
            a.stroke(f"M{x} {-tall - 22} q-18 -26 0 -50 q18 -26 0 -52", "#ffffff", 7, opacity=0.5)


def cup(
    a: Canvas, c: str, saucer: str = "", drink: str = "", pattern: str = "plain", p: str = "#fbf9f5"
) -> None:
    """A tea cup, with a saucer if one is named."""
    a.shadow(126 if saucer else 62)
    if saucer:
        a.lathe([(46, 0), (118, -18), (128, -24)], a.tube(saucer))
        a.ellipse(0, -24, 128, 25.6, a.face(saucer, -0.25))
        a.ellipse(0, -20, 70, 12, a.shade(saucer, 0.14))
    with a.group("translate(0 -16)" if saucer else ""):
        a.stroke("M66 -92 C122 -104 118 -40 54 -32", a.shade(c, 0.3), 15)
        outline = a.lathe([(40, 0), (44, -8), (70, -34), (82, -74), (86, -114)], a.tube(c))
        cover(a, outline, pattern, p, (-90, -116, 180, 130))
        a.ellipse(0, -114, 86, 17, a.light(c, 0.35))
        a.ellipse(0, -113, 79, 14, a.linear([(0, a.shade(c, 0.32)), (1, a.light(c, 0.2))]))
        if drink:
            a.ellipse(0, -109, 70, 10, a.linear([(0, a.shade(drink, 0.35)), (1, a.light(drink, 0.2))]))


def tumbler(a: Canvas, c: str, lid: str = "#26282d", band: str = "") -> None:
    """A travel cup with a sip lid."""
    a.shadow(78)
    a.lathe([(64, 0), (70, -8), (88, -250)], a.tube(c, 0.4))
    if band:
        a.band((76, -92), (82.5, -184), a.tube(band, 0.2))
    a.lathe([(92, -246), (94, -262), (90, -280), (70, -286)], a.tube(lid, 0.3))
    a.ellipse(0, -286, 70, 13, a.face(lid, -0.2))
    a.rect(-22, -293, 44, 9, a.face(lid, 0.3), 4)


def flask(
    a: Canvas, c: str, cap: str = "#b8c0c8", strap: str = "", pattern: str = "plain", p: str = "#fbf9f5"
) -> None:
    """An insulated bottle."""
    a.shadow(72)
    outline = a.lathe([(62, 0), (68, -10), (68, -210), (64, -240), (40, -268), (38, -282)], a.tube(c, 0.45))
    cover(a, outline, pattern, p, (-70, -290, 140, 300))
    a.band((65, -4), (68.2, -22), a.tube(a.shade(c, 0.3)))
    a.lathe([(42, -284), (43, -330), (38, -338)], a.tube(cap, 0.5))
    a.ellipse(0, -338, 38, 7, a.face(cap, -0.3))
    if strap:
        a.stroke("M-40 -300 C-96 -330 -70 -392 0 -386 C70 -392 96 -330 40 -300", a.shade(strap, 0.3), 12)
        a.stroke("M-40 -302 C-96 -332 -70 -394 0 -388 C70 -394 96 -332 40 -302", strap, 8)


def teapot(
    a: Canvas, c: str, lid: str = "", knob: str = "#c9a06c", pattern: str = "plain", p: str = "#fbf9f5"
) -> None:
    """A round pot with its spout to the left."""
    lid = lid or c
    a.shadow(126)
    a.path(
        "M-96 -120 C-158 -112 -150 -190 -196 -196 L-182 -214 C-128 -206 -130 -170 -92 -170Z",
        a.face(a.shade(c, 0.08)),
    )
    a.ellipse(-190, -205, 12, 8, a.shade(c, 0.5), transform="rotate(-42 -190 -205)")
    a.stroke("M104 -162 C190 -186 188 -60 104 -62", a.shade(c, 0.4), 24)
    a.stroke("M104 -164 C186 -186 184 -62 104 -64", a.light(c, 0.05), 16)
    outline = a.lathe([(74, 0), (80, -8), (122, -66), (124, -116), (84, -176), (62, -186)], a.tube(c))
    cover(a, outline, pattern, p, (-126, -190, 252, 200))
    a.lathe([(70, -182), (62, -196), (24, -212), (14, -214)], a.tube(a.light(lid, 0.06)))
    a.disc(0, -228, 19, a.ball(knob))


def kettle(a: Canvas, c: str, handle: str = "#7b5540", base: str = "") -> None:
    """A gooseneck kettle for pour-over coffee."""
    a.shadow(122)
    if base:
        a.can(0, 0, 124, 26, base)
    with a.group("translate(0 -24)" if base else ""):
        a.stroke("M-88 -30 C-176 -34 -128 -196 -214 -204", a.shade(c, 0.4), 19)
        a.stroke("M-88 -33 C-172 -37 -124 -199 -214 -207", a.light(c, 0.22), 11)
        a.stroke("M84 -172 C150 -206 204 -178 188 -106 C182 -78 168 -60 160 -46", a.shade(handle, 0.35), 25)
        a.stroke("M84 -174 C150 -208 202 -180 186 -108 C180 -80 166 -62 158 -48", handle, 18)
        a.lathe([(104, 0), (110, -8), (100, -80), (76, -160), (72, -168)], a.tube(c, 0.55))
        a.lathe([(76, -168), (68, -180), (30, -190)], a.tube(a.light(c, 0.1), 0.5))
        a.lathe([(7, -188), (7, -204)], a.tube(c))
        a.disc(0, -214, 16, a.ball(handle))


def dripper(a: Canvas, c: str, coffee: str = "#6b4636") -> None:
    """A pour-over cone on a glass server."""
    glass = "#dfe8e8"
    a.shadow(104)
    a.stroke("M92 -118 C160 -128 158 -34 88 -30", a.shade(glass, 0.3), 13)
    outline = a.lathe([(92, 0), (100, -8), (104, -50), (74, -132), (66, -150)], a.tube(glass, 0.5))
    with a.group(clip=outline):
        a.lathe([(92, 2), (104, -50), (96, -72)], a.tube(coffee, 0.2))
        a.ellipse(0, -72, 95, 17, a.light(coffee, 0.22))
        a.rect(-70, -150, 14, 130, "#ffffff", 7, opacity=0.45, transform="rotate(8 -60 -80)")
    a.can(0, -146, 92, 11, c)
    a.lathe([(34, -158), (92, -274)], a.tube(c, 0.4))
    a.stroke("M88 -246 C140 -250 132 -188 66 -196", a.shade(c, 0.3), 13)
    a.ellipse(0, -274, 92, 19, a.light(c, 0.3))
    a.ellipse(0, -273, 84, 16, a.shade(c, 0.3))
    a.lathe([(58, -240), (78, -288)], a.tube("#f3e7cf", 0.3))
    a.ellipse(0, -288, 78, 15, "#fbf4e4")
    a.ellipse(0, -285, 64, 11, a.linear([(0, a.shade(coffee, 0.3)), (1, coffee)]))
    a.stroke("M-20 -312 q-16 -22 0 -44 q16 -22 0 -44", "#ffffff", 7, opacity=0.5)


def mokapot(a: Canvas, c: str, handle: str = "#26282d") -> None:
    """An eight-sided stove-top coffee maker."""
    a.shadow(88)
    a.stroke("M58 -250 L118 -240 L104 -142", a.shade(handle, 0.2), 22)
    a.stroke("M58 -254 L116 -244 L102 -146", a.light(handle, 0.16), 14)
    for low, _high, top, bottom in ((0, 82, -118, 0), (62, 84, -268, -140)):
        feet, rims = (84, 58) if low == 0 else (60, 80)
        shares = (-1, -0.7, -0.25, 0.25, 0.7, 1)
        tones = (a.shade(c, 0.1), a.light(c, 0.4), a.light(c, 0.12), a.shade(c, 0.12), a.shade(c, 0.34))
        for i, tint in enumerate(tones):
            u, v = shares[i], shares[i + 1]
            sag, lift = 10, 8
            points = [
                (feet * u, bottom + sag * (1 - u * u)),
                (feet * v, bottom + sag * (1 - v * v)),
                (rims * v, top + lift * (1 - v * v)),
                (rims * u, top + lift * (1 - u * u)),
            ]
            a.quad(points, tint, stroke=tint, width=1)
    a.band((60, -118), (64, -140), a.tube(a.shade(c, 0.15), 0.5))
    a.path("M-72 -262 L-112 -276 L-62 -222Z", a.light(c, 0.1))
    a.lathe([(82, -264), (20, -298)], a.tube(c, 0.5))
    a.disc(0, -308, 15, a.ball(handle))
