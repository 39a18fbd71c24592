"""Ways to pay at the desk: each kind set and shown, refused at its field, for whom and when, out of use and back."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from mall.admin import stock_pace
from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.audit import queries as audit
from mall.domain.items.models import Item
from mall.domain.items.price_models import Offer, OfferPrice
from mall.domain.items.queries import StaffVariant
from mall.domain.members.models import Member
from mall.domain.orders import cancelling
from mall.web.formatting import day
from tests.support.items_factory import Made, add_way, make_item
from tests.support.orders_factory import give_points, place_order
from tests.support.pages import Page, PageClient


@pytest.fixture
def mug(desk: PageClient) -> Made:
    """A travel mug for 1,800 points, worth 90.00."""
    with transaction():
        return make_item("Travel mug", points=1_800, value=9_000, stock=[5, 5], slug="travel-mug")


def version(made: Made) -> str:
    """The item's version, as its pages say it."""
    return str(db.session.scalar(sa.select(Item.version).where(Item.id == made.item_id)))


def room(made: Made) -> str:
    """Where its prices are."""
    return f"/admin/items/{made.item_id}/prices"


def add(desk: PageClient, made: Made, kind: str, status: int = 303, **fields: str) -> Page:
    """Send the form of a further way to pay."""
    form = {"kind": kind, "variant": "0", "tier_discount": "cash", **fields}
    data = {"version": version(made), **{f"new-{name}": value for name, value in form.items()}}
    return desk.post(f"/admin/items/{made.item_id}/offers", data, page=room(made), status=status)


def newest(made: Made) -> Offer:
    """The offer that was added last."""
    db.session.expire_all()
    return db.session.scalars(
        sa.select(Offer).where(Offer.item_id == made.item_id).order_by(Offer.id.desc())
    ).first()  # type: ignore[return-value]  # the item has one


def price(
    desk: PageClient, made: Made, offer: int, do: str = "save", status: int | None = None, **numbers: str
) -> Page:
    """Send the form of a price from now on."""
    data = {"version": version(made), "offer": f"offer:{offer}", "when": "now", "do": do, **numbers}
    return desk.post(room(made), data, status=status or (303 if do == "save" else 200))


KINDS = [
    ("points", {"points": "1500"}, (1_500, 0, 0, None, None), "1,500 points"),
    ("combo", {"points": "2000", "cash": "30.00"}, (2_000, 3_000, 0, None, None), "2,000 points + ¥30.00"),
    (
        "range",
        {"points": "10000", "cash": "100", "min_points": "2000", "max_points": "9000"},
        (10_000, 10_000, 2_000, 9_000, None),
        "10,000 points or ¥100.00 · from 2,000 points · up to 9,000 points",
    ),
    (
        "cash",
        {"cash": "30.00", "min_points": "200", "max_share": "12.5"},
        (0, 3_000, 200, None, 1_250),
        "¥30.00 · points pay up to 12.5% · from 200 points",
    ),
]


@pytest.mark.parametrize(("kind", "typed", "kept", "words"), KINDS)
def test_each_kind_is_added_priced_and_shown(
    desk: PageClient,
    mug: Made,
    ivy: Member,
    kind: str,
    typed: dict[str, str],
    kept: tuple[int | None, ...],
    words: str,
) -> None:
    answer = add(desk, mug, kind)
    offer = newest(mug)
    assert (offer.kind, offer.position, offer.active) == (kind, 1, True)
    form = desk.get(answer.response.headers["Location"])
    shown = {element.get("name") for element in form.root.iter("input")}
    assert set(typed) <= shown
    assert not {"points", "cash", "min_points", "max_points", "max_share"} - set(typed) & shown
    price(desk, mug, offer.id, **typed)
    found = db.session.scalars(sa.select(OfferPrice).where(OfferPrice.offer_id == offer.id)).one()
    assert (found.points, found.cash, found.min_points, found.max_points, found.max_share) == kept
    assert words in desk.get(room(mug)).text
    set_, added = audit.trail(subject=("item", mug.item_id))[:2]
    assert (set_.action, set_.actor_id, added.action) == ("item.price.set", ivy.id, "item.offer.add")
    assert ("way", None, kind) in set_.changes
    assert ("way", None, kind) in added.changes
    assert desk.get(f"/admin/items/{mug.item_id}").text.count("Way to pay added") == 1


def test_a_way_without_a_price_says_so_and_is_not_the_one_to_begin_with(desk: PageClient, mug: Made) -> None:
    with transaction():
        db.session.execute(sa.delete(OfferPrice).where(OfferPrice.offer_id == mug.offer_id))
    add(desk, mug, "combo")
    other = newest(mug).id
    price(desk, mug, other, points="2000", cash="30.00")
    page = desk.get(room(mug))
    badges = ["".join(each.itertext()) for each in page.root.iter("span") if "tag" in each.get("class", "")]
    assert "No price" in badges
    assert page.value("offer") == f"offer:{other}"


PREVIEWS = [
    (
        "combo",
        {"points": "2000", "cash": "30.00"},
        ["basic −5% 2,000 points + ¥28.50", "silver −10% 2,000 points + ¥27.00",
         "gold −15% 2,000 points + ¥25.50", "diamond −20% 2,000 points + ¥24.00", "¥3.00"],
    ),
    (
        "range",
        {"points": "10000", "cash": "100.00", "min_points": "2000"},
        ["basic −5% 2,000 points + ¥76.00¥96.00 (+6.7%)10,000 points",
         "diamond −20% 2,000 points + ¥64.00¥84.00 (−6.7%)10,000 points", "100 points save", "¥1.00"],
    ),
    (
        "cash",
        {"cash": "30.00", "max_share": "50"},
        ["basic −5% ¥28.50¥28.50 (−68.3%)1,425 points + ¥14.25",
         "diamond −20% ¥24.00¥24.00 (−73.3%)1,200 points + ¥12.00", "100 points take off", "¥1.00"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "typed", "said"), PREVIEWS)
def test_the_preview_tells_to_the_unit_what_each_tier_would_pay(
    desk: PageClient, mug: Made, kind: str, typed: dict[str, str], said: list[str]
) -> None:
    add(desk, mug, kind)
    page = price(desk, mug, newest(mug).id, do="check", **typed)
    for words in said:
        assert words in page.text
    seen = {
        element.get("name"): element.get("value")
        for element in page.root.iter("input")
        if element.get("type") == "hidden"
    }
    assert typed.items() <= seen.items()  # what is set is what was looked at
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OfferPrice)) == 1


def test_the_preview_follows_the_offers_discount_and_its_tiers(desk: PageClient, mug: Made) -> None:
    add(desk, mug, "combo", tiers="gold", tier_discount="all")
    page = price(desk, mug, newest(mug).id, do="check", points="2000", cash="30.00")
    assert "gold −15% 1,700 points + ¥25.50" in page.text
    assert "basic not for this tier" in page.text
    add(desk, mug, "combo", tier_discount="none")
    page = price(desk, mug, newest(mug).id, do="check", points="2000", cash="30.00")
    assert "diamond 2,000 points + ¥30.00" in page.text


def test_the_preview_names_no_discount_where_there_is_none(desk: PageClient, mug: Made) -> None:
    text = price(desk, mug, mug.offer_id, do="check", points="1500").text
    assert "diamond 1,500 points" in text
    add(desk, mug, "points", tier_discount="all")
    text = price(desk, mug, newest(mug).id, do="check", points="1500").text
    assert "diamond −20% 1,200 points" in text


def test_the_preview_tells_the_change_of_each_number(desk: PageClient, mug: Made) -> None:
    with transaction():
        offer = add_way(mug.item_id, "combo", points=2_000, cash=3_000, position=1)
    text = price(desk, mug, offer, do="check", points="1500", cash="36.00").text
    assert "Points2,0001,500−25%" in text
    assert "Cash¥30.00¥36.00+20%" in text


@pytest.mark.parametrize(
    ("kind", "numbers", "field", "said"),
    [
        ("combo", {"points": "2000", "cash": ""}, "cash", "Please fill this in."),
        ("combo", {"points": "2000", "cash": "30,5"}, "cash", "an amount such as 899.00"),
        ("combo", {"points": "2000", "cash": "3.99"}, "cash", "¥4.00 is the smallest amount"),
        ("combo", {"points": "2000", "cash": "26.005"}, "cash", "no more than 2 decimals"),
        (
            "range",
            {"points": "2600", "cash": "26", "min_points": "2000", "max_points": "500"},
            "max_points",
            "Write a number from 2,000 to 2,600.",
        ),
        ("combo", {"points": "0", "cash": "30"}, "points", "from 1 to"),
        ("combo", {"points": "x", "cash": "30"}, "points", "whole number"),
        ("range", {"points": "100", "cash": "30", "min_points": "101"}, "min_points", "The fewest points"),
        ("range", {"points": "100", "cash": "30", "max_points": "101"}, "max_points", "from 1 to 100."),
        ("cash", {"cash": "30", "max_share": "100.01"}, "max_share", "per cent from 0 to 100"),
        ("cash", {"cash": "30", "max_share": "１０"}, "max_share", "per cent from 0 to 100"),
        ("cash", {"cash": "0", "max_share": ""}, "cash", "needs an amount"),
    ],
)
@pytest.mark.parametrize("do", ["check", "save"])
def test_a_number_that_cannot_be_is_refused_at_its_field(
    desk: PageClient, mug: Made, kind: str, numbers: dict[str, str], field: str, said: str, do: str
) -> None:
    add(desk, mug, kind)
    page = price(desk, mug, newest(mug).id, do=do, status=422, **numbers)
    wrong = [element.get("name") for element in page.root.iter("input") if element.get("aria-invalid")]
    assert wrong == [field]
    assert said in page.text
    assert {name: page.value(name) for name in numbers} == numbers
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OfferPrice)) == 1


def test_who_may_have_an_offer_and_when_is_changed_and_told(desk: PageClient, mug: Made) -> None:
    with transaction():
        offer = add_way(mug.item_id, "combo", points=2_000, cash=3_000, position=1)
    data = {
        "tiers": ["gold", "diamond"], "from_day": "2030-01-01", "from_hour": "20:00", "until_day": "2030-01-03",
        "tier_discount": "none", "position": "0",
    }  # fmt: skip
    url = f"/admin/items/{mug.item_id}/offers/{offer}"
    fields = {f"offer{offer}-{name}": value for name, value in data.items()}
    desk.post(url, {"version": version(mug), **fields}, page=room(mug))
    db.session.expire_all()
    found = db.session.get_one(Offer, offer)
    assert [row.tier for row in found.tiers] == ["diamond", "gold"]
    assert found.starts_at == datetime(2030, 1, 1, 12, tzinfo=UTC)
    assert found.ends_at == datetime(2030, 1, 2, 16, tzinfo=UTC)
    assert (found.tier_discount, found.position) == ("none", 0)
    assert db.session.get_one(Offer, mug.offer_id).position == 1
    page = desk.get(room(mug))
    for words in ("diamond, gold", "Not open yet", "Nothing: everyone pays the same"):
        assert words in page.text
    assert page.value(f"offer{offer}-until_day") == "2030-01-03"
    assert page.value(f"offer{offer}-from_hour") == "20:00"
    record = audit.trail(subject=("item", mug.item_id))[0]
    assert record.action == "item.offer.edit"
    assert ("tiers", [], ["diamond", "gold"]) in record.changes
    assert ("position", 2, 1) in record.changes
    desk.post(url, {"version": version(mug), **fields}, page=room(mug))
    again = audit.trail(subject=("item", mug.item_id))[0]
    assert [name for name, _before, _after in again.changes] == ["way"]


def test_a_way_to_pay_has_a_place_in_words_among_those_beside_it(desk: PageClient, mug: Made) -> None:
    for kind in ("combo", "cash"):
        add(desk, mug, kind)
    combo, cash = db.session.scalars(
        sa.select(Offer.id).where(Offer.item_id == mug.item_id, Offer.id != mug.offer_id).order_by(Offer.id)
    )

    def order() -> list[int]:
        return list(
            db.session.scalars(
                sa.select(Offer.id).where(Offer.item_id == mug.item_id).order_by(Offer.position)
            )
        )

    assert order() == [mug.offer_id, combo, cash]
    page = desk.get(room(mug))
    for words in ("Place first", "Place second", "Place third"):
        assert words.replace(" ", "") in page.text.replace(" ", ""), words
    url = f"/admin/items/{mug.item_id}/offers/{cash}"
    named = {f"offer{cash}-tier_discount": "cash"}
    for wrong in ("3", "-1", "x"):
        desk.post(
            url,
            {"version": version(mug), f"offer{cash}-position": wrong, **named},
            page=room(mug),
            status=422,
        )
    desk.post(url, {"version": version(mug), f"offer{cash}-position": "0", **named}, page=room(mug))
    assert order() == [cash, mug.offer_id, combo]
    desk.post(url, {"version": version(mug), **named}, page=room(mug))  # a page that knew no places
    assert order() == [cash, mug.offer_id, combo]


def test_the_preview_tells_how_fast_stock_would_go(desk: PageClient, mug: Made, mei: Member) -> None:
    def shown(offer: int = mug.offer_id) -> str:
        return price(desk, mug, offer, do="check", points="1500").text

    now = clock.now()
    since = day(now - timedelta(days=30))
    assert f"10 left. None was sold since {since}, so nobody can tell how fast it would go." in shown()
    with transaction():
        give_points(mei.id, 9_000, at=now - timedelta(days=50))
    for ago, units in ((40, 2), (20, 1), (5, 2)):
        placed = place_order(mei.id, (mug.variant_id, units), at=now - timedelta(days=ago))
    assert f"5 left, 3 sold since {since}: at that speed it would last about 50 days." in shown()
    with transaction():
        cancelling.cancel(OrderId(placed.id), actor=SYSTEM, at=now)
    assert f"7 left, 1 sold since {since}: at that speed it would last about 210 days." in shown()


@pytest.mark.parametrize(
    ("available", "sold", "ago", "said"),
    [
        ([5, None], 3, 30, "Stock is not counted"),
        ([0, 0], 3, 30, "Nothing is left."),
        ([5], 0, 30, "None was sold"),
        ([12, 13], 60, 30, "25 left, 60 sold since {since}: at that speed it would last about 12 days."),
        ([3], 60, 30, "it would last about 1 day."),
        ([25], 5, 2, "it would last about 10 days."),
        ([25], 5, 0, "it would last about 5 days."),
        ([900], 1, 30, "for more than two years."),
    ],
)
def test_what_stock_lasts_in_words(
    desk: PageClient, available: list[int | None], sold: int, ago: int, said: str
) -> None:
    at = clock.now()
    since = at - timedelta(days=ago)
    shelves = [StaffVariant(n, f"S-{n}", n, True, None, 0, left, 0, 0, 0) for n, left in enumerate(available)]
    with desk.client.application.test_request_context():
        assert said.format(since=day(since)) in stock_pace.words(shelves, sold, since, at)


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"from_day": "2030-01-02", "until_day": "2030-01-01"}, "until_day", "Choose a later end"),
        ({"until_hour": "20:00"}, "until_day", "choose a day"),
        ({"tiers": "platinum"}, "tiers", ""),
        ({"kind": "gift"}, "kind", "Please choose one of the options."),
        ({"variant": "999999"}, "variant", "Please choose one of the options."),
        ({"tier_discount": "half"}, "tier_discount", "Please choose one of the options."),
    ],
)
def test_a_way_to_pay_that_makes_no_sense_is_refused(
    desk: PageClient, mug: Made, changed: dict[str, str], field: str, said: str
) -> None:
    page = add(desk, mug, changed.pop("kind", "combo"), status=422, **changed)
    assert said in page.text
    assert any(link.startswith(f"#new-{field}") for link in page.links())
    assert newest(mug).id == mug.offer_id


def test_an_offer_is_taken_out_of_use_and_brought_back(desk: PageClient, mug: Made) -> None:
    url = f"/admin/items/{mug.item_id}/offers/{mug.offer_id}/switch"
    desk.post(url, {"version": version(mug), "do": "stop"}, page=room(mug))
    page = desk.get(room(mug))
    assert "Members cannot redeem this item now" in page.text
    assert "Not in use" in page.text
    assert not newest(mug).active
    page = desk.post(
        room(mug),
        {
            "version": version(mug),
            "offer": f"offer:{mug.offer_id}",
            "points": "5",
            "when": "now",
            "do": "save",
        },
        status=422,
    )
    desk.post(url, {"version": version(mug), "do": "restore"}, page=room(mug))
    assert newest(mug).active
    assert "1,800" in desk.get("/catalog/travel-mug").text
    actions = [record.action for record in audit.trail(subject=("item", mug.item_id))[:2]]
    assert actions == ["item.offer.restore", "item.offer.stop"]


def test_another_items_offer_cannot_be_changed_through_this_one(desk: PageClient, mug: Made) -> None:
    with transaction():
        other = make_item("Lamp")
    for end in ("", "/switch"):
        url = f"/admin/items/{mug.item_id}/offers/{other.offer_id}{end}"
        desk.post(url, {"version": version(mug), "do": "stop"}, page=room(mug), status=404)


def test_what_somebody_else_changed_meanwhile_is_not_written_over(desk: PageClient, mug: Made) -> None:
    seen = version(mug)
    add(desk, mug, "combo")
    offer = newest(mug).id
    url = f"/admin/items/{mug.item_id}/offers"
    page = desk.post(url, {"version": seen, "new-kind": "cash", "new-variant": "0", "new-tier_discount": "cash"},
                     page=room(mug), status=409)  # fmt: skip
    assert "Somebody changed this item" in page.text
    assert newest(mug).id == offer
    desk.post(f"{url}/{offer}/switch", {"version": seen, "do": "stop"}, page=room(mug), status=409)
    assert newest(mug).active


def test_finance_sees_the_ways_to_pay_and_no_way_to_change_them(
    pages: PageClient, mug: Made, fin: Member
) -> None:
    pages.post("/account/sign-out", page="/admin")
    pages.sign_in(fin.email)
    page = pages.get(room(mug))
    assert "1,800 points" in page.text
    assert "Add a way to pay" not in page.text
    assert "Take out of use" not in page.text
