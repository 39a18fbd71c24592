"""What a refund would do: the same reading and the same arithmetic whether it is shown or done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from mall.core.ids import OrderId
from mall.domain.earning import cash as earning
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import GRACE, Ref
from mall.domain.orders import fulfilling
from mall.domain.orders.refunding import facts, rules
from mall.domain.orders.refunding.errors import CannotRefund, PaymentMissing, RefundDisputed
from mall.domain.orders.refunding.facts import Facts
from mall.domain.orders.refunding.rules import Part, Preview, Units


def preview(
    order_id: OrderId,
    asked: Sequence[Units] | None,
    *,
    restock: bool = False,
    at: datetime,
    grace: timedelta = GRACE,
) -> Preview:
    """What refunding these units (None: all that were not sent) would do at `at`; nothing is written.

    Raises NoSuchOrder, and what `foresee` raises.
    """
    order = facts.of_order(order_id)
    asked = everything_unsent(order) if asked is None else asked
    return foresee(order, asked, restock=restock, at=at, grace=grace)


def foresee(
    order: Facts, asked: Sequence[Units], *, restock: bool, at: datetime, grace: timedelta = GRACE
) -> Preview:
    """The preview of an order that was read already, perhaps under its lock.

    Raises CannotRefund, PaymentMissing, RefundDisputed.
    """
    found = rules.parts(order.lines, asked, restock=restock)
    if found is None or order.state not in facts.REFUNDABLE:
        raise CannotRefund
    found = _fit(found, at)
    delivery = rules.delivery_back(order.lines, found, fee=order.fee, given=order.delivery_back)
    owed = sum(part.cash for part in found) + delivery
    payment, lost = (order.paid, order.lost) if owed else (None, 0)
    if owed:
        if payment is None:
            raise PaymentMissing
        if order.disputed:
            raise RefundDisputed
        if lost:
            at_most = max(0, payment.captured - payment.refunding - lost)
            found, delivery = rules.within(found, delivery, at_most)
    points, goods = sum(part.points for part in found), sum(part.cash for part in found)
    given, base = order.earned if goods else (0, 0)
    taken = rules.clawback(given, base, before=order.goods_back + lost, now=goods)
    back, took, lots = ledger.preview_return(
        order.member_id,
        points,
        of=Ref("order", order.number),
        taken=taken,
        taken_of=earning.reference(order.number),
        at=at,
        grace=grace,
    )
    gone = {part.line.id: part.quantity for part in found}
    return Preview(
        parts=found,
        points=points,
        lots=rules.lots(lots, at, grace),
        repaid=back.repaid,
        expired=back.expired,
        cash=goods + delivery,
        delivery=delivery,
        currency=order.currency,
        payment_id=payment.id if payment and goods + delivery else None,
        earned_back=taken,
        from_pending=took.pending,
        from_available=took.available,
        from_expired=took.expired,
        debt=took.debt,
        whole=all(line.gone + gone.get(line.id, 0) == line.quantity for line in order.lines),
        taken_by_bank=owed - goods - delivery,
    )


def _fit(parts: tuple[Part, ...], at: datetime) -> tuple[Part, ...]:
    """Of codes, those that nobody has seen go back to the shelf, whatever was asked for."""
    given = {part.line.id: (part.line.variant_id, part.quantity) for part in parts if part.line.codes}
    free = fulfilling.would_take_back(given, at=at)
    return tuple(
        part if part.line.codes is None else replace(part, restocked=free.get(part.line.id, 0))
        for part in parts
    )


def everything_unsent(order: Facts) -> tuple[Units, ...]:
    """All units that were not sent yet."""
    return tuple(Units(line.id, unsent=line.unsent) for line in order.lines if line.unsent)
