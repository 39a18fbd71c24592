"""Pictures at the desk: taken in, put in order, described; what is no picture is refused in words."""

import io

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from mall.core.db import db, transaction
from mall.domain.audit import queries as audit
from mall.domain.items.models import Item, Picture
from tests.support.items_factory import Made, make_item
from tests.support.pages import PageClient


@pytest.fixture
def mug(desk: PageClient) -> Made:
    """A live mug."""
    with transaction():
        return make_item("Travel mug", slug="travel-mug")


def photo(colour: str = "teal", kind: str = "JPEG") -> bytes:
    """A small photograph."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, kind)
    return out.getvalue()


def send(desk: PageClient, mug: Made, *files: tuple[bytes, str], status: int = 303):  # type: ignore[no-untyped-def]
    """Upload files."""
    url = f"/admin/items/{mug.item_id}/pictures"
    data = {"version": version(mug), "pictures": [(io.BytesIO(body), name) for body, name in files]}
    return desk.post(url, data, status=status, content_type="multipart/form-data")


def version(mug: Made) -> str:
    """The item's version now."""
    return str(db.session.scalar(sa.select(Item.version).where(Item.id == mug.item_id)))


def keys(mug: Made) -> list[str]:
    """The item's pictures in their order."""
    found = sa.select(Picture.key).where(Picture.item_id == mug.item_id)
    return list(db.session.scalars(found.order_by(Picture.position, Picture.id)))


def ids(mug: Made) -> list[int]:
    """The ids of the item's pictures in their order."""
    found = sa.select(Picture.id).where(Picture.item_id == mug.item_id)
    return list(db.session.scalars(found.order_by(Picture.position, Picture.id)))


def test_a_photograph_is_taken_in_and_members_see_it(desk: PageClient, mug: Made, app: Flask) -> None:
    send(desk, mug, (photo(), "mug.jpg"), (photo("navy", "PNG"), "side.png"))
    assert len(keys(mug)) == 2
    assert f"/media/{keys(mug)[0]}-" in desk.get("/catalog/travel-mug").html
    with desk.client.get(f"/media/{keys(mug)[0]}-320.webp") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert audit.trail(subject=("item", mug.item_id))[0].action == "item.picture.add"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"GIF89a<script>x</script>",
        b"\0" * 99,
    ],
)
def test_what_is_no_picture_is_refused_in_words(desk: PageClient, mug: Made, body: bytes) -> None:
    page = send(desk, mug, (body, "evil.jpg"), status=422)
    assert "evil.jpg: This" in page.text
    assert keys(mug) == []


def test_the_good_ones_are_kept_and_the_others_named(desk: PageClient, mug: Made) -> None:
    send(desk, mug, (photo(), "mug.jpg"), (b"nonsense", "notes.txt"))
    assert len(keys(mug)) == 1
    assert "notes.txt" in desk.get(f"/admin/items/{mug.item_id}/pictures").text


def test_nothing_chosen_is_said(desk: PageClient, mug: Made) -> None:
    assert "choose a picture" in send(desk, mug, status=422).text


def test_the_same_picture_twice_hangs_once(desk: PageClient, mug: Made) -> None:
    send(desk, mug, (photo(), "mug.jpg"))
    send(desk, mug, (photo(), "again.jpg"))
    assert len(keys(mug)) == 1


def test_pictures_are_moved_described_and_removed(desk: PageClient, mug: Made) -> None:
    send(desk, mug, (photo(), "one.jpg"), (photo("navy"), "two.jpg"))
    url = f"/admin/items/{mug.item_id}/pictures"
    first, second = ids(mug)
    desk.post(f"{url}/{second}/move", {"to": "earlier", "version": version(mug)}, page=url)
    assert ids(mug) == [second, first]
    words = {"alt_en": "A navy mug", "alt_zh_hans": "藏青色杯子", "version": version(mug)}
    desk.post(f"{url}/{second}", words, page=url)
    assert "A navy mug" in desk.get(url).html
    desk.post(f"{url}/{second}/remove", {"version": version(mug)}, page=url)
    assert ids(mug) == [first]


def test_an_old_form_removes_nothing(desk: PageClient, mug: Made) -> None:
    send(desk, mug, (photo(), "one.jpg"))
    url = f"/admin/items/{mug.item_id}/pictures"
    page = desk.post(f"{url}/{ids(mug)[0]}/remove", {"version": "1"}, page=url, status=409)
    assert "Somebody changed this item" in page.text
    assert len(ids(mug)) == 1


def test_another_items_picture_is_not_found(desk: PageClient, mug: Made) -> None:
    with transaction():
        other = make_item("Lamp")
    send(desk, other, (photo(), "lamp.jpg"))
    url = f"/admin/items/{mug.item_id}/pictures"
    desk.post(f"{url}/{ids(other)[0]}/remove", {"version": version(mug)}, page=url, status=404)
