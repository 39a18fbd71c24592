"""More ways to pay beside points alone: some things in points and cash, by a mix, or in cash with points off."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.domain.items import service
from mall.domain.items.models import Item


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay for an item: its kind, the numbers of its price (cash in minor units), for whom; from `begins` days
    ahead, for `days` days."""

    slug: str
    kind: str
    price: dict[str, int]
    tiers: frozenset[str] = frozenset()
    days: int | None = None
    begins: int = 0
    tier_discount: str = "cash"
    instead: bool = False


_BEST = frozenset({"gold", "diamond"})
WAYS = (
    Way("linden-honey", "combo", {"points": 2_000, "cash": 3_000}),
    Way("gooseneck-kettle", "range", {"points": 29_800, "cash": 29_800, "min_points": 5_000, "max_points": 25_000}),
    Way("gooseneck-kettle", "combo", {"points": 12_000, "cash": 12_800}, tiers=_BEST, tier_discount="none"),
    Way("reading-lamp", "range", {"points": 31_500, "cash": 31_500}),
    Way("pebble-earbuds", "range", {"points": 26_900, "cash": 26_900, "min_points": 2_000}),
    Way("station-clock", "cash", {"cash": 13_900, "min_points": 500, "max_share": 5_000}),
    Way("storm-umbrella", "cash", {"cash": 11_800, "max_share": 3_000}, instead=True),
    Way("coffee-workshop", "combo", {"points": 4_000, "cash": 8_000}),
    Way("forest-teapot", "combo", {"points": 6_000, "cash": 9_900}, days=3),
    Way("ridge-tent", "combo", {"points": 12_000, "cash": 29_800}, days=2, begins=1),
    Way("camp-lantern", "combo", {"points": 3_000, "cash": 6_800}, tiers=frozenset({"diamond"})),
    Way("quiet-over-ear", "range", {"points": 59_900, "cash": 62_900, "min_points": 10_000}),
    Way("shell-armchair", "combo", {"points": 20_000, "cash": 39_800}),
)  # fmt: skip


def add_ways(actor: Actor, *, at: datetime, now: datetime) -> None:
    """Offer them since `at`; windows open and close some days after `now`. With `instead`, points alone do no more."""
    for way in WAYS:
        item_id = db.session.scalars(sa.select(Item.id).where(Item.slug == way.slug)).one()
        before = service.offers(item_id)
        if way.instead:
            for offer in before:
                service.edit_offer(offer.id, active=False, at=at)
        opens = now + timedelta(days=way.begins) if way.begins else None
        closes = (opens or now) + timedelta(days=way.days) if way.days else None
        offer = service.add_offer(
            item_id,
            kind=way.kind,
            audience=service.Audience(way.tiers, opens, closes),
            tier_discount=way.tier_discount,
            limits=service.Limits(before[0].limit_per_order, before[0].limit_per_day, before[0].limit_ever),
            position=len(before),
            at=at,
        )
        service.set_price(offer.id, starts_at=at, actor=actor, at=at, **way.price)
