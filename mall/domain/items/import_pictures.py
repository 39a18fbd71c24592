"""Where an import finds the pictures that a file names: in a folder of photographs, or ready-made (the demo)."""

from collections.abc import Mapping
from pathlib import Path

from mall.domain.items import developing
from mall.domain.items.import_plan import PictureSource, Ready

_ENDINGS = ("", ".jpg", ".jpeg", ".png", ".webp", ".gif")


def from_folder(folder: Path, *, media: Path | None) -> PictureSource:
    """Photographs by file name, ending or not; developed, and kept in the `media` folder (None: only tried)."""
    done: dict[str, Ready | None] = {}

    def find(name: str) -> Ready | None:
        if name not in done:
            done[name] = _developed(folder, name, media)
        return done[name]

    return find


def _developed(folder: Path, name: str, media: Path | None) -> Ready | None:
    if Path(name).name != name:
        return None
    path = next((folder / f"{name}{end}" for end in _ENDINGS if (folder / f"{name}{end}").is_file()), None)
    if path is None:
        return None
    with path.open("rb") as file:
        picture = developing.develop(file.read(developing.MAX_BYTES + 1))
    if media is not None:
        developing.keep(picture, media)
    return Ready(picture.key, picture.width, picture.height)


def ready_made(folder: Path, alts: Mapping[str, Mapping[str, str]], *, media: Path) -> PictureSource:
    """Pictures that are WebP in all sizes already, `<name>-<width>.webp`, with their words by name and language."""

    def find(name: str) -> Ready | None:
        paths = {size: folder / f"{name}-{size}.webp" for size in developing.SIZES}
        if Path(name).name != name or not all(path.is_file() for path in paths.values()):
            return None
        picture = developing.adopt(paths)
        developing.keep(picture, media)
        return Ready(picture.key, picture.width, picture.height, dict(alts.get(name, {})))

    return find
