"""Pictures: what is taken, what is refused and how it is said, and what is left of a file that was sent."""

import io
import os
import tracemalloc
import zipfile
import zlib
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image, ImageDraw, PngImagePlugin

from mall.core.db import transaction
from mall.core.errors import BadValue
from mall.domain.items import developing, errors, pictures, queries
from mall.domain.items.developing import SIZES, develop, keep
from mall.domain.items.queries import CatalogFilter
from tests.support.items_factory import make_item


def photo(
    size: tuple[int, int] = (1600, 1200), colour: str = "#336699", kind: str = "JPEG", **more: object
) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= 8 for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_becomes_three_webp_files_four_to_three(kind: str) -> None:
    done = develop(photo(kind=kind))
    assert (done.width, done.height) == (1280, 960)
    for size in SIZES:
        image = opened(done.files[size])
        assert (image.format, image.size) == ("WEBP", (size, size * 3 // 4))


def test_the_same_picture_has_the_same_key_and_another_has_another() -> None:
    assert develop(photo()).key == develop(photo()).key != develop(photo(colour="red")).key


def test_nothing_of_the_metadata_survives() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "SECRET-AUTHOR")
    for data in (photo(exif=exif), photo(kind="PNG", pnginfo=info), photo(comment=b"SECRET-COMMENT")):
        assert b"SECRET" in data
        for file in develop(data).files.values():
            assert b"SECRET" not in file
            image = opened(file)
            assert not image.getexif()
            assert not set(image.info) & {"exif", "xmp", "icc_profile", "comment"}


def test_a_picture_held_sideways_is_put_upright() -> None:
    image = Image.new("RGB", (900, 1200), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 900, 600), fill="red")
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95)
    turned = opened(develop(out.getvalue()).files[640])
    assert near(turned.getpixel((600, 240)), (254, 0, 0))
    assert near(turned.getpixel((40, 240)), (255, 255, 255))


def test_a_tall_picture_stands_whole_on_a_ground_of_its_edges_colour() -> None:
    image = Image.new("RGB", (600, 1200), "#e0f0e0")
    ImageDraw.Draw(image).ellipse((150, 300, 450, 900), fill="#803010")
    out = io.BytesIO()
    image.save(out, "PNG")
    framed = opened(develop(out.getvalue()).files[320])
    assert near(framed.getpixel((5, 5)), (224, 240, 224))
    assert near(framed.getpixel((160, 120)), (128, 48, 16))


def test_transparency_is_laid_on_the_calm_ground() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (800, 600), (0, 0, 0, 0)).save(out, "PNG")
    assert near(opened(develop(out.getvalue()).files[320]).getpixel((9, 9)), (247, 245, 242))


@pytest.mark.parametrize("mode", ["L", "CMYK", "1", "P", "LA", "I;16"])
def test_other_modes_are_understood(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (800, 600)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(develop(out.getvalue()).files[320]).mode == "RGB"


def test_of_an_animation_the_first_frame_is_kept() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (400, 300), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    done = opened(develop(out.getvalue()).files[320])
    assert getattr(done, "n_frames", 1) == 1
    assert near(done.getpixel((9, 9)), (254, 0, 0))


def test_small_originals_are_not_blown_up() -> None:
    done = develop(photo((400, 300)))
    assert (done.width, opened(done.files[1280]).width, opened(done.files[320]).width) == (400, 400, 320)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.class", b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<svg/>",
        photo(kind="BMP"),
        photo(kind="TIFF"),
        photo(kind="PDF"),
        photo() + b"<script>alert(1)</script>",
        photo(kind="GIF") + zipped(),
        photo(comment=b"<!DOCTYPE html><body>"),
        b"%PDF-1.4\n" + photo(),
    ],
)
def test_what_is_no_picture_or_more_than_one_is_refused(data: bytes) -> None:
    with pytest.raises(errors.BadPicture):
        develop(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("part", [0.05, 0.5, 0.9])
def test_a_truncated_file_is_refused_and_the_way_out_told(kind: str, part: float) -> None:
    noise = Image.frombytes("RGB", (640, 480), os.urandom(640 * 480 * 3))
    out = io.BytesIO()
    noise.save(out, kind)
    data = out.getvalue()
    with pytest.raises(errors.BadPicture) as refused:
        develop(data[: int(len(data) * part)])
    assert refused.value.hint


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_end_in_a_picture_or_a_refusal_never_in_a_crash(seed: int) -> None:
    data = bytearray(photo((200, 200), kind=["JPEG", "PNG", "WEBP", "GIF"][seed % 4]))
    for i in range(6):
        data[(seed * 7919 + i * 104729) % len(data)] ^= 1 + (seed * 31 + i) % 255
    with suppress(errors.BadPicture):
        develop(bytes(data))


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge and holds almost nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8_000, 5_001), (20_000, 20_000), (60_000, 60_000), (1, 2**31 - 1)])
def test_a_flood_of_pixels_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    tracemalloc.start()
    with pytest.raises(errors.BadPicture):
        develop(bomb(*size))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_too_many_bytes_are_refused_unread() -> None:
    with pytest.raises(errors.HugePicture):
        develop(photo() + b"\0" * developing.MAX_BYTES)


def test_too_few_pixels_are_refused() -> None:
    with pytest.raises(errors.TinyPicture):
        develop(photo((640, 100)))


def test_files_are_kept_whole_and_once(tmp_path: Path) -> None:
    folder = tmp_path / "media"
    done = develop(photo())
    keep(done, folder)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    keep(done, folder)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert set(before) == {f"{done.key}-{size}.webp" for size in SIZES}


def test_pictures_hang_in_order_and_the_first_is_the_cover(app: Flask, at: datetime) -> None:
    red, blue = develop(photo(colour="red")), develop(photo(colour="blue"))
    with transaction():
        made = make_item()
        first = pictures.add_picture(made.item_id, red, alts={"en": "A red cup", "zh-Hans": "红杯"}, at=at)
        second = pictures.add_picture(made.item_id, blue, at=at)
        again = pictures.add_picture(made.item_id, red, at=at)
    assert again.id == first.id
    assert cover(at) == red.key
    page = queries.item_page(made.item.slug, locale="zh-Hant", at=at)
    assert page is not None
    assert [picture.alt for picture in page.pictures] == ["A red cup", ""]
    with transaction():
        pictures.order_pictures(made.item_id, [second.id, first.id], at=at)
    assert cover(at) == blue.key
    with transaction():
        with pytest.raises(BadValue):
            pictures.order_pictures(made.item_id, [second.id], at=at)
        pictures.remove_picture(second.id, at=at)
        pictures.edit_picture(first.id, alts={"en": "Cup"}, at=at)
        with pytest.raises(BadValue):
            pictures.edit_picture(first.id, alts={"fr": "Tasse"}, at=at)
    assert cover(at) == red.key


def cover(at: datetime) -> str | None:
    return queries.cards(CatalogFilter(), locale="en", at=at).cards[0].picture


def test_files_that_no_item_has_are_swept_after_a_while(app: Flask, at: datetime, tmp_path: Path) -> None:
    kept, gone = develop(photo(colour="red")), develop(photo(colour="blue"))
    for one in (kept, gone):
        keep(one, tmp_path)
    with transaction():
        pictures.add_picture(make_item().item_id, kept, at=at)
    stamp = at.timestamp()
    for path in tmp_path.iterdir():
        os.utime(path, (stamp, stamp))
    assert pictures.sweep(tmp_path, before=at) == 0
    assert pictures.sweep(tmp_path, before=at + timedelta(seconds=1)) == 3
    assert {path.name.split("-")[0] for path in tmp_path.iterdir()} == {kept.key}


def test_ready_made_files_are_adopted_as_they_are(tmp_path: Path) -> None:
    done = develop(photo())
    paths = {size: tmp_path / f"cup-{size}.webp" for size in SIZES}
    for size, path in paths.items():
        path.write_bytes(done.files[size])
    adopted = developing.adopt(paths)
    assert (adopted.key, adopted.width, adopted.files) == (done.key, 1280, done.files)
    paths[320].write_bytes(photo())
    with pytest.raises(errors.BadPicture):
        developing.adopt(paths)
