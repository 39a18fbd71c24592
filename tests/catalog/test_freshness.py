"""Guests' pages are answered 304 while nothing on them has changed, and anew as soon as anything has."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mall.catalog.freshness import Memory, release
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.items import service, stock
from mall.domain.items.offers import set_price
from mall.domain.items.rules import LOCALES
from mall.domain.members.models import Member
from tests.support.items_factory import Made
from tests.support.pages import PageClient

Shop = dict[str, Made]
PAGES = ["/", "/catalog", "/catalog?category=audio&sort=points", "/catalog/headphones"]


def tag(client: FlaskClient, url: str, **headers: str) -> str:
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200
    return answer.headers["ETag"]


@pytest.mark.parametrize("url", PAGES)
def test_a_guest_who_has_the_page_is_told_so(client: FlaskClient, shop: Shop, url: str) -> None:
    answer = client.get(url, headers={"If-None-Match": tag(client, url)})
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"]
    assert {"Cookie", "Accept-Language"} <= {v.strip() for v in answer.headers["Vary"].split(",")}


@pytest.mark.parametrize("url", PAGES)
def test_it_is_asked_for_each_time_and_kept_by_nobody_else(client: FlaskClient, shop: Shop, url: str) -> None:
    control = client.get(url).headers["Cache-Control"]
    assert "private" in control
    assert "no-cache" in control


@pytest.mark.parametrize("url", PAGES[:3])
def test_a_page_from_memory_is_the_same_page(client: FlaskClient, shop: Shop, url: str) -> None:
    assert client.get(url).data == client.get(url).data


def test_a_guest_who_only_looks_gets_no_session(client: FlaskClient, shop: Shop) -> None:
    for url in PAGES[:3]:
        assert "Set-Cookie" not in client.get(url).headers


@pytest.mark.parametrize("url", PAGES[1:])
def test_a_new_price_makes_a_new_page(client: FlaskClient, shop: Shop, url: str) -> None:
    before, now = tag(client, url), datetime.now(UTC)
    with transaction():
        set_price(shop["headphones"].offer_id, points=1_111, starts_at=now, actor=SYSTEM, at=now)
    answer = client.get(url, headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert "1,111" in answer.get_data(as_text=True)


def test_stock_that_runs_low_makes_a_new_page(client: FlaskClient, shop: Shop) -> None:
    before = tag(client, "/catalog")
    with transaction():
        stock.adjust(shop["headphones"].variant_id, change=-9, reason="written_off", note="water", actor=SYSTEM, at=datetime.now(UTC))  # fmt: skip
    answer = client.get("/catalog", headers={"If-None-Match": before})
    assert "3 left" in answer.get_data(as_text=True)


def test_a_new_name_makes_a_new_page(client: FlaskClient, shop: Shop) -> None:
    before = tag(client, "/")
    with transaction():
        service.edit_item(
            shop["speaker"].item_id, texts={"en": service.Text("Shelf speaker")}, at=datetime.now(UTC)
        )
    assert "Shelf speaker" in client.get("/", headers={"If-None-Match": before}).get_data(as_text=True)


def test_each_language_theme_and_part_is_a_page_of_its_own(client: FlaskClient, shop: Shop) -> None:
    tags = {tag(client, "/catalog", **{"Accept-Language": language}) for language in LOCALES}
    tags.add(tag(client, "/catalog", **{"HX-Request": "true"}))
    client.set_cookie("theme", "dark")
    tags.add(tag(client, "/catalog"))
    assert len(tags) == 5


def test_a_form_is_fresh_for_its_own_session_alone(app: Flask, shop: Shop) -> None:
    one, other = app.test_client(), app.test_client()
    mine = tag(one, "/catalog/headphones")
    assert other.get("/catalog/headphones", headers={"If-None-Match": mine}).status_code == 200


def test_a_members_page_is_never_taken_from_memory(pages: PageClient, shop: Shop, mei: Member) -> None:
    pages.sign_in(mei.email)
    for url in PAGES:
        answer = pages.client.get(url)
        assert "ETag" not in answer.headers
        assert "no-cache" in answer.headers["Cache-Control"]


def test_memory_forgets_what_was_unused_longest() -> None:
    memory = Memory(2)
    memory.keep("a", "A")
    memory.keep("b", "B")
    assert memory.get("a") == "A"
    memory.keep("c", "C")
    assert (memory.get("a"), memory.get("b"), memory.get("c")) == ("A", None, "C")


def test_a_release_is_known_by_its_templates(tmp_path) -> None:  # type: ignore[no-untyped-def]
    page = tmp_path / "page.html"
    page.write_text("one")
    before = release(tmp_path)
    page.write_text("two")
    assert release(tmp_path) != before
