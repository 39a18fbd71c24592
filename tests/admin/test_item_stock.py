"""Stock at the desk: put right with a reason, never below nothing, once per form, and explained by its journal."""

import pytest
import sqlalchemy as sa

from mall.core import ids
from mall.core.db import db, transaction
from mall.domain.audit import queries as audit
from mall.domain.items.queries import stock_violations
from mall.domain.items.stock_models import Stock, StockMove
from mall.domain.members.models import Member
from tests.support.items_factory import Made, make_item
from tests.support.pages import PageClient


@pytest.fixture
def mug(desk: PageClient) -> Made:
    """A travel mug, ten in stock, in one variant; a second is not counted."""
    with transaction():
        return make_item("Travel mug", stock=[10, None], sku="MUG")


def available(variant_id: int) -> int | None:
    """What is on the shelf."""
    return db.session.scalar(sa.select(Stock.available).where(Stock.variant_id == variant_id))


def adjust(
    desk: PageClient,
    mug: Made,
    way: str,
    count: str,
    *,
    key: str = "",
    status: int = 303,
    note: str = "Count of today",
):  # type: ignore[no-untyped-def]
    """Send the form."""
    url = f"/admin/items/{mug.item_id}/stock"
    data = {"key": key or ids.token(), "way": way, "count": count, "note": note}
    return desk.post(f"{url}/{mug.variant_id}", data, page=url, status=status)


def test_stock_is_taken_away_and_the_journal_says_who_and_why(
    desk: PageClient, mug: Made, ivy: Member
) -> None:
    adjust(desk, mug, "written_off", "3", note="Broken in the window")
    assert available(mug.variant_id) == 7
    text = desk.get(f"/admin/items/{mug.item_id}/stock").text
    for words in ("Written off", "Broken in the window", "Ivy", "−3", "7 left", "Opening stock", "10 left"):
        assert words in text
    record = audit.trail(subject=("variant", "MUG"))[0]
    assert (record.action, record.actor_id, record.reason) == ("stock.adjust", ivy.id, "Broken in the window")
    assert record.changes == [("available", 10, 7)]
    assert stock_violations() == []


def test_what_was_received_or_found_is_added(desk: PageClient, mug: Made) -> None:
    adjust(desk, mug, "received", "5")
    adjust(desk, mug, "found", "1")
    assert available(mug.variant_id) == 16


def test_no_more_is_written_off_than_there_is(desk: PageClient, mug: Made) -> None:
    page = adjust(desk, mug, "written_off", "11", status=409)
    assert "Only 10 are available" in page.text
    assert available(mug.variant_id) == 10
    adjust(desk, mug, "written_off", "10")
    page = adjust(desk, mug, "written_off", "1", status=409)
    assert "nothing available to write off" in page.text
    assert len(audit.trail(action="stock.")) == 1


def test_the_same_form_twice_changes_the_stock_once(desk: PageClient, mug: Made) -> None:
    key = ids.token()
    adjust(desk, mug, "received", "5", key=key)
    adjust(desk, mug, "received", "5", key=key)
    assert available(mug.variant_id) == 15
    assert len(audit.trail(action="stock.")) == 1


@pytest.mark.parametrize("count", ["0", "-3", "1.5", "１００", "9223372036854775808", "", "NaN"])
def test_a_number_that_is_none_is_refused(desk: PageClient, mug: Made, count: str) -> None:
    adjust(desk, mug, "received", count, status=422)
    assert available(mug.variant_id) == 10


def test_a_reason_is_needed(desk: PageClient, mug: Made) -> None:
    assert "why" in adjust(desk, mug, "received", "1", note="x", status=422).text
    assert "Please choose one of the options." in adjust(desk, mug, "stolen", "1", status=422).text


def test_another_items_variant_is_not_touched_through_this_one(desk: PageClient, mug: Made) -> None:
    with transaction():
        other = make_item("Lamp", stock=4)
    url = f"/admin/items/{mug.item_id}/stock"
    data = {"key": ids.token(), "way": "received", "count": "1", "note": "Not mine"}
    desk.post(f"{url}/{other.variant_id}", data, page=url, status=404)
    assert available(other.variant_id) == 4
    desk.get(f"{url}?variant={other.variant_id}", status=404)


def count(desk: PageClient, mug: Made, variant_id: int, counted: str, left: str, status: int = 303):  # type: ignore[no-untyped-def]
    """Send the form that says whether a variant is counted."""
    url = f"/admin/items/{mug.item_id}/stock"
    data = {"count-counted": counted, "count-left": left, "count-note": "New supplier"}
    return desk.post(f"{url}/{variant_id}/counting", data, page=url, status=status)


def test_counting_ends_and_begins_again(desk: PageClient, mug: Made) -> None:
    count(desk, mug, mug.variant_id, "no", "")
    assert available(mug.variant_id) is None
    page = desk.get(f"/admin/items/{mug.item_id}/stock")
    assert "No longer counted" in page.text
    assert "Put the count right" not in page.text
    count(desk, mug, mug.variant_id, "yes", "6")
    assert available(mug.variant_id) == 6
    assert [record.action for record in audit.trail(action="stock.")] == ["stock.limited", "stock.unlimited"]
    assert stock_violations() == []


def test_what_is_not_counted_cannot_be_adjusted(desk: PageClient, mug: Made) -> None:
    url = f"/admin/items/{mug.item_id}/stock"
    data = {"key": ids.token(), "way": "received", "count": "1", "note": "More came"}
    page = desk.post(f"{url}/{mug.variants[1].id}", data, page=url, status=409)
    assert "unlimited" in page.text


def test_counted_needs_a_number(desk: PageClient, mug: Made) -> None:
    assert "how many there are" in count(desk, mug, mug.variant_id, "yes", "", status=422).text


def test_the_journal_comes_page_by_page(desk: PageClient, mug: Made) -> None:
    for n in range(35):
        adjust(desk, mug, "received", "1", note=f"Delivery no {n:02d}")
    url = f"/admin/items/{mug.item_id}/stock"
    first = desk.get(url)
    assert "Delivery no 34" in first.text
    assert "45 left" in first.text
    assert "Delivery no 01" not in first.text
    older = next(link for link in first.links() if "before=" in link)
    second = desk.get(older)
    assert "Delivery no 00" in second.text
    assert "11 left" in second.text
    moves = db.session.scalar(sa.select(sa.func.count()).select_from(StockMove))
    assert moves == 36
