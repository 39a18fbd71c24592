"""Uploaded files into pictures: decoded within limits, put upright, laid on a 4:3 ground, written anew as WebP.

No database here, and none should wait for it: call `develop` and `keep` before the transaction. What is stored is
never the file that was sent, so nothing in it survives: no EXIF, no place, no second file inside.
"""

import hashlib
import io
import os
import re
import struct
import tempfile
import threading
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, ImageStat, UnidentifiedImageError

from mall.domain.items import errors

SIZES = (320, 640, 1280)
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_SIDE = 160

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_WIDTH, _HEIGHT = 1280, 960
_GROUND = (247, 245, 242)
_QUALITY = 82
_ORIENTATION = 0x0112

#: Something else in a picture's clothes: a page, a script or a document that also opens as a picture.
_OTHER = re.compile(rb"<script|<!doctype|<\?php\s|%PDF-1\.", re.IGNORECASE)

#: What Pillow raises for files that are broken, besides OSError.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError,
           struct.error, zlib.error)  # fmt: skip

#: One picture at a time in a process: its memory is bounded by one (40 million pixels: 160 MB, for a moment).
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Developed:
    """A picture ready to be kept: its key, the size of its largest file, and the files' bytes by width."""

    key: str
    width: int
    height: int
    files: Mapping[int, bytes]


def develop(data: bytes) -> Developed:
    """A JPEG, PNG, WebP or GIF (its first frame) as WebP files 320, 640 and 1280 pixels wide, 4:3.

    Nearly 4:3, it is cropped; otherwise it stands whole on a ground of its own edge's colour, or on a calm one.
    Small originals are not blown up. Raises BadPicture, BrokenPicture, HugePicture (more than 15 MB or 40 million
    pixels, checked before decoding), TinyPicture.
    """
    if len(data) > MAX_BYTES:
        raise _huge()
    if _OTHER.search(data) or zipfile.is_zipfile(io.BytesIO(data)):
        raise errors.BadPicture
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        framed = _frame(_upright(_open(data)))
    files = {size: _encode(framed, size) for size in SIZES}
    return Developed(_key(files), framed.width, framed.height, files)


def adopt(paths: Mapping[int, Path]) -> Developed:
    """Ready-made WebP files, by width (320, 640, 1280), as they are. For the demo; raises BadPicture if one is not WebP."""
    files = {size: paths[size].read_bytes() for size in SIZES}
    for data in files.values():
        if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
            raise errors.BadPicture
    with Image.open(io.BytesIO(files[SIZES[-1]]), formats=("WEBP",)) as largest:
        width, height = largest.size
    return Developed(_key(files), width, height, files)


def keep(picture: Developed, folder: Path) -> None:
    """Write a picture's files into the media folder, each at once or not at all; those already there are left."""
    folder.mkdir(parents=True, exist_ok=True)
    for size, data in picture.files.items():
        target = folder / file_name(picture.key, size)
        if not target.exists():
            _write(target, data)


def file_name(key: str, size: int) -> str:
    """The name of a picture's file of that width."""
    return f"{key}-{size}.webp"


def _write(target: Path, data: bytes) -> None:
    handle, scratch = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(scratch, 0o644)
        os.replace(scratch, target)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise


def _huge() -> errors.HugePicture:
    return errors.HugePicture(megabytes=MAX_BYTES // 1024**2, megapixels=MAX_PIXELS // 10**6)


def _open(data: bytes) -> Image.Image:
    """The picture, decoded; its size is checked while only its header was read."""
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _huge() from None
    except UnidentifiedImageError:
        raise errors.BadPicture from None
    except _BROKEN:
        raise errors.BrokenPicture from None
    if image.width * image.height > MAX_PIXELS:
        raise _huge()
    if min(image.size) < MIN_SIDE:
        raise errors.TinyPicture(pixels=MIN_SIDE)
    try:
        image.draft("RGB", (_WIDTH * 2, _HEIGHT * 2))
        image.load()
    except (Image.DecompressionBombError, *_BROKEN):
        raise errors.BrokenPicture from None
    return image


def _upright(image: Image.Image) -> Image.Image:
    """In sRGB, without transparency, turned as the camera was held, and no larger than needed."""
    try:
        turn = image.getexif().get(_ORIENTATION, 1)
    except _BROKEN:
        turn = 1
    profile = image.info.get("icc_profile")
    if image.mode in ("P", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        image = image.convert("RGB")
    image.thumbnail((_WIDTH * 2, _WIDTH * 2), Image.Resampling.LANCZOS, reducing_gap=2.0)
    image = _srgb(image, profile)
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, _GROUND)
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    image = image.convert("RGB")
    way = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
           5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
           8: Image.Transpose.ROTATE_90}.get(turn)  # fmt: skip
    return image if way is None else image.transpose(way)


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the web shows them; a profile that cannot be read is passed over."""
    if not profile or image.mode == "RGBA":
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        done = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *_BROKEN):
        return image
    return done or image


def _frame(image: Image.Image) -> Image.Image:
    """The picture in 4:3, at most 1280 × 960."""
    width = min(_WIDTH, max(image.width, image.height * 4 // 3))
    size = (width, width * 3 // 4)
    ratio = image.width / image.height
    if abs(ratio / (4 / 3) - 1) <= 0.12:
        return ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    return ImageOps.pad(image, size, Image.Resampling.LANCZOS, color=_ground(image))


def _ground(image: Image.Image) -> tuple[int, ...]:
    """The colour of the picture's edge if that is even (a studio shot goes on seamlessly), else a calm one."""
    small = image.resize((64, 64), Image.Resampling.BOX)
    edge = Image.new("RGB", (64, 4))
    for row, box in enumerate(((0, 0, 64, 1), (0, 63, 64, 64))):
        edge.paste(small.crop(box), (0, row))
    for row, box in enumerate(((0, 0, 1, 64), (63, 0, 64, 64)), start=2):
        edge.paste(small.crop(box).transpose(Image.Transpose.ROTATE_90), (0, row))
    figures = ImageStat.Stat(edge)
    return tuple(round(m) for m in figures.mean) if max(figures.stddev) <= 10 else _GROUND


def _encode(image: Image.Image, width: int) -> bytes:
    clean = image if image.width <= width else image.resize((width, width * 3 // 4), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=_QUALITY, method=4)
    return out.getvalue()


def _key(files: Mapping[int, bytes]) -> str:
    digest = hashlib.sha256()
    for size in SIZES:
        digest.update(files[size])
    return digest.hexdigest()[:32]
