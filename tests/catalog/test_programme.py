"""How it works, in the figures that hold: points, tiers, delivery; and the way there from every page."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.core.money import Rates
from mall.domain.earning.service import set_rate
from mall.domain.members.models import Member
from mall.domain.orders import delivery_rates
from mall.domain.orders.delivery_rates import NewRate
from mall.domain.orders.models import delivery_method_table, delivery_rate_table
from tests.support.pages import PageClient

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("path", ["/programme", "/programme/delivery"])
@pytest.mark.parametrize("tag", ["en", "zh-Hans", "zh-Hant"])
def test_the_pages_are_sound_in_every_language(pages: PageClient, mei: Member, path: str, tag: str) -> None:
    assert pages.get(path, headers={"Accept-Language": tag}).root.get("lang") == tag
    pages.sign_in(mei.email)
    pages.get(path)


def test_the_rate_is_the_one_in_force(pages: PageClient) -> None:
    assert "1 point for each ¥1.00" in pages.get("/programme").text
    with transaction():
        set_rate(points=3, per=500, starts_at=AT)
        set_rate(points=9, per=100, starts_at=datetime(2099, 1, 1, tzinfo=UTC))
    assert "3 points for each ¥5.00" in pages.get("/programme").text


def test_validity_and_grace_are_the_settings(pages: PageClient) -> None:
    text = pages.get("/programme").text
    assert "12 months after the purchase" in text
    assert "another 30 days, once" in text


def test_the_tiers_are_those_of_the_ladder(pages: PageClient) -> None:
    text = pages.get("/programme").text
    assert "5%" in text
    assert "Priority" in text


def test_what_points_are_worth_is_the_programmes_rate(app: Flask, pages: PageClient) -> None:
    assert "100 points are worth ¥1.00" in pages.get("/programme").text
    assert "at least ¥4.00" in pages.get("/programme").text
    there = app.extensions["rates"]
    app.extensions["rates"] = Rates("JPY", 2, 0)
    try:
        text = pages.get("/programme").text
    finally:
        app.extensions["rates"] = there
    assert "2 points are worth ¥1." in text
    assert "at least" not in text


def test_the_fees_are_those_of_the_checkout(pages: PageClient) -> None:
    assert "This costs nothing." in pages.get("/programme/delivery").text
    with transaction():
        code = db.session.scalar(
            sa.select(delivery_method_table.c.code).where(delivery_method_table.c.kind == "standard")
        )
        rate = {"method": code, "name": "Mainland", "places": ["CN"], "version": 1, "updated_at": AT}
        for row in ({"fee": 1_200, "free_from": 9_900, "active": True}, {"fee": 7, "active": False}):
            db.session.execute(sa.insert(delivery_rate_table).values(**rate, **row))
    text = pages.get("/programme/delivery").text
    assert "Everywhere" not in text
    assert "China: ¥12.00 · free from ¥99.00" in text
    assert "¥0.07" not in text


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("en", ("China · Inner Mongolia, China · Shanghai: ¥6.00", "Everywhere else: ¥30.00")),
        ("zh-Hans", ("中国 · 上海", "中国 · 内蒙古", "¥6.00")),
        ("zh-Hant", ("中國 · 上海", "中國 · 內蒙古", "¥6.00")),
    ],
)
def test_places_are_named_in_the_readers_language_not_by_the_desks_label(
    pages: PageClient, tag: str, said: tuple[str, ...]
) -> None:
    with transaction():
        for name, places, fee in (
            ("Our label", ("CN/Shanghai", "CN/内蒙古自治区"), 600),
            ("Label two", (), 3_000),
        ):
            delivery_rates.add(NewRate("standard", name, places, fee), actor=SYSTEM, at=AT)
    text = pages.get("/programme/delivery", headers={"Accept-Language": tag}).text
    assert not [words for words in said if words not in text]
    assert "Our label" not in text


def test_every_page_leads_there_and_to_the_terms_and_the_languages(pages: PageClient, mei: Member) -> None:
    for who in ("guest", "member"):
        if who == "member":
            pages.sign_in(mei.email)
        page = pages.get("/")
        foot = next(e for e in page.root.iter("footer"))
        links = [a.get("href") for a in foot.iter("a")]
        assert {"/programme", "/programme/delivery", "/terms", "/catalog"} <= set(links)
        form = next(foot.iter("form"))
        assert form.get("action") == "/language"
        assert [b.get("value") for b in form.iter("button")] == ["en", "zh-Hans", "zh-Hant"]
        for link in ("/programme", "/programme/delivery", "/terms"):
            pages.get(link)
