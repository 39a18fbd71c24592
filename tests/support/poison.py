"""Poison: a row whose processing really raises, because a row that it needs is not as it should be; and its cure."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import sqlalchemy as sa

from mall.core.db import db, transaction
from mall.domain.items.stock_models import Stock


@contextmanager
def stock_is_gone(variant_id: int) -> Iterator[None]:
    """Meanwhile nothing of a variant is reserved, whatever orders believe: they can neither be paid nor let go."""
    reserved = db.session.scalar(sa.select(Stock.reserved).where(Stock.variant_id == variant_id))
    assert reserved
    _set(variant_id, 0)
    yield
    _set(variant_id, reserved)


@contextmanager
def stock_is_missing(variant_id: int) -> Iterator[None]:
    """Meanwhile a variant has no row of stock at all."""
    table = cast(sa.Table, Stock.__table__)
    row = dict(db.session.execute(sa.select(table).where(table.c.variant_id == variant_id)).one()._mapping)
    with transaction():
        db.session.execute(sa.delete(table).where(table.c.variant_id == variant_id))
    yield
    with transaction():
        db.session.execute(sa.insert(table).values(row))


def _set(variant_id: int, reserved: int) -> None:
    with transaction():
        db.session.execute(sa.update(Stock).where(Stock.variant_id == variant_id).values(reserved=reserved))
