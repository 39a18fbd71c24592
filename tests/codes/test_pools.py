"""Code pools: batches in and out, the stock that follows them, what is kept at rest."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.cipher import Cipher, Unreadable, derived_key, new_key
from mall.core.db import db, transaction
from mall.domain.audit.models import AuditRecord
from mall.domain.items import code_keys, codes, stock
from mall.domain.items.code_models import Code, CodeBatch
from mall.domain.items.errors import CodesReserved, FollowsPool, NoSuchItem, NotDigital
from mall.domain.items.queries.codes import code_violations, low_pools, pools
from mall.domain.items.stock_models import Stock, StockMove
from mall.domain.ledger.rules import Ref
from tests.support.codes_factory import CIPHER, add_codes, make_pool, secret
from tests.support.items_factory import make_item


def available(variant_id: int) -> int | None:
    return db.session.scalar(sa.select(Stock.available).where(Stock.variant_id == variant_id))


def test_a_batch_is_stock(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_pool(3, at=at)
        again = add_codes(made.variant_id, [secret(7), secret(8)], at=at)
    assert again.added == 2
    assert available(made.variant_id) == 5
    moves = db.session.scalars(sa.select(StockMove.ref_kind).where(StockMove.variant_id == made.variant_id))
    assert list(moves) == ["code_batch", "code_batch"]
    assert list(code_violations()) == []


@pytest.mark.parametrize("before", [0, 2, 50, None], ids=["none", "fewer", "more", "unlimited"])
def test_the_first_batch_says_how_many_there_are(app: Flask, at: datetime, before: int | None) -> None:
    with transaction():
        made = make_item("Voucher", stock=before, kind="digital")
        add_codes(made.variant_id, [secret(i) for i in range(10)], at=at)
    assert available(made.variant_id) == 10
    assert list(code_violations()) == []


@pytest.mark.tampers  # reserved for an order that is not there
def test_what_orders_reserve_is_not_available(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_item("Voucher", stock=5, kind="digital")
        stock.reserve([(made.variant_id, 3)], ref=Ref("order", "R-1"), actor=SYSTEM, at=at)
        add_codes(made.variant_id, [secret(i) for i in range(4)], at=at)
    assert available(made.variant_id) == 1
    (batch,) = db.session.scalars(sa.select(CodeBatch.id))
    with pytest.raises(CodesReserved) as refused, transaction():
        codes.withdraw(batch, actor=SYSTEM, at=at)
    assert refused.value.params == {"reserved": 3}
    assert available(made.variant_id) == 1


@pytest.mark.tampers  # reserved for an order that is not there
def test_a_first_batch_smaller_than_what_is_reserved_is_refused(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_item("Voucher", stock=5, kind="digital")
        stock.reserve([(made.variant_id, 3)], ref=Ref("order", "R-1"), actor=SYSTEM, at=at)
    with pytest.raises(CodesReserved), transaction():
        add_codes(made.variant_id, [secret(1)], at=at)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Code)) == 0


@pytest.mark.parametrize("kind", ["goods", "service"])
def test_only_digital_items_have_codes(app: Flask, at: datetime, kind: str) -> None:
    with pytest.raises(NotDigital), transaction():
        add_codes(make_item("Cup", kind=kind).variant_id, [secret(1)], at=at)
    with pytest.raises(NoSuchItem), transaction():
        add_codes(10**9, [secret(1)], at=at)


def test_codes_that_are_there_already_are_refused_by_line(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_pool(3, at=at)
        done = add_codes(made.variant_id, [secret(9), secret(1), secret(10), secret(0)], at=at)
    assert done.added == 2
    assert [(row.line, row.why) for row in done.refused] == [(2, "known"), (4, "known")]
    assert available(made.variant_id) == 5


def test_a_batch_that_holds_nothing_new_is_no_batch(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_pool(2, at=at)
        done = add_codes(made.variant_id, [secret(0), secret(1)], at=at)
    assert (done.added, done.batch, len(done.refused)) == (0, None, 2)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CodeBatch)) == 1


def test_the_same_form_twice_is_one_batch(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_item("Voucher", stock=0, kind="digital")
        rows = [codes.NewCode(1, secret(1))]
        first, second = (
            codes.add_batch(
                made.variant_id, rows, source="a.txt", key="k1", cipher=CIPHER, actor=SYSTEM, at=at
            )
            for _ in range(2)
        )
    assert (first.again, second.again) == (False, True)
    assert first.batch == second.batch
    assert available(made.variant_id) == 1


def test_a_dry_run_writes_nothing(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_pool(1, at=at)
        rows = [codes.NewCode(1, secret(0)), codes.NewCode(2, secret(5))]
        said = codes.add_batch(
            made.variant_id, rows, source="", key="k", cipher=CIPHER, actor=SYSTEM, at=at, dry_run=True
        )
    assert (said.added, len(said.refused)) == (1, 1)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Code)) == 1


def test_withdrawing_takes_what_nobody_was_given_and_keeps_no_row(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_pool(3, at=at)
        batch = db.session.scalar(sa.select(CodeBatch.id))
        assert batch is not None
        assert codes.withdraw(batch, reason="wrong supplier", actor=SYSTEM, at=at) == 3
        assert codes.withdraw(batch, actor=SYSTEM, at=at) == 0
    assert available(made.variant_id) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Code)) == 0
    with transaction():  # and they may come back
        assert add_codes(made.variant_id, [secret(0)], at=at).added == 1


def test_a_pooled_variant_is_not_counted_by_hand(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_pool(3, at=at)
    for change, reason in ((1, "found"), (1, "received"), (-1, "written_off")):
        with pytest.raises(FollowsPool), transaction():
            stock.adjust(made.variant_id, change=change, reason=reason, actor=SYSTEM, at=at)
    with pytest.raises(FollowsPool), transaction():
        stock.set_unlimited(made.variant_id, actor=SYSTEM, at=at)
    with pytest.raises(FollowsPool), transaction():
        stock.set_limited(made.variant_id, 3, actor=SYSTEM, at=at)


def test_codes_that_end_within_a_day_leave_pool_and_stock(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_pool(2, at=at)
        add_codes(made.variant_id, [secret(7)], at=at, expires_at=at + timedelta(hours=30))
        assert codes.expire(made.variant_id, at=at) == 0
        later = at + timedelta(hours=7)
        assert codes.expire(made.variant_id, at=later) == 1
        assert codes.expire(made.variant_id, at=later) == 0
    assert available(made.variant_id) == 2
    (pool,) = pools(locale="en")
    assert (pool.free, pool.expired) == (2, 1)


@pytest.mark.tampers  # reserved for an order that is not there
def test_what_is_reserved_does_not_expire_from_under_an_order(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_item("Voucher", stock=0, kind="digital")
        add_codes(made.variant_id, [secret(1), secret(2)], at=at, expires_at=at + timedelta(hours=30))
        stock.reserve([(made.variant_id, 1)], ref=Ref("order", "R-1"), actor=SYSTEM, at=at)
        assert codes.expire(made.variant_id, at=at + timedelta(hours=7)) == 1
    assert available(made.variant_id) == 0
    assert list(code_violations()) == []


def test_a_pool_runs_low_at_its_own_figure(app: Flask, at: datetime) -> None:
    with transaction():
        made = make_pool(12, at=at)
    assert low_pools() == 0
    with transaction():
        codes.warn_at(made.variant_id, 12, actor=SYSTEM, at=at)
    assert low_pools() == 1


def test_at_rest_a_code_is_neither_readable_nor_recognisable(app: Flask, at: datetime) -> None:
    with transaction():
        make_pool(2, at=at)
        add_codes(db.session.scalars(sa.select(Code.variant_id)).first() or 0, ["S-1"], at=at, pin="PIN9876")
    rows = db.session.execute(sa.select(Code.ciphertext, Code.fingerprint)).all()
    everything = " ".join(f"{text} {mark}" for text, mark in rows)
    for clear in (secret(0), secret(1), "S-1", "PIN9876"):
        assert clear not in everything
    assert len({row.ciphertext for row in rows}) == 3
    other = Cipher([new_key()])
    assert other.fingerprint(secret(0)) not in everything
    with pytest.raises(Unreadable):
        other.decrypt(rows[0].ciphertext)


def test_changing_the_key(app: Flask, at: datetime) -> None:
    old, new = derived_key("t" * 40), new_key()
    both, only_new = Cipher([new, old]), Cipher([new])
    with transaction():
        made = make_pool(3, at=at)
        # Between the new key's arrival and the rotation, what the old one has marked is known all the same.
        again = add_codes(made.variant_id, [secret(0), secret(9)], at=at, cipher=both)
    assert (again.added, len(again.refused)) == (1, 1)
    with transaction():
        assert code_keys.rotate(both) == (3, None)
        assert code_keys.rotate(both) == (0, None)
    for row in db.session.scalars(sa.select(Code)):
        assert only_new.decrypt(row.ciphertext)
    with transaction():
        assert add_codes(made.variant_id, [secret(1)], at=at, cipher=only_new).added == 0
    with pytest.raises(Unreadable), transaction():
        code_keys.rotate(Cipher([new_key()]))


def test_the_audit_trail_counts_and_never_tells(app: Flask, at: datetime) -> None:
    with transaction():
        make_pool(2, at=at)
    (record,) = db.session.scalars(sa.select(AuditRecord).where(AuditRecord.action == "codes.import"))
    assert record.after == {"batch": record.after["batch"], "codes": 2, "source": "codes.txt"}


@pytest.mark.tampers
def test_the_checker_sees_a_code_too_many_and_one_too_few(app: Flask, at: datetime) -> None:
    with transaction():
        make_pool(3, at=at)
    with transaction():
        db.session.execute(sa.update(Code).where(Code.id == sa.select(sa.func.min(Code.id)).scalar_subquery())
                           .values(state="expired"))  # fmt: skip
    (found,) = code_violations()
    assert "2 free, 3 available" in found.problem
