"""Codes that are refunded or disputed: what goes back to the shelf is what was shown, and nothing unseen is shown."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from devstripe.testing import Running
from mall.core.actor import SYSTEM, as_staff
from mall.core.db import db, transaction
from mall.core.ids import MemberId
from mall.domain.items.code_models import Code, CodeReveal
from mall.domain.items.stock_models import Stock
from mall.domain.members.models import Member
from mall.domain.orders import fulfilling, refunding
from mall.domain.orders.models import refund_line_table
from mall.domain.orders.refunding import requesting
from mall.domain.orders.refunding.errors import OrderDisputed, PreviewChanged
from mall.domain.orders.refunding.rules import Units
from mall.domain.payments import queries as payments
from mall.worker import refunds
from tests.codes.test_giving import bought, codes_of, look, view
from tests.support.cash_factory import paid_order
from tests.support.codes_factory import CIPHER, add_codes, make_pool, secret
from tests.support.failing import listening
from tests.support.items_factory import make_item
from tests.support.orders_factory import NONE, give_points, place_order


@pytest.mark.parametrize("restock", [True, False])
def test_what_is_shown_and_kept_of_codes_is_what_goes_back_to_the_shelf(
    app: Flask, mei: Member, at: datetime, restock: bool
) -> None:
    with transaction():
        made = make_pool(3, at=at)
    order = bought(mei, made.variant_id, 3, at)
    line = view(order).lines[0].id
    seen, _, late = codes_of(line)
    with transaction():
        db.session.execute(sa.update(Code).where(Code.id == seen.id).values(revealed_at=at))
        db.session.execute(sa.update(Code).where(Code.id == late.id).values(expires_at=at))
    asked = [Units(line, returned=3)]
    shown = refunding.preview(order.id, asked, restock=restock, at=at)
    assert shown.restocked == 1
    with transaction():
        requesting.request(order.id, asked, restock=restock, expect=shown.hash, actor=SYSTEM, at=at)
    assert db.session.scalars(sa.select(refund_line_table.c.restocked)).all() == [1]
    assert db.session.get_one(Stock, made.variant_id, populate_existing=True).available == 1


def test_a_refund_of_many_lines_of_codes_is_foreseen_in_as_few_statements_as_one(
    app: Flask, mei: Member, at: datetime
) -> None:
    with transaction():
        give_points(MemberId(mei.id), 10_000, at=at)
        pools = [make_pool(2, at=at, name=f"Voucher {n}", points=10, prefix=f"V{n}") for n in range(6)]
    placed = [
        place_order(MemberId(mei.id), *((made.variant_id, 2) for made in some), at=at, delivery=NONE)
        for some in (pools[:1], pools[1:])
    ]
    seen = codes_of(view(placed[1]).lines[2].id)[0]
    with transaction():
        db.session.execute(sa.update(Code).where(Code.id == seen.id).values(revealed_at=at))
    asked = [[Units(line.id, returned=2) for line in view(order).lines] for order in placed]
    statements: list[str] = []
    with listening(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2])):
        refunding.preview(placed[0].id, asked[0], at=at)
        of_one = len(statements)
        shown = refunding.preview(placed[1].id, asked[1], at=at)
    assert len(statements) == 2 * of_one > 0, "\n".join(statements[of_one:])
    assert [part.restocked for part in shown.parts] == [2, 2, 1, 2, 2]
    with transaction():
        requesting.request(placed[1].id, asked[1], expect=shown.hash, actor=SYSTEM, at=at)
    kept = db.session.scalars(sa.select(refund_line_table.c.restocked).order_by("order_line_id")).all()
    assert kept == [2, 2, 1, 2, 2]


def test_a_code_that_was_looked_at_meanwhile_changes_what_a_refund_does(
    app: Flask, mei: Member, at: datetime
) -> None:
    with transaction():
        made = make_pool(1, at=at)
    order = bought(mei, made.variant_id, 1, at)
    line = view(order).lines[0].id
    asked = [Units(line, returned=1)]
    shown = refunding.preview(order.id, asked, at=at)
    look(order, line, mei, at)
    with pytest.raises(PreviewChanged) as changed, transaction():
        requesting.request(order.id, asked, expect=shown.hash, actor=SYSTEM, at=at)
    assert (shown.restocked, changed.value.preview.restocked) == (1, 0)


def test_a_line_of_codes_is_read_once_to_take_it_back(app: Flask, mei: Member, at: datetime) -> None:
    with transaction():
        made = make_pool(2, at=at)
    order = bought(mei, made.variant_id, 2, at)
    asked = [Units(view(order).lines[0].id, returned=2)]
    shown = refunding.preview(order.id, asked, at=at)
    statements: list[str] = []
    with (
        listening(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2])),
        transaction(),
    ):
        requesting.request(order.id, asked, expect=shown.hash, actor=SYSTEM, at=at)
    # The lines' own facts count their codes along: those are no reads of their own.
    pools = [said for said in statements if said.startswith("SELECT code_pool.")]
    codes = [said for said in statements if said.startswith("SELECT code.")]
    assert (len(pools), len(codes)) == (2, 1)  # what was foreseen, and what is done
    assert sorted(code.state for code in db.session.scalars(sa.select(Code))) == ["free", "free"]


def test_while_the_payment_is_disputed_only_codes_that_were_seen_are_shown(
    app: Flask, mei: Member, lee: Member, dev_stripe: Running, at: datetime
) -> None:
    with transaction():
        made = make_item("Voucher", points=300, cash=1_000, stock=0, kind="digital")
        add_codes(made.variant_id, [secret(i) for i in range(2)], at=at)
        give_points(MemberId(mei.id), 1_000, at=at - timedelta(days=1))
    order = paid_order(dev_stripe, MemberId(mei.id), (made.variant_id, 2), at=at, delivery=NONE)
    line = view(order).lines[0].id
    intent = payments.of_order(order.id)[-1].payment_intent or ""
    dispute = dev_stripe.control.dispute(intent)["id"]
    assert refunds.look_at_dispute(dispute, now=lambda: at) == "open"
    with pytest.raises(OrderDisputed):
        look(order, line, mei, at)
    as_lee = {"request": "req-2", "reason": "Member asked", "actor": as_staff(lee.id), "at": at}
    with pytest.raises(OrderDisputed), transaction():
        fulfilling.reveal_as_staff(order.number, line, cipher=CIPHER, **as_lee)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CodeReveal)) == 0
    first, _ = codes_of(line)
    with transaction():
        db.session.execute(sa.update(Code).where(Code.id == first.id).values(revealed_at=at))
    assert len(look(order, line, mei, at)) == 1
    dev_stripe.control.close_dispute(dispute, won=True)
    refunds.look_at_dispute(dispute, now=lambda: at)
    assert len(look(order, line, mei, at)) == 2


@pytest.mark.parametrize("opened", [0, 1])
def test_an_order_whose_pool_is_short_can_be_given_back(
    app: Flask, mei: Member, at: datetime, opened: int
) -> None:
    """A unit that was never given has no code to put back on the shelf."""
    with transaction():
        made = make_item("Voucher", points=10, stock=5, kind="digital")
    order = bought(mei, made.variant_id, 2, at)
    with transaction():
        add_codes(made.variant_id, [secret(i) for i in range(opened + 1)], at=at)
    shown = refunding.preview(order.id, None, at=at)
    with transaction():
        requesting.request(order.id, None, expect=shown.hash, actor=SYSTEM, at=at)
    assert view(order).state == "cancelled"
    assert db.session.scalars(sa.select(refund_line_table.c.restocked)).all() == [0]
    assert db.session.get_one(Stock, made.variant_id, populate_existing=True).available == opened + 1
