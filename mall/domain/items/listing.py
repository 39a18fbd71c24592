"""The listing: what lists of live items are read from. Written anew, in the same transaction, when an item changes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mall.core.db import db
from mall.domain.items.models import Item, Picture, Variant
from mall.domain.items.price_models import Listing, Offer, OfferPrice
from mall.domain.items.rules import Schedule, spans
from mall.domain.items.stock_models import Stock

_CHUNK = 500


def relist(item_ids: Iterable[int], *, at: datetime) -> None:
    """Write the listing of these items anew: a row for each span of time with one price, none unless live."""
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
    variants, offers, covers = _variants(item_ids), schedules(item_ids), _covers(item_ids)
    rows: list[dict[str, Any]] = [
        {
            "item_id": item.id,
            "since": span.since,
            "until": span.until,
            "category_id": item.category_id,
            "kind": item.kind,
            "points": span.points,
            "points_most": span.points_most,
            "rate": span.rate,
            "popularity": item.popularity,
            "published_at": item.published_at,
            "cover": covers.get(item.id),
        }
        for item in live
        for span in spans(variants[item.id], offers[item.id], at)
    ]
    if rows:
        session.execute(sa.insert(Listing), rows)


def schedules(item_ids: Sequence[int]) -> dict[int, list[Schedule]]:
    """The active offers of these items with all their price versions, by item."""
    versions: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    offers = db.session.execute(
        sa.select(Offer.id, Offer.item_id, Offer.variant_id, Offer.position).where(
            Offer.item_id.in_(item_ids), Offer.active
        )
    ).all()
    prices = (
        sa.select(OfferPrice.offer_id, OfferPrice.starts_at, OfferPrice.points)
        .join(Offer, Offer.id == OfferPrice.offer_id)
        .where(Offer.item_id.in_(item_ids), Offer.active)
    )
    for offer_id, starts_at, points in db.session.execute(prices):
        versions[offer_id].append((starts_at, points))
    found: dict[int, list[Schedule]] = defaultdict(list)
    for offer in offers:
        found[offer.item_id].append(
            Schedule(offer.id, offer.variant_id, offer.position, tuple(versions[offer.id]))
        )
    return found


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
