"""Offers and their prices: set, scheduled, withdrawn, never edited."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from mall.core.actor import SYSTEM, as_staff
from mall.core.db import db, transaction
from mall.core.errors import BadValue
from mall.core.ids import MemberId
from mall.domain.items import errors, listing, queries, service
from mall.domain.items.price_models import Listing, OfferPrice
from mall.domain.items.queries import CatalogFilter
from mall.domain.items.ways import Mix
from tests.support.items_factory import make_item

TICK = timedelta(microseconds=1)
pytestmark = pytest.mark.usefixtures("app")


def points(variant_id: int, at: datetime) -> int | None:
    mix = queries.priced_variants([variant_id], locale="en", at=at)[variant_id].mix
    return mix.points if mix else None


def test_a_scheduled_price_takes_over_at_its_first_microsecond_everywhere(at: datetime) -> None:
    tomorrow = at + timedelta(days=1)
    with transaction():
        made = make_item(points=1_000)
        service.set_price(made.offer_id, points=800, starts_at=tomorrow, actor=as_staff(MemberId(4)), at=at)
    for moment, price in ((at, 1_000), (tomorrow - TICK, 1_000), (tomorrow, 800)):
        assert points(made.variant_id, moment) == price
        assert [c.points for c in queries.cards(CatalogFilter(), locale="en", at=moment).cards] == [price]
        page = queries.item_page(made.item.slug, locale="en", at=moment)
        assert page is not None
        assert page.mix == Mix(price, 0)
        affordable = queries.cards(CatalogFilter(affordable_with=900), locale="en", at=moment)
        assert bool(affordable.cards) == (price == 800)


def test_the_item_page_tells_the_next_price(at: datetime) -> None:
    tomorrow = at + timedelta(days=1)
    with transaction():
        made = make_item(points=1_000)
        for days, price in ((9, 500), (1, 800)):
            service.set_price(
                made.offer_id, points=price, starts_at=at + timedelta(days=days), actor=SYSTEM, at=at
            )
    page = queries.item_page(made.item.slug, locale="en", at=at)
    assert page is not None
    assert (page.variants[0].next, page.variants[0].next_at) == (Mix(800, 0), tomorrow)


def test_two_versions_cannot_begin_at_the_same_instant(at: datetime) -> None:
    with transaction():
        made = make_item()
        service.set_price(made.offer_id, points=5, starts_at=at, actor=SYSTEM, at=at)
        with pytest.raises(errors.SamePriceStart):
            service.set_price(made.offer_id, points=6, starts_at=at, actor=SYSTEM, at=at)


@pytest.mark.parametrize("price", [0, -1, 10**10 + 1, 2**63])
def test_a_price_that_is_none(at: datetime, price: int) -> None:
    with transaction():
        made = make_item()
        with pytest.raises(BadValue):
            service.set_price(made.offer_id, points=price, starts_at=at, actor=SYSTEM, at=at)


def test_the_past_is_not_priced(at: datetime) -> None:
    with transaction():
        made = make_item()
        with pytest.raises(errors.PriceInThePast):
            service.set_price(made.offer_id, points=5, starts_at=at - TICK, actor=SYSTEM, at=at)


def test_a_future_price_is_withdrawn_and_one_in_force_stays(at: datetime) -> None:
    later = at + timedelta(hours=1)
    with transaction():
        made = make_item(points=1_000)
        price = service.set_price(made.offer_id, points=5, starts_at=later, actor=SYSTEM, at=at)
        with pytest.raises(errors.PriceStands):
            service.withdraw_price(price.id, at=later)
        service.withdraw_price(price.id, at=later - TICK)
    assert points(made.variant_id, later) == 1_000
    assert [card.points for card in queries.cards(CatalogFilter(), locale="en", at=later).cards] == [1_000]


def test_a_version_is_never_edited_in_place() -> None:
    with transaction():
        made = make_item()
    change = sa.update(OfferPrice).where(OfferPrice.offer_id == made.offer_id).values(points=1)
    with pytest.raises(sa.exc.DatabaseError, match="only ever added to"), transaction():
        db.session.execute(change)


def test_a_variant_with_a_price_of_its_own(at: datetime) -> None:
    with transaction():
        made = make_item(points=900, stock=[1, 1])
        own = service.add_offer(made.item_id, variant_id=made.variants[1].id, at=at)
        service.set_price(own.id, points=700, starts_at=at, actor=SYSTEM, at=at)
    card = queries.cards(CatalogFilter(), locale="en", at=at).cards[0]
    assert (card.points, card.points_most) == (700, 900)
    assert (points(made.variants[0].id, at), points(made.variants[1].id, at)) == (900, 700)
    with transaction():
        service.edit_offer(own.id, active=False, at=at)
    assert points(made.variants[1].id, at) == 900


def test_a_price_of_its_own_is_no_way_around_the_limits(at: datetime) -> None:
    def limit(variant_id: int) -> tuple[int | None, int | None, int | None]:
        found = queries.priced_variants([variant_id], locale="en", at=at)[variant_id]
        assert found.way is not None
        return found.way.limits.per_order, found.way.limits.per_day, found.way.limits.ever

    with transaction():
        made = make_item(points=900, stock=[1, 1, 1], limits=service.Limits(1, 2, 3))
        for variant in made.variants[1:]:
            own = service.add_offer(made.item_id, variant_id=variant.id, at=at)
            service.set_price(own.id, points=700, starts_at=at, actor=SYSTEM, at=at)
    assert [limit(variant.id) for variant in made.variants] == [(1, 2, 3)] * 3
    with transaction():
        service.edit_offer(own.id, limits=service.Limits(ever=9), at=at)
        service.edit_offer(made.offer_id, limits=service.Limits(ever=2), at=at)
    assert [limit(variant.id) for variant in made.variants] == [(None, None, 2)] * 2 + [(None, None, 9)]


def test_an_item_whose_price_has_not_begun_is_not_listed_until_it_does(at: datetime) -> None:
    later = at + timedelta(days=2)
    with transaction():
        made = make_item(points=None, live=False)
        with pytest.raises(errors.NeedsPrice):
            service.publish(made.item_id, at=at)
        service.set_price(made.offer_id, points=5, starts_at=later, actor=SYSTEM, at=at)
        service.publish(made.item_id, at=at)
    assert queries.cards(CatalogFilter(), locale="en", at=later - TICK).cards == []
    assert len(queries.cards(CatalogFilter(), locale="en", at=later).cards) == 1
    assert queries.priced_variants([made.variant_id], locale="en", at=at)[made.variant_id].status == "retired"


def test_rebuilding_the_listing_changes_nothing(at: datetime) -> None:
    rows = sa.select(Listing.__table__).order_by(Listing.item_id, Listing.tier, Listing.since)
    with transaction():
        made = make_item(points=900, stock=[1, None], value=10_000)
        make_item(live=False)
        service.set_price(made.offer_id, points=800, starts_at=at + timedelta(days=3), actor=SYSTEM, at=at)
        before = db.session.execute(rows).all()
        assert listing.relist_all(at=at) == 1
        assert db.session.execute(rows).all() == before
    assert len(before) == 2 * 4


def test_the_prices_that_staff_see_tell_past_now_and_next(at: datetime) -> None:
    with transaction():
        made = make_item(points=900)
        service.set_price(made.offer_id, points=800, starts_at=at, actor=as_staff(MemberId(4)), at=at)
        service.set_price(made.offer_id, points=700, starts_at=at + TICK, actor=SYSTEM, at=at)
    found = queries.staff_item(made.item_id, at=at)
    assert found is not None
    (offer,) = found.offers
    assert [(price.points, price.state) for price in offer.prices] == [
        (700, "next"),
        (800, "now"),
        (900, "past"),
    ]
    assert offer.prices[1].created_by == 4
    assert offer.points == 800
