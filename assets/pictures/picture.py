"""From a line of `pictures.txt` to an SVG document.

A line reads `name: accent room/light | motif word=value … @x,y,size,turn | motif …`; the motifs stand
one before the other, and a place that is not given is the middle of the room, in natural size.
"""

import re
from dataclasses import dataclass

from .canvas import Canvas
from .motifs import MOTIFS
from .palette import PALETTE, colour
from .paths import n
from .scenes import furnish


@dataclass(frozen=True)
class Thing:
    """One motif in a picture."""

    motif: str
    words: dict[str, str | float]
    place: tuple[float, float, float, float]


@dataclass(frozen=True)
class Picture:
    """What one picture shows."""

    name: str
    accent: str
    room: str
    light: str
    things: tuple[Thing, ...]


def parse(line: str) -> Picture:
    """Read one line. Raises ValueError where it is not of the form above."""
    name, rest = line.split(":", 1)
    scene, *things = (part.strip() for part in rest.split("|"))
    accent, room = scene.split()
    room, light = room.split("/")
    return Picture(name.strip(), accent, room, light, tuple(_thing(part) for part in things))


def _thing(text: str) -> Thing:
    motif, *words = text.split()
    place = [0.0, 0.0, 1.0, 0.0]
    values: dict[str, str | float] = {}
    for word in words:
        if word.startswith("@"):
            given = [float(v) for v in word[1:].split(",")]
            place[: len(given)] = given
        else:
            key, value = word.split("=")
            values[key] = _value(value)
    return Thing(motif, values, (place[0], place[1], place[2], place[3]))


def _value(text: str) -> str | float:
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text)
    return colour(text) if text in PALETTE or text.startswith("#") else text


def draw(picture: Picture) -> str:
    """The SVG document of a picture."""
    canvas = Canvas(picture.accent, picture.name)
    with canvas.group(furnish(canvas, picture.room, picture.light)):
        for thing in picture.things:
            x, y, size, turn = thing.place
            move = f"translate({n(x)} {n(y)}) rotate({n(turn)}) scale({size:.3f})"
            with canvas.group(move):
                MOTIFS[thing.motif](canvas, **thing.words)
    return canvas.svg()
