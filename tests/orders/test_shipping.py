"""Shipping in parts, fulfilling, cancelling: units and points always add up, against a model too."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.items.queries.checks import stock_violations
from mall.domain.items.stock_models import Stock
from mall.domain.ledger import queries as points
from mall.domain.ledger.verify import verify
from mall.domain.members.models import Member
from mall.domain.orders import cancelling, checks, queries, shipping
from mall.domain.orders.errors import AlreadySent, CannotCancel, CannotShip, NoSuchOrder
from mall.domain.orders.models import OrderLine
from mall.domain.orders.service import Placed
from mall.domain.outbox.models import OutboxMessage
from tests.support.exploring import examples
from tests.support.items_factory import Made, make_item
from tests.support.orders_factory import NONE, give_points, place_order

LINES = {"Cup": (3, 100), "Lamp": (2, 250)}


@pytest.fixture
def order(mei: Member, at: datetime) -> Iterator[Placed]:
    """Three cups at 100 and two lamps at 250, from a lot of 600 that expires first and one of 1,000."""
    with transaction():
        made = [make_item(name, points=each, stock=10) for name, (_, each) in LINES.items()]
        give_points(mei.id, 1_000, at=at, expires_at=at + timedelta(days=300))
        give_points(mei.id, 600, at=at, expires_at=at + timedelta(days=30))
    lines = [(item.variant_id, n) for item, (n, _) in zip(made, LINES.values(), strict=True)]
    yield place_order(mei.id, *lines, at=at)
    assert list(checks.violations()) == []
    assert list(stock_violations()) == []
    assert verify().violations == ()


def lines_of(order: Placed) -> dict[str, OrderLine]:
    db.session.expire_all()
    found = db.session.scalars(sa.select(OrderLine).where(OrderLine.order_id == order.id))
    return {line.name["en"]: line for line in found}


def ship(order: Placed, at: datetime, **units: int) -> None:
    ids = {name: line.id for name, line in lines_of(order).items()}
    with transaction():
        shipping.ship(
            order.id,
            lines=[(ids[name], n) for name, n in units.items()] or None,
            carrier="SF",
            tracking="1",
            actor=SYSTEM,
            at=at,
        )


def cancel(order: Placed, at: datetime, **units: int) -> cancelling.Cancelled:
    ids = {name: line.id for name, line in lines_of(order).items()}
    with transaction():
        return cancelling.cancel(
            order.id, actor=SYSTEM, at=at, lines=[(ids[name], n) for name, n in units.items()] or None
        )


def view(order: Placed, mei: Member) -> queries.OrderView:
    return queries.order(order.number, member=mei.id, locale="en")


def test_an_order_ships_in_parts_and_is_completed_with_the_last(
    order: Placed, mei: Member, at: datetime
) -> None:
    ship(order, at, Cup=2)
    shown = view(order, mei)
    assert (shown.state, shown.tags) == ("paid", ("part_shipped",))
    assert {line.name: (line.sent, line.state) for line in shown.lines} == {
        "Cup": (2, "open"),
        "Lamp": (0, "open"),
    }
    ship(order, at, Cup=1, Lamp=2)
    shown = view(order, mei)
    assert (shown.state, {line.state for line in shown.lines}) == ("completed", {"shipped"})
    assert [event.kind for event in shown.events] == ["placed", "paid", "shipped", "shipped", "completed"]
    told = db.session.scalars(sa.select(OutboxMessage.kind).where(OutboxMessage.kind == "order.shipped"))
    assert len(told.all()) == 2


@pytest.mark.parametrize("units", [{"Cup": 4}, {"Cup": -1}, {"Cup": 1, "Lamp": 3}])
def test_more_than_is_left_is_not_shipped_and_nothing_is(
    order: Placed, mei: Member, at: datetime, units: dict[str, int]
) -> None:
    with pytest.raises(CannotShip):
        ship(order, at, **units)
    assert view(order, mei).sent == 0


def test_another_orders_line_is_not_shipped(order: Placed, mei: Member, at: datetime) -> None:
    with transaction():
        give_points(mei.id, 1_000, at=at)
        other = make_item("Other", points=1)
    second = place_order(mei.id, (other.variant_id, 1), at=at)
    stranger = lines_of(second)["Other"].id
    with pytest.raises(CannotShip), transaction():
        shipping.ship(order.id, lines=[(stranger, 1)], actor=SYSTEM, at=at)
    with pytest.raises(CannotCancel), transaction():
        cancelling.cancel(order.id, lines=[(stranger, 1)], actor=SYSTEM, at=at)


def test_an_order_that_does_not_exist_is_refused(app: Flask, at: datetime) -> None:
    with pytest.raises(NoSuchOrder), transaction():
        shipping.ship(OrderId(10**9), actor=SYSTEM, at=at)
    with pytest.raises(NoSuchOrder), transaction():
        cancelling.cancel(OrderId(10**9), actor=SYSTEM, at=at)


def test_cancelling_gives_points_to_their_lots_and_units_to_the_shelf(
    order: Placed, mei: Member, at: datetime
) -> None:
    done = cancel(order, at)
    assert done.points == 800
    assert sorted(done.lots) == [(200, at + timedelta(days=300)), (600, at + timedelta(days=30))]
    balance = points.balance(mei.id, at)
    assert (balance.available, balance.expiring_points) == (1_600, 600)
    shown = view(order, mei)
    assert (shown.state, {line.state for line in shown.lines}) == ("cancelled", {"cancelled"})
    assert shown.events[-1].data["points"] == 800
    for line in lines_of(order).values():
        stock = db.session.get_one(Stock, line.variant_id)
        assert (stock.available, stock.sold) == (10, line.quantity)


def test_cancelling_again_changes_nothing_and_says_what_came_back(
    order: Placed, mei: Member, at: datetime
) -> None:
    cancel(order, at)
    again = cancel(order, at)
    assert (again.points, again.again) == (800, True)
    assert points.balance(mei.id, at).available == 1_600


def test_what_is_on_its_way_is_not_cancelled_as_a_whole(order: Placed, mei: Member, at: datetime) -> None:
    ship(order, at, Cup=1)
    with pytest.raises(AlreadySent):
        cancel(order, at)
    assert points.balance(mei.id, at).available == 800


def test_unsent_units_can_be_cancelled_and_the_rest_completes_the_order(
    order: Placed, mei: Member, at: datetime
) -> None:
    ship(order, at, Cup=2)
    assert cancel(order, at, Cup=1, Lamp=1).points == 350
    shown = view(order, mei)
    assert (shown.state, shown.points_back) == ("paid", 350)
    assert {line.name: line.state for line in shown.lines} == {"Cup": "shipped", "Lamp": "open"}
    cancel(order, at, Lamp=1)
    assert view(order, mei).state == "completed"
    with pytest.raises(CannotCancel):
        cancel(order, at, Cup=1)


def test_a_cancelled_order_is_not_shipped(order: Placed, at: datetime) -> None:
    cancel(order, at)
    with pytest.raises(CannotShip):
        ship(order, at)


def test_services_are_fulfilled_not_shipped(mei: Member, at: datetime) -> None:
    with transaction():
        give_points(mei.id, 1_000, at=at)
        course = make_item("Course", points=100, stock=None, kind="service")
        book = make_item("Book", points=100)
    order = place_order(mei.id, (course.variant_id, 1), (book.variant_id, 1), at=at)
    ids = {name: line.id for name, line in lines_of(order).items()}
    with pytest.raises(CannotShip), transaction():
        shipping.ship(order.id, lines=[(ids["Course"], 1)], actor=SYSTEM, at=at)
    with pytest.raises(CannotShip), transaction():
        shipping.fulfil(order.id, lines=[(ids["Book"], 1)], actor=SYSTEM, at=at)
    with transaction():
        shipping.fulfil(order.id, actor=SYSTEM, at=at, note="Seat 7")
    assert {name: line.state for name, line in lines_of(order).items()} == {
        "Course": "fulfilled",
        "Book": "open",
    }
    ship(order, at)
    assert queries.order(order.number, member=mei.id, locale="en").state == "completed"


def test_an_order_of_services_alone_is_completed_when_they_are_given(mei: Member, at: datetime) -> None:
    with transaction():
        give_points(mei.id, 1_000, at=at)
        course = make_item("Course", points=100, stock=None, kind="digital")
    order = place_order(mei.id, (course.variant_id, 2), at=at, delivery=NONE)
    with transaction():
        shipping.fulfil(order.id, actor=SYSTEM, at=at)
    assert queries.order(order.number, member=mei.id, locale="en").state == "completed"


steps = st.lists(
    st.tuples(st.sampled_from(["ship", "cancel"]), st.sampled_from(list(LINES)), st.integers(1, 3)),
    max_size=8,
)


@given(steps)
@settings(max_examples=examples(25))
def test_whatever_is_shipped_and_cancelled_in_whatever_order_adds_up(
    app: Flask, mei: Member, steps: list[tuple[str, str, int]]
) -> None:
    """Against a model that only counts: units left, sent, cancelled, and points given back."""
    at = datetime.fromisoformat("2026-11-22T04:00:00+00:00")
    with transaction():
        made: dict[str, Made] = {n: make_item(n, points=each, stock=10) for n, (_, each) in LINES.items()}
        give_points(mei.id, 800, at=at)
    before = points.balance(mei.id, at).available
    order = place_order(mei.id, *[(made[name].variant_id, n) for name, (n, _) in LINES.items()], at=at)
    left = {name: n for name, (n, _) in LINES.items()}
    sent, back = 0, 0
    for verb, name, n in steps:
        fits = n <= left[name]
        try:
            (ship if verb == "ship" else cancel)(order, at, **{name: n})
        except (CannotShip, CannotCancel):
            assert not fits
            continue
        assert fits
        left[name] -= n
        sent += n * (verb == "ship")
        back += n * LINES[name][1] * (verb == "cancel")
    shown = queries.order(order.number, member=mei.id, locale="en")
    assert {line.name: line.left for line in shown.lines} == left
    assert (shown.sent, shown.points_back) == (sent, back)
    assert shown.state == ("paid" if any(left.values()) else "completed" if sent else "cancelled")
    assert points.balance(mei.id, at).available == before - 800 + back
    assert list(checks.violations()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE order_event SET kind = 'cancelled'",
        "UPDATE order_event SET actor_id = 7",
        "DELETE FROM order_event",
    ],
)
def test_the_timeline_only_grows(order: Placed, statement: str) -> None:
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.text(statement))


def test_an_event_is_not_written_over(order: Placed) -> None:
    verb = "INSERT INTO" if db.engine.dialect.name == "postgresql" else "INSERT OR REPLACE INTO"
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.text(f"{verb} order_event SELECT * FROM order_event"))


def test_the_words_of_an_event_can_be_erased(order: Placed) -> None:
    with transaction():
        db.session.execute(sa.text("UPDATE order_event SET note = 'words'"))
        db.session.execute(sa.text("UPDATE order_event SET note = NULL"))
    assert db.session.scalars(sa.text("SELECT DISTINCT note FROM order_event")).all() == [None]
