"""Races on real connections, each with its negative control: without the guard, the race must happen."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM, as_member
from mall.core.db import db, transaction
from mall.core.ids import MemberId, VariantId
from mall.domain.items import service as items
from mall.domain.items import stock
from mall.domain.items.errors import SoldOut
from mall.domain.items.queries.checks import stock_violations
from mall.domain.items.stock_models import Stock
from mall.domain.ledger import service as ledger
from mall.domain.ledger.errors import NotEnoughPoints
from mall.domain.ledger.rules import Earning, Key, Ref
from mall.domain.ledger.verify import verify
from mall.domain.members import service as members
from mall.domain.orders import cancelling, checks, limits, locking, quoting, shipping
from mall.domain.orders.errors import AlreadyPlaced, CannotCancel, CannotShip, LimitReached
from mall.domain.orders.models import Order, Shipment
from mall.domain.orders.refunding import facts, writing
from mall.domain.orders.service import Placed
from tests.support.items_factory import make_item
from tests.support.orders_factory import NEXT_YEAR, place
from tests.support.patience import PATIENCE
from tests.support.racing import connections, race

pytestmark = pytest.mark.races

PRICE = 300


@pytest.fixture
def mall(fresh_app: Flask) -> Iterator[Flask]:
    """An application with 32 connections; afterwards its books must add up."""
    with connections(fresh_app, 32), fresh_app.app_context():
        yield fresh_app


def people(n: int, points: int, at: datetime) -> list[MemberId]:
    """So many members, each with so many points."""
    with transaction():
        made = list(
            members.create_many([members.NewMember(f"m{i}") for i in range(n)], at=at, language="en").values()
        )
        ledger.open_accounts(made, at=at)
        ledger.earn_many(
            [
                Earning(
                    member, points, Ref("test", str(member)), Key("test", str(member)), at, None, NEXT_YEAR
                )
                for member in made
            ],
            actor=SYSTEM,
            at=at,
        )
    return made


def a_cup(units: int | None, limit: items.Limits | None = None) -> int:
    with transaction():
        return make_item("Cup", points=PRICE, stock=units, limits=limit or items.Limits()).variant_id


def quotes(buyers: list[MemberId], variant: int, at: datetime) -> list[str]:
    with transaction():
        return [
            quoting.make_quote(member=member, at=at, lines=[quoting.Ask(VariantId(variant), 1)]).id
            for member in buyers
        ]


def buy(quote: str, member: MemberId, at: datetime, key: str | None = None) -> Placed:
    with transaction():
        return place(quote, member=member, at=at, key=key)


def outcomes(results: list[Placed | Exception]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def assert_sound() -> None:
    db.session.remove()
    assert list(checks.violations()) == []
    assert list(stock_violations()) == []
    assert verify().violations == ()


def test_of_1000_members_and_10_units_exactly_10_get_one(mall: Flask, at: datetime) -> None:
    variant, buyers = a_cup(10), people(1_000, PRICE, at)
    asked = quotes(buyers, variant, at)
    jobs = [
        lambda quote=quote, member=member: buy(quote, member, at)
        for quote, member in zip(asked, buyers, strict=True)
    ]
    results = race(mall, jobs, threads=32)
    assert outcomes(results) == {"Placed": 10, "SoldOut": 990}
    row = db.session.get_one(Stock, variant)
    assert (row.available, row.sold) == (0, 10)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 10
    assert_sound()


@pytest.mark.tampers
def test_without_the_guard_the_same_race_oversells(
    mall: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: who has seen a unit on the shelf, and trusts what they saw, sells it."""
    variant, buyers = a_cup(10), people(32, PRICE, at)
    asked = quotes(buyers, variant, at)
    seen_then: dict[MemberId, int] = {}
    everybody_has_looked = Barrier(len(buyers))
    trusting = (
        sa.update(Stock)
        .where(Stock.variant_id == sa.bindparam("variant"))
        .values(available=sa.bindparam("rest"), sold=Stock.sold + 1)
    )

    def sell(lines: object, *, actor: object, **_: object) -> None:
        seen = seen_then[actor.id]  # type: ignore[attr-defined]
        if seen < 1:
            raise SoldOut(name="Cup", left=0, sku="", variant_id=variant, asked=1)
        db.session.execute(trusting, {"variant": variant, "rest": seen - 1})

    def look_then_buy(quote: str, member: MemberId) -> Placed:
        stmt = sa.select(Stock.available).where(Stock.variant_id == variant)
        seen_then[member] = db.session.scalar(stmt) or 0
        db.session.rollback()
        everybody_has_looked.wait(PATIENCE)
        return buy(quote, member, at)

    monkeypatch.setattr(stock, "sell", sell)
    jobs = [
        lambda quote=quote, member=member: look_then_buy(quote, member)
        for quote, member in zip(asked, buyers, strict=True)
    ]
    results = race(mall, jobs, threads=32)
    assert outcomes(results) == {"Placed": 32}


def test_two_tabs_with_one_balance_make_one_order(mall: Flask, at: datetime) -> None:
    variant = a_cup(None)
    for member in people(10, PRICE, at):
        tabs = quotes([member, member], variant, at)
        results = race(
            mall, [lambda quote=quote, who=member: buy(quote, who, at) for quote in tabs], threads=2
        )
        assert outcomes(results) == {"Placed": 1, "NotEnoughPoints": 1}
    assert_sound()


def test_of_twenty_spends_of_the_whole_balance_one_succeeds(mall: Flask, at: datetime) -> None:
    variant, (member,) = a_cup(None), people(1, PRICE, at)
    tabs = quotes([member] * 20, variant, at)
    results = race(mall, [lambda quote=quote: buy(quote, member, at) for quote in tabs], threads=20)
    assert outcomes(results) == {"Placed": 1, "NotEnoughPoints": 19}
    missing = {result.params["missing"] for result in results if isinstance(result, NotEnoughPoints)}
    assert missing == {PRICE}
    assert_sound()


def test_a_double_click_is_one_order_and_one_answer(mall: Flask, at: datetime) -> None:
    variant, buyers = a_cup(None), people(5, 10 * PRICE, at)
    for member in buyers:
        (quote,) = quotes([member], variant, at)
        results = race(
            mall, [lambda q=quote, who=member: buy(q, who, at, key="k" * 20) for _ in range(8)], threads=8
        )
        placed = [result for result in results if isinstance(result, Placed)]
        assert len(placed) == 8
        assert len({order.number for order in placed}) == 1
        assert sorted(order.again for order in placed) == [False] + [True] * 7
    assert_sound()


def test_one_quote_under_eight_keys_is_one_order(mall: Flask, at: datetime) -> None:
    variant, (member,) = a_cup(None), people(1, 10 * PRICE, at)
    (quote,) = quotes([member], variant, at)
    results = race(mall, [lambda: buy(quote, member, at) for _ in range(8)], threads=8)
    assert outcomes(results) == {"Placed": 1, AlreadyPlaced.__name__: 7}
    assert_sound()


@pytest.mark.parametrize("limit", [items.Limits(per_day=3), items.Limits(ever=3)], ids=["a day", "ever"])
def test_a_burst_against_a_limit_stops_at_the_limit(mall: Flask, at: datetime, limit: items.Limits) -> None:
    variant, (member,) = a_cup(None, limit), people(1, 100 * PRICE, at)
    tabs = quotes([member] * 24, variant, at)
    results = race(mall, [lambda quote=quote: buy(quote, member, at) for quote in tabs], threads=24)
    assert sum(isinstance(result, Placed) for result in results) == 3
    assert sum(isinstance(result, LimitReached) for result in results) == 21
    assert_sound()


def test_without_the_guard_a_burst_goes_beyond_the_limit(
    mall: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a limit that is counted before the transaction lets the burst through."""
    variant, (member,) = a_cup(None, items.Limits(ever=3)), people(1, 100 * PRICE, at)
    tabs = quotes([member] * 24, variant, at)
    monkeypatch.setattr(limits, "take", lambda *_args, **_kwargs: None)
    everybody_has_counted = Barrier(len(tabs))

    def count_then_buy(quote: str) -> Placed:
        if (db.session.scalar(sa.select(sa.func.count()).select_from(Order)) or 0) >= 3:
            raise LimitReached(name="Cup", limit=3, left=0)
        db.session.rollback()
        everybody_has_counted.wait(PATIENCE)
        return buy(quote, member, at)

    results = race(mall, [lambda quote=quote: count_then_buy(quote) for quote in tabs], threads=24)
    assert outcomes(results) == {"Placed": 24}


def ship_it(order: Placed, at: datetime) -> str:
    with transaction():
        shipping.ship(order.id, carrier="SF", tracking="1", actor=SYSTEM, at=at)
    return "shipped"


def cancel_it(order: Placed, member: MemberId, at: datetime) -> str:
    with transaction():
        cancelling.cancel(order.id, actor=as_member(member), at=at)
    return "cancelled"


def test_cancelling_races_shipping_and_one_of_them_wins(mall: Flask, at: datetime) -> None:
    variant, buyers = a_cup(40), people(20, PRICE, at)
    bought = [buy(quote, who, at) for quote, who in zip(quotes(buyers, variant, at), buyers, strict=True)]
    db.session.remove()
    for order, member in zip(bought, buyers, strict=True):
        jobs = [
            lambda o=order: ship_it(o, at),
            lambda o=order, who=member: cancel_it(o, who, at),
        ]
        results = race(mall, jobs, threads=2)
        refused = [result for result in results if isinstance(result, Exception)]
        assert len(refused) == 1
        assert isinstance(refused[0], CannotShip | CannotCancel)
    states = Counter(db.session.scalars(sa.select(Order.state)))
    parcels = db.session.scalar(sa.select(sa.func.count()).select_from(Shipment))
    assert states["completed"] == parcels
    assert states["completed"] + states["cancelled"] == 20
    assert db.session.get_one(Stock, variant).available == 40 - states["completed"]
    assert_sound()


@pytest.mark.tampers
def test_without_locks_and_guards_both_believe_to_have_won(
    mall: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both decide on what they read before; then nothing but a CHECK is left to stop the second."""
    variant, buyers = a_cup(40), people(5, PRICE, at)
    bought = [buy(quote, who, at) for quote, who in zip(quotes(buyers, variant, at), buyers, strict=True)]
    with transaction():
        read = {order.id: locking.lock_order(order.id) for order in bought}
    known = {order.id: facts.of_order(order.id) for order in bought}
    db.session.remove()
    line = shipping.line
    monkeypatch.setattr(locking, "lock_order", read.__getitem__)
    unguarded = sa.update(line).where(line.c.id == sa.bindparam("line"))
    monkeypatch.setattr(
        shipping, "_SEND", unguarded.values(sent=line.c.sent + sa.bindparam("n"), state="shipped")
    )
    monkeypatch.setattr(facts, "of_order", known.__getitem__)
    monkeypatch.setattr(
        writing,
        "_TAKE",
        unguarded.values(cancelled=line.c.cancelled + sa.bindparam("unsent"), state="cancelled"),
    )
    caught = 0
    for order, member in zip(bought, buyers, strict=True):
        jobs = [lambda o=order: ship_it(o, at), lambda o=order, who=member: cancel_it(o, who, at)]
        caught += sum(isinstance(result, sa.exc.IntegrityError) for result in race(mall, jobs, threads=2))
    assert caught == 5


def test_two_parcels_with_the_same_units_are_one_parcel(mall: Flask, at: datetime) -> None:
    variant, buyers = a_cup(10), people(5, PRICE, at)
    bought = [buy(quote, who, at) for quote, who in zip(quotes(buyers, variant, at), buyers, strict=True)]
    db.session.remove()
    for order in bought:
        results = race(mall, [lambda o=order: ship_it(o, at)] * 4, threads=4)
        assert Counter(type(result).__name__ for result in results) == {"str": 1, "CannotShip": 3}
    assert_sound()


def test_two_cancellations_give_back_once(mall: Flask, at: datetime) -> None:
    variant, buyers = a_cup(10), people(5, PRICE, at)
    bought = [buy(quote, who, at) for quote, who in zip(quotes(buyers, variant, at), buyers, strict=True)]
    db.session.remove()
    for order, member in zip(bought, buyers, strict=True):
        results = race(mall, [lambda o=order, who=member: cancel_it(o, who, at)] * 4, threads=4)
        assert results == ["cancelled"] * 4
    assert db.session.get_one(Stock, variant).available == 10
    assert_sound()
