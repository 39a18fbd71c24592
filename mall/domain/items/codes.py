"""Code pools: brought in by batches, given once, taken back unseen. The stock of a pooled variant follows its pool:

codes free = available + set aside + reserved. Every verb here that changes the number of free codes by hand moves the
stock with it; giving codes and taking them back is followed by the order's own move of stock (codes first, stock last).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa

from mall.core.actor import SYSTEM, Actor
from mall.core.bulk import insert_many
from mall.core.cipher import Cipher
from mall.core.db import changed, db, write_connection
from mall.core.errors import BadValue
from mall.domain.audit import service as audit
from mall.domain.items import errors, stock
from mall.domain.items.code_files import NewCode, Refused
from mall.domain.items.code_models import Code, CodeBatch, CodePool
from mall.domain.items.models import Item, Variant
from mall.domain.items.rules import MAX_STOCK
from mall.domain.items.stock_models import Stock

#: A code that ends within this time is not given any more.
LAST_DAY = timedelta(days=1)
_CHUNK = 500
_code = cast(sa.Table, Code.__table__)
_pool = cast(sa.Table, CodePool.__table__)


@dataclass(frozen=True, slots=True)
class BatchRef:
    """How the stock journal names a batch."""

    id: str
    kind: str = "code_batch"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import kept (`batch` None: nothing, or a dry run) and the rows that it refused."""

    sku: str
    added: int
    refused: Sequence[Refused]
    batch: int | None = None
    again: bool = False


def variant_of(sku: str) -> int:
    """The variant with that SKU. Raises NoSuchItem."""
    found = db.session.scalar(sa.select(Variant.id).where(Variant.sku == sku))
    if found is None:
        raise errors.NoSuchItem
    return found


def add_batch(
    variant_id: int,
    rows: Sequence[NewCode],
    *,
    source: str,
    key: str,
    cipher: Cipher,
    actor: Actor,
    at: datetime,
    dry_run: bool = False,
) -> Imported:
    """Put codes into a variant's pool; the first batch opens it. Those that are there already are refused, row by row.

    Idempotent by `key`. The stock grows by what was added; of a new pool it becomes what the pool holds. Audited by
    number, never by contents. Raises NoSuchItem, NotDigital, CodesReserved.
    """
    sku = _digital(variant_id)
    done = db.session.execute(
        sa.select(CodeBatch.id, CodeBatch.size, CodeBatch.variant_id).where(CodeBatch.key == key)
    ).first()
    if done is not None:
        if done.variant_id != variant_id:
            raise BadValue(value=key[:40])
        return Imported(sku, done.size, (), done.id, again=True)
    _hold_pool(variant_id)
    known = _known(variant_id, rows, cipher)
    fresh = [row for row in rows if not known.intersection(cipher.fingerprints(row.code))]
    refused = [
        Refused(row.line, "known") for row in rows if known.intersection(cipher.fingerprints(row.code))
    ]
    if dry_run or not fresh:
        return Imported(sku, len(fresh), refused)
    if db.session.get(CodePool, variant_id) is None:
        db.session.add(CodePool(variant_id=variant_id, opened_at=at))
        db.session.flush()
    batch = CodeBatch(variant_id=variant_id, key=key, source=source[:120], size=len(fresh), withdrawn=0,
                      actor_kind=actor.kind, actor_id=actor.id, at=at)  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    insert_many(write_connection(), _code, [_row(row, variant_id, batch.id, cipher) for row in fresh])
    audit.record(actor, "codes.import", subject=("variant", sku),
                 after={"batch": batch.id, "codes": len(fresh), "source": source[:120]}, at=at)  # fmt: skip
    align(variant_id, BatchRef(str(batch.id)), actor, at)
    return Imported(sku, len(fresh), refused, batch.id)


def _digital(variant_id: int) -> str:
    row = db.session.execute(
        sa.select(Variant.sku, Item.kind)
        .join(Item, Item.id == Variant.item_id)
        .where(Variant.id == variant_id)
    ).first()
    if row is None:
        raise errors.NoSuchItem
    if row.kind != "digital":
        raise errors.NotDigital
    return str(row.sku)


def _hold_pool(variant_id: int) -> None:
    """Imports into one pool take turns: each sees what the one before it brought."""
    db.session.execute(sa.select(Variant.id).where(Variant.id == variant_id).with_for_update())


def _known(variant_id: int, rows: Sequence[NewCode], cipher: Cipher) -> set[str]:
    """Fingerprints, under any key, of those codes that the pool has."""
    marks = [mark for row in rows for mark in cipher.fingerprints(row.code)]
    found: set[str] = set()
    for start in range(0, len(marks), _CHUNK):
        some = marks[start : start + _CHUNK]
        stmt = sa.select(_code.c.fingerprint).where(
            _code.c.variant_id == variant_id, _code.c.fingerprint.in_(some)
        )
        found.update(db.session.scalars(stmt))
    return found


def _row(new: NewCode, variant_id: int, batch: int, cipher: Cipher) -> dict[str, Any]:
    return {
        "variant_id": variant_id,
        "batch_id": batch,
        "ciphertext": cipher.encrypt(json.dumps({"code": new.code, "pin": new.pin}, ensure_ascii=False)),
        "fingerprint": cipher.fingerprint(new.code),
        "state": "free",
        "expires_at": new.expires_at,
    }


def align(variant_id: int, ref: BatchRef, actor: Actor, at: datetime) -> None:
    """Make what is available of a variant what its pool can serve: free codes less those that orders wait for.

    The stock's row is locked before the codes are counted: who takes a code cannot commit without that row, so codes
    and stock are read as of one moment. Raises CodesReserved if orders wait for more codes than there would be.
    """
    row = db.session.scalar(
        sa.select(Stock).where(Stock.variant_id == variant_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if row is None:
        raise errors.NoSuchItem
    free = db.session.scalar(
        sa.select(sa.func.count()).where(_code.c.variant_id == variant_id, _code.c.state == "free")
    )
    target = (free or 0) - row.reserved - row.set_aside
    if target < 0:
        raise errors.CodesReserved(reserved=row.reserved + row.set_aside)
    if row.available is None:
        stock.set_limited(variant_id, target, actor=actor, at=at, of_pool=True)
    elif target != row.available:
        change = target - row.available
        reason = "received" if change > 0 else "written_off"
        stock.adjust(variant_id, change=change, reason=reason, ref=ref, actor=actor, at=at, of_pool=True)


def withdraw(batch_id: int, *, reason: str = "", actor: Actor, at: datetime) -> int:
    """Take what nobody has been given of a batch out of the pool, for good; how many. Raises NoSuchItem, CodesReserved.

    The rows go: what is not there cannot leak. Withdrawing again takes nothing.
    """
    batch = db.session.scalar(
        sa.select(CodeBatch).where(CodeBatch.id == batch_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if batch is None:
        raise errors.NoSuchItem
    mine = sa.select(_code.c.id).where(_code.c.batch_id == batch_id, _code.c.state == "free")
    held = db.session.scalars(mine.order_by(_code.c.expires_at, _code.c.id).with_for_update()).all()
    gone = 0
    for start in range(0, len(held), _CHUNK):
        stmt = sa.delete(_code).where(_code.c.id.in_(held[start : start + _CHUNK]), _code.c.state == "free")
        gone += changed(db.session.execute(stmt))
    if not gone:
        return 0
    batch.withdrawn, batch.withdrawn_at = batch.withdrawn + gone, at
    db.session.flush()
    sku = db.session.scalar(sa.select(Variant.sku).where(Variant.id == batch.variant_id))
    audit.record(actor, "codes.withdraw", subject=("variant", str(sku)),
                 after={"batch": batch_id, "codes": gone}, reason=reason, at=at)  # fmt: skip
    align(batch.variant_id, BatchRef(str(batch_id)), actor, at)
    return gone


def ending(at: datetime) -> Sequence[int]:
    """Variants whose pools have free codes that end within LAST_DAY. A read: a look at the index for each pool."""
    soon = sa.exists(sa.select(_code.c.id).where(_code.c.variant_id == _pool.c.variant_id, _ends(at)))
    return db.session.scalars(sa.select(_pool.c.variant_id).where(soon).order_by(_pool.c.variant_id)).all()


def _ends(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_code.c.state == "free", _code.c.expires_at <= at + LAST_DAY)


def expire(variant_id: int, *, at: datetime) -> int:
    """Take codes that end within LAST_DAY out of a pool, and off the stock; how many. Idempotent.

    A day ahead, so that an order whose payment is under way still gets a code that is good; as many as such orders
    have reserved are left to them. One pool in a transaction: its codes are locked before its stock.
    """
    due = _ends(at)
    waiting = sa.select(Stock.reserved + Stock.set_aside).where(Stock.variant_id == variant_id)
    free = sa.select(sa.func.count()).where(_code.c.variant_id == variant_id, _code.c.state == "free")
    spare = (db.session.scalar(free) or 0) - (db.session.scalar(waiting) or 0)
    mine = sa.select(_code.c.id).where(_code.c.variant_id == variant_id, due)
    ids = db.session.scalars(
        mine.order_by(_code.c.expires_at, _code.c.id).limit(max(spare, 0)).with_for_update(skip_locked=True)
    ).all()
    gone = 0
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        stmt = sa.update(_code).where(_code.c.id.in_(some), _code.c.state == "free").values(state="expired")
        gone += changed(db.session.execute(stmt))
    if gone:
        align(variant_id, BatchRef(at.date().isoformat(), "codes_expired"), SYSTEM, at)
    return gone


def warn_at(variant_id: int, low: int, *, actor: Actor, at: datetime) -> None:
    """From how many codes on staff are warned. Raises NoSuchItem, BadValue."""
    if not 0 <= low <= MAX_STOCK:
        raise BadValue(value=low)
    pool = db.session.get(CodePool, variant_id, with_for_update=True, populate_existing=True)
    if pool is None:
        raise errors.NoSuchItem
    if pool.low != low:
        sku = db.session.scalar(sa.select(Variant.sku).where(Variant.id == variant_id))
        before, pool.low = pool.low, low
        audit.record(actor, "codes.warn_at", subject=("variant", str(sku)),
                     before={"low": before}, after={"low": low}, at=at)  # fmt: skip
