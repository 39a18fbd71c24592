"""One planned item into the database: made if it is new, changed only where it differs."""

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.domain.items import pictures, service
from mall.domain.items.import_plan import PlannedItem, PlannedVariant
from mall.domain.items.models import Category, Item, Variant
from mall.domain.items.offered import of_items
from mall.domain.items.price_models import Offer
from mall.domain.items.rules import Text
from mall.domain.items.ways import Limits, Version


@dataclass(slots=True)
class Outcome:
    """What became of one item."""

    created: bool = False
    updated: bool = False
    variants: int = 0


class ItemWriter:
    """Writes the items of one file; remembers the categories."""

    def __init__(self, *, actor: Actor, at: datetime) -> None:
        self.actor, self.at = actor, at
        categories = db.session.execute(sa.select(Category.slug, Category.id)).all()
        self.categories = dict(categories)

    def write(self, planned: PlannedItem) -> Outcome:
        """Make or change the item. Raises what the verbs of the service raise."""
        item = db.session.scalar(sa.select(Item).where(Item.slug == planned.slug))
        outcome = Outcome(created=item is None)
        if item is None:
            item = self.create(planned)
        else:
            outcome.updated = self.describe(item, planned)
        outcome.updated |= self.variants(item, planned, outcome)
        outcome.updated |= self.price(item, planned)
        outcome.updated |= self.ways(item, planned)
        outcome.updated |= self.hang(item, planned)
        outcome.updated |= self.show(item, planned.status)
        outcome.updated &= not outcome.created
        return outcome

    def create(self, planned: PlannedItem) -> Item:
        """A new item with the first row's price."""
        return service.create_item(
            planned.slug,
            kind=planned.kind,
            category_id=self.categories[planned.category],
            texts=planned.texts,
            value=planned.variants[0].value,
            limits=planned.limits or Limits(),
            points=planned.variants[0].points,
            in_points=planned.variants[0].points is not None or not planned.ways,
            actor=self.actor,
            at=self.at,
        )

    def describe(self, item: Item, planned: PlannedItem) -> bool:
        """Texts, kind, category and retail value; what the file leaves empty stays."""
        texts = {}
        for locale, text in planned.texts.items():
            old = item.texts.get(locale)
            new = Text(
                text.name,
                text.summary or (old.summary if old else ""),
                text.description or (old.description if old else ""),
            )
            if old is None or new != Text(old.name, old.summary, old.description):
                texts[locale] = new
        category = self.categories[planned.category]
        value = planned.variants[0].value
        first = value if value is not None else item.value
        if not texts and (item.kind, item.category_id, item.value) == (planned.kind, category, first):
            return False
        service.edit_item(
            item.id, kind=planned.kind, category_id=category, texts=texts, value=value, at=self.at
        )
        return True

    def variants(self, item: Item, planned: PlannedItem, outcome: Outcome) -> bool:
        """Add the variants that are new, put right those that differ; whether any did."""
        known = {variant.sku: variant for variant in item.variants}
        different = False
        for row in planned.variants:
            own = row.value if row.value != item.value else None
            variant = known.get(row.sku)
            if variant is None:
                service.add_variant(
                    item.id, sku=row.sku, options=row.options, stock_count=row.stock, value=own,
                    actor=self.actor, at=self.at,
                )  # fmt: skip
                outcome.variants += 1
            elif self.differs(variant, row, own):
                service.edit_variant(
                    variant.id, options=row.options, value=own, no_value=own is None, active=True, at=self.at
                )
                different = True
        return different or outcome.variants > 0

    @staticmethod
    def differs(variant: Variant, row: PlannedVariant, own: int | None) -> bool:
        """Whether a row says something else than what is there."""
        there = {locale: text.options for locale, text in variant.texts.items()}
        return not variant.active or {**there, **row.options} != there or variant.value != own

    def price(self, item: Item, planned: PlannedItem) -> bool:
        """The item's price is the first row's; a variant whose row has another gets an offer of its own.

        An item without a price in points gets no such offer where the file tells other ways to pay.
        """
        offers = [offer for offer in service.offers(item.id) if offer.active]
        offers = [offer for offer in offers if offer.kind == "points" and not offer.tiers]
        general = next((offer for offer in offers if offer.variant_id is None), None)
        own = {offer.variant_id: offer for offer in offers if offer.variant_id is not None}
        base = planned.variants[0].points
        different = False
        if general is None and (base is not None or not planned.ways):
            general, different = (
                service.add_offer(item.id, limits=planned.limits or Limits(), at=self.at),
                True,
            )
        now = {
            found.offer_id: found.in_force(self.at)
            for found in of_items([item.id], at=self.at).get(item.id, ())
        }
        if general is not None:
            different |= self.limit(general, planned.limits)
            different |= self.reprice(general, base, now.get(general.id))
        ids = dict(
            db.session.execute(sa.select(Variant.sku, Variant.id).where(Variant.item_id == item.id)).all()
        )
        for row in planned.variants:
            offer = own.get(ids[row.sku])
            if row.points is None or (offer is None and row.points == base):
                continue
            if offer is None:
                offer = service.add_offer(item.id, variant_id=ids[row.sku], at=self.at)
            different |= self.limit(offer, planned.limits)
            different |= self.reprice(offer, row.points, now.get(offer.id))
        return different

    def ways(self, item: Item, planned: PlannedItem) -> bool:
        """The item's other ways to pay, one of a kind: made if new, priced anew from now on where they differ."""
        there = {
            offer.kind: offer
            for offer in service.offers(item.id)
            if offer.active and offer.variant_id is None
        }
        now = {found.offer_id: found for found in of_items([item.id], at=self.at).get(item.id, ())}
        different = False
        for place, way in enumerate(planned.ways, 1):
            offer, audience = there.get(way.kind), service.Audience(way.tiers)
            if offer is None:
                offer = service.add_offer(
                    item.id, kind=way.kind, position=place, audience=audience,
                    tier_discount=way.tier_discount,
                    limits=planned.limits or Limits(), at=self.at,
                )  # fmt: skip
            elif (frozenset(row.tier for row in offer.tiers), offer.tier_discount) != (
                way.tiers,
                way.tier_discount,
            ):
                kept = service.Audience(way.tiers, offer.starts_at, offer.ends_at)
                service.edit_offer(offer.id, audience=kept, tier_discount=way.tier_discount, at=self.at)
                different = True
            different |= self.limit(offer, planned.limits)
            held = now[offer.id].in_force(self.at) if offer.id in now else None
            if held is None or held.price != way.price:
                service.set_price(
                    offer.id, **asdict(way.price), starts_at=self.at, actor=self.actor, at=self.at
                )
                different = True
        return different

    def reprice(self, offer: Offer, points: int | None, now: Version | None) -> bool:
        """Set the price from now on, unless it is that already, or not said."""
        if points is None or (now is not None and now.price.points == points):
            return False
        service.set_price(offer.id, points=points, starts_at=self.at, actor=self.actor, at=self.at)
        return True

    def limit(self, offer: Offer, limits: Limits | None) -> bool:
        """Set those limits of the offer that the file says; the others stay."""
        if limits is None:
            return False
        old = _limits(offer)
        new = Limits(
            limits.per_order or old.per_order, limits.per_day or old.per_day, limits.ever or old.ever
        )
        if new == old:
            return False
        service.edit_offer(offer.id, limits=new, at=self.at)
        return True

    def hang(self, item: Item, planned: PlannedItem) -> bool:
        """Add the pictures that are not there yet, in their order."""
        there = {picture.key: picture for picture in item.pictures}
        new = [p for p in planned.pictures if p.key not in there or there[p.key].alts != p.alts]
        for picture in new:
            pictures.add_picture(item.id, picture, alts=picture.alts, at=self.at)
        return bool(new)

    def show(self, item: Item, status: str | None) -> bool:
        """Publish, withdraw or retire the item, if the file says so."""
        if status is None or status == item.status:
            return False
        {"live": service.publish, "draft": service.withdraw, "retired": service.retire}[status](
            item.id, at=self.at
        )
        return True


def _limits(offer: Offer) -> Limits:
    return Limits(offer.limit_per_order, offer.limit_per_day, offer.limit_ever)
