"""What a paid order hands over by itself: codes from their pools, in the paying transaction. The caller commits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core import partial
from mall.core.actor import SYSTEM, Actor
from mall.core.cipher import Cipher
from mall.core.db import changed, db
from mall.core.ids import MemberId, OrderId
from mall.domain.audit import service as audit
from mall.domain.items import code_giving, codes
from mall.domain.items.code_giving import Revealed
from mall.domain.items.code_models import Code, CodePool
from mall.domain.items.errors import CodesReserved
from mall.domain.orders import disputes, locking, timeline
from mall.domain.orders.errors import NoSuchOrder
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.refunding.errors import OrderDisputed
from mall.domain.outbox import service as outbox

_code = cast(sa.Table, Code.__table__)
_pool = cast(sa.Table, CodePool.__table__)
#: In the words of the index that holds such lines.
_open = partial.equals(line.c.state, "open")
_to_give = partial.differs(line.c.kind, "goods")
_pooled = sa.and_(_pool.c.variant_id == line.c.variant_id, _to_give)
_left = line.c.quantity - line.c.sent - line.c.cancelled
#: The open lines of an order whose units are codes, in the order in which pools are locked.
_WAITING = (
    sa.select(
        line.c.id, line.c.variant_id, _left.label("left"), orders.c.id.label("order_id"), orders.c.number,
        orders.c.member_id,
    )
    .join(orders, orders.c.id == line.c.order_id)
    .join(_pool, _pooled)
    .where(line.c.order_id == bindparam("order"), _open, orders.c.state == "paid")
    .order_by(line.c.variant_id, line.c.id)
)  # fmt: skip
_FULFIL = (
    sa.update(line)
    .where(line.c.id == bindparam("line"), line.c.state == "open", _left == bindparam("n"))
    .values(sent=line.c.sent + bindparam("n"), state="fulfilled")
)


def may_hand_over(kinds: Iterable[str]) -> bool:
    """Whether an order with lines of these kinds may have something for `on_paid` to do: goods have no codes."""
    return any(kind != "goods" for kind in kinds)


def on_paid(order_id: OrderId, *, actor: Actor, at: datetime) -> int:
    """Give the codes of an order that has just become paid; returns how many were given.

    To be called once the order's row is locked and "paid", after the limit counters and before its stock moves
    (lock order: codes, then stock). Lines that got their codes are fulfilled; the order completes if nothing is open.
    A line whose pool is short stays open, for staff and for `give_waiting`: a payment is never refused for it.
    """
    rows = db.session.execute(_WAITING, {"order": order_id}).all()
    given = [(row.id, row.left) for row in rows if _give(row, at)]
    if not given:
        return 0
    first = rows[0]
    said = {"lines": [list(part) for part in given]}
    timeline.note(order_id, ("codes_given", said), actor=actor, at=at)
    named = {"order_id": order_id, "number": first.number, "member_id": first.member_id}
    outbox.add("order.codes", named, at=at)
    locking.complete_if_done(order_id, actor=actor, at=at)
    return sum(n for _, n in given)


def _give(row: Any, at: datetime) -> bool:
    if not code_giving.give(row.variant_id, row.left, line_id=row.id, at=at):
        return False
    if not changed(db.session.execute(_FULFIL, {"line": row.id, "n": row.left})):
        raise RuntimeError("codes for a line that is not open")
    return True


_free = sa.exists(
    sa.select(_code.c.id).where(
        _code.c.variant_id == line.c.variant_id, _code.c.state == "free", _code.c.expires_at > bindparam("at")
    )
)
_ORDERS_WAITING = (
    sa.select(line.c.order_id)
    .distinct()
    .where(
        _open,
        _to_give,
        line.c.order_id > bindparam("after"),
        sa.exists(sa.select(_pool.c.variant_id).where(_pool.c.variant_id == line.c.variant_id)),
        _free,
        sa.exists(sa.select(orders.c.id).where(orders.c.id == line.c.order_id, orders.c.state == "paid")),
    )
    .order_by(line.c.order_id)
    .limit(100)
)


def waiting(*, at: datetime, after: int = 0) -> Sequence[OrderId]:
    """Paid orders, by id, with lines that wait for codes of a pool that has some free: it was short, or opened later."""
    return [OrderId(found) for found in db.session.scalars(_ORDERS_WAITING, {"at": at, "after": after})]


def give_waiting(order_id: OrderId, *, at: datetime) -> int:
    """Give an order's waiting lines their codes, now that there are some; how many were given.

    Its stock was sold when it was paid, so what its pool loses now is written off. Raises CodesReserved where others
    have reserved them. Nothing is given while the payment is disputed, nor after that was lost.
    """
    locking.lock_order(order_id)
    if disputes.freeze(order_id):
        return 0
    variants = [row.variant_id for row in db.session.execute(_WAITING, {"order": order_id})]
    given = on_paid(order_id, actor=SYSTEM, at=at)
    if given:
        number = db.session.scalar(sa.select(orders.c.number).where(orders.c.id == order_id))
        for variant in sorted(set(variants)):
            codes.align(variant, codes.BatchRef(str(number), "order"), SYSTEM, at)
    return given


def give_if_possible(order_id: OrderId, *, at: datetime) -> int:
    """As `give_waiting`, in a savepoint: 0 where the codes are reserved by others."""
    try:
        with db.session.begin_nested():
            return give_waiting(order_id, at=at)
    except CodesReserved:
        return 0


_LINE = (
    sa.select(line.c.id, line.c.variant_id, line.c.order_id, orders.c.number, orders.c.member_id)
    .join(orders, orders.c.id == line.c.order_id)
    .where(line.c.id == bindparam("line"))
)


def take_back(order_line_id: int, variant_id: int, n: int, *, at: datetime) -> int | None:
    """How many of `n` units that an order line gives back may be put on the shelf again (stock.take_back): those whose
    code nobody has seen, which is free again now. Seen ones become void and are never shown again.

    None if the variant's units are no codes. To be called under the order's lock, before the stock moves.
    """
    if not code_giving.has_pool(variant_id):
        return None
    return code_giving.take_back(order_line_id, n, at=at)


def would_take_back(asked: Mapping[int, tuple[int, int]], *, at: datetime) -> dict[int, int]:
    """What `take_back` would answer now for the lines of codes among `asked` ((variant, units) by line); nothing is
    written."""
    return code_giving.would_take_back(asked, at=at)


def reveal(
    number: str,
    order_line_id: int,
    *,
    member: MemberId,
    cipher: Cipher,
    request: str,
    actor: Actor,
    at: datetime,
) -> Sequence[Revealed]:
    """A member's own codes in clear, written down as seen. Raises NoSuchOrder, also for another member's.

    While the payment is disputed, and after that was lost, only those that were seen before. Raises OrderDisputed where none was.
    """
    found = db.session.execute(_LINE, {"line": order_line_id}).one_or_none()
    if found is None or found.number != number or found.member_id != member:
        raise NoSuchOrder(number=number, owner=found.member_id if found else None)
    return _show(found, cipher=cipher, request=request, actor=actor, at=at)


def reveal_as_staff(
    number: str, order_line_id: int, *, cipher: Cipher, request: str, reason: str, actor: Actor, at: datetime
) -> Sequence[Revealed]:
    """A member's codes for whoever has the permission; in the audit trail, without a code.

    Raises NoSuchOrder, OrderDisputed as for the member.
    """
    found = db.session.execute(_LINE, {"line": order_line_id}).one_or_none()
    if found is None or found.number != number:
        raise NoSuchOrder(number=number)
    shown = _show(found, cipher=cipher, request=request, actor=actor, at=at)
    said = {"line": order_line_id, "codes": len(shown)}
    audit.record(actor, "codes.reveal", subject=("order", number), after=said, reason=reason, at=at)
    return shown


def _show(found: Any, *, cipher: Cipher, request: str, actor: Actor, at: datetime) -> Sequence[Revealed]:
    """Under the order's lock, so that a look takes turns with refunds and with the news of a dispute."""
    locking.lock_order(OrderId(found.order_id))
    frozen = disputes.freeze(OrderId(found.order_id))
    shown = code_giving.reveal(
        found.id, cipher=cipher, request=request, actor=actor, at=at, again_only=frozen
    )
    if not shown and frozen:
        raise OrderDisputed
    if not shown:
        raise NoSuchOrder(number=found.number)
    return shown
