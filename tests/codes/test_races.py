"""Codes under fire, on real connections; with the guard taken away, the race must happen."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM, as_member
from mall.core.db import db, transaction
from mall.core.ids import MemberId, VariantId
from mall.domain.items import code_giving, codes, stock
from mall.domain.items.code_models import Code
from mall.domain.items.queries.codes import code_violations
from mall.domain.items.stock_models import Stock
from mall.domain.ledger.rules import Ref
from mall.domain.orders import fulfilling, locking, quoting
from mall.domain.orders.models import OrderLine
from mall.domain.orders.service import Placed
from tests.orders.test_races import people
from tests.support.codes_factory import CIPHER, add_codes, make_pool, secret
from tests.support.orders_factory import NONE, place
from tests.support.racing import connections, race

pytestmark = pytest.mark.races
PRICE = 300


@pytest.fixture
def mall(fresh_app: Flask) -> Iterator[Flask]:
    """An application with 24 connections."""
    with connections(fresh_app, 24), fresh_app.app_context():
        yield fresh_app


def a_pool(n: int, at: datetime) -> int:
    with transaction():
        return make_pool(n, at=at, points=PRICE).variant_id


def quotes(buyers: list[MemberId], variant: int, n: int, at: datetime) -> list[str]:
    with transaction():
        return [
            quoting.make_quote(member=who, at=at, lines=[quoting.Ask(VariantId(variant), n)]).id
            for who in buyers
        ]


def buy(quote: str, member: MemberId, at: datetime) -> Placed:
    with transaction():
        return place(quote, member=member, at=at, delivery=NONE)


def outcomes(results: list[object]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def owners() -> list[tuple[int, int]]:
    """How many codes each line has, beside how many it should have."""
    db.session.remove()
    held = sa.select(sa.func.count()).where(Code.order_line_id == OrderLine.id).scalar_subquery()
    return [tuple(row) for row in db.session.execute(sa.select(OrderLine.quantity, held))]


def test_of_20_buyers_and_5_codes_five_get_one_each(mall: Flask, at: datetime) -> None:
    variant, buyers = a_pool(5, at), people(20, PRICE, at)
    asked = quotes(buyers, variant, 1, at)
    jobs = [lambda q=quote, who=member: buy(q, who, at) for quote, member in zip(asked, buyers, strict=True)]
    results = race(mall, jobs, threads=20)
    assert outcomes(results) == {"Placed": 5, "SoldOut": 15}
    assert owners() == [(1, 1)] * 5
    assert set(db.session.scalars(sa.select(Code.state))) == {"given"}
    assert list(code_violations()) == []


def test_who_wants_several_gets_all_or_none(mall: Flask, at: datetime) -> None:
    """Twelve want three of ten: three of them get theirs, and nobody waits for anybody in a circle."""
    variant, buyers = a_pool(10, at), people(12, 3 * PRICE, at)
    asked = quotes(buyers, variant, 3, at)
    jobs = [lambda q=quote, who=member: buy(q, who, at) for quote, member in zip(asked, buyers, strict=True)]
    results = race(mall, jobs, threads=12)
    assert outcomes(results) == {"Placed": 3, "OutOfStock": 9}
    assert owners() == [(3, 3)] * 3
    assert list(code_violations()) == []


@pytest.mark.tampers
def test_without_the_locks_the_same_code_goes_to_several(
    mall: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: all have read which codes are free before the first one takes any."""
    variant, buyers = a_pool(5, at), people(20, PRICE, at)
    asked = quotes(buyers, variant, 1, at)
    (first, *_rest) = db.session.scalars(sa.select(Code.id).order_by(Code.id)).all()
    db.session.remove()
    given: list[int] = []

    def trusting(variant_id: int, n: int, *, line_id: int, at: datetime) -> bool:
        given.append(first)  # what everybody has seen to be free
        stmt = sa.update(Code).where(Code.id == first)
        db.session.execute(stmt.values(state="given", order_line_id=line_id, given_at=at))
        return True

    monkeypatch.setattr(code_giving, "give", trusting)
    jobs = [lambda q=quote, who=member: buy(q, who, at) for quote, member in zip(asked, buyers, strict=True)]
    results = race(mall, jobs, threads=20)
    assert outcomes(results)["Placed"] > 1
    assert (1, 0) in owners()  # somebody paid for a code that another one has
    assert list(code_violations()) != []


def settle(order_line: int, variant: int, at: datetime) -> str:
    """What paying with cash does with codes and stock: the unit has been reserved before."""
    with transaction():
        assert code_giving.give(variant, 1, line_id=order_line, at=at), "a paid order got no code"
        stock.sell_reserved([(variant, 1)], ref=Ref("order", "R"), actor=SYSTEM, at=at)
    return "settled"


@pytest.mark.tampers  # the lines that wait are borrowed from another pool
def test_buyers_without_a_reservation_take_no_code_from_under_one(mall: Flask, at: datetime) -> None:
    """Five codes, four reserved: of ten who pay with points one gets a code, and all four reservations do."""
    variant, buyers = a_pool(5, at), people(14, PRICE, at)
    asked = quotes(buyers, variant, 1, at)
    with transaction():
        stock.reserve([(variant, 4)], ref=Ref("order", "R"), actor=SYSTEM, at=at)
    lines = _lines_that_wait(buyers[10:], at)
    jobs: list[object] = [
        lambda q=quote, who=member: buy(q, who, at)
        for quote, member in zip(asked[:10], buyers[:10], strict=True)
    ]
    jobs += [lambda line=line: settle(line, variant, at) for line in lines]
    jobs = [job for pair in zip(jobs[10:] + [None] * 6, jobs[:10], strict=True) for job in pair if job]
    results = race(mall, jobs, threads=14)  # type: ignore[arg-type]
    assert outcomes(results) == {"str": 4, "Placed": 1, "SoldOut": 9}
    assert db.session.get_one(Stock, variant).available == 0


def _lines_that_wait(members: list[MemberId], at: datetime) -> list[int]:
    """Order lines of something else, standing in for those of orders that wait for their cash."""
    with transaction():
        other = make_pool(len(members), at=at, name="Other", points=1, prefix="OTHER").variant_id
    made = [buy(quote, who, at) for quote, who in zip(quotes(members, other, 1, at), members, strict=True)]
    ids = db.session.scalars(
        sa.select(OrderLine.id).where(OrderLine.order_id.in_([order.id for order in made]))
    ).all()
    with transaction():  # their own codes are nobody's concern here
        db.session.execute(
            sa.update(Code).where(Code.order_line_id.in_(ids))
            .values(state="free", order_line_id=None, given_at=None)
        )  # fmt: skip
    return list(ids)


def test_seeing_and_taking_back_take_turns(mall: Flask, at: datetime) -> None:
    """Either the code was seen, and is void; or it was not, and is free: never seen and free."""
    variant, buyers = a_pool(8, at), people(8, PRICE, at)
    bought = [buy(q, who, at) for q, who in zip(quotes(buyers, variant, 1, at), buyers, strict=True)]
    lines = dict(db.session.execute(sa.select(OrderLine.order_id, OrderLine.id)).all())  # type: ignore[arg-type]
    db.session.remove()

    def look(order: Placed, who: MemberId) -> str:
        with transaction():
            fulfilling.reveal(
                order.number,
                lines[order.id],
                member=who,
                cipher=CIPHER,
                request="",
                actor=as_member(who),
                at=at,
            )
        return "seen"

    def back(order: Placed) -> int:
        with transaction():
            locking.lock_order(order.id)
            free = fulfilling.take_back(lines[order.id], variant, 1, at=at)
            if free:
                stock.take_back([(variant, free)], ref=Ref("order", order.number), actor=SYSTEM, at=at)
        return free

    for order, who in zip(bought, buyers, strict=True):
        seen, free = race(mall, [lambda o=order, w=who: look(o, w), lambda o=order: back(o)], threads=2)
        assert (seen == "seen") == (free == 0), (seen, free)
    db.session.remove()
    states = Counter(db.session.scalars(sa.select(Code.state)))
    assert states["void"] + states["free"] == 8
    assert list(code_violations()) == []


def test_imports_of_one_file_at_once_bring_each_code_once(mall: Flask, at: datetime) -> None:
    variant = a_pool(1, at)
    texts = [secret(n) for n in range(50)]

    def bring() -> int:
        with transaction():
            return add_codes(variant, texts, at=at).added

    added = race(mall, [bring] * 6, threads=6)
    assert sorted(added) == [0, 0, 0, 0, 0, 49]
    db.session.remove()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Code)) == 50
    assert list(code_violations()) == []


def test_withdrawing_while_members_buy_loses_no_code(mall: Flask, at: datetime) -> None:
    variant, buyers = a_pool(10, at), people(10, PRICE, at)
    asked = quotes(buyers, variant, 1, at)
    batch = db.session.scalar(sa.select(Code.batch_id))
    db.session.remove()

    def withdraw() -> int:
        with transaction():
            return codes.withdraw(batch or 0, actor=SYSTEM, at=at)

    jobs: list[object] = [
        lambda q=quote, who=member: buy(q, who, at) for quote, member in zip(asked, buyers, strict=True)
    ]
    results = race(mall, [*jobs[:5], withdraw, *jobs[5:]], threads=11)  # type: ignore[list-item]
    gone = next(result for result in results if isinstance(result, int))
    got = sum(isinstance(result, Placed) for result in results)
    assert gone + got == 10
    assert owners() == [(1, 1)] * got
    assert list(code_violations()) == []
