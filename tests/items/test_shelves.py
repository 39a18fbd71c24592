"""Short lists: several at once in one statement, nothing sold out, each in its own order."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.core.ids import VariantId
from mall.domain.items import wishes
from mall.domain.items.listing import refresh_popularity
from mall.domain.items.offers import set_price
from mall.domain.items.queries.shelves import Shelf, shelves
from mall.domain.items.stock import sell
from mall.domain.ledger.rules import Ref
from mall.domain.members.models import Member
from tests.support.items_factory import LONG_AGO, Made, make_item

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def shop(app: Flask) -> list[Made]:
    """Ten items: 100 points, 200 points, …; each newer than the one before; the third is sold out."""
    with transaction():
        return [
            make_item(f"Thing {n}", slug=f"thing-{n}", points=100 * n, stock=0 if n == 3 else 9, at=LONG_AGO + timedelta(days=n))
            for n in range(1, 11)
        ]  # fmt: skip


def names(*wanted: Shelf) -> list[list[str]]:
    return [[card.slug for card in row] for row in shelves(wanted, locale="en", at=NOW).lists]


def test_each_list_has_its_own_order_and_length(shop: list[Made], count_queries: list[str]) -> None:
    count_queries.clear()
    found = names(Shelf("newest", 2), Shelf("points", 3), Shelf("-points", 1))
    assert found == [["thing-10", "thing-9"], ["thing-1", "thing-2", "thing-4"], ["thing-10"]]
    assert len(count_queries) == 1


def test_a_list_may_be_bounded_by_points_and_leave_one_out(shop: list[Made]) -> None:
    assert names(Shelf("-points", 2, most=500, without=shop[4].item_id)) == [["thing-4", "thing-2"]]


def test_a_list_of_a_category(shop: list[Made]) -> None:
    with transaction():
        made = make_item("Cup", slug="cup", category="kitchen")
    assert names(Shelf("points", 5, category_id=made.item.category_id)) == [["cup"]]


def test_an_unknown_order_is_newest_first(shop: list[Made]) -> None:
    assert names(Shelf("dream", 1)) == [["thing-10"]]


def test_things_within_reach_are_counted_up_to_a_cap(shop: list[Made]) -> None:
    def reach(points: int, cap: int = 200) -> int:
        return shelves(
            [Shelf("newest", 1)], locale="en", at=NOW, count_most=points, count_cap=cap
        ).within_reach

    assert [reach(0), reach(100), reach(300), reach(10_000)] == [0, 1, 2, 9]
    assert reach(10_000, cap=4) == 4


def test_empty_lists_stay_in_their_place(shop: list[Made]) -> None:
    assert names(Shelf("newest", 2, most=0), Shelf("newest", 1)) == [[], ["thing-10"]]


def test_a_price_counts_from_its_first_instant(shop: list[Made]) -> None:
    start = NOW + timedelta(days=1)
    with transaction():
        set_price(shop[9].offer_id, points=50, starts_at=start, actor=SYSTEM, at=NOW)
    cheap = [Shelf("points", 1)]
    before = shelves(cheap, locale="en", at=start - timedelta(microseconds=1)).lists[0][0]
    after = shelves(cheap, locale="en", at=start).lists[0][0]
    assert (before.slug, before.points) == ("thing-1", 100)
    assert (after.slug, after.points) == ("thing-10", 50)


def test_a_members_wishes_are_marked(shop: list[Made], mei: Member, zoe: Member) -> None:
    with transaction():
        wishes.add(mei.id, shop[9].item_id, at=NOW)
    wanted = [Shelf("newest", 2)]
    assert [c.wished for c in shelves(wanted, locale="en", at=NOW, member_id=mei.id).lists[0]] == [
        True,
        False,
    ]
    assert [c.wished for c in shelves(wanted, locale="en", at=NOW, member_id=zoe.id).lists[0]] == [
        False,
        False,
    ]


def test_a_list_of_what_was_redeemed_leaves_out_what_never_was(shop: list[Made]) -> None:
    assert names(Shelf("popular", 5, sold=True)) == [[]]
    with transaction():
        sell([(VariantId(shop[1].variant_id), 2)], ref=Ref("order", "1"), actor=SYSTEM, at=NOW)
        refresh_popularity()
    assert names(Shelf("popular", 5, sold=True), Shelf("popular", 2)) == [
        ["thing-2"],
        ["thing-2", "thing-10"],
    ]
