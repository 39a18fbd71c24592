"""Orders at the desk: sent in parts, given, cancelled; each deed in the audit trail."""

import csv
import io
from datetime import timedelta

import pytest

from mall.core import clock, ids
from mall.core.actor import SYSTEM, as_staff
from mall.core.db import transaction
from mall.domain.audit import queries as audit
from mall.domain.ledger import queries as ledger
from mall.domain.ledger import service as ledger_service
from mall.domain.ledger.rules import Key, Ref
from mall.domain.members.models import Member
from mall.domain.orders import cancelling, queries
from mall.domain.orders.queries import OrderView
from mall.web.formatting import day
from tests.support.items_factory import make_item
from tests.support.orders_factory import NEXT_YEAR, give_points, place_order
from tests.support.pages import STAFF_QUERIES, Page, PageClient


@pytest.fixture
def service(pages: PageClient, sam: Member) -> PageClient:
    """Sam of customer service at his desk."""
    pages.sign_in("sam@example.com")
    return pages


@pytest.fixture
def number(service: PageClient, mei: Member) -> str:
    """Mei's order: three mugs and a lamp, for 4,000 points."""
    with transaction():
        give_points(mei.id, 5_000, at=clock.now())
        mug, lamp = make_item("Travel mug"), make_item("Desk lamp")
    return place_order(mei.id, (mug.variant_id, 3), (lamp.variant_id, 1), at=clock.now()).number


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
    page = service.get(f"/admin/orders/{number}", queries=STAFF_QUERIES)
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


def look(pages: PageClient, number: str, *, status: int = 200, **asked: str) -> Page:
    """What cancelling would do."""
    data = {"reason": "Member moved away", **asked}
    return pages.post(f"/admin/orders/{number}/cancel", data, page="/account/profile", status=status)


def confirm(pages: PageClient, number: str, shown: Page, *, status: int = 303) -> Page:
    """Send the form of a page that shows what cancelling does, as it stands there."""
    data = shown.fields(f"/admin/orders/{number}/cancel")
    return pages.post(f"/admin/orders/{number}/cancel", data, page="/account/profile", status=status)


def test_cancelling_shows_what_it_does_and_then_does_it_once(
    service: PageClient, number: str, mei: Member
) -> None:
    shown = look(service, number)
    for said in ("Confirm the cancellation", "Travel mug × 3", "4,000", "Valid until", "Member moved away"):
        assert said in shown.text, said
    assert len(shown.queries) <= STAFF_QUERIES
    assert (read(number).state, audit.trail(subject=("order", number))) == ("paid", [])
    for _ in range(2):
        confirm(service, number, shown)
        assert ledger.balance(mei.id, clock.now()).available == 5_000
    deeds = audit.trail(subject=("order", number))
    assert [(deed.action, deed.reason) for deed in deeds] == [("order.cancel", "Member moved away")]
    assert [event.kind for event in read(number).events].count("cancelled") == 1
    look(service, number, status=409)


def test_two_lots_that_end_on_one_day_are_told_apart_by_the_day_they_were_earned(
    service: PageClient, mei: Member
) -> None:
    now = clock.now()
    sources = (
        Ref("purchase", "mall/R-7K3Q-9XWD-2F5M"),
        Ref("purchase", "csv/4711"),
        Ref("adjustment", "x"),
        Ref("x", "y"),
    )
    with transaction():
        for ago, ref in enumerate(sources):
            ledger_service.earn(
                mei.id,
                250,
                ref=ref,
                key=Key("test", str(ago)),
                actor=SYSTEM,
                at=now - timedelta(days=ago),
                expires_at=NEXT_YEAR,
            )
        variant = make_item("Travel mug").variant_id
    number = place_order(mei.id, (variant, 1), at=now).number
    said = [
        f"earned on {day(now)} with order R-7K3Q-9XWD-2F5M",
        f"earned on {day(now - timedelta(days=1))} with purchase 4711",
        f"given by customer service on {day(now - timedelta(days=2))}",
        f"earned on {day(now - timedelta(days=3))}",
    ]
    shown = look(service, number).text
    assert [words for words in said if words not in shown] == []
    service.client.delete_cookie("mall")
    service.sign_in("mei@example.com")
    shown = service.get(f"/orders/{number}/cancel", queries=7).text
    assert [words for words in said if words not in shown] == []


def test_an_order_that_changed_since_it_was_shown_is_shown_anew(
    service: PageClient, number: str, mei: Member, sam: Member
) -> None:
    shown = look(service, number)
    mug = read(number).lines[0].id
    with transaction():
        cancelling.cancel(read(number).id, lines=[(mug, 1)], actor=as_staff(sam.id), at=clock.now())
    anew = confirm(service, number, shown, status=409)
    assert "Something has changed since this was shown" in anew.text
    assert "Travel mug × 2" in anew.text
    assert anew.value("expect") != shown.value("expect")
    assert (read(number).state, audit.trail(subject=("order", number))) == ("paid", [])
    confirm(service, number, anew)
    assert read(number).state == "cancelled"
    assert ledger.balance(mei.id, clock.now()).available == 5_000


def test_the_rest_of_what_was_sent_in_part_can_be_cancelled(
    service: PageClient, number: str, mei: Member
) -> None:
    url = f"/admin/orders/{number}"
    ship(service, number, 2, 0)
    page = service.get(url)
    assert "Cancel the rest" in page.text
    shown = look(service, number, rest=page.value("rest"), reason="One is broken")
    assert "Travel mug × 1" in shown.text
    for _ in range(2):  # a double click
        confirm(service, number, shown)
    order = read(number)
    assert [(line.sent, line.cancelled) for line in order.lines] == [(2, 1), (0, 1)]
    assert ledger.balance(mei.id, clock.now()).available == 3_000
    [deed] = audit.trail(action="order.cancel")
    assert deed.reason == "One is broken"
    assert "Cancel the rest" not in service.get(url).text
    look(service, number, rest="1", status=409)
    assert ledger.balance(mei.id, clock.now()).available == 3_000


def test_a_parcel_that_left_since_the_rest_was_shown_is_not_cancelled(
    service: PageClient, number: str, mei: Member
) -> None:
    ship(service, number, 1, 0)
    shown = look(service, number, rest="1")
    assert "Travel mug × 2" in shown.text
    ship(service, number, 1, 0)
    anew = confirm(service, number, shown, status=409)
    assert "Travel mug × 1" in anew.text
    assert read(number).sent == 2
    confirm(service, number, anew)
    assert [(line.sent, line.cancelled) for line in read(number).lines] == [(2, 1), (0, 1)]
    assert ledger.balance(mei.id, clock.now()).available == 3_000


def test_who_saw_the_whole_order_does_not_cancel_a_part(
    service: PageClient, number: str, mei: Member
) -> None:
    shown = look(service, number)
    ship(service, number, 2, 0)
    confirm(service, number, shown, status=409)
    look(service, number, status=409)
    assert ledger.balance(mei.id, clock.now()).available == 1_000
    assert audit.trail(action="order.cancel") == []


def test_a_reason_is_needed_to_cancel(service: PageClient, number: str) -> None:
    shown = look(service, number)
    assert "Please" in look(service, number, reason="", status=422).text
    data = shown.fields(f"/admin/orders/{number}/cancel") | {"reason": ""}
    service.post(f"/admin/orders/{number}/cancel", data, page="/account/profile", status=422)
    assert read(number).state == "paid"


def test_the_trail_shows_who_did_what(service: PageClient, number: str, ada: Member) -> None:
    ship(service, number, 3, 1)
    service.client.delete_cookie("mall")
    service.sign_in("ada@example.com")
    text = service.get("/admin/audit?about=order").text
    for words in ("Parcel sent", number, "Sam", "SF Express"):
        assert words in text
    assert number not in service.get("/admin/audit?about=points").text
