"""What members do: order, pay in one tab or another, come back, give up, cancel, look at their codes."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from mall.core.actor import as_member
from mall.core.db import db, transaction
from mall.core.errors import MallError
from mall.core.ids import MemberId, OrderId, VariantId
from mall.domain.orders import attempts, cancelling, expiring, fees, fulfilling, quoting
from mall.domain.orders.models import order_line_table as line
from mall.domain.orders.models import order_table as orders
from mall.domain.orders.rules import PAYABLE
from mall.domain.orders.service import Delivery
from mall.domain.payments import queries as payments
from mall.domain.payments.errors import Unknown
from mall.web import paying
from tests.simulator.scenery import MEMBERS, Ware
from tests.simulator.world import World
from tests.support.codes_factory import CIPHER
from tests.support.orders_factory import ADDRESS, PAYING, place

SEEN = timedelta(seconds=2)
GOOD, DECLINED, NO_FUNDS, SECURE = (
    "4242424242424242",
    "4000000000000002",
    "4000000000009995",
    "4000002500003155",
)


def order(world: World) -> str:
    """Somebody asks for a price and orders: at once, or when the price is out of date; perhaps with a double click."""
    name = world.luck.choice(MEMBERS)
    member = world.stage.scenery.people[name]
    wares = world.luck.sample(world.stage.scenery.wares, world.luck.choice((1, 1, 1, 2, 2, 3)))
    asks = [_ask(world, ware) for ware in wares]
    said = f"{name} orders " + ", ".join(
        f"{ask.quantity} {ware.name}" for ask, ware in zip(asks, wares, strict=True)
    )
    points_off = world.luck.choice((0, 0, 500, 2_000))
    with transaction():
        quote = quoting.make_quote(member=member, at=world.now(), lines=asks, points_off=points_off)
    delivery = _delivery(world, quote.needs_address)
    if delivery.method != "none" and world.chance(0.8):
        way = fees.Way(delivery.method, delivery.address)
        with transaction():
            quote = quoting.choose(quote.id, quoting.Chosen(way), member=member, at=world.now())
    if world.chance(0.1):
        world.pass_time(timedelta(minutes=world.luck.choice((1, 9, 11, 60))))
    world.keys += 1
    key = f"simulated-key-{world.keys:08}"
    if world.chance(0.3):
        world.open_pages.append((quote.id, name, delivery, key))
        return said + ": the page stays open"
    return said + ": " + _place(world, quote.id, member, delivery, key)


def confirm(world: World) -> str:
    """Somebody confirms on a page that they have had open for a while; perhaps not for the first time."""
    page = world.pick(world.open_pages)
    if page is None:
        return ""
    quote, name, delivery, key = page
    return f"{name} confirms an old page: " + _place(
        world, quote, world.stage.scenery.people[name], delivery, key
    )


def buy(world: World) -> str:
    """Somebody orders, pays at once, and comes back."""
    before = world.orders()
    said = order(world)
    made = [one for one in world.orders() if one not in before]
    last = payments.of_order(made[-1])[-1:] if made else []
    if not last or last[0].session_id is None:
        return said
    outcome = world.stripe.control.pay(last[0].session_id, GOOD)["outcome"]
    settled = paying.look(made[-1])
    return f"{said}; pays at once, {outcome}: {settled.state if settled else 'known already'}"


def _ask(world: World, ware: Ware) -> quoting.Ask:
    offer = world.luck.choice((None, *ware.offers))
    each = None
    if ware.range and offer == ware.offers[-1]:
        each = world.luck.randrange(ware.range[0], ware.range[1] + 1)
    return quoting.Ask(VariantId(ware.variant), world.luck.choice((1, 1, 2, 3)), offer, each)


def _delivery(world: World, needs_address: bool) -> Delivery:
    if not needs_address:
        return Delivery("none")
    method = world.luck.choice(("standard", "standard", "priority", "pickup"))
    return Delivery(method, None if method == "pickup" else ADDRESS)


def _place(world: World, quote: str, member: MemberId, delivery: Delivery, key: str) -> str:
    clicks = 2 if world.chance(0.1) else 1
    placed = []
    with_mail = replace(PAYING, email="somebody@example.com")
    for _ in range(clicks):
        try:
            with transaction():
                placed.append(
                    place(quote, member=member, at=world.now(), key=key, delivery=delivery, paying=with_mail)
                )
        except MallError as refusal:
            if placed:
                world.wrong.append(f"the second click is refused: {refusal.code}")
            raise
    if len({one.id for one in placed}) != 1:
        world.wrong.append(f"a double click made {len(placed)} orders")
    if placed[0].state in PAYABLE:
        paying.try_to_open(placed[0].id)
    return f"{world.name(placed[0].id)} {placed[0].state}, {placed[0].points} points, {placed[0].cash} cash"


def go_to_pay(world: World) -> str:
    """Somebody presses "pay" on an order that waits; perhaps once more in another tab."""
    chosen = world.pick(world.orders(*PAYABLE))
    if chosen is None:
        return ""
    with transaction():
        attempts.again(chosen, PAYING, at=world.now())
    paying.open_session(chosen)
    last = payments.of_order(chosen)[-1]
    return f"to Stripe's page for {world.name(chosen)}: attempt {last.attempt} {last.state}"


def at_stripe(world: World) -> str:
    """Somebody who has Stripe's page open, however old, pays, is declined, is asked for more, or closes it."""
    sessions = world.things("checkout.session")
    live = [one for one in sessions if one["status"] == "open"]
    chosen = world.pick(live if live and world.chance(0.95) else sessions)
    if chosen is None:
        return ""
    card = world.luck.choice((GOOD, GOOD, GOOD, GOOD, DECLINED, NO_FUNDS, SECURE))
    outcome = world.stripe.control.pay(chosen["id"], card)["outcome"]
    if outcome == "requires_action" and world.chance(0.8):
        outcome = world.stripe.control.authenticate(chosen["id"], passed=world.chance(0.7))["outcome"]
    return f"at Stripe, {chosen['client_reference_id'][-1:]}. attempt of {_of(world, chosen)}: {outcome}"


def _of(world: World, session: dict[str, object]) -> str:
    number = str(session["client_reference_id"]).rpartition("-")[0]
    found = db.session.scalar(sa.select(orders.c.id).where(orders.c.number == number))
    return world.name(found) if found else "no order"


def come_back(world: World) -> str:
    """Somebody is on the return page."""
    chosen = world.pick(world.orders())
    if chosen is None:
        return ""
    settled = paying.look(chosen, seen=SEEN)
    return f"back on the page of {world.name(chosen)}: {settled.state if settled else 'nothing new'}"


def give_up(world: World) -> str:
    """Somebody cancels an order before it is paid, perhaps while they pay it in another tab."""
    chosen = world.pick(world.orders(*PAYABLE))
    if chosen is None:
        return ""
    with transaction():
        state = expiring.begin(chosen, why="member", actor=as_member(owner(chosen)), at=world.now())
    if state == "expiring":
        try:
            state = paying.end(chosen).state
        except Unknown:
            state += ", and Stripe does not answer"
    return f"{world.name(chosen)} is given up: {state}"


def cancel(world: World) -> str:
    """Somebody cancels what they paid for, before it is sent."""
    chosen = world.pick(world.orders("paid", "completed", "cancelled"))
    if chosen is None:
        return ""
    with transaction():
        done = cancelling.cancel(chosen, actor=as_member(owner(chosen)), at=world.now())
    return f"{world.name(chosen)} is cancelled: {done.points} points, {done.cash} cash back"


def look_at_codes(world: World) -> str:
    """Somebody looks at the codes that they bought."""
    rows = db.session.execute(
        sa.select(orders.c.id, orders.c.number, orders.c.member_id, line.c.id.label("line"))
        .join(line, line.c.order_id == orders.c.id)
        .where(line.c.kind == "digital", orders.c.paid_at.is_not(None))
        .order_by(line.c.id)
    ).all()
    chosen = world.pick(rows)
    if chosen is None:
        return ""
    member = MemberId(chosen.member_id)
    with transaction():
        shown = fulfilling.reveal(
            chosen.number, chosen.line, member=member, cipher=CIPHER, request="simulated",
            actor=as_member(member), at=world.now(),
        )  # fmt: skip
    return f"{len(shown)} codes of {world.name(chosen.id)} are looked at"


def owner(order_id: OrderId) -> MemberId:
    """Whose order it is."""
    return MemberId(
        db.session.execute(sa.select(orders.c.member_id).where(orders.c.id == order_id)).scalar_one()
    )
