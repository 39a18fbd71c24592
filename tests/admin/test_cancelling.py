"""Cancelling at the desk: what it does is shown first, and done if it is still that; the whole order, or what was not sent."""

from datetime import timedelta

from mall.core import clock
from mall.core.actor import SYSTEM, as_staff
from mall.core.db import transaction
from mall.domain.audit import queries as audit
from mall.domain.ledger import queries as ledger
from mall.domain.ledger import service as ledger_service
from mall.domain.ledger.rules import Key, Ref
from mall.domain.members.models import Member
from mall.domain.orders import cancelling
from mall.web.formatting import day
from tests.admin.test_orders import read, ship
from tests.support.items_factory import make_item
from tests.support.orders_factory import NEXT_YEAR, place_order
from tests.support.pages import STAFF_QUERIES, Page, PageClient


def look(pages: PageClient, number: str, *, status: int = 200, **asked: str) -> Page:
    """What cancelling would do."""
    data = {"reason": "Member moved away", **asked}
    return pages.post(
        f"/admin/orders/{number}/cancel", data, page="/account/profile", status=status, queries=STAFF_QUERIES
    )


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
    shown = service.get(f"/orders/{number}/cancel").text
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
