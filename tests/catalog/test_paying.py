"""Ways to pay side by side on an item's page: the mix, what it comes to, what is in reach, and for whom."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.items import service as items
from mall.domain.members.models import Member
from mall.domain.tiers import service as tiers
from tests.catalog.conftest import Give, soon
from tests.support.items_factory import Made, add_way, make_item
from tests.support.pages import Page, PageClient

PATH = "/catalog/kettle"


@pytest.fixture
def kettle(app: Flask) -> Made:
    """2,000 points, or 800 points + 30.00, or a mix worth 2,000 points or 60.00 from 500 points on."""
    with transaction():
        made = make_item("Kettle", points=2_000, slug="kettle", value=6_000)
        add_way(made.item_id, "combo", points=800, cash=3_000, position=1)
        add_way(
            made.item_id, "range", points=2_000, cash=6_000, min_points=500, position=2, tier_discount="none"
        )
    return made


def way_ids(made: Made) -> dict[str, int]:
    return {offer.kind: offer.id for offer in items.offers(made.item_id)}


def due(page: Page) -> str:
    """What the page says is to be paid."""
    found = re.search(
        r"You pay (.+?) (?:How this price|[\d,]+ points? (?:is|are) left|\d[\d,]* points? to go|You can|Sign|The nearest|Add)",
        page.text,
    )
    assert found, page.text
    return found[1]


def quantities(page: Page) -> list[tuple[str | None, ...]]:
    """The fields for the number of pieces: type, value, the most."""
    found = [e for e in page.root.iter("input") if e.get("name") == "quantity"]
    return [(e.get("type"), e.get("value"), e.get("max")) for e in found]


def look(pages: PageClient, **asked: object) -> Page:
    """Choose without JavaScript: the form leads to the page with that choice."""
    answer = pages.post(PATH, asked, page=PATH)
    return pages.get(answer.response.headers["Location"].partition("#")[0])


def test_the_ways_stand_side_by_side(pages: PageClient, kettle: Made, mei: Member, give: Give) -> None:
    give(mei, 5_000)
    pages.sign_in(mei.email)
    page = pages.get(PATH)
    for words in ("How would you like to pay?", "Points and cash", "Choose your mix", "You can redeem this"):
        assert words in page.text
    assert due(page) == "2,000 points"
    assert "basic price −5%" in page.text
    assert "before: ¥30.00" in page.text


def test_a_mix_works_without_javascript(pages: PageClient, kettle: Made, mei: Member, give: Give) -> None:
    give(mei, 5_000)
    pages.sign_in(mei.email)
    offer = way_ids(kettle)["range"]
    page = look(pages, offer=offer, **{f"points_each-{offer}": 1_000})
    assert due(page) == "1,000 points + ¥30.00"
    assert "4,000 points are left of your balance afterwards." in page.text
    assert "Each 100 points more save ¥3.00." in page.text
    assert page.value(f"points_each-{offer}") == "1000"


@pytest.mark.parametrize(
    ("asked", "why", "paid"),
    [
        (1, "It takes at least 500 points for one.", "500 points + ¥45.00"),
        (-5, "It takes at least 500 points for one.", "500 points + ¥45.00"),
        (1_999, "", "1,866 points + ¥4.02"),
        (9_999, "It takes at most 2,000 points for one.", "2,000 points"),
    ],
)
def test_a_mix_that_cannot_be_is_brought_to_the_nearest_and_says_so(
    pages: PageClient, kettle: Made, asked: int, why: str, paid: str
) -> None:
    offer = way_ids(kettle)["range"]
    page = look(pages, offer=offer, **{f"points_each-{offer}": asked})
    assert f"{why} The nearest mix that can be paid is {paid}.".strip() in page.text
    assert bool(why) == ("It takes at" in page.text)


@pytest.mark.parametrize("typed", ["", "x"])
def test_a_field_without_a_number_says_what_it_is_then(pages: PageClient, kettle: Made, typed: str) -> None:
    offer = way_ids(kettle)["range"]
    page = look(pages, offer=offer, **{f"points_each-{offer}": typed})
    assert "No number of points was given, so it is 2,000 points for one." in page.text
    assert "No number" not in look(pages, offer=offer).text


def test_who_is_short_is_told_how_much_more_cash_would_do(
    pages: PageClient, kettle: Made, ben: Member, give: Give
) -> None:
    give(ben, 1_700)
    pages.sign_in(ben.email)
    offer = way_ids(kettle)["range"]
    page = look(pages, offer=offer, **{f"points_each-{offer}": 1_800})
    assert "100 points to go" in page.text
    assert "You could pay ¥3.00 more instead." in page.text
    page = look(pages, use=f"{offer}:1700")
    assert due(page) == "1,700 points + ¥9.00"


def test_a_mix_begins_at_what_the_member_has(
    pages: PageClient, kettle: Made, ben: Member, give: Give
) -> None:
    give(ben, 1_200)
    pages.sign_in(ben.email)
    assert due(look(pages, offer=way_ids(kettle)["range"])) == "1,200 points + ¥24.00"


def test_another_way_is_offered_where_points_alone_do_not_do(
    pages: PageClient, kettle: Made, ben: Member, give: Give
) -> None:
    give(ben, 900)
    pages.sign_in(ben.email)
    page = look(pages, offer=way_ids(kettle)["points"])
    assert "1,100 points to go" in page.text
    assert "You could pay 800 points + ¥28.50 instead." in page.text


@pytest.mark.parametrize(
    ("balance", "paid"),
    [
        (5_000, "2,000 points"),
        (900, "800 points + ¥28.50"),
        (600, "600 points + ¥42.00"),
        (400, "2,000 points"),
    ],
)
def test_the_first_way_in_reach_is_chosen_beforehand(
    pages: PageClient, kettle: Made, ben: Member, give: Give, balance: int, paid: str
) -> None:
    give(ben, balance)
    pages.sign_in(ben.email)
    page = pages.get(PATH)
    assert due(page) == paid
    assert ("to go" in page.text) == (balance == 400)


def test_the_merchandisers_place_decides_before_points_alone(
    pages: PageClient, kettle: Made, mei: Member, give: Give
) -> None:
    give(mei, 5_000)
    with transaction():
        items.place_offer(way_ids(kettle)["points"], 2, at=datetime.now(UTC))
    assert due(pages.get(PATH)).startswith("800 points + ¥")
    pages.sign_in(mei.email)
    assert due(pages.get(PATH)) == "800 points + ¥28.50"


def test_a_limit_is_that_of_the_chosen_way_alone(pages: PageClient, kettle: Made) -> None:
    with transaction():
        items.edit_offer(way_ids(kettle)["points"], limits=items.Limits(per_day=1), at=datetime.now(UTC))
        items.edit_offer(way_ids(kettle)["range"], limits=items.Limits(per_order=3), at=datetime.now(UTC))
    limited = pages.get(PATH)
    assert "At most 1 a day" in limited.text
    assert quantities(limited) == [("hidden", "1", None)]
    page = look(pages, offer=way_ids(kettle)["combo"], quantity=4)
    assert "At most" not in page.text
    assert quantities(page) == [("number", "4", "10")]
    assert due(page) == "3,200 points + ¥114.00"
    page = look(pages, offer=way_ids(kettle)["range"], quantity=4)
    assert "At most 3 in one order" in page.text
    assert quantities(page) == [("number", "3", "3")]
    assert due(page) == "6,000 points"


def test_the_answer_to_a_choice_brings_its_number_of_pieces(pages: PageClient, kettle: Made) -> None:
    """With htmx: the answer holds the row that the way's field asks for beside the sum."""
    with transaction():
        items.edit_offer(way_ids(kettle)["points"], limits=items.Limits(per_day=1), at=datetime.now(UTC))
    page = pages.get(PATH)
    radios = [e for e in page.root.iter("input") if e.get("name") == "offer"]
    assert {e.get("hx-select-oob") for e in radios} == {"#buy-row"}
    form = {"csrf_token": page.value("csrf_token"), "offer": way_ids(kettle)["combo"], "quantity": 1}
    answer = pages.client.post(PATH, data=form, headers={"HX-Request": "true"}).text
    assert 'id="buy-row"' in answer
    assert 'type="number" inputmode="numeric" id="quantity"' in answer
    assert "At most" not in answer


def test_several_pieces_are_counted_together(pages: PageClient, kettle: Made) -> None:
    page = look(pages, offer=way_ids(kettle)["combo"], quantity=3)
    assert due(page) == "2,400 points + ¥85.50"
    assert "How this price is made" in page.text
    assert "Times 3" in page.text


def test_the_chosen_mix_goes_into_the_basket(
    pages: PageClient, kettle: Made, mei: Member, give: Give
) -> None:
    give(mei, 5_000)
    pages.sign_in(mei.email)
    offer = way_ids(kettle)["range"]
    form = {"variant_id": kettle.variant_id, "quantity": 1, "offer": offer, f"points_each-{offer}": 1_000}
    pages.post("/basket", form, page=PATH)
    assert "1,000 points + ¥30.00" in pages.get("/basket").text


def test_what_other_tiers_have_is_no_dead_end(pages: PageClient, kettle: Made, zoe: Member) -> None:
    with transaction():
        add_way(
            kettle.item_id, "combo", points=300, cash=2_000, position=3, tiers=["gold"], tier_discount="none"
        )
    page = pages.get(PATH)
    assert "Gold members" in page.text
    assert "/programme" in page.links()
    with transaction():
        tiers.grant(zoe.id, "gold", actor=SYSTEM, reason="test", at=datetime.now(UTC))
    pages.sign_in(zoe.email)
    page = pages.get(PATH)
    assert "How tiers work" not in page.text
    assert "300 points + ¥20.00" in page.text


def test_a_window_says_when_it_ends(pages: PageClient, kettle: Made) -> None:
    ends = soon(hours=5)
    with transaction():
        add_way(kettle.item_id, "combo", points=300, cash=2_000, position=3, ends_at=ends)
    page = pages.get(PATH)
    assert any(e.get("datetime", "")[:16] == ends.isoformat()[:16] for e in page.root.iter("time"))


def test_the_answer_to_a_choice_is_the_part_that_changes(pages: PageClient, kettle: Made) -> None:
    offer = way_ids(kettle)["combo"]
    token = pages.get(PATH).value("csrf_token")
    answer = pages.client.post(
        PATH, data={"csrf_token": token, "offer": offer}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'id="pay-sum"' in answer.text


@pytest.mark.parametrize("junk", ["x", "-1", "１", "99999999999999999999999"])
def test_junk_is_taken_for_nothing_chosen(pages: PageClient, kettle: Made, junk: str) -> None:
    page = look(pages, offer=junk, points_each=junk, quantity=junk, variant_id=junk)
    assert due(page) == "2,000 points"


def test_a_card_tells_of_a_way_with_fewer_points(pages: PageClient, kettle: Made) -> None:
    with transaction():
        make_item("Mug", points=300)
    page = pages.get("/catalog?q=kettle")
    assert "or 500 points + ¥45.00" in page.text
    assert "item-other" in page.html
    assert "item-other" not in pages.get("/catalog?q=mug").html


def test_a_card_promises_no_way_that_is_for_others(pages: PageClient, kettle: Made) -> None:
    with transaction():
        made = make_item("Teapot", points=2_000)
        add_way(made.item_id, "combo", points=900, cash=3_000, position=1, tiers=frozenset({"diamond"}))
    assert "or 900 points" not in pages.get("/catalog?q=teapot").text
