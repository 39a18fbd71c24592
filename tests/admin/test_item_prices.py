"""Prices at the desk: shown before they are set, from now or from a day on, withdrawn before they start."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from mall.core import clock
from mall.core.db import db, transaction
from mall.domain.audit import queries as audit
from mall.domain.items.models import Item
from mall.domain.items.price_models import Offer, OfferPrice
from mall.domain.members.models import Member
from tests.support.items_factory import Made, make_item
from tests.support.pages import Page, PageClient

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def mug(desk: PageClient) -> Made:
    """A travel mug for 1,800 points, worth 90.00."""
    with transaction():
        return make_item("Travel mug", points=1_800, value=9_000, stock=[5, 5], slug="travel-mug")


def version(item_id: int) -> str:
    """The item's version, as its pages say it."""
    return str(db.session.scalar(sa.select(Item.version).where(Item.id == item_id)))


def form(made: Made, **changed: str) -> dict[str, str]:
    """A price of 2,000 points from tomorrow, sent for good."""
    tomorrow = clock.now().astimezone(SHANGHAI).date() + timedelta(days=1)
    return {
        "version": version(made.item_id), "offer": f"offer:{made.offer_id}", "points": "2000", "when": "later",
        "day": tomorrow.isoformat(), "hour": "00:00", "do": "save", **changed,
    }  # fmt: skip


def prices(offer_id: int) -> list[tuple[int, datetime]]:
    """Points and start of an offer's versions, by their start."""
    found = sa.select(OfferPrice.points, OfferPrice.starts_at).where(OfferPrice.offer_id == offer_id)
    return [tuple(row) for row in db.session.execute(found.order_by(OfferPrice.starts_at))]


def test_a_price_is_shown_with_what_it_means_before_it_is_set(desk: PageClient, mug: Made) -> None:
    url = f"/admin/items/{mug.item_id}/prices"
    page = desk.post(url, form(mug, do="check"), status=200)
    assert "+11.1%" in page.text
    assert "¥4.50" in page.text
    assert "¥5.00" in page.text
    assert len(prices(mug.offer_id)) == 1
    assert "Set this price" in page.text


def test_a_price_from_tomorrow_holds_from_midnight_in_the_programmes_time_zone(
    desk: PageClient, mug: Made, ivy: Member
) -> None:
    desk.post(f"/admin/items/{mug.item_id}/prices", form(mug))
    tomorrow = clock.now().astimezone(SHANGHAI).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, datetime.min.time(), SHANGHAI).astimezone(UTC)
    assert prices(mug.offer_id)[-1] == (2_000, midnight)
    page = desk.get(f"/admin/items/{mug.item_id}/prices")
    assert "planned" in page.text
    assert "Ivy" in page.text
    assert "1,800" in desk.get("/catalog/travel-mug").text
    record = audit.trail(subject=("item", mug.item_id))[0]
    assert (record.action, record.actor_id) == ("item.price.set", ivy.id)
    assert ("points", 1_800, 2_000) in record.changes


@pytest.mark.parametrize(("live", "chosen"), [(True, "now"), (False, "later")])
def test_a_price_begins_now_unless_staff_say_so_or_nobody_can_buy_yet(
    desk: PageClient, live: bool, chosen: str
) -> None:
    with transaction():
        made = make_item("Lamp", points=1_800, live=live)
    url = f"/admin/items/{made.item_id}/prices"

    def checked(page: Page) -> list[str]:
        boxes = [e for e in page.root.iter("input") if e.get("name") == "when" and e.get("type") == "radio"]
        return [box.get("value", "") for box in boxes if box.get("checked") is not None]

    assert checked(desk.get(url)) == [chosen]
    for said in ("now", "later"):  # what was chosen stays while the price is looked at
        assert checked(desk.post(url, form(made, when=said, do="check"), status=200)) == [said]


def test_a_price_from_now_on_is_what_members_pay_at_once(desk: PageClient, mug: Made) -> None:
    desk.post(f"/admin/items/{mug.item_id}/prices", form(mug, when="now", points="900", day=""))
    assert "900" in desk.get("/catalog/travel-mug").text
    assert prices(mug.offer_id)[-1][0] == 900


def test_the_same_price_sent_twice_is_set_once(desk: PageClient, mug: Made) -> None:
    data = form(mug)
    desk.post(f"/admin/items/{mug.item_id}/prices", data)
    page = desk.post(f"/admin/items/{mug.item_id}/prices", data, status=409)
    assert "Somebody changed this item" in page.text
    assert len(prices(mug.offer_id)) == 2


def test_two_prices_cannot_start_at_one_instant(desk: PageClient, mug: Made) -> None:
    desk.post(f"/admin/items/{mug.item_id}/prices", form(mug))
    page = desk.post(f"/admin/items/{mug.item_id}/prices", form(mug, points="2500"), status=409)
    assert "Another price already starts at that time" in page.text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"points": "0"}, "from 1 to"),
        ({"points": "-1"}, "whole number"),
        ({"points": "1.5"}, "whole number"),
        ({"points": "NaN"}, "whole number"),
        ({"points": "１００"}, "whole number"),
        ({"points": "9223372036854775808"}, "whole number"),
        ({"points": "99999999999"}, "from 1 to"),
        ({"day": ""}, "choose a day"),
        ({"day": "2026-02-30"}, "Please give a date, such as 2026-11-22."),
        ({"day": "2020-01-01"}, "not in the past"),
        ({"offer": "offer:999"}, "Please choose one of the options."),
        ({"when": "never"}, "Please choose one of the options."),
    ],
)
def test_a_price_that_makes_no_sense_is_refused_in_words(
    desk: PageClient, mug: Made, changed: dict[str, str], said: str
) -> None:
    page = desk.post(f"/admin/items/{mug.item_id}/prices", form(mug, **changed), status=422)
    assert said in page.text
    assert len(prices(mug.offer_id)) == 1


def test_a_planned_price_is_withdrawn_and_one_in_force_is_not(desk: PageClient, mug: Made) -> None:
    url = f"/admin/items/{mug.item_id}/prices"
    desk.post(url, form(mug))
    planned = db.session.scalars(sa.select(OfferPrice.id).order_by(OfferPrice.starts_at.desc())).first()
    stands = db.session.scalars(sa.select(OfferPrice.id).order_by(OfferPrice.starts_at)).first()
    desk.post(f"{url}/{planned}/withdraw", {"version": version(mug.item_id)}, page=url)
    assert [points for points, _start in prices(mug.offer_id)] == [1_800]
    page = desk.post(f"{url}/{stands}/withdraw", {"version": version(mug.item_id)}, page=url, status=409)
    assert "already in force" in page.text
    assert audit.trail(subject=("item", mug.item_id))[0].action == "item.price.withdraw"


def test_another_items_price_cannot_be_withdrawn_through_this_one(desk: PageClient, mug: Made) -> None:
    with transaction():
        other = make_item("Lamp")
    url = f"/admin/items/{mug.item_id}/prices"
    foreign = db.session.scalar(sa.select(OfferPrice.id).where(OfferPrice.offer_id == other.offer_id))
    desk.post(f"{url}/{foreign}/withdraw", {"version": version(mug.item_id)}, page=url, status=404)


def test_one_variant_can_have_a_price_of_its_own(desk: PageClient, mug: Made) -> None:
    second = mug.variants[1].id
    desk.post(
        f"/admin/items/{mug.item_id}/prices", form(mug, offer=f"variant:{second}", when="now", points="2100")
    )
    offer = db.session.scalars(sa.select(Offer).where(Offer.variant_id == second)).one()
    assert prices(offer.id)[-1][0] == 2_100
    assert prices(mug.offer_id)[-1][0] == 1_800
    assert "1,800–2,100" in desk.get("/admin/items").text


def test_limits_are_set_and_taken_away(desk: PageClient, mug: Made) -> None:
    url = f"/admin/items/{mug.item_id}/prices"

    def limit(per_order: str, ever: str) -> None:
        number = version(mug.item_id)
        data = {
            "version": number,
            "limits-version": number,
            "limits-per_order": per_order,
            "limits-ever": ever,
        }
        desk.post(f"/admin/items/{mug.item_id}/limits/{mug.offer_id}", data, page=url)
        db.session.expire_all()

    limit("2", "5")
    offer = db.session.get_one(Offer, mug.offer_id)
    assert (offer.limit_per_order, offer.limit_per_day, offer.limit_ever) == (2, None, 5)
    limit("", "5")
    assert db.session.get_one(Offer, mug.offer_id).limit_per_order is None
    assert ("limit_per_order", 2, None) in audit.trail(subject=("item", mug.item_id))[0].changes


def test_a_limit_of_nothing_is_refused(desk: PageClient, mug: Made) -> None:
    number = version(mug.item_id)
    data = {"version": number, "limits-version": number, "limits-per_order": "0"}
    url = f"/admin/items/{mug.item_id}/prices"
    page = desk.post(f"/admin/items/{mug.item_id}/limits/{mug.offer_id}", data, page=url, status=422)
    assert "from 1 to" in page.text
