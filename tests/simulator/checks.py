"""What must hold: after every step, and in the end, when everything is quiet, of the mall and of Stripe together."""

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa

from mall.cli.ledger import EXTRA
from mall.core.db import db
from mall.domain.items.stock_models import Stock, StockMove
from mall.domain.ledger.verify import verify
from mall.domain.notifications.models import Message
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.models import refund_line_table, refund_table
from mall.domain.orders.rules import WAITING
from mall.domain.outbox.models import OutboxMessage
from mall.domain.payments import rules
from mall.domain.payments.models import dispute_table
from mall.domain.payments.models import payment_table as payment
from mall.domain.payments.models import stripe_event_table as event
from tests.simulator.world import World


def short() -> list[str]:
    """What orders, payments, refunds, stock and codes say of each other at any moment."""
    return [str(found) for checker in EXTRA for found in checker()]


def whole() -> list[str]:
    """Every invariant of the books, from the first entry on."""
    return [str(found) for found in verify(extra=EXTRA).violations]


def unfinished() -> list[str]:
    """What still waits for something, though everything has been done that can be."""
    n, run = sa.func.count(), db.session.scalar
    message = OutboxMessage.__table__.c
    waits = {
        "orders wait for their cash": sa.select(n).select_from(orders).where(orders.c.state.in_(WAITING)),
        "refunds are on their way": sa.select(n)
        .select_from(refund_table)
        .where(refund_table.c.state.in_(("requested", "sent"))),
        "attempts have not ended": sa.select(n)
        .select_from(payment)
        .where(payment.c.state.in_(("new", "unknown", "open"))),
        "webhooks have not been applied": sa.select(n).select_from(event).where(event.c.state == "stored"),
        "messages are undelivered": sa.select(n).where(message.done_at.is_(None), message.dead_at.is_(None)),
        "messages are dead": sa.select(n).where(message.dead_at.is_not(None)),
    }
    counts = {what: run(statement) for what, statement in waits.items()}
    return [f"{count} {what}" for what, count in counts.items() if count]


def in_the_end(world: World) -> list[str]:
    """All of it."""
    return [
        *whole(),
        *unfinished(),
        *_money(world),
        *_mirrors(world),
        *_disputes(world),
        *_doubts(world),
        *_units(),
        *_news(),
    ]


def _money(world: World) -> Iterator[str]:
    """For every order: what Stripe took and has not given back is what the mall's books say."""
    at_stripe: Counter[str] = Counter()
    by_intent = {one["payment_intent"]: one for one in world.things("checkout.session")}
    for charge in world.things("charge"):
        if charge["paid"]:
            at_stripe[_number(by_intent[charge["payment_intent"]])] += charge["amount"]
    for refund in world.things("refund"):
        if refund["status"] in ("succeeded", "pending"):
            at_stripe[_number(by_intent[refund["payment_intent"]])] -= refund["amount"]
    rows = db.session.execute(sa.select(orders.c.id, orders.c.number, orders.c.paid_at, orders.c.cash)).all()
    for order in rows:
        strays = _cash(order.id, refund_table.c.kind == "stray")
        gone = _cash(order.id, refund_table.c.state == "succeeded")
        ours = (order.cash if order.paid_at else 0) + strays - gone
        if at_stripe.pop(order.number, 0) != ours:
            yield f"{world.name(order.id)}: Stripe has kept another amount than {ours}"
    if at_stripe:
        yield f"Stripe has money for {len(at_stripe)} orders that do not exist"


def _number(session: dict[str, object]) -> str:
    return str(session["client_reference_id"]).rpartition("-")[0]


def _cash(order_id: int, which: sa.ColumnElement[bool]) -> int:
    total = sa.func.coalesce(sa.func.sum(refund_table.c.cash), 0)
    return int(db.session.scalar(sa.select(total).where(refund_table.c.order_id == order_id, which)) or 0)


def _mirrors(world: World) -> Iterator[str]:
    """Every session at Stripe has its attempt, and the attempt knows how it ended; no attempt has two sessions."""
    rows = {row.reference: row for row in db.session.execute(sa.select(payment))}
    seen: Counter[str] = Counter()
    for session in world.things("checkout.session"):
        reference = session["client_reference_id"]
        seen[reference] += 1
        mine = rows.get(reference)
        if mine is None:
            yield f"a session {reference} that the mall does not know"
        elif (mine.state == "paid") != (session["payment_status"] == "paid"):
            yield f"attempt {mine.id} is {mine.state}, its session {session['payment_status']}"
    yield from (f"{n} sessions for one attempt" for n in seen.values() if n > 1)
    known = {row.session_id for row in rows.values()}
    there = {one["id"] for one in world.things("checkout.session")}
    yield from (f"the mall knows a session that is not there: {one}" for one in known - there - {None})


def _disputes(world: World) -> Iterator[str]:
    """Every dispute at Stripe is known, and whether it is won or lost."""
    mine = {row.stripe_id: row.state for row in db.session.execute(sa.select(dispute_table))}
    for dispute in world.things("dispute"):
        state = rules.dispute_state(dispute["status"])
        if mine.get(dispute["id"]) != state:
            yield f"a dispute is {state} at Stripe, and {mine.get(dispute['id'], 'unknown')} here"


def _doubts(world: World) -> Iterator[str]:
    """Nothing is doubted but what was false."""
    for found in db.session.execute(
        sa.select(event.c.id, event.c.error).where(event.c.state == "quarantined")
    ):
        if found.id not in world.twisted:
            yield f"a true webhook is quarantined: {found.error}"
    for problem in db.session.scalars(sa.select(payment.c.problem).where(payment.c.problem != "")):
        yield f"a payment is not believed: {problem}"


def _units() -> Iterator[str]:
    """What was sold is what paid orders have; what came back is what refunds say."""
    paid = (
        sa.select(line.c.variant_id, sa.func.sum(line.c.quantity).label("n"))
        .join(orders, orders.c.id == line.c.order_id)
        .where(orders.c.paid_at.is_not(None))
        .group_by(line.c.variant_id)
    )
    ordered = {row.variant_id: row.n for row in db.session.execute(paid)}
    for variant, sold in db.session.execute(sa.select(Stock.variant_id, Stock.sold)):
        if sold != ordered.get(variant, 0):
            yield f"variant {variant}: {sold} sold, paid orders have {ordered.get(variant, 0)}"
    back = (
        sa.select(line.c.variant_id, sa.func.sum(refund_line_table.c.restocked).label("n"))
        .join(line, line.c.id == refund_line_table.c.order_line_id)
        .where(line.c.kind == "goods")
        .group_by(line.c.variant_id)
    )
    refunded = {row.variant_id: row.n for row in db.session.execute(back) if row.n}
    returned = (
        sa.select(StockMove.variant_id, sa.func.sum(StockMove.quantity).label("n"))
        .where(StockMove.kind == "returned", StockMove.variant_id.in_(sa.select(line.c.variant_id).where(line.c.kind == "goods")))
        .group_by(StockMove.variant_id)
    )  # fmt: skip
    if {row.variant_id: row.n for row in db.session.execute(returned) if row.n} != refunded:
        yield "other units stand on the shelves again than refunds say"


def _news() -> Iterator[str]:
    """Members heard once of every order that was placed."""
    told = Counter(
        data["order_id"]
        for data in db.session.scalars(sa.select(Message.data).where(Message.kind == "order.placed"))
    )
    paid = set(db.session.scalars(sa.select(orders.c.id).where(orders.c.paid_at.is_not(None))))
    yield from (f"order row {one} was told {told[one]} times" for one in paid | set(told) if told[one] != 1)
