"""Stock: the only code that changes it. Every change has a row in the journal (`stock_move`).

Scarcity is guarded in the UPDATE itself (`available >= n`) and by a CHECK; variants are taken in ascending order;
orders call this last, so that the hot row is held shortest. Unlimited stock is NULL, and NULL − n stays NULL.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.sql.dml import ReturningUpdate

from mall.core.actor import Actor
from mall.core.db import db, write_connection
from mall.core.errors import BadValue
from mall.domain.items import errors
from mall.domain.items.code_models import CodePool
from mall.domain.items.models import ItemText, Variant
from mall.domain.items.rules import MAX_STOCK, Reference
from mall.domain.items.stock_models import Stock, StockMove

#: A variant and how many of it.
Line = tuple[int, int]

_n, _variant = bindparam("n", type_=sa.BigInteger), bindparam("variant", type_=sa.BigInteger)
#: Plain tables: an UPDATE of the model would look for objects in the session to bring up to date, at every sale.
_stock = cast(sa.Table, Stock.__table__)
_here = sa.update(_stock).where(_stock.c.variant_id == _variant).returning(_stock.c.available)
_enough = sa.or_(_stock.c.available >= _n, _stock.c.available.is_(None))

_SELL = _here.where(_enough).values(available=_stock.c.available - _n, sold=_stock.c.sold + _n)
_RESERVE = _here.where(_enough).values(available=_stock.c.available - _n, reserved=_stock.c.reserved + _n)
_SELL_RESERVED = _here.where(_stock.c.reserved >= _n).values(
    reserved=_stock.c.reserved - _n, sold=_stock.c.sold + _n
)
_RELEASE = _here.where(_stock.c.reserved >= _n).values(
    available=_stock.c.available + _n, reserved=_stock.c.reserved - _n
)
_ADD = _here.values(available=_stock.c.available + _n)
_REMOVE = _here.where(_enough).values(available=_stock.c.available - _n)
_JOURNAL = sa.insert(cast(sa.Table, StockMove.__table__)).inline()


def sell(lines: Iterable[Line], *, ref: Reference, actor: Actor, at: datetime, locale: str = "en") -> None:
    """Available → sold, all lines or none. Raises OutOfStock (SoldOut), whose item name is in `locale`."""
    _move(lines, _SELL, "sold", (-1, 0, 1), ref=ref, actor=actor, at=at, locale=locale)


def reserve(lines: Iterable[Line], *, ref: Reference, actor: Actor, at: datetime, locale: str = "en") -> None:
    """Available → reserved, for an order that waits for its cash. Raises OutOfStock (SoldOut)."""
    _move(lines, _RESERVE, "reserved", (-1, 1, 0), ref=ref, actor=actor, at=at, locale=locale)


def sell_reserved(lines: Iterable[Line], *, ref: Reference, actor: Actor, at: datetime) -> None:
    """Reserved → sold, when the cash has come."""
    _move(lines, _SELL_RESERVED, "sold_reserved", (0, -1, 1), ref=ref, actor=actor, at=at)


def release(lines: Iterable[Line], *, ref: Reference, actor: Actor, at: datetime) -> None:
    """Reserved → available, when no cash can come any more."""
    _move(lines, _RELEASE, "released", (1, -1, 0), ref=ref, actor=actor, at=at)


def take_back(lines: Iterable[Line], *, ref: Reference, actor: Actor, at: datetime, note: str = "") -> None:
    """Sold things are on the shelf again (returned, or cancelled before shipping); `sold` never falls."""
    _move(lines, _ADD, "returned", (1, 0, 0), ref=ref, actor=actor, at=at, note=note)


def adjust(
    variant_id: int,
    *,
    change: int,
    reason: str,
    note: str = "",
    ref: Reference | None = None,
    actor: Actor,
    at: datetime,
    of_pool: bool = False,
) -> None:
    """Put right what is on the shelf: "found" and "received" add (change > 0), "written_off" takes away (change < 0).

    `of_pool`: the variant's code pool says so. Raises BadValue, Uncounted (unlimited stock), OutOfStock (more written
    off than there are), FollowsPool (a count by hand of a variant that has codes), NoSuchItem.
    """
    adds = reason in ("found", "received")
    if not adds and reason != "written_off":
        raise BadValue(value=reason[:40])
    if change == 0 or (change > 0) != adds or abs(change) > MAX_STOCK:
        raise BadValue(value=change)
    _refuse_pooled(variant_id, of_pool)
    stock = _row(variant_id)
    if stock.available is None:
        raise errors.Uncounted(name=_name(variant_id, "en"))
    _move([(variant_id, abs(change))], _ADD if adds else _REMOVE, reason, (1 if adds else -1, 0, 0),
          ref=ref, actor=actor, at=at, note=note)  # fmt: skip


def open_stock(variant_id: int, count: int | None, *, actor: Actor, at: datetime) -> None:
    """The stock of a new variant: `count` pieces, or None = unlimited. Raises BadValue."""
    if count is not None and not 0 <= count <= MAX_STOCK:
        raise BadValue(value=count)
    db.session.execute(
        sa.insert(Stock).values(
            variant_id=variant_id, initial=count or 0, available=count, set_aside=0, reserved=0, sold=0
        )
    )
    if count:
        db.session.execute(
            _JOURNAL, [_entry(variant_id, "opening", count, (1, 0, 0), count, None, actor, at, "")]
        )


def set_unlimited(variant_id: int, *, note: str = "", actor: Actor, at: datetime) -> None:
    """Stop counting a variant: what was available is no longer counted. Nothing happens if it is not.

    Raises NoSuchItem, FollowsPool.
    """
    _refuse_pooled(variant_id, of_pool=False)
    stock = _row(variant_id, lock=True)
    if stock.available is None:
        return
    _count(variant_id, "unlimited", stock.available, None, note, actor, at)


def set_limited(
    variant_id: int, count: int, *, note: str = "", actor: Actor, at: datetime, of_pool: bool = False
) -> None:
    """Count an unlimited variant from now on: `count` are available. Raises BadValue, NoSuchItem, FollowsPool.

    Of a variant that is counted already, the difference is found or written off.
    """
    if not 0 <= count <= MAX_STOCK:
        raise BadValue(value=count)
    _refuse_pooled(variant_id, of_pool)
    stock = _row(variant_id, lock=True)
    if stock.available is None:
        _count(variant_id, "limited", count, count, note, actor, at)
    elif count != stock.available:
        change = count - stock.available
        reason = "found" if change > 0 else "written_off"
        adjust(variant_id, change=change, reason=reason, note=note, actor=actor, at=at)


def _refuse_pooled(variant_id: int, of_pool: bool) -> None:
    """What the codes of a pool say is not counted by hand."""
    if not of_pool and db.session.get(CodePool, variant_id) is not None:
        raise errors.FollowsPool(name=_name(variant_id, "en"))


def _count(
    variant_id: int, kind: str, quantity: int, available: int | None, note: str, actor: Actor, at: datetime
) -> None:
    db.session.execute(sa.update(Stock).where(Stock.variant_id == variant_id).values(available=available))
    sign = -1 if available is None else 1
    entry = _entry(variant_id, kind, quantity, (sign, 0, 0), quantity, None, actor, at, note)
    db.session.execute(_JOURNAL, [{**entry, "supplied": sign * quantity}])


def _move(
    lines: Iterable[Line],
    statement: ReturningUpdate[int | None],
    kind: str,
    signs: tuple[int, int, int],
    *,
    ref: Reference | None,
    actor: Actor,
    at: datetime,
    note: str = "",
    locale: str = "en",
) -> None:
    wanted: Counter[int] = Counter()
    for variant_id, n in lines:
        if not 0 < n <= MAX_STOCK:
            raise BadValue(value=n)
        wanted[variant_id] += n
    moves, connection = [], write_connection()
    for variant_id, n in sorted(wanted.items()):
        taken = connection.execute(statement, {"n": n, "variant": variant_id}).first()
        if taken is None:
            raise _refusal(variant_id, n, kind, locale)
        moves.append(_entry(variant_id, kind, n, signs, taken.available, ref, actor, at, note))
    if moves:
        connection.execute(_JOURNAL, moves)


def _entry(
    variant_id: int,
    kind: str,
    n: int,
    signs: tuple[int, int, int],
    left: int | None,
    ref: Reference | None,
    actor: Actor,
    at: datetime,
    note: str,
) -> dict[str, object]:
    """The journal's row. Of unlimited stock (`left` None) nothing becomes available or scarce: `supplied` balances."""
    available, reserved, sold = (sign * n for sign in signs)
    return {
        "variant_id": variant_id,
        "kind": kind,
        "quantity": n,
        "available": 0 if left is None else available,
        "set_aside": 0,
        "reserved": reserved,
        "sold": sold,
        "supplied": -available if left is None else 0,
        "ref_kind": ref.kind if ref else "",
        "ref_id": ref.id if ref else "",
        "note": note[:300],
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "at": at,
    }


def _refusal(variant_id: int, asked: int, kind: str, locale: str) -> Exception:
    stock = _row(variant_id)
    left = stock.reserved if kind in ("sold_reserved", "released") else stock.available or 0
    sku = db.session.scalar(sa.select(Variant.sku).where(Variant.id == variant_id))
    refusal = errors.OutOfStock if left > 0 else errors.SoldOut
    return refusal(name=_name(variant_id, locale), sku=sku, variant_id=variant_id, left=left, asked=asked)


def _row(variant_id: int, *, lock: bool = False) -> Stock:
    query = sa.select(Stock).where(Stock.variant_id == variant_id)
    stock = db.session.scalar(
        query.with_for_update() if lock else query, execution_options={"populate_existing": True}
    )
    if stock is None:
        raise errors.NoSuchItem
    return stock


def _name(variant_id: int, locale: str) -> str:
    rows = db.session.execute(
        sa.select(ItemText.locale, ItemText.name)
        .join(Variant, Variant.item_id == ItemText.item_id)
        .where(Variant.id == variant_id, ItemText.locale.in_((locale, "en")))
    ).all()
    names: dict[str, str] = {row.locale: row.name for row in rows}
    return names.get(locale) or names.get("en", "")
