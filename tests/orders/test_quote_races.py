"""A quote that is priced anew while it becomes an order, and a wish while staff fulfil it; on real connections."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.core.ids import MemberId, OrderId, VariantId
from mall.domain.ledger import service as ledger
from mall.domain.ledger.verify import verify
from mall.domain.members import service as members
from mall.domain.orders import booking, checks, loading, locking, quote_rows, quoting, shipping, sums
from mall.domain.orders.errors import CannotNote, QuoteGone
from mall.domain.orders.models import Order, OrderLine
from mall.domain.orders.service import Placed
from mall.domain.payments.models import Payment
from tests.support.cash_factory import grant
from tests.support.items_factory import add_way, make_item
from tests.support.orders_factory import NONE, place, place_order
from tests.support.patience import PATIENCE, wait_for_a_waiter
from tests.support.racing import connections

pytestmark = pytest.mark.races

#: 50.00, less the lowest tier's 5 %.
PRICE, CASH, OFF = 5_000, 4_750, 1_000


@pytest.fixture
def mall(fresh_app: Flask) -> Iterator[Flask]:
    with connections(fresh_app, 4), fresh_app.app_context():
        yield fresh_app


@pytest.fixture
def buyer(mall: Flask, at: datetime) -> MemberId:
    with transaction():
        (made,) = members.create_many([members.NewMember("m1")], at=at, language="en").values()
        ledger.open_accounts([made], at=at)
    grant(MemberId(made), 5_000, at=at)
    return MemberId(made)


@pytest.fixture
def quote(buyer: MemberId, at: datetime) -> str:
    with transaction():
        lamp = make_item("Lamp", points=4_000, stock=9)
        way = add_way(lamp.item_id, "cash", cash=PRICE, max_share=5_000, position=1)
        return quoting.make_quote(
            member=buyer, at=at, lines=[quoting.Ask(VariantId(lamp.variant_id), 1, way)]
        ).id


def both(
    mall: Flask, quote: str, buyer: MemberId, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> tuple[Placed | Exception, object]:
    """Place the quote, and between its head and its lines have another connection choose other points: until it has,
    or is kept waiting."""
    chosen = Event()
    priced = loading.priced

    def choose() -> object:
        with mall.app_context():
            try:
                with transaction():
                    return quoting.choose(quote, quoting.Chosen(points_off=OFF), member=buyer, at=at)
            except Exception as refusal:
                return refusal
            finally:
                chosen.set()

    with ThreadPoolExecutor(1) as pool:
        others = []

        def then_another(*args: object, **named: object) -> object:
            rows = priced(*args, **named)  # type: ignore[arg-type]
            others.append(pool.submit(choose))
            wait_for_a_waiter(mall, chosen.is_set)
            return rows

        monkeypatch.setattr(loading, "priced", then_another)
        try:
            with transaction():
                placed: Placed | Exception = place(quote, member=buyer, at=at)
        except Exception as refusal:
            placed = refusal
        return placed, others[0].result(PATIENCE)


def kept() -> list[tuple[int, ...]]:
    """(points, cash) of each order's head and of its lines, and what Stripe is asked for."""
    db.session.remove()
    rows = db.session.execute(
        sa.select(Order.points, Order.cash, OrderLine.points, OrderLine.cash, Payment.amount)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Payment, Payment.order_id == Order.id)
    )
    return [tuple(row) for row in rows]


def test_a_quote_that_is_becoming_an_order_is_not_priced_anew(
    mall: Flask, quote: str, buyer: MemberId, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed, chosen = both(mall, quote, buyer, at, monkeypatch)
    assert isinstance(placed, Placed), placed
    assert isinstance(chosen, QuoteGone)
    assert kept() == [(0, CASH, 0, CASH, CASH)]
    assert list(checks.violations()) == []
    assert verify().violations == ()


@pytest.mark.tampers
def test_without_locks_and_belt_the_order_has_one_price_and_its_lines_another(
    mall: Flask, quote: str, buyer: MemberId, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control. SQLite has one writer at a time, whatever is locked."""
    monkeypatch.setattr(ledger, "lock", lambda _members: None)
    monkeypatch.setattr(loading, "_LOAD", loading._READ)
    monkeypatch.setattr(sums, "check_sums", lambda *_lines, **_sums: None)
    placed, _ = both(mall, quote, buyer, at, monkeypatch)
    assert isinstance(placed, Placed), placed
    mixed = db.engine.dialect.name == "postgresql"
    assert kept() == [(0, CASH, OFF, CASH - OFF, CASH - OFF) if mixed else (0, CASH, 0, CASH, CASH)]


@pytest.mark.tampers
def test_with_the_belt_alone_nothing_of_such_an_order_is_kept(
    mall: Flask, quote: str, buyer: MemberId, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    priced = loading.priced

    def dearer_head(*args: object, **named: object) -> object:
        rows = priced(*args, **named)  # type: ignore[arg-type]
        old = quote_rows.held(quote, member=buyer)
        assert old is not None
        other = quoting.price(old.lines, OFF, old.way, old.standing, old.rates, needs_address=True)
        quote_rows.reprice(old, other, old.lines, standing=old.standing, rates=old.rates, way=old.way)
        return rows

    monkeypatch.setattr(loading, "priced", dearer_head)
    with pytest.raises(sums.SumsDiffer), transaction():
        place(quote, member=buyer, at=at)
    assert kept() == []


def test_a_wish_waits_for_who_fulfils_the_service_and_then_comes_too_late(
    mall: Flask, buyer: MemberId, at: datetime
) -> None:
    """With the line locked before the order, each would wait for the other."""
    with transaction():
        massage = make_item("Massage", points=300, stock=None, kind="service")
    order = place_order(buyer, (massage.variant_id, 1), at=at, delivery=NONE)
    line = db.session.scalar(sa.select(OrderLine.id).where(OrderLine.order_id == order.id)) or 0
    late, done = at + timedelta(minutes=1), Event()

    def wish() -> None:
        try:
            with mall.app_context(), transaction():
                booking.wish(order.number, line, member=buyer, words="After six", day=None, at=late)
        finally:
            done.set()

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            locking.lock_order(OrderId(order.id))
            wishing = pool.submit(wish)
            wait_for_a_waiter(mall, done.is_set)
            shipping.fulfil(OrderId(order.id), lines=None, actor=SYSTEM, at=late)
        with pytest.raises(CannotNote):
            wishing.result(PATIENCE)
