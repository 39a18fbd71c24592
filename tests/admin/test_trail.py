"""The audit trail in words: every field, value and subject as people know it, and the way to what was changed."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from mall.admin import trail_words
from mall.core.actor import SYSTEM, as_staff
from mall.core.db import transaction
from mall.domain.audit import service as audit
from mall.domain.members.models import Member
from tests.support.items_factory import Made, make_category, make_item
from tests.support.pages import Page, PageClient


@pytest.fixture
def auditor(pages: PageClient, lee: Member) -> PageClient:
    """Lee, the supervisor, who reads the trail."""
    pages.sign_in(lee.email)
    return pages


@pytest.fixture
def mug(app: Flask) -> Made:
    """A live travel mug."""
    with transaction():
        return make_item("Travel mug", slug="travel-mug", sku="MUG-1")


def note(actor: Member | None, action: str, subject: tuple[str, Any], at: datetime, **told: Any) -> None:
    """Write one deed down."""
    with transaction():
        who = as_staff(actor.id) if actor else SYSTEM
        audit.record(who, action, subject=subject, at=at, **told)


def links(page: Page) -> dict[str, str]:
    """Words and address of every link."""
    return {"".join(a.itertext()): a.get("href", "") for a in page.root.iter("a")}


def test_a_deed_names_what_it_was_done_to_and_leads_there(
    auditor: PageClient, mug: Made, ivy: Member, mei: Member, at: datetime
) -> None:
    note(ivy, "item.publish", ("item", mug.item_id), at)
    note(ivy, "stock.adjust", ("variant", "MUG-1"), at)
    note(ivy, "order.ship", ("order", "R-AAAA"), at)
    note(None, "points.adjust", ("member", mei.id), at)
    note(ivy, "item.import", ("file", "july.csv"), at)
    page = auditor.get("/admin/audit")
    there = links(page)
    assert there["Travel mug"] == f"/admin/items/{mug.item_id}"
    assert there["Travel mug · MUG-1"] == f"/admin/items/{mug.item_id}/stock"
    assert there["Order R-AAAA"] == "/admin/orders/R-AAAA"
    assert there["Mei"] == f"/admin/members/{mei.number}"
    assert "file july.csv" in page.text
    assert "Ivy ·" in page.text
    assert "the mall itself ·" in page.text


def test_fields_and_values_are_written_as_people_write_them(
    auditor: PageClient, mug: Made, ivy: Member, at: datetime
) -> None:
    with transaction():
        old, new = make_category("audio"), make_category("home", name="Home")
    before = {
        "status": "draft",
        "value": 8_900,
        "category": old.id,
        "active": True,
        "name_zh_hans": "杯",
        "points": 1_000,
    }
    after = {"status": "live", "value": 12_900, "category": new.id, "active": False, "name_zh_hans": "旅行杯", "points": 1_200}  # fmt: skip
    note(ivy, "item.edit", ("item", mug.item_id), at, before=before, after=after)
    text = auditor.get("/admin/audit").text
    assert "Status: Draft → Live" in text
    assert "Retail value: ¥89.00 → ¥129.00" in text
    assert "Category: Audio → Home" in text
    assert "In the choice: yes → no" in text
    assert "Name (简体中文): 杯 → 旅行杯" in text
    assert "Points: 1,000 → 1,200" in text
    assert "_" not in text


def test_what_was_only_noted_has_no_arrow_and_no_keys(
    auditor: PageClient, mei: Member, ivy: Member, at: datetime
) -> None:
    note(
        ivy, "points.adjust", ("member", mei.id), at, after={"points": -1_200, "entry": 3, "key": "kkkkkkkk"}
    )
    page = auditor.get("/admin/audit")
    assert "Points: -1,200" in page.text
    assert "Entry in the journal: 3" in page.text
    assert "kkkkkkkk" not in page.html
    assert "→" not in page.text


def test_what_is_gone_is_named_by_its_key(pages: PageClient, fin: Member, mug: Made, at: datetime) -> None:
    note(None, "item.publish", ("item", 999_999), at)
    pages.sign_in(fin.email)
    page = pages.get("/admin/audit")
    assert "item 999999" in page.text
    assert "item 999999" not in links(page)


def test_a_long_trail_asks_no_more_often_than_a_short_one(
    auditor: PageClient, ivy: Member, mei: Member, at: datetime
) -> None:
    with transaction():
        mugs = [make_item(f"Mug {n}", sku=f"M-{n}") for n in range(6)]
        categories = [make_category(f"c{n}", name=f"C{n}").id for n in range(2)]
    for one in mugs:
        note(ivy, "item.edit", ("item", one.item_id), at, before={"category": categories[0]}, after={"category": categories[1]})  # fmt: skip
        note(ivy, "stock.adjust", ("variant", one.variants[0].sku), at)
        note(ivy, "points.adjust", ("member", mei.id), at)
    assert len(auditor.get("/admin/audit", queries=8).queries) <= 8


def test_the_trail_speaks_the_readers_language(
    auditor: PageClient, lee: Member, mug: Made, ivy: Member, at: datetime
) -> None:
    note(ivy, "item.edit", ("item", mug.item_id), at, before={"kind": "goods"}, after={"kind": "digital"})
    with transaction() as session:
        session.get_one(Member, lee.id).language = "zh-Hans"
    text = auditor.get("/admin/audit").text
    assert "实物 → 数字商品" in text


@pytest.mark.parametrize("field", sorted(trail_words._LABELS))
def test_every_label_is_words(app: Flask, field: str) -> None:
    with app.test_request_context():
        assert trail_words.label(field)[0].isupper()


def test_a_category_that_is_gone_keeps_its_number(app: Flask) -> None:
    with app.test_request_context():
        assert trail_words.value("category", 7, categories={}) == "7"
        assert trail_words.value("category", 7, categories={7: "Audio"}) == "Audio"
