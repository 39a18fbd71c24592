"""Codes change hands: given in the paying transaction, seen by their owner alone, taken back unseen."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from devstripe.testing import Running
from mall.core.actor import SYSTEM, as_member, as_staff
from mall.core.db import db, transaction
from mall.core.ids import MemberId
from mall.domain.audit.models import AuditRecord
from mall.domain.items import code_giving, codes, stock
from mall.domain.items import service as items
from mall.domain.items.code_models import Code, CodeReveal
from mall.domain.items.errors import SoldOut
from mall.domain.items.queries.codes import code_violations
from mall.domain.items.stock_models import Stock
from mall.domain.ledger.errors import NotEnoughPoints
from mall.domain.ledger.rules import Ref
from mall.domain.members.models import Member
from mall.domain.orders import fulfilling, locking, queries, quoting
from mall.domain.orders.errors import BasketNotReady, NoSuchOrder
from mall.domain.orders.refunding import requesting
from mall.domain.orders.refunding.rules import Units
from mall.domain.orders.service import Placed
from mall.domain.outbox.models import OutboxMessage
from tests.support.cash_factory import grant, paid_order
from tests.support.codes_factory import CIPHER, add_codes, make_pool, secret
from tests.support.items_factory import make_item
from tests.support.orders_factory import NONE, STANDARD, give_points, place, place_order


def bought(member: Member, variant: int, n: int, at: datetime) -> Placed:
    with transaction():
        give_points(MemberId(member.id), 100_000, at=at)
    return place_order(MemberId(member.id), (variant, n), at=at, delivery=NONE)


def codes_of(line: int) -> list[Code]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Code).where(Code.order_line_id == line).order_by(Code.id)))


def look(order: Placed, line: int, member: Member, at: datetime) -> list[str]:
    with transaction():
        shown = fulfilling.reveal(
            order.number, line, member=MemberId(member.id), cipher=CIPHER, request="req-1",
            actor=as_member(MemberId(member.id)), at=at,
        )  # fmt: skip
    return [found.code for found in shown]


def view(order: Placed) -> queries.OrderView:
    return queries.any_order(order.number, locale="en")


def test_paying_hands_over_exactly_what_was_ordered(app: Flask, mei: Member, at: datetime) -> None:
    with transaction():
        made = make_pool(5, at=at)
    order = bought(mei, made.variant_id, 3, at)
    found = view(order)
    (line,) = found.lines
    assert (found.state, line.state, line.sent) == ("completed", "fulfilled", 3)
    assert len(codes_of(line.id)) == 3
    assert [event.kind for event in found.events] == ["placed", "paid", "codes_given", "completed"]
    stocked = db.session.get_one(Stock, made.variant_id)
    assert (stocked.available, stocked.sold) == (2, 3)
    kinds = list(db.session.scalars(sa.select(OutboxMessage.kind).order_by(OutboxMessage.id)))
    assert kinds == ["order.placed", "order.codes"]


@pytest.mark.parametrize("cash", [0, 1_000], ids=["points alone", "cash as well"])
def test_what_staff_have_called_a_service_since_hands_its_codes_over_all_the_same(
    app: Flask, mei: Member, dev_stripe: Running, at: datetime, cash: int
) -> None:
    grant(MemberId(mei.id), 1_000, at=at)
    with transaction():
        made = make_item("Film voucher", points=100, cash=cash, stock=0, kind="digital")
        add_codes(made.variant_id, [secret(0)], at=at)
        items.edit_item(made.item_id, kind="service", at=at)
    if cash:
        order = paid_order(dev_stripe, MemberId(mei.id), (made.variant_id, 1), at=at, delivery=NONE)
    else:
        order = place_order(MemberId(mei.id), (made.variant_id, 1), at=at, delivery=NONE)
    assert (view(order).state, view(order).lines[0].sent) == ("completed", 1)


def test_an_order_with_goods_in_it_stays_open_for_them(app: Flask, mei: Member, at: datetime) -> None:
    with transaction():
        made, cup = make_pool(1, at=at), make_item("Cup", points=10)
        give_points(MemberId(mei.id), 1_000, at=at)
    order = place_order(MemberId(mei.id), (made.variant_id, 1), (cup.variant_id, 1), at=at, delivery=STANDARD)
    found = view(order)
    assert found.state == "paid"
    assert [line.state for line in found.lines] == ["fulfilled", "open"]


def test_the_soonest_to_expire_goes_first_and_the_expired_never(
    app: Flask, mei: Member, at: datetime
) -> None:
    with transaction():
        made = make_pool(1, at=at)
        add_codes(made.variant_id, ["LATE"], at=at, expires_at=at + timedelta(days=90))
        add_codes(made.variant_id, ["SOON"], at=at, expires_at=at + timedelta(days=9))
        add_codes(made.variant_id, ["GONE"], at=at, expires_at=at)
    order = bought(mei, made.variant_id, 2, at)
    assert sorted(look(order, view(order).lines[0].id, mei, at)) == ["LATE", "SOON"]
    with transaction():
        codes.expire(made.variant_id, at=at)


def test_a_refused_order_gives_nothing(app: Flask, mei: Member, at: datetime) -> None:
    with transaction():
        made = make_pool(2, at=at)
        give_points(MemberId(mei.id), 100, at=at)
    with pytest.raises(NotEnoughPoints):
        place_order(MemberId(mei.id), (made.variant_id, 1), at=at, delivery=NONE)
    assert set(db.session.scalars(sa.select(Code.state))) == {"free"}


def test_an_empty_pool_is_sold_out(app: Flask, mei: Member, at: datetime) -> None:
    with transaction():
        made = make_pool(1, at=at)
        give_points(MemberId(mei.id), 10_000, at=at)
        quotes = [
            quoting.make_quote(member=MemberId(mei.id), at=at, lines=[quoting.Ask(made.variant_id, 1)])  # type: ignore[list-item]
            for _ in range(2)
        ]
    with transaction():
        place(quotes[0].id, member=MemberId(mei.id), at=at, delivery=NONE)
    with pytest.raises(SoldOut), transaction():
        place(quotes[1].id, member=MemberId(mei.id), at=at, delivery=NONE)
    with pytest.raises(BasketNotReady):
        place_order(MemberId(mei.id), (made.variant_id, 1), at=at, delivery=NONE)


def test_owners_see_their_codes_and_every_look_is_written_down(app: Flask, mei: Member, at: datetime) -> None:
    with transaction():
        made = make_pool(2, at=at)
    order = bought(mei, made.variant_id, 2, at)
    line = view(order).lines[0].id
    assert sorted(look(order, line, mei, at)) == [secret(0), secret(1)]
    assert sorted(look(order, line, mei, at + timedelta(hours=1))) == [secret(0), secret(1)]
    seen = db.session.scalars(sa.select(CodeReveal)).all()
    assert len(seen) == 4
    assert {(row.actor_kind, row.actor_id, row.request) for row in seen} == {("member", mei.id, "req-1")}
    assert {code.revealed_at for code in codes_of(line)} == {at}


def test_another_member_sees_nothing_and_leaves_no_trace(
    app: Flask, mei: Member, zoe: Member, at: datetime
) -> None:
    with transaction():
        made = make_pool(2, at=at)
    order = bought(mei, made.variant_id, 1, at)
    line = view(order).lines[0].id
    with pytest.raises(NoSuchOrder):
        look(order, line, zoe, at)
    theirs = bought(zoe, made.variant_id, 1, at)
    with pytest.raises(NoSuchOrder):  # one's own order, with the number of another's line
        look(theirs, line, zoe, at)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CodeReveal)) == 0


def test_staff_look_with_a_reason_that_is_audited(app: Flask, mei: Member, lee: Member, at: datetime) -> None:
    with transaction():
        made = make_pool(1, at=at)
    order = bought(mei, made.variant_id, 1, at)
    with transaction():
        shown = fulfilling.reveal_as_staff(
            order.number, view(order).lines[0].id, cipher=CIPHER, request="r", reason="the printer ate it",
            actor=as_staff(MemberId(lee.id)), at=at,
        )  # fmt: skip
    assert [found.code for found in shown] == [secret(0)]
    (record,) = db.session.scalars(sa.select(AuditRecord).where(AuditRecord.action == "codes.reveal"))
    assert (record.subject_id, record.reason, record.actor_id) == (order.number, "the printer ate it", lee.id)
    assert secret(0) not in str(record.after)
    assert db.session.scalar(sa.select(CodeReveal.actor_kind)) == "staff"


@pytest.mark.parametrize("sql", ["UPDATE code_reveal SET actor_id = 1", "DELETE FROM code_reveal"])
def test_what_was_seen_is_never_unseen(app: Flask, mei: Member, at: datetime, sql: str) -> None:
    with transaction():
        made = make_pool(1, at=at)
    order = bought(mei, made.variant_id, 1, at)
    look(order, view(order).lines[0].id, mei, at)
    with pytest.raises(sa.exc.IntegrityError, match="never unseen"), transaction():
        db.session.execute(sa.text(sql))


def test_a_code_that_was_seen_cannot_become_free(app: Flask, mei: Member, at: datetime) -> None:
    with transaction():
        made = make_pool(1, at=at)
    order = bought(mei, made.variant_id, 1, at)
    look(order, view(order).lines[0].id, mei, at)
    with pytest.raises(sa.exc.IntegrityError, match="unseen"), transaction():
        db.session.execute(sa.update(Code).values(state="free", order_line_id=None, given_at=None))


def test_taken_back_unseen_it_is_free_and_seen_it_is_void(app: Flask, mei: Member, at: datetime) -> None:
    """Of three codes two have been seen: the unseen one goes first, and only it goes back on the shelf."""
    with transaction():
        made = make_pool(3, at=at)
    order = bought(mei, made.variant_id, 3, at)
    line = view(order).lines[0].id
    first, second, _third = codes_of(line)
    with transaction():
        stmt = sa.update(Code).where(Code.id.in_((first.id, second.id))).values(revealed_at=at)
        db.session.execute(stmt)
    with transaction():
        locking.lock_order(order.id)
        back = fulfilling.take_back(line, made.variant_id, 2, at=at)
        stock.take_back([(made.variant_id, back)], ref=Ref("order", order.number), actor=SYSTEM, at=at)
    assert back == 1
    assert sorted(code.state for code in codes_of(line)) == ["given", "void"]
    assert len(look(order, line, mei, at)) == 1  # the void one is shown no more
    assert db.session.get_one(Stock, made.variant_id).available == 1
    again = bought(mei, made.variant_id, 1, at)  # and the free one is somebody's again
    assert len(look(again, view(again).lines[0].id, mei, at)) == 1


def test_what_has_no_pool_has_no_codes_to_take_back(app: Flask, mei: Member, at: datetime) -> None:
    with transaction():
        cup = make_item("Cup", points=10)
        give_points(MemberId(mei.id), 1_000, at=at)
    order = place_order(MemberId(mei.id), (cup.variant_id, 3), at=at)
    with transaction():
        assert fulfilling.take_back(view(order).lines[0].id, cup.variant_id, 2, at=at) is None


def test_an_order_older_than_the_pool_gets_its_codes_later(app: Flask, mei: Member, at: datetime) -> None:
    with transaction():
        made = make_item("Voucher", points=10, stock=5, kind="digital")
    order = bought(mei, made.variant_id, 2, at)
    assert view(order).state == "paid"
    with transaction():
        add_codes(made.variant_id, [secret(i) for i in range(3)], at=at)
    assert fulfilling.waiting(at=at) == [order.id]
    with transaction():
        assert fulfilling.give_if_possible(order.id, at=at) == 2
    assert view(order).state == "completed"
    assert fulfilling.waiting(at=at) == []
    assert db.session.get_one(Stock, made.variant_id, populate_existing=True).available == 1
    assert list(code_violations()) == []


@pytest.mark.tampers  # reserved for an order that is not there
def test_who_waits_does_not_get_what_others_have_reserved(app: Flask, mei: Member, at: datetime) -> None:
    with transaction():
        made = make_item("Voucher", points=10, stock=5, kind="digital")
    order = bought(mei, made.variant_id, 2, at)
    with transaction():
        stock.reserve([(made.variant_id, 2)], ref=Ref("order", "R-2"), actor=SYSTEM, at=at)
        add_codes(made.variant_id, [secret(i) for i in range(3)], at=at)
    with transaction():
        assert fulfilling.give_if_possible(order.id, at=at) == 0
    assert view(order).state == "paid"
    assert set(db.session.scalars(sa.select(Code.state))) == {"free"}


def test_a_code_is_not_in_what_a_log_would_say(app: Flask, mei: Member, at: datetime) -> None:
    shown = code_giving.Revealed(1, "SECRET", "1234", None)
    assert "SECRET" not in repr(shown)
    assert "1234" not in repr(shown)


@pytest.mark.parametrize("restock", [True, False])
def test_a_refund_takes_the_codes_back(app: Flask, mei: Member, at: datetime, restock: bool) -> None:
    """Two of three are refunded, one of them seen: on the shelf there is one more, whatever staff asked for."""
    with transaction():
        made = make_pool(3, at=at)
    order = bought(mei, made.variant_id, 3, at)
    line = view(order).lines[0].id
    first, second, third = codes_of(line)
    with transaction():
        db.session.execute(sa.update(Code).where(Code.id.in_((first.id, third.id))).values(revealed_at=at))
    with transaction():
        requesting.request(order.id, [Units(line, returned=2)], restock=restock, actor=SYSTEM, at=at)
    assert db.session.get_one(Code, second.id, populate_existing=True).state == "free"
    assert sorted(code.state for code in codes_of(line)) == ["given", "void"]
    assert db.session.get_one(Stock, made.variant_id, populate_existing=True).available == 1


def test_cash_hands_over_codes_in_the_paying_transaction_too(
    app: Flask, mei: Member, dev_stripe: Running, at: datetime
) -> None:
    grant(MemberId(mei.id), 1_000, at=at)
    with transaction():
        made = make_item("Film voucher", points=100, cash=1_000, stock=0, kind="digital")
        add_codes(made.variant_id, [secret(n) for n in range(3)], at=at)
    order = paid_order(dev_stripe, MemberId(mei.id), (made.variant_id, 2), at=at, delivery=NONE)
    [line] = view(order).lines
    assert len(codes_of(line.id)) == 2
    assert view(order).state == "completed"
