"""One item at the desk: its texts in three languages, what happens when two change it, whether members see it."""

import pytest
import sqlalchemy as sa

from mall.core.db import db, transaction
from mall.domain.audit import queries as audit
from mall.domain.items import service
from mall.domain.items.models import Item
from mall.domain.members.models import Member
from tests.support.items_factory import Made, make_item
from tests.support.pages import PageClient


@pytest.fixture
def mug(desk: PageClient) -> Made:
    """A live travel mug."""
    with transaction():
        return make_item("Travel mug", slug="travel-mug", value=8_900)


def fields(desk: PageClient, url: str, **changed: str) -> dict[str, str]:
    """What the form on the page would send, with changes."""
    page = desk.get(url)
    form = next(each for each in page.root.iter("form") if each.get("id") == "edit")
    found: dict[str, str] = {}
    for element in form.iter():
        name = element.get("name", "")
        if element.tag == "input":
            found[name] = element.get("value", "")
        elif element.tag == "textarea":
            found[name] = "".join(element.itertext())
        elif element.tag == "select":
            chosen = next(o for o in element.iter("option") if o.get("selected") is not None)
            found[name] = chosen.get("value", "")
    return {**found, **changed}


def url_of(made: Made) -> str:
    """The item's page."""
    return f"/admin/items/{made.item_id}"


def test_texts_are_kept_in_every_language_and_shown_to_members(
    desk: PageClient, mug: Made, ivy: Member
) -> None:
    changes = {
        "name_zh_hans": "旅行杯", "name_zh_hant": "旅行杯", "summary_zh_hans": "保温六小时",
        "description_en": "Keeps tea **hot**.\r\n\r\n- steel\r\n- leakproof",
    }  # fmt: skip
    desk.post(url_of(mug), fields(desk, url_of(mug), **changes))
    html = desk.get("/catalog/travel-mug").html
    assert "<strong>hot</strong>" in html
    assert "<li>leakproof</li>" in html
    db.session.expire_all()
    item = db.session.get_one(Item, mug.item_id)
    assert item.texts["zh-Hans"].name == "旅行杯"
    assert item.texts["en"].description == "Keeps tea **hot**.\n\n- steel\n- leakproof"
    record = audit.trail(subject=("item", mug.item_id))[0]
    assert (record.action, record.actor_id) == ("item.edit", ivy.id)
    assert ("name_zh_hans", None, "旅行杯") in record.changes


def test_the_preview_is_sanitised_and_saves_nothing(desk: PageClient, mug: Made) -> None:
    data = fields(desk, url_of(mug), description_en="**Bold** <script>alert(1)</script>", do="preview")
    page = desk.post(url_of(mug), data, status=200)
    assert "<strong>Bold</strong>" in page.html
    assert "<script>alert" not in page.html
    db.session.expire_all()
    assert db.session.get_one(Item, mug.item_id).texts["en"].description == ""


def test_who_was_overtaken_loses_nothing_and_sees_both(desk: PageClient, mug: Made) -> None:
    mine = fields(desk, url_of(mug), name_en="Thermo mug")
    with transaction():
        service.edit_item(mug.item_id, texts={"en": service.Text("Steel mug")}, at=mug.item.updated_at)
    page = desk.post(url_of(mug), mine, status=409)
    assert "Steel mug" in page.text
    assert "Thermo mug" in page.text
    assert "What you typed is still below" in page.text
    db.session.expire_all()
    assert db.session.get_one(Item, mug.item_id).texts["en"].name == "Steel mug"
    again = {**mine, "version": page.value("version")}
    desk.post(url_of(mug), again)
    db.session.expire_all()
    assert db.session.get_one(Item, mug.item_id).texts["en"].name == "Thermo mug"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name_en": ""}, "Please fill this in"),
        ({"slug": "Not An Address"}, "cannot be part of an address"),
        ({"value": "12,50"}, "such as 899.00"),
        ({"category": "999"}, "Please choose one of the options."),
        ({"summary_en": "x" * 301}, "no more than 300"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    desk: PageClient, mug: Made, changed: dict[str, str], said: str
) -> None:
    page = desk.post(url_of(mug), fields(desk, url_of(mug), **changed), status=422)
    assert said in page.text
    assert audit.trail(subject=("item", mug.item_id)) == []


def test_an_address_that_another_item_has_is_refused(desk: PageClient, mug: Made) -> None:
    with transaction():
        make_item("Lamp", slug="desk-lamp")
    page = desk.post(url_of(mug), fields(desk, url_of(mug), slug="desk-lamp"), status=409)
    assert "already used" in page.text


def status(desk: PageClient, mug: Made, to: str, expect: int = 303, **more: str):  # type: ignore[no-untyped-def]
    """Send a status button."""
    version = db.session.scalar(sa.select(Item.version).where(Item.id == mug.item_id))
    data = {"version": str(version), "status": to, **more}
    return desk.post(f"{url_of(mug)}/status", data, page=url_of(mug), status=expect)


def test_an_item_is_taken_back_to_draft_and_published_again(desk: PageClient, mug: Made) -> None:
    status(desk, mug, "draft")
    desk.get("/catalog/travel-mug", status=404)
    status(desk, mug, "live")
    desk.get("/catalog/travel-mug")
    actions = [record.action for record in audit.trail(subject=("item", mug.item_id))]
    assert actions == ["item.publish", "item.withdraw"]


def test_retiring_asks_for_the_address(desk: PageClient, mug: Made) -> None:
    page = status(desk, mug, "retired", 422, confirm="travel")
    assert "type its address" in page.text
    desk.get("/catalog/travel-mug")
    status(desk, mug, "retired", confirm="travel-mug")
    assert "Retired" in desk.get(url_of(mug)).text


def test_what_cannot_be_redeemed_is_not_published(desk: PageClient) -> None:
    with transaction():
        made = make_item("Lamp", points=None, live=False)
    page = status(desk, made, "live", 422)
    assert "Set a price" in page.text


def test_a_status_that_there_is_not_is_not_found(desk: PageClient, mug: Made) -> None:
    status(desk, mug, "sold", 404)


def test_who_may_only_read_sees_the_item_without_buttons(pages: PageClient, fin: Member) -> None:
    with transaction():
        made = make_item("Travel mug", stock=[1, 2])
    pages.sign_in("fin@example.com")
    for room in ("", "/prices", "/stock", "/variants", "/pictures"):
        page = pages.get(f"{url_of(made)}{room}")
        buttons = [b for b in page.root.iter("button") if b.get("class", "").startswith("btn")]
        assert [b for b in buttons if b.get("type") == "submit"] == [], room


def test_an_item_that_there_is_not_is_not_found(desk: PageClient) -> None:
    for room in ("", "/prices", "/stock", "/variants", "/pictures"):
        desk.get(f"/admin/items/999999{room}", status=404)
        desk.get(f"/admin/items/{2**70}{room}", status=404)


def test_an_item_with_much_of_everything_takes_no_more_queries(desk: PageClient) -> None:
    with transaction():
        small = make_item("Small")
        large = make_item("Large", stock=list(range(1, 25)))
    for room in ("", "/prices", "/stock", "/variants", "/pictures"):
        few, many = desk.get(f"{url_of(small)}{room}"), desk.get(f"{url_of(large)}{room}")
        assert len(many.queries) == len(few.queries) <= 10
