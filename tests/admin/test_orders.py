"""Orders at the desk: found, sent in parts; each deed in the audit trail."""

import csv
import io

import pytest

from mall.core import clock, ids
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.domain.audit import queries as audit
from mall.domain.members.models import Member
from mall.domain.orders import cancelling, queries
from mall.domain.orders.queries import OrderView
from tests.support.pages import Page, PageClient


def read(number: str) -> OrderView:
    """The order as it stands."""
    return queries.any_order(number, locale="en")


def ship(  # type: ignore[no-untyped-def]
    pages: PageClient, number: str, *counts: int | str, status: int = 303, key: str | None = None
):
    """Send so many of each line; each call is a page of its own, unless it repeats a key."""
    lines = {f"line-{line.id}": str(n) for line, n in zip(read(number).lines, counts, strict=True)}
    data = {"carrier": "SF Express", "tracking": "SF123", "key": key or ids.token(), **lines}
    return pages.post(f"/admin/orders/{number}/ship", data, page="/account/profile", status=status)


def test_what_is_to_send_stands_first_and_is_found_by_number_and_member(
    service: PageClient, number: str
) -> None:
    for url in ("/admin/orders", f"/admin/orders?q={number}", "/admin/orders?q=mei@example.com"):
        assert f"/admin/orders/{number}" in service.get(url).links(), url
    assert f"/admin/orders/{number}" not in service.get("/admin/orders?show=completed").links()
    service.get("/admin/orders?q=%00&before=x")
    service.get("/admin/orders/R-0000-0000-0000", status=404)


def test_the_list_says_what_is_in_an_order(service: PageClient, number: str) -> None:
    page = service.get("/admin/orders")
    assert "Travel mug and 1 more" in page.text
    assert number in page.text
    assert "4,000 points" in page.text
    assert "/admin/orders.csv?show=to_send&q=" in page.links()


def test_what_is_sent_in_part_has_a_list_of_its_own(service: PageClient, number: str) -> None:
    there = f"/admin/orders/{number}"
    part = "/admin/orders?show=part_shipped"
    assert there not in service.get(part).links()
    ship(service, number, 2, 0)
    assert there in service.get(part).links()
    ship(service, number, 1, 1)
    assert there not in service.get(part).links()


def test_the_list_is_taken_away_as_a_file_that_runs_nothing(
    service: PageClient, number: str, mei: Member
) -> None:
    with transaction() as session:
        session.get_one(Member, mei.id).name = "=cmd()|' /C calc'!A0"
    answer = service.client.get("/admin/orders.csv?show=to_send")
    assert answer.mimetype == "text/csv"
    [row] = csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    assert row["name"] == "'=cmd()|' /C calc'!A0"
    assert (row["number"], row["state"], row["item"], row["units"]) == (number, "paid", "Travel mug", "4")
    assert (row["points"], row["cash"], row["currency"]) == ("4000", "0.00", "CNY")
    other = service.client.get("/admin/orders.csv?show=completed").get_data(as_text=True)
    assert number not in other
    assert number in service.client.get(f"/admin/orders.csv?q={number}").get_data(as_text=True)


def test_the_desk_reads_the_address_as_it_stands_on_the_parcel(service: PageClient, number: str) -> None:
    page = service.get(f"/admin/orders/{number}")
    address = next(e for e in page.root.iter("address"))
    assert list(address.itertext()) == [
        "Mei Lin", "1 Hengshan Road", "200031 Xuhui, Shanghai", "China", "+86 138 0013 8000",
    ]  # fmt: skip


def test_an_order_is_sent_in_parts(service: PageClient, number: str, sam: Member) -> None:
    ship(service, number, 2, 0)
    assert [line.sent for line in read(number).lines] == [2, 0]
    page = service.get(f"/admin/orders/{number}")
    assert "SF123" in page.text
    ship(service, number, 1, 1)
    assert read(number).state == "completed"
    deeds = audit.trail(subject=("order", number))
    assert [(deed.action, deed.actor_id) for deed in deeds] == [("order.ship", sam.id)] * 2


def test_the_desk_sees_who_did_it_and_the_member_does_not(
    service: PageClient, number: str, sam: Member, mei: Member
) -> None:
    ship(service, number, 1, 0)
    order = read(number)
    with transaction():
        cancelling.cancel(
            order.id,
            lines=[(order.lines[1].id, 1)],
            actor=as_staff(sam.id),
            reason="It broke",
            at=clock.now(),
        )
    page = service.get(f"/admin/orders/{number}")
    told = {title: "".join(at.itertext()) for title, at in _timeline(page)}
    assert told["Shipped"].endswith(" · Sam")
    assert told["Part cancelled"].endswith(" · Sam")
    service.client.delete_cookie("mall")
    service.sign_in(mei.email)
    theirs = service.get(f"/orders/{number}")
    assert "Part cancelled" in theirs.text
    assert "Sam" not in theirs.text


def _timeline(page: Page):  # type: ignore[no-untyped-def]
    """Each event's title, and the paragraph with its time."""
    by_class = [
        [each for each in page.root.iter("p") if each.get("class") == name]
        for name in ("timeline-title", "timeline-at")
    ]
    return [("".join(title.itertext()), at) for title, at in zip(*by_class, strict=True)]


def test_a_double_click_sends_one_parcel(service: PageClient, number: str) -> None:
    first, second = (service.get(f"/admin/orders/{number}").value("key") for _ in range(2))
    assert first != second
    for _ in range(2):
        ship(service, number, 1, 0, key=first)
    assert [line.sent for line in read(number).lines] == [1, 0]
    assert [event.kind for event in read(number).events].count("shipped") == 1
    assert len(audit.trail(subject=("order", number))) == 1
    ship(service, number, 1, 0, key=second)
    assert [line.sent for line in read(number).lines] == [2, 0]


def test_the_double_of_the_last_parcel_is_no_refusal(service: PageClient, number: str) -> None:
    for _ in range(2):
        ship(service, number, 3, 1, key="the-same-page")
    assert read(number).state == "completed"
    assert len(audit.trail(subject=("order", number))) == 1


def test_no_more_is_sent_than_was_ordered(service: PageClient, number: str) -> None:
    ship(service, number, 9, 0, status=409)
    ship(service, number, 0, 0, status=409)
    assert read(number).sent == 0
    assert audit.trail(subject=("order", number)) == []


@pytest.mark.parametrize("bad", ["２", "1.5", "-1", "two", " 2"])
def test_a_quantity_that_cannot_be_read_sends_nothing_of_the_other_lines_either(
    service: PageClient, number: str, bad: str
) -> None:
    page = ship(service, number, bad, 1, status=422)
    assert "cannot be used here" in page.text
    assert read(number).sent == 0
    assert audit.trail(subject=("order", number)) == []
    ship(service, number, "", 1)
    assert [line.sent for line in read(number).lines] == [0, 1]


def test_the_trail_shows_who_did_what(service: PageClient, number: str, ada: Member) -> None:
    ship(service, number, 3, 1)
    service.client.delete_cookie("mall")
    service.sign_in("ada@example.com")
    text = service.get("/admin/audit?about=order").text
    for words in ("Parcel sent", number, "Sam", "SF Express"):
        assert words in text
    assert number not in service.get("/admin/audit?about=points").text
