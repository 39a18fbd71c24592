"""Records, and what carries the sound of a room."""

from ..canvas import Canvas


def turntable(a: Canvas, c: str, record: str = "#26282d", label: str = "#e8765e") -> None:
    """A record player seen over its front edge."""
    a.shadow(250, 0, 0, 40)
    a.rect(-245, -44, 490, 48, a.linear([(0, a.light(c, 0.25)), (0.6, c), (1, a.shade(c, 0.3))]), 8)
    a.quad([(-245, -40), (245, -40), (196, -164), (-196, -164)], a.face(a.light(c, 0.28)))
    for x in (-200, 200):
        a.rect(x - 22, 0, 44, 12, a.shade(c, 0.6), 4)
    a.ellipse(-36, -100, 156, 52, a.shade(c, 0.3))
    a.ellipse(
        -36,
        -106,
        152,
        50,
        a.linear(
            [
                (0, a.light(record, 0.2)),
                (0.35, record),
                (0.5, a.light(record, 0.32)),
                (0.65, record),
                (1, a.light(record, 0.14)),
            ],
            0,
            0.2,
            1,
            0.8,
        ),
    )
    for r in (132, 112, 92, 74):
        a.ring(-36, -106, r, r * 0.33, a.light(record, 0.28), 1.2, opacity=0.5)
    a.ellipse(-36, -106, 54, 18, a.face(label))
    a.ellipse(-36, -108, 5, 3, "#f6efe2")
    a.ellipse(178, -136, 26, 11, a.shade("#b8c0c8", 0.4))
    a.can(178, -136, 17, 22, "#b8c0c8")
    a.stroke("M178 -160 L150 -92 L96 -78", a.shade("#b8c0c8", 0.35), 9)
    a.stroke("M178 -163 L150 -95 L96 -81", a.light("#b8c0c8", 0.3), 5)
    a.rect(78, -90, 30, 14, a.face("#3b4048"), 4, transform="rotate(12 90 -84)")
    for x, r in ((150, 12), (196, 9)):
        a.ellipse(x, -58, r, r * 0.45, a.shade(c, 0.5))
        a.can(x, -58, r, 10, "#b8c0c8")


def soundbar(a: Canvas, c: str, stand: str = "#c9a06c") -> None:
    """A long speaker below a picture-thin screen."""
    a.shadow(300, 0, 0, 26)
    a.rect(-250, -330, 500, 246, a.face("#26282d"), 10)
    a.rect(-242, -322, 484, 230, a.linear([(0, "#2f4468"), (0.5, "#7b68b0"), (1, "#e8765e")], 0, 0, 1, 1), 5)
    a.path("M-242 -160 C-140 -230 -60 -130 40 -190 S180 -210 242 -150 V-96 H-242Z", "#27313f", opacity=0.55)
    a.disc(120, -250, 30, "#f5cdb2", opacity=0.9)
    a.rect(-60, -86, 120, 26, a.face("#3b4048"))
    a.rect(-280, -66, 560, 66, a.bar(c, 0.3), 26)
    for i in range(-26, 27):
        a.stroke(f"M{i * 10} -54 V-12", a.shade(c, 0.4), 2, opacity=0.5)
    a.disc(-258, -33, 5, a.light(stand, 0.5))
    a.disc(258, -33, 5, a.light(stand, 0.5))


def vinyl(a: Canvas, c: str, label: str, sleeve: str) -> None:
    """From above: a record half out of its sleeve."""
    square = "M-270 -165 H60 V165 H-270Z"
    disc = "M-60 0 a158 158 0 1 0 316 0 a158 158 0 1 0 -316 0Z"
    a.drop(disc)
    a.path(
        disc,
        a.linear(
            [(0, a.light(c, 0.3)), (0.3, c), (0.48, a.light(c, 0.4)), (0.6, c), (1, a.light(c, 0.2))],
            0,
            0,
            1,
            1,
        ),
    )
    for r in (146, 134, 120, 106, 92, 78):
        a.ring(98, 0, r, r, a.light(c, 0.3), 1.2, opacity=0.45)
    a.disc(98, 0, 54, a.face(label))
    a.disc(98, 0, 30, a.light(label, 0.3))
    a.disc(98, 0, 6, a.shade(c, 0.2))
    a.drop(square)
    a.path(square, a.face(sleeve))
    with a.group(clip=square):
        a.disc(-105, 165, 150, a.light(sleeve, 0.35))
        a.disc(-105, 165, 104, label)
        a.disc(-105, 165, 58, a.shade(sleeve, 0.35))
        a.rect(-245, -140, 130, 10, a.shade(sleeve, 0.5), 5)
        a.rect(-245, -120, 84, 8, a.shade(sleeve, 0.3), 4)


def headstand(a: Canvas, wood: str, c: str, pad: str) -> None:
    """Headphones that hang on a bent wooden stand."""
    a.shadow(110)
    a.lathe([(96, 0), (96, -14), (90, -20)], a.tube(wood))
    a.ellipse(0, -20, 90, 18, a.face(wood, -0.2))
    a.path("M-16 -22 L-16 -300 C-16 -338 16 -338 16 -300 L16 -22Z", a.tube(wood, 0.3))
    a.path("M-52 -318 C-40 -342 40 -342 52 -318 L52 -304 C40 -326 -40 -326 -52 -304Z", a.face(wood, -0.1))
    a.stroke("M-92 -140 C-104 -262 -70 -338 0 -340 C70 -338 104 -262 92 -140", a.shade(c, 0.3), 25)
    a.stroke(
        "M-92 -142 C-104 -264 -70 -340 0 -342 C70 -340 104 -264 92 -142",
        a.linear([(0, a.light(c, 0.3)), (0.5, c), (1, a.shade(c, 0.3))]),
        20,
    )
    for side in (-1, 1):
        with a.group(f"translate({92 * side} -120) rotate({-8 * side})"):
            a.rect(-26 - 14 * side, -64, 46, 132, a.tube(pad, 0.25), 22)
            a.rect(-24 + 14 * side, -70, 48, 144, a.tube(c, 0.4), 24)
            a.rect(-6 + 14 * side, -40, 12, 84, a.light(c, 0.35), 6, opacity=0.6)
