"""Stock: every change guarded and journalled, invariant 7, and races with their negative control."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from mall.core.actor import SYSTEM, as_staff
from mall.core.db import db, transaction
from mall.core.errors import BadValue, MallError
from mall.core.ids import MemberId
from mall.domain.items import errors, queries, stock
from mall.domain.items.stock_models import Stock, StockMove
from tests.support.exploring import examples
from tests.support.items_factory import make_item
from tests.support.patience import PATIENCE
from tests.support.racing import connections, race


@dataclass(frozen=True)
class Ref:
    kind: str
    id: str


ORDER = Ref("order", "R-1")


@pytest.fixture
def broken_books() -> None:
    """Asked for by tests that break the books on purpose."""


@pytest.fixture(autouse=True)
def _books_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test on the shared application, the stock of every variant is explained."""
    yield
    if "app" in request.fixturenames and "broken_books" not in request.fixturenames:
        assert queries.stock_violations() == []


def row(variant_id: int) -> tuple[int | None, int, int]:
    found = db.session.execute(
        sa.select(Stock.available, Stock.reserved, Stock.sold).where(Stock.variant_id == variant_id)
    ).one()
    return found[0], found[1], found[2]


def test_selling_takes_from_the_shelf_and_says_so(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_item(stock=3)
        stock.sell([(made.variant_id, 2)], ref=ORDER, actor=as_staff(MemberId(9)), at=at)
    assert row(made.variant_id) == (1, 0, 2)
    sold, opening = queries.stock_journal(made.variant_id)
    assert (sold.kind, sold.quantity, sold.available, sold.sold, sold.left) == ("sold", 2, -2, 2, 1)
    assert (sold.ref_kind, sold.ref_id, sold.actor_kind, sold.actor_id) == ("order", "R-1", "staff", 9)
    assert (opening.kind, opening.quantity, opening.left) == ("opening", 3, 3)


def test_more_than_there_is_is_refused_by_name_and_nothing_is_taken(app: Flask, at: datetime) -> None:
    with transaction():
        made, other = make_item("Tea cup", stock=1), make_item(stock=5)
    with pytest.raises(errors.OutOfStock) as refused, transaction():
        stock.sell([(other.variant_id, 2), (made.variant_id, 2)], ref=ORDER, actor=SYSTEM, at=at)
    assert (refused.value.params["name"], refused.value.params["left"]) == ("Tea cup", 1)
    assert refused.value.params["variant_id"] == made.variant_id
    assert row(other.variant_id) == (5, 0, 0)


def test_nothing_left_is_sold_out(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_item(stock=0)
    with pytest.raises(errors.SoldOut), transaction():
        stock.sell([(made.variant_id, 1)], ref=ORDER, actor=SYSTEM, at=at)


def test_one_variant_on_two_lines_counts_once_together(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_item(stock=3)
    lines = [(made.variant_id, 2), (made.variant_id, 2)]
    with pytest.raises(errors.OutOfStock), transaction():
        stock.sell(lines, ref=ORDER, actor=SYSTEM, at=at)


def test_unlimited_stock_is_sold_without_end_and_still_explained(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_item(stock=None)
        stock.sell([(made.variant_id, 1_000)], ref=ORDER, actor=SYSTEM, at=at)
        stock.take_back([(made.variant_id, 1)], ref=ORDER, actor=SYSTEM, at=at)
        with pytest.raises(errors.Uncounted):
            stock.adjust(made.variant_id, change=1, reason="found", actor=SYSTEM, at=at)
        stock.set_limited(made.variant_id, 7, actor=SYSTEM, at=at)
        stock.sell([(made.variant_id, 2)], ref=ORDER, actor=SYSTEM, at=at)
        stock.set_unlimited(made.variant_id, actor=SYSTEM, at=at)
    assert row(made.variant_id) == (None, 0, 1_002)


def test_a_return_puts_it_on_the_shelf_and_sold_never_falls(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_item(stock=3)
        stock.sell([(made.variant_id, 3)], ref=ORDER, actor=SYSTEM, at=at)
        stock.take_back([(made.variant_id, 2)], ref=ORDER, actor=SYSTEM, at=at, note="cancelled")
    assert row(made.variant_id) == (2, 0, 3)


@pytest.mark.parametrize(
    ("change", "reason"),
    [(0, "found"), (-1, "found"), (1, "written_off"), (-1, "received"), (1, "sold"), (1, ""), (2**63, "found")],
)  # fmt: skip
def test_adjustments_that_make_no_sense(app: Flask, at: datetime, change: int, reason: str) -> None:
    with transaction():
        made = make_item(stock=3)
        with pytest.raises(BadValue):
            stock.adjust(made.variant_id, change=change, reason=reason, actor=SYSTEM, at=at)


def test_no_more_is_written_off_than_there_is(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_item(stock=3)
    with pytest.raises(errors.OutOfStock), transaction():
        stock.adjust(made.variant_id, change=-4, reason="written_off", actor=SYSTEM, at=at)


def test_the_journal_is_only_ever_added_to(app: Flask) -> None:
    with transaction():
        made = make_item(stock=3)
    for statement in (
        sa.update(StockMove).where(StockMove.variant_id == made.variant_id).values(quantity=9),
        sa.delete(StockMove).where(StockMove.variant_id == made.variant_id),
    ):
        with pytest.raises(sa.exc.DatabaseError, match="only ever added to"), transaction():
            db.session.execute(statement)


@pytest.mark.usefixtures("broken_books")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"available": 4}, "available is 4, the journal says 3"),
        ({"sold": 1}, "sold is 1, the journal says 0"),
        ({"initial": 9}, "initial is 9, the journal opened with 3"),
    ],
)
def test_the_checker_finds_stock_that_nothing_explains(app: Flask, change: dict[str, int], told: str) -> None:
    with transaction():
        made = make_item(stock=3, sku="MUG-1")
        db.session.execute(sa.update(Stock).where(Stock.variant_id == made.variant_id).values(**change))
    found = queries.stock_violations()
    assert {violation.row for violation in found} == {"stock of MUG-1"}
    assert told in [violation.problem for violation in found]


VERBS: list[Callable[..., None]] = [
    stock.sell,
    stock.reserve,
    stock.sell_reserved,
    stock.release,
    stock.take_back,
]
steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(VERBS), st.integers(1, 4)),
        st.tuples(st.just("adjust"), st.integers(-4, 4)),
        st.tuples(st.just("limited"), st.integers(0, 5)),
        st.tuples(st.just("unlimited"), st.just(0)),
    ),
    max_size=14,
)


@settings(max_examples=examples(60))
@given(steps, st.one_of(st.none(), st.integers(0, 6)))
def test_any_sequence_of_verbs_leaves_the_books_right(
    app: Flask, at: datetime, plan: list[tuple[object, int]], opening: int | None
) -> None:
    with transaction():
        made = make_item(stock=opening)
        for verb, n in plan:
            try:
                with db.session.begin_nested():
                    _do(verb, n, made.variant_id, at)
            except MallError:
                continue
    assert queries.stock_violations() == []
    available, reserved, sold = row(made.variant_id)
    assert (available or 0) >= 0
    assert reserved >= 0
    assert sold >= 0


def _do(verb: object, n: int, variant_id: int, at: datetime) -> None:
    if verb == "adjust":
        reason = "received" if n > 0 else "written_off"
        stock.adjust(variant_id, change=n, reason=reason, actor=SYSTEM, at=at)
    elif verb == "limited":
        stock.set_limited(variant_id, n, actor=SYSTEM, at=at)
    elif verb == "unlimited":
        stock.set_unlimited(variant_id, actor=SYSTEM, at=at)
    elif callable(verb):
        verb([(variant_id, n)], ref=ORDER, actor=SYSTEM, at=at)


def at_once(app: Flask, jobs: list[Callable[[], object]]) -> Counter[str]:
    """Do the jobs at the same time, each in a transaction on a connection of its own; what became of them."""

    def one(job: Callable[[], object]) -> str:
        with transaction():
            job()
        return "sold"

    with connections(app, len(jobs)):
        told = race(app, [lambda job=job: one(job) for job in jobs], threads=len(jobs))
    return Counter(outcome if isinstance(outcome, str) else type(outcome).__name__ for outcome in told)


@pytest.mark.races
def test_eight_buyers_of_three_pieces_get_three(fresh_app: Flask, at: datetime) -> None:
    with fresh_app.app_context(), transaction():
        variant = make_item(stock=3).variant_id
    outcomes = at_once(fresh_app, [lambda: stock.sell([(variant, 1)], ref=ORDER, actor=SYSTEM, at=at)] * 8)
    assert outcomes == {"sold": 3, "SoldOut": 5}
    with fresh_app.app_context():
        assert row(variant) == (0, 0, 3)
        assert queries.stock_violations() == []


@pytest.mark.races
def test_baskets_with_the_same_variants_in_any_order_do_not_block_each_other(
    fresh_app: Flask, at: datetime
) -> None:
    with fresh_app.app_context(), transaction():
        one, two = make_item(stock=50).variant_id, make_item(stock=50).variant_id
    baskets = [[(one, 1), (two, 1)], [(two, 1), (one, 1)]] * 4
    outcomes = at_once(
        fresh_app,
        [lambda lines=lines: stock.sell(lines, ref=ORDER, actor=SYSTEM, at=at) for lines in baskets],
    )
    assert outcomes == {"sold": 8}


@pytest.mark.races
def test_negative_control_without_the_guard_the_race_oversells(fresh_app: Flask, at: datetime) -> None:
    """Read, decide, write, on a copy of the table without its CHECK: what the guarded UPDATE is there to prevent."""
    with fresh_app.app_context(), transaction():
        db.session.execute(sa.text("CREATE TABLE naive_stock (variant_id INTEGER, available INTEGER)"))
        db.session.execute(sa.text("INSERT INTO naive_stock VALUES (1, 3)"))
    everybody_has_read = Barrier(8)

    def buy() -> str:
        left = db.session.scalar(sa.text("SELECT available FROM naive_stock"))
        db.session.rollback()
        everybody_has_read.wait(PATIENCE)
        if not left:
            return "refused"
        with transaction():
            db.session.execute(sa.text("UPDATE naive_stock SET available = available - 1"))
        return "sold"

    with connections(fresh_app, 8):
        assert race(fresh_app, [buy] * 8, threads=8) == ["sold"] * 8
    with fresh_app.app_context():
        assert db.session.scalar(sa.text("SELECT available FROM naive_stock")) == 3 - 8
