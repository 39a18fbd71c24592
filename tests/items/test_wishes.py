"""Wishes: once each, only for what is offered, and never without end."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.items import service, wishes
from mall.domain.items.errors import NoSuchItem
from mall.domain.items.offers import set_price
from mall.domain.items.queries.wish_list import wish_list, wish_name
from mall.domain.items.service import Text
from mall.domain.items.wishes import WishListFull
from mall.domain.members.models import Member
from tests.support.items_factory import make_item

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def test_a_wish_is_kept_once_with_its_first_date(app: Flask, mei: Member) -> None:
    with transaction():
        made = make_item()
        assert wishes.add(mei.id, made.item_id, at=NOW)
        assert not wishes.add(mei.id, made.item_id, at=NOW + timedelta(days=1))
    (one,) = wish_list(mei.id, locale="en", at=NOW)
    assert (one.card.item_id, one.since, one.offered, one.card.wished) == (made.item_id, NOW, True, True)


def test_taking_off_says_whether_it_was_there(app: Flask, mei: Member) -> None:
    with transaction():
        made = make_item()
        wishes.add(mei.id, made.item_id, at=NOW)
        assert wishes.remove(mei.id, made.item_id)
        assert not wishes.remove(mei.id, made.item_id)
    assert wish_list(mei.id, locale="en", at=NOW) == []


def test_drafts_and_what_never_was_cannot_be_wished_for(app: Flask, mei: Member) -> None:
    with transaction():
        draft = make_item(live=False)
        for item_id in (draft.item_id, 10**12):
            with pytest.raises(NoSuchItem):
                wishes.add(mei.id, item_id, at=NOW)


def test_a_full_list_refuses_more_and_keeps_what_it_has(
    app: Flask, mei: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wishes, "MOST_WISHES", 1)
    with transaction():
        one, two = make_item(), make_item()
        wishes.add(mei.id, one.item_id, at=NOW)
        with pytest.raises(WishListFull):
            wishes.add(mei.id, two.item_id, at=NOW)
        assert not wishes.add(mei.id, one.item_id, at=NOW)


def test_the_list_shows_the_price_of_the_moment(app: Flask, mei: Member) -> None:
    start = NOW + timedelta(days=2)
    with transaction():
        made = make_item(points=500)
        set_price(made.offer_id, points=900, starts_at=start, actor=SYSTEM, at=NOW)
        wishes.add(mei.id, made.item_id, at=NOW)
    prices = [wish_list(mei.id, locale="en", at=at)[0].card.points for at in (NOW, start)]
    assert prices == [500, 900]


def test_what_is_no_longer_offered_stays_on_the_list(app: Flask, mei: Member) -> None:
    with transaction():
        made = make_item("Lamp")
        wishes.add(mei.id, made.item_id, at=NOW)
        service.retire(made.item_id, at=NOW)
    (one,) = wish_list(mei.id, locale="en", at=NOW)
    assert (one.card.name, one.offered, one.card.points) == ("Lamp", False, 0)


def test_names_come_in_the_readers_language(app: Flask, mei: Member) -> None:
    with transaction():
        made = make_item("Lamp", texts={"zh-Hans": Text("台灯")})
        wishes.add(mei.id, made.item_id, at=NOW)
    assert wish_list(mei.id, locale="zh-Hans", at=NOW)[0].card.name == "台灯"
    assert [wish_name(made.item_id, locale=tag) for tag in ("zh-Hans", "zh-Hant")] == ["台灯", "Lamp"]
    assert wish_name(0, locale="en") is None


def test_the_newest_wish_comes_first_and_one_statement_brings_all(
    app: Flask, mei: Member, zoe: Member, count_queries: list[str]
) -> None:
    with transaction():
        made = [make_item(f"Thing {n}") for n in range(5)]
        for n, one in enumerate(made):
            wishes.add(mei.id, one.item_id, at=NOW + timedelta(minutes=n))
        wishes.add(zoe.id, made[0].item_id, at=NOW)
    count_queries.clear()
    assert [w.card.name for w in wish_list(mei.id, locale="en", at=NOW)] == [
        f"Thing {n}" for n in (4, 3, 2, 1, 0)
    ]
    assert len(count_queries) == 1
