"""An item's pictures: which, in what order, in what words. The files are made and kept by developing.py."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from mall.core.db import db
from mall.core.errors import BadValue
from mall.domain.items import errors
from mall.domain.items.developing import Developed, adopt, develop, file_name, keep
from mall.domain.items.models import Item, Picture
from mall.domain.items.rules import LOCALES
from mall.domain.items.upkeep import changed

__all__ = [
    "Developed", "add_picture", "adopt", "develop", "edit_picture", "file_name", "keep", "order_pictures",
    "remove_picture", "sweep",
]  # fmt: skip


class Kept(Protocol):
    """A picture whose files are in the media folder."""

    @property
    def key(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


def add_picture(
    item_id: int, picture: Kept, *, alts: Mapping[str, str] | None = None, at: datetime
) -> Picture:
    """Hang a developed (and kept) picture after the item's others; the same picture again is left where it is.

    `alts` by locale says what is to be seen. Raises NoSuchItem, BadValue, TooLong.
    """
    item = db.session.get(Item, item_id)
    if item is None:
        raise errors.NoSuchItem
    found = db.session.scalar(
        sa.select(Picture).where(Picture.item_id == item_id, Picture.key == picture.key)
    )
    if found is None:
        last = db.session.scalar(
            sa.select(sa.func.coalesce(sa.func.max(Picture.position), -1)).where(Picture.item_id == item_id)
        )
        found = Picture(
            item_id=item_id, key=picture.key, width=picture.width, height=picture.height,
            position=(last if last is not None else -1) + 1, alts={}, created_at=at,
        )  # fmt: skip
        db.session.add(found)
    if alts is not None:
        found.alts = _sound(alts)
    _changed(item, at)
    return found


def edit_picture(picture_id: int, *, alts: Mapping[str, str], at: datetime) -> Picture:
    """Change a picture's words. Raises NoSuchItem, BadValue, TooLong."""
    picture, item = _get(picture_id)
    picture.alts = _sound(alts)
    _changed(item, at)
    return picture


def remove_picture(picture_id: int, *, at: datetime) -> None:
    """Take a picture down. Its files stay until `sweep`: pages that are open still show them. Raises NoSuchItem."""
    picture, item = _get(picture_id)
    db.session.delete(picture)
    _changed(item, at)


def order_pictures(item_id: int, picture_ids: Sequence[int], *, at: datetime) -> None:
    """Put an item's pictures in this order; the first is its cover. All of them must be named. Raises NoSuchItem, BadValue."""
    item = db.session.get(Item, item_id)
    if item is None:
        raise errors.NoSuchItem
    known = {picture.id: picture for picture in _pictures(item_id)}
    if sorted(known) != sorted(picture_ids):
        raise BadValue(value=", ".join(map(str, picture_ids))[:40])
    for position, picture_id in enumerate(picture_ids):
        known[picture_id].position = position
    _changed(item, at)


def sweep(folder: Path, *, before: datetime) -> int:
    """Delete files of pictures that no item has, last written before an instant; returns how many."""
    kept = set(db.session.scalars(sa.select(Picture.key)))
    gone = 0
    for path in folder.glob("*.webp"):
        key = path.stem.rpartition("-")[0]
        if key not in kept and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _pictures(item_id: int) -> Sequence[Picture]:
    return db.session.scalars(
        sa.select(Picture).where(Picture.item_id == item_id).order_by(Picture.position, Picture.id)
    ).all()


def _get(picture_id: int) -> tuple[Picture, Item]:
    picture = db.session.get(Picture, picture_id)
    if picture is None:
        raise errors.NoSuchItem
    return picture, db.session.get_one(Item, picture.item_id)


def _sound(alts: Mapping[str, str]) -> dict[str, str]:
    for locale, words in alts.items():
        if locale not in LOCALES:
            raise BadValue(value=locale[:40])
        if len(words) > 200:
            raise errors.TooLong(value=words[:40], most=200)
    return {locale: words.strip() for locale, words in alts.items() if words.strip()}


def _changed(item: Item, at: datetime) -> None:
    db.session.flush()
    db.session.expire(item, ["pictures"])
    changed(item, at=at)
