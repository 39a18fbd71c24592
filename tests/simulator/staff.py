"""What staff do: send, fulfil, refund, stop waiting, count stock, change prices and tiers, give points."""

from datetime import timedelta

import sqlalchemy as sa

from mall.core.actor import as_staff
from mall.core.db import db, transaction
from mall.core.ids import OrderId
from mall.domain.items import service as items
from mall.domain.items import stock
from mall.domain.items.stock_models import Stock
from mall.domain.ledger import service as ledger
from mall.domain.ledger.rules import Key, Ref
from mall.domain.orders import expiring, refunding, shipping
from mall.domain.orders.refunding import Units, facts
from mall.domain.orders.refunding.errors import PreviewChanged
from mall.domain.orders.rules import PAYABLE
from mall.domain.outbox import service as outbox
from mall.domain.tiers import service as tiers
from mall.web import paying
from tests.simulator.scenery import MEMBERS
from tests.simulator.world import World


def send(world: World) -> str:
    """A parcel leaves with some or all of an order's goods; a course was held, a code was handed over."""
    chosen = world.pick(world.orders("paid"))
    if chosen is None:
        return ""
    goods = world.chance(0.75)
    lines = [one for one in facts.of_order(chosen).lines if one.unsent and (one.kind == "goods") == goods]
    parts = None
    if lines and world.chance(0.5):
        one = world.luck.choice(lines)
        parts = [(one.id, world.luck.randrange(1, one.unsent + 1))]
    actor = as_staff(world.stage.scenery.people["sam"])
    with transaction():
        if goods:
            shipping.ship(chosen, lines=parts, carrier="SF", tracking="1", actor=actor, at=world.now())
        else:
            shipping.fulfil(chosen, lines=parts, actor=actor, at=world.now())
    return f"{world.name(chosen)}: {'sent' if goods else 'fulfilled'} {'in part' if parts else 'all that is left'}"


def refund(world: World) -> str:
    """Customer service refunds some units: looks at the preview first, and confirms it once or twice."""
    chosen = world.pick(world.orders("paid", "completed"))
    if chosen is None:
        return ""
    asked = _units(world, chosen)
    if not asked:
        return ""
    restock = world.chance(0.5)
    shown = refunding.preview(chosen, asked, restock=restock, at=world.now())
    world.keys += 1
    form = f"form-{world.keys}"
    actor = as_staff(world.stage.scenery.people[world.luck.choice(("sam", "lee"))])
    done = []
    for _ in range(2 if world.chance(0.15) else 1):
        with transaction():
            done.append(
                refunding.request(
                    chosen, asked, restock=restock, reason="simulated", actor=actor, at=world.now(),
                    expect=shown.hash, form_key=form,
                )
            )  # fmt: skip
    if len({one.id for one in done}) != 1:
        world.wrong.append("a form sent twice made two refunds")
    if (done[0].points, done[0].cash) != (shown.points, shown.cash):
        world.wrong.append("a refund did something else than its preview said")
    return f"{world.name(chosen)}: refunds {shown.points} points and {shown.cash} cash, {done[0].state}"


def _units(world: World, chosen: OrderId) -> list[Units]:
    found = []
    for one in facts.of_order(chosen).lines:
        unsent = world.luck.randrange(one.unsent + 1)
        returned = world.luck.randrange(one.out + 1)
        if unsent + returned:
            found.append(Units(one.id, unsent=unsent, returned=returned))
    return found


def refund_what_is_out_of_date(world: World) -> str:
    """Two staff have the same preview open; the second one confirms it after the first."""
    chosen = world.pick(world.orders("paid"))
    asked = _units(world, chosen) if chosen else []
    if chosen is None or not asked:
        return ""
    shown = refunding.preview(chosen, asked, at=world.now())
    after = []
    for name in ("sam", "lee"):
        actor = as_staff(world.stage.scenery.people[name])
        try:
            with transaction():
                refunding.request(chosen, asked, actor=actor, at=world.now(), expect=shown.hash)
            after.append("done")
        except PreviewChanged:
            after.append("asked again")
    return f"{world.name(chosen)}: two refund at once: {', '.join(after)}"


def stop_waiting(world: World) -> str:
    """Staff end an order that waits for cash."""
    chosen = world.pick(world.orders(*PAYABLE))
    if chosen is None:
        return ""
    actor = as_staff(world.stage.scenery.people["lee"])
    with transaction():
        state = expiring.begin(chosen, why="staff", actor=actor, at=world.now())
    return f"{world.name(chosen)}: staff stop waiting: {state}"


def ask_stripe(world: World) -> str:
    """Staff have Stripe asked about an order."""
    chosen = world.pick(world.orders("unknown", "awaiting_payment", "expiring"))
    if chosen is None:
        return ""
    settled = paying.look(chosen)
    return f"{world.name(chosen)}: staff ask Stripe: {settled.state if settled else 'nothing new'}"


def see_to_refunds(world: World) -> str:
    """Staff see to a refund that failed: again, or by hand."""
    chosen = world.pick(world.refunds("failed"))
    if chosen is None:
        return ""
    actor = as_staff(world.stage.scenery.people["lee"])
    again = world.chance(0.6)
    with transaction():
        if again:
            refunding.retry(chosen, actor=actor, at=world.now())
        else:
            refunding.settle_by_hand(chosen, "in cash at the counter", actor=actor, at=world.now())
    return f"a failed refund is {'sent again' if again else 'settled by hand'}"


def count_stock(world: World) -> str:
    """Stock arrives, or some is found broken."""
    ware = world.luck.choice([one for one in world.stage.scenery.wares if one.kind == "goods"])
    left = db.session.scalar(sa.select(Stock.available).where(Stock.variant_id == ware.variant)) or 0
    change = world.luck.choice((-left or 3, -2, -1, 1, 2, 4))
    reason = "received" if change > 0 else "written_off"
    actor = as_staff(world.stage.scenery.people["lee"])
    with transaction():
        stock.adjust(ware.variant, change=change, reason=reason, actor=actor, at=world.now())
    return f"stock of {ware.name} {change:+}"


def change_price(world: World) -> str:
    """Another price for mugs (points), from now or from soon on."""
    ware = next(one for one in world.stage.scenery.wares if one.name == "mug")
    points = world.luck.randrange(250, 360)
    starts = world.now() + timedelta(minutes=world.luck.choice((0, 0, 5)))
    actor = as_staff(world.stage.scenery.people["lee"])
    with transaction():
        items.set_price(ware.offers[0], points=points, starts_at=starts, actor=actor, at=world.now())
    return f"a mug costs {points}"


def change_tier(world: World) -> str:
    """Somebody rises or falls on the ladder."""
    name = world.luck.choice(MEMBERS)
    tier = world.luck.choice(("basic", "silver", "gold", "diamond"))
    actor = as_staff(world.stage.scenery.people["lee"])
    with transaction():
        tiers.grant(world.stage.scenery.people[name], tier, actor=actor, reason="simulated", at=world.now())
    return f"{name} is {tier} now"


def give_points(world: World) -> str:
    """Points for somebody, that live for an hour, a month, a year or for ever; some begin to count later."""
    name = world.luck.choice(MEMBERS)
    return f"{name} gets {earn(world, name)} points"


def earn(world: World, name: str) -> int:
    """Points for a member, by chance; how many."""
    points = world.luck.choice((400, 1_000, 2_500, 6_000))
    life = world.luck.choice(
        (timedelta(hours=1), timedelta(days=2), timedelta(days=30), timedelta(days=366), None)
    )
    world.keys += 1
    with transaction():
        ledger.earn(
            world.stage.scenery.people[name],
            points,
            ref=Ref("test", str(world.keys)),
            key=Key("test", str(world.keys)),
            actor=as_staff(world.stage.scenery.people["lee"]),
            at=world.now(),
            expires_at=world.now() + life if life else None,
        )
    return points


def raise_the_dead(world: World) -> str:
    """Staff let messages that were given up be tried again."""
    with transaction():
        n = outbox.retry(at=world.now())
    return f"{n} dead messages are tried again" if n else ""
