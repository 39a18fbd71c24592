"""The listing: what lists of live items are read from. Written anew, in the same transaction, when an item changes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mall.core.db import db
from mall.core.money import rates
from mall.domain.items.audience import ladder
from mall.domain.items.models import Item, Picture, Variant
from mall.domain.items.offered import of_items
from mall.domain.items.price_models import Listing
from mall.domain.items.showing import spans
from mall.domain.items.stock_models import Stock

_CHUNK = 500


def relist(item_ids: Iterable[int], *, at: datetime) -> None:
    """Write the listing of these items anew: rows for each tier and span of time with one price, none unless live."""
    wanted = sorted(set(item_ids))
    db.session.flush()
    for start in range(0, len(wanted), _CHUNK):
        _relist(wanted[start : start + _CHUNK], at)


def relist_all(*, at: datetime) -> int:
    """Rebuild the whole listing; returns the number of live items."""
    db.session.flush()
    db.session.execute(sa.delete(Listing))
    live = db.session.scalars(sa.select(Item.id).where(Item.status == "live")).all()
    relist(live, at=at)
    return len(live)


def refresh_popularity() -> int:
    """Count anew how many of each item were sold, for the sort by popularity; returns how many items changed.

    A job of the worker: selling does not touch the item's row, so that a hot item has one hot row, not two.
    """
    total = (
        sa.select(sa.cast(sa.func.coalesce(sa.func.sum(Stock.sold), 0), sa.BigInteger))
        .join(Variant, Variant.id == Stock.variant_id)
        .where(Variant.item_id == Item.id)
        .scalar_subquery()
    )
    changed = db.session.execute(
        sa.update(Item).where(Item.popularity != total).values(popularity=total).returning(Item.id),
        execution_options={"synchronize_session": False},
    )
    ids = changed.scalars().all()
    own = sa.select(Item.popularity).where(Item.id == Listing.item_id).scalar_subquery()
    for start in range(0, len(ids), _CHUNK):
        db.session.execute(
            sa.update(Listing).where(Listing.item_id.in_(ids[start : start + _CHUNK])).values(popularity=own),
            execution_options={"synchronize_session": False},
        )
    return len(ids)


def _relist(item_ids: Sequence[int], at: datetime) -> None:
    session = db.session
    session.execute(sa.delete(Listing).where(Listing.item_id.in_(item_ids)))
    live = session.execute(
        sa.select(Item.id, Item.category_id, Item.kind, Item.popularity, Item.published_at).where(
            Item.id.in_(item_ids), Item.status == "live"
        )
    ).all()
    variants, offers, covers = _variants(item_ids), of_items(item_ids, at=at), _covers(item_ids)
    steps, worth = ladder(), rates()
    rows: list[dict[str, Any]] = [
        {
            "item_id": item.id,
            **asdict(span),
            "category_id": item.category_id,
            "kind": item.kind,
            "popularity": item.popularity,
            "published_at": item.published_at,
            "cover": covers.get(item.id),
        }
        for item in live
        for span in spans(variants[item.id], offers.get(item.id, []), steps, at, rates=worth)
    ]
    if rows:
        session.execute(sa.insert(Listing), rows)


def _variants(item_ids: Sequence[int]) -> dict[int, dict[int, int | None]]:
    found: dict[int, dict[int, int | None]] = defaultdict(dict)
    rows = (
        sa.select(Variant.item_id, Variant.id, sa.func.coalesce(Variant.value, Item.value))
        .join(Item, Item.id == Variant.item_id)
        .where(Variant.item_id.in_(item_ids), Variant.active)
    )
    for item_id, variant_id, value in db.session.execute(rows):
        found[item_id][variant_id] = value
    return found


def _covers(item_ids: Sequence[int]) -> dict[int, str]:
    rows = (
        sa.select(Picture.item_id, Picture.key)
        .where(Picture.item_id.in_(item_ids))
        .order_by(Picture.position.desc(), Picture.id.desc())
    )
    return {row.item_id: row.key for row in db.session.execute(rows)}
