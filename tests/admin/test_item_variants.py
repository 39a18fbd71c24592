"""Variants at the desk."""

import pytest
import sqlalchemy as sa

from mall.core.db import db, transaction
from mall.domain.audit import queries as audit
from mall.domain.items.models import Item, Variant
from mall.domain.items.stock_models import Stock
from tests.support.items_factory import Made, make_item
from tests.support.pages import PageClient


@pytest.fixture
def mug(desk: PageClient) -> Made:
    """A live mug in two colours."""
    with transaction():
        return make_item("Travel mug", stock=[5, 5], sku="MUG", slug="travel-mug")


def send(desk: PageClient, mug: Made, path: str, prefix: str, status: int = 303, **values: str):  # type: ignore[no-untyped-def]
    """Send one of the forms."""
    version = str(db.session.scalar(sa.select(Item.version).where(Item.id == mug.item_id)))
    url = f"/admin/items/{mug.item_id}/variants"
    data = {"version": version, f"{prefix}version": version}
    data |= {f"{prefix}{name}": value for name, value in values.items()}
    return desk.post(f"{url}{path}", data, page=url, status=status)


def test_a_variant_is_added_with_its_stock(desk: PageClient, mug: Made) -> None:
    send(
        desk,
        mug,
        "",
        "new-",
        sku="MUG-RED",
        options_en="Colour: Red",
        options_zh_hans="颜色：红",
        stock="8",
        active="y",
    )
    variant = db.session.scalars(sa.select(Variant).where(Variant.sku == "MUG-RED")).one()
    assert {locale: text.options for locale, text in variant.texts.items()} == {
        "en": "Colour: Red", "zh-Hans": "颜色：红",
    }  # fmt: skip
    assert db.session.get_one(Stock, variant.id).available == 8
    assert "Colour: Red" in desk.get("/catalog/travel-mug").text
    assert audit.trail(subject=("item", mug.item_id))[0].action == "item.variant.add"


def test_a_new_variant_without_a_number_cannot_run_out(desk: PageClient, mug: Made) -> None:
    send(desk, mug, "", "new-", sku="MUG-SKY", stock="")
    variant = db.session.scalars(sa.select(Variant).where(Variant.sku == "MUG-SKY")).one()
    assert db.session.get_one(Stock, variant.id).available is None


@pytest.mark.parametrize(
    ("sku", "status", "said"), [("MUG", 409, "already used"), ("a b", 422, "cannot be an SKU")]
)
def test_an_sku_that_is_taken_or_garbled_is_refused(
    desk: PageClient, mug: Made, sku: str, status: int, said: str
) -> None:
    assert said in send(desk, mug, "", "new-", status, sku=sku).text
    assert len(db.session.scalars(sa.select(Variant)).all()) == 2


def test_a_variant_is_changed_and_taken_out_of_the_choice(desk: PageClient, mug: Made) -> None:
    variant = mug.variants[1].id
    send(desk, mug, f"/{variant}", f"v{variant}-", sku="MUG-OLD", options_en="Colour: Old", value="12.00")
    db.session.expire_all()
    row = db.session.get_one(Variant, variant)
    assert (row.sku, row.value, row.active) == ("MUG-OLD", 1_200, False)
    changes = audit.trail(subject=("item", mug.item_id))[0].changes
    assert ("active", True, False) in changes
    assert ("value", None, 1_200) in changes


def test_the_last_variant_of_a_live_item_stays_in_the_choice(desk: PageClient, mug: Made) -> None:
    first, second = (variant.id for variant in mug.variants)
    send(desk, mug, f"/{first}", f"v{first}-", sku="MUG")
    page = send(desk, mug, f"/{second}", f"v{second}-", 422, sku="MUG-2")
    assert "Add a variant" in page.text
    db.session.expire_all()
    assert db.session.get_one(Variant, second).active


def test_another_items_variant_is_not_found(desk: PageClient, mug: Made) -> None:
    with transaction():
        other = make_item("Lamp").variant_id
    send(desk, mug, f"/{other}", f"v{other}-", 404, sku="STOLEN")
