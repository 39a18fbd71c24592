"""Offers as they are read: those in use and not over, with the price in force and those to come. One statement."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import aliased

from mall.core.db import UtcDateTime, db
from mall.domain.items import price_models as tables
from mall.domain.items.audience import TIER, code_of
from mall.domain.items.models import Item, Variant
from mall.domain.items.ways import Limits, Offer, Price, Standing, Version

_AT: sa.BindParameter[Any] = bindparam("at", type_=UtcDateTime())
_offer, _price, _earlier = tables.Offer, tables.OfferPrice, aliased(tables.OfferPrice)
_TIERS = (
    sa.select(sa.func.aggregate_strings(tables.OfferTier.tier, ","))
    .where(tables.OfferTier.offer_id == _offer.id)
    .scalar_subquery()
)
_IN_FORCE = (
    sa.select(sa.func.max(_earlier.starts_at))
    .where(_earlier.offer_id == _offer.id, _earlier.starts_at <= _AT)
    .scalar_subquery()
)
_IDS: sa.BindParameter[Any] = bindparam("ids", expanding=True)
_WHICH: dict[str, sa.ColumnElement[bool]] = {
    "items": _offer.item_id.in_(_IDS),
    "variants": _offer.item_id.in_(sa.select(Variant.item_id).where(Variant.id.in_(_IDS))),
    "slug": _offer.item_id == sa.select(Item.id).where(Item.slug == bindparam("slug")).scalar_subquery(),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """Offers by item, where the one who looks stands, and (of one item) the ladder from the lowest step up."""

    by_item: Mapping[int, list[Offer]]
    standing: Standing
    ladder: Sequence[Standing] = ()


@lru_cache(maxsize=8)
def rows(which: str) -> sa.Subquery:
    """The offers as a table to join: of `items` or `variants` (parameter `ids`), or of the item at a `slug`, for a
    `member` at an instant `at`. Of one item, each offer with every step of the ladder."""
    mine = TIER.c.code == code_of(bindparam("member"))
    steps = sa.select(TIER.c.code, TIER.c.cash_discount, TIER.c.rank, mine.label("mine"))
    rung = (steps if which == "slug" else steps.where(mine)).subquery()
    return (
        sa.select(
            _offer.item_id, rung.c.rank, rung.c.code, rung.c.cash_discount, rung.c.mine, _offer.id.label("offer_id"),
            _offer.variant_id, _offer.position, _offer.kind, _offer.tier_discount, _offer.starts_at.label("opens_at"),
            _offer.ends_at, _TIERS.label("tiers"), _offer.limit_per_order, _offer.limit_per_day, _offer.limit_ever,
            _price.id.label("price_id"), _price.starts_at, _price.points, _price.cash, _price.min_points,
            _price.max_points, _price.max_share,
        )
        .select_from(rung)
        .join(_offer, _WHICH[which])
        .join(_price, _price.offer_id == _offer.id)
        .where(
            _offer.active,
            sa.or_(_offer.ends_at.is_(None), _offer.ends_at > _AT),
            _price.starts_at >= sa.func.coalesce(_IN_FORCE, _price.starts_at),
        )
        .subquery("offered")
    )  # fmt: skip


def of_items(item_ids: Iterable[int], *, at: datetime) -> Mapping[int, list[Offer]]:
    """The offers of these items."""
    ids = sorted(set(item_ids))
    if not ids:
        return {}
    values = {"ids": ids, "member": 0, "at": at}
    return read(db.session.execute(sa.select(rows("items")), values)).by_item


def read(found: Iterable[Sequence[Any]]) -> Offered:
    """What rows with the columns of `rows` say; those of a left join that found nothing are passed over."""
    standing, ladder = Standing(""), dict[str, tuple[int, Standing]]()
    offers: dict[int, dict[int, Offer]] = defaultdict(dict)
    versions: dict[int, dict[int, Version]] = defaultdict(dict)
    for item_id, rank, code, discount, mine, offer_id, *rest in found:
        if item_id is None:
            continue
        ladder.setdefault(code, (rank, Standing(code, discount)))
        if not mine:
            continue
        standing = ladder[code][1]
        versions[offer_id][rest[10]] = Version(rest[10], rest[11], Price(*rest[12:]))
        if offer_id not in offers[item_id]:
            open_to = frozenset(rest[6].split(",")) if rest[6] else frozenset()
            variant_id, position, kind, cut, opens_at, ends_at = rest[:6]
            offers[item_id][offer_id] = Offer(
                offer_id, variant_id, position, kind, cut, opens_at, ends_at, open_to, Limits(*rest[7:10])
            )
    by_item = {
        item_id: [
            replace(offer, versions=tuple(versions[offer.offer_id].values())) for offer in kept.values()
        ]
        for item_id, kept in offers.items()
    }
    return Offered(
        by_item, standing, tuple(step for _, step in sorted(ladder.values(), key=lambda pair: pair[0]))
    )
