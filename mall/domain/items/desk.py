"""Items at the staff's desk: changed only by who saw their latest state, stock put right once per key."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.core.errors import N_, MallError
from mall.domain.audit import service as audit
from mall.domain.items import errors, stock
from mall.domain.items.models import Item, Variant
from mall.domain.items.stock_models import Stock, StockMove

#: What an adjustment at the desk refers to in the stock journal; its id is the form's key.
ADJUSTMENT = "adjustment"


class ChangedMeanwhile(MallError):
    """Somebody changed the item after it was shown to whoever now changes it."""

    code = "changed_meanwhile"
    message = N_(
        "Somebody changed this item after you opened it. Look at what it says now, then do it again."
    )


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What became of a variant's stock; `again` where the same form had been sent before."""

    sku: str
    before: int | None
    after: int | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Ref:
    kind: str
    id: str


def hold(item_id: int, version: int) -> Item:
    """The item, locked until the commit, if it is still at the version that was shown.

    Raises NoSuchItem, ChangedMeanwhile.
    """
    item = db.session.scalar(
        sa.select(Item).where(Item.id == item_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if item is None:
        raise errors.NoSuchItem
    if item.version != version:
        raise ChangedMeanwhile
    return item


def adjust_stock(
    item_id: int,
    variant_id: int,
    *,
    change: int,
    reason: str,
    note: str,
    key: str,
    actor: Actor,
    at: datetime,
) -> Adjusted:
    """Put a variant's count right once per `key`, and write it down in the audit trail.

    `change` as in stock.adjust. Raises NoSuchItem, BadValue, Uncounted, OutOfStock.
    """
    sku, before = _locked(item_id, variant_id)
    done = sa.select(StockMove.id).where(StockMove.ref_kind == ADJUSTMENT, StockMove.ref_id == key)
    if db.session.scalar(done):
        return Adjusted(sku, before, before, again=True)
    ref = _Ref(ADJUSTMENT, key)
    stock.adjust(variant_id, change=change, reason=reason, note=note, ref=ref, actor=actor, at=at)
    return _written("stock.adjust", variant_id, sku, before, note, actor, at)


def count_stock(
    item_id: int, variant_id: int, *, count: int | None, note: str, actor: Actor, at: datetime
) -> Adjusted:
    """Count a variant from now on (`count` are there), or stop counting it (None); audited. Raises NoSuchItem, BadValue."""
    sku, before = _locked(item_id, variant_id)
    if before == count:
        return Adjusted(sku, before, before, again=True)
    if count is None:
        stock.set_unlimited(variant_id, note=note, actor=actor, at=at)
    else:
        stock.set_limited(variant_id, count, note=note, actor=actor, at=at)
    action = "stock.unlimited" if count is None else "stock.limited"
    return _written(action, variant_id, sku, before, note, actor, at)


def _locked(item_id: int, variant_id: int) -> tuple[str, int | None]:
    """SKU and count of a variant of that item, its stock locked until the commit."""
    row = db.session.execute(
        sa.select(Variant.sku, Stock.available)
        .join(Stock, Stock.variant_id == Variant.id)
        .where(Variant.id == variant_id, Variant.item_id == item_id)
        .with_for_update(of=Stock)
    ).first()
    if row is None:
        raise errors.NoSuchItem
    return row.sku, row.available


def _written(
    action: str, variant_id: int, sku: str, before: int | None, note: str, actor: Actor, at: datetime
) -> Adjusted:
    after = db.session.scalar(sa.select(Stock.available).where(Stock.variant_id == variant_id))
    audit.record(
        actor,
        action,
        subject=("variant", sku),
        before={"available": before},
        after={"available": after},
        reason=note,
        at=at,
    )
    return Adjusted(sku, before, after)
