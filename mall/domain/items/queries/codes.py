"""Code pools for the staff's pages, and the check that each pool and its stock agree. No code is ever read here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.checks import Violation
from mall.core.db import db
from mall.domain.items.code_models import Code, CodeBatch, CodePool
from mall.domain.items.errors import NoSuchItem
from mall.domain.items.models import Item, ItemText, Variant
from mall.domain.items.rules import pick
from mall.domain.items.stock_models import Stock

_code = cast(sa.Table, Code.__table__)


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A pool: codes free, reserved by orders that wait for payment, given, void, expired; when staff are warned."""

    variant_id: int
    item_id: int
    sku: str
    name: str
    low: int
    reserved: int
    free: int
    given: int
    seen: int
    void: int
    expired: int

    @property
    def available(self) -> int:
        """Free codes that no order waits for."""
        return max(self.free - self.reserved, 0)

    @property
    def is_low(self) -> bool:
        """Whether staff are to be warned."""
        return self.available <= self.low


@dataclass(frozen=True, slots=True)
class About:
    """The variant whose units could be codes: its item and words, and whether it is a digital one."""

    variant_id: int
    item_id: int
    sku: str
    name: str
    digital: bool


@dataclass(frozen=True, slots=True)
class BatchRow:
    """An import of codes; `free` of them are still in the pool."""

    id: int
    source: str
    size: int
    withdrawn: int
    free: int
    actor_kind: str
    actor_id: int | None
    at: datetime


def about(variant_id: int, *, locale: str) -> About:
    """Whose pool it is, or would be. Raises NoSuchItem."""
    rows = db.session.execute(_ABOUT, {"variant": variant_id, "locale": locale}).all()
    if not rows:
        raise NoSuchItem
    names = {row.locale: row.name for row in rows if row.locale}
    return About(rows[0].id, rows[0].item_id, rows[0].sku, pick(names, locale), rows[0].kind == "digital")


_ABOUT = (
    sa.select(Variant.id, Variant.item_id, Variant.sku, Item.kind, ItemText.locale, ItemText.name)
    .join(Item, Item.id == Variant.item_id)
    .outerjoin(
        ItemText, sa.and_(ItemText.item_id == Item.id, ItemText.locale.in_(("en", bindparam("locale"))))
    )
    .where(Variant.id == bindparam("variant"))
)


def _in_state(*states: str) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((_code.c.state.in_(states), 1), else_=0)), 0)


_counts = (
    sa.select(
        _code.c.variant_id,
        _in_state("free").label("free"),
        _in_state("given").label("given"),
        sa.func.count(_code.c.revealed_at).label("seen"),
        _in_state("void").label("void"),
        _in_state("expired").label("expired"),
    )
    .group_by(_code.c.variant_id)
    .subquery()
)
_names = (
    sa.select(ItemText.locale, ItemText.item_id, ItemText.name)
    .join(Variant, Variant.item_id == ItemText.item_id)
    .join(CodePool, CodePool.variant_id == Variant.id)
    .where(ItemText.locale.in_(("en", bindparam("locale"))))
)


def _zero(name: str) -> Any:
    return sa.func.coalesce(_counts.c[name], 0).label(name)


_POOLS = (
    sa.select(
        CodePool.variant_id,
        Variant.item_id,
        Variant.sku,
        CodePool.low,
        (Stock.reserved + Stock.set_aside).label("reserved"),
        *(_zero(name) for name in ("free", "given", "seen", "void", "expired")),
    )
    .join(Variant, Variant.id == CodePool.variant_id)
    .join(Stock, Stock.variant_id == CodePool.variant_id)
    .outerjoin(_counts, _counts.c.variant_id == CodePool.variant_id)
    .order_by(Variant.sku)
)


def pools(*, locale: str, variant_id: int | None = None) -> list[PoolRow]:
    """All pools (or one), those that run low first; two statements."""
    stmt = _POOLS if variant_id is None else _POOLS.where(CodePool.variant_id == variant_id)
    texts: dict[int, dict[str, str]] = {}
    for tag, item, name in db.session.execute(_names, {"locale": locale}):
        texts.setdefault(item, {})[tag] = name
    found = [
        PoolRow(variant, item, sku, pick(texts.get(item, {}), locale), *rest)
        for variant, item, sku, *rest in db.session.execute(stmt)
    ]
    return sorted(found, key=lambda pool: (not pool.is_low, pool.sku))


_LOW = sa.select(CodePool.low, (_zero("free") - Stock.reserved - Stock.set_aside).label("left")).select_from(
    sa.join(CodePool, Stock, Stock.variant_id == CodePool.variant_id).outerjoin(
        _counts, _counts.c.variant_id == CodePool.variant_id
    )
)


def low_pools() -> int:
    """How many pools run low."""
    return sum(left <= low for low, left in db.session.execute(_LOW))


_BATCHES = (
    sa.select(
        CodeBatch.id,
        CodeBatch.source,
        CodeBatch.size,
        CodeBatch.withdrawn,
        sa.select(sa.func.count())
        .where(_code.c.batch_id == CodeBatch.id, _code.c.state == "free")
        .scalar_subquery()
        .label("free"),
        CodeBatch.actor_kind,
        CodeBatch.actor_id,
        CodeBatch.at,
    )
    .where(CodeBatch.variant_id == bindparam("variant"))
    .order_by(CodeBatch.id.desc())
    .limit(50)
)


def batches(variant_id: int) -> Sequence[BatchRow]:
    """The last fifty imports into a pool, the newest first."""
    return [BatchRow(*row) for row in db.session.execute(_BATCHES, {"variant": variant_id})]


_line = sa.table("order_line", *(sa.column(name) for name in ("id", "variant_id", "sent", "quantity")))
_held = (
    sa.select(_code.c.order_line_id, sa.func.count().label("n"))
    .where(_code.c.order_line_id.is_not(None))
    .group_by(_code.c.order_line_id)
    .subquery()
)
_TOO_MANY = sa.select(_line.c.id, _line.c.sent, _held.c.n).join(_held, _held.c.order_line_id == _line.c.id)
_STRAY = (
    sa.select(_code.c.id, _code.c.variant_id, _line.c.variant_id)
    .join(_line, _line.c.id == _code.c.order_line_id)
    .where(_line.c.variant_id != _code.c.variant_id)
)
_STOCK = sa.select(
    Variant.sku, _zero("free"), Stock.available, (Stock.reserved + Stock.set_aside).label("reserved")
).select_from(
    sa.join(CodePool, Stock, Stock.variant_id == CodePool.variant_id)
    .join(Variant, Variant.id == CodePool.variant_id)
    .outerjoin(_counts, _counts.c.variant_id == CodePool.variant_id)
)


def code_violations() -> Iterator[Violation]:
    """Every pool whose free codes are not what its stock says, and every line that holds more codes than units.

    Part of invariant 7: codes free = available + set aside + reserved.
    """
    for sku, free, available, reserved in db.session.execute(_STOCK):
        if available is None or free != available + reserved:
            yield Violation(
                7, f"codes of {sku}", f"{free} free, {available} available and {reserved} reserved"
            )
    for line, sent, held in db.session.execute(_TOO_MANY.where(_held.c.n > _line.c.sent)):
        yield Violation(7, f"codes of order line {line}", f"{held} codes for {sent} units sent")
    for code, pool, sold in db.session.execute(_STRAY):
        yield Violation(7, f"code {code}", f"of variant {pool}, given for variant {sold}")
