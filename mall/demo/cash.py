"""Orders of the demo's people that were paid by card: through the mall's own gateway, at the development Stripe.

Each step of an order is a scene of its own, so that all of the story stays in order of time. A step that asks Stripe
stands between two transactions, as everywhere.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from mall.core.actor import as_member
from mall.core.db import db, transaction
from mall.core.errors import MallError
from mall.core.ids import OrderId, VariantId
from mall.demo.story import Scene, Stage
from mall.demo.till import Till
from mall.domain.items.models import Item, Variant
from mall.domain.items.price_models import Offer
from mall.domain.orders import cancelling, disputes, expiring, fees, quoting, shipping
from mall.domain.orders import service as orders
from mall.domain.orders.documents import issuing
from mall.domain.orders.models import order_line_table, refund_table
from mall.domain.orders.quoting import Ask
from mall.domain.orders.refunding import requesting
from mall.domain.orders.refunding.rules import Units
from mall.domain.orders.service import NO_DELIVERY, Delivery
from mall.domain.payments import queries as payments
from mall.web import paying
from mall.web.programme import grace
from mall.worker import refunds
from mall.worker.documents import merchant

GOOD, DECLINED = "4242424242424242", "4000000000000002"


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many of an item by one of its ways to pay; `each` points go into one where that can be chosen."""

    slug: str
    n: int
    kind: str
    each: int | None = None


@dataclass(frozen=True, slots=True)
class Bought:
    """An order with cash due, placed so long before today; `then`: what happened, each so long after the placing."""

    who: str
    ago: timedelta
    wanted: tuple[Wanted, ...]
    then: tuple[tuple[str, timedelta], ...]
    delivery: str = "standard"


def _days(n: float) -> timedelta:
    return timedelta(days=n)


_SOON: Final = timedelta(minutes=2)
STORY: Final = (
    Bought(
        "mei", _days(26), (Wanted("jam-trio", 2, "combo"),),
        (("pay", _SOON), ("ship", _days(0.8))), delivery="priority",
    ),
    Bought(
        "mei", _days(19), (Wanted("linden-honey", 3, "cash"), Wanted("raised-bowls", 1, "range", 4_000)),
        (("decline", timedelta(minutes=1)), ("pay", _SOON), ("ship", _days(1)), ("take_one_back", _days(6))),
    ),
    Bought("guest08", _days(15), (Wanted("kitchen-radio", 1, "combo"),), (("pay", _SOON), ("cancel", _days(0.3)))),
    Bought(
        "ben", _days(12), (Wanted("slim-wallet", 1, "cash"),),
        (("pay", _SOON), ("ship", _days(1)), ("dispute", _days(10))),
    ),
    Bought("guest12", _days(6), (Wanted("roastery-beans", 2, "range", 2_000),), (("decline", _SOON), ("expire", timedelta(minutes=16)))),
    Bought("zoe", _days(2), (Wanted("yoga-ten-pass", 1, "cash"),), (("pay", _SOON),)),
    Bought("mei", _days(0.12), (Wanted("night-train-set", 1, "combo"),), (("pay", _SOON),)),
    Bought("mei", timedelta(seconds=20), (Wanted("butter-cookies", 2, "combo"),), ()),
)  # fmt: skip


def scenes(stage: Stage, till: Till, now: datetime) -> Iterator[Scene]:
    """The placing and all that follows of each order, in any order of time."""
    for n, bought in enumerate(STORY, 1):
        told = _Told(bought, stage, till, f"demo-cash-{n}")
        placed = now - bought.ago
        yield Scene(placed, told.place, calls=True)
        steps: dict[str, Callable[[datetime], None]] = {
            "pay": told.pay,
            "decline": told.decline,
            "expire": told.expire,
            "ship": told.ship,
            "cancel": told.cancel,
            "take_one_back": told.take_one_back,
            "dispute": told.dispute,
        }
        for step, after in bought.then:
            yield Scene(placed + after, told.if_placed(steps[step]), calls=True)


class _Told:
    """One order while it is told."""

    def __init__(self, bought: Bought, stage: Stage, till: Till, key: str) -> None:
        self.bought, self.stage, self.till, self.key = bought, stage, till, key
        self.member = stage.ids[bought.who]
        self.id: OrderId | None = None

    def if_placed(self, step: Callable[[datetime], None]) -> Callable[[datetime], None]:
        """The step, if the order came to be; Stripe's clock is at its time then."""

        def play(at: datetime) -> None:
            if self.id is not None:
                self.till.at(at)
                step(at)

        return play

    def place(self, at: datetime) -> None:
        """Order, and have the pay page made."""
        self.till.at(at)
        with suppress(
            MallError
        ):  # not enough points, or sold out by then: the story goes on without this order
            with transaction():
                placed = self._placed(at)
            self.id = placed.id
            paying.open_session(placed.id, now=lambda: at)

    def _placed(self, at: datetime) -> orders.Placed:
        lines = [Ask(*_found(wanted)) for wanted in self.bought.wanted]
        quote = quoting.make_quote(member=self.member, at=at, lines=lines)
        delivery = Delivery(NO_DELIVERY)
        if quote.needs_address:
            address = self.stage.addresses[self.bought.who]
            delivery = Delivery(self.bought.delivery, address)
            way = fees.Way(delivery.method, address)
            quote = quoting.choose(quote.id, quoting.Chosen(way), member=self.member, at=at)
        return orders.place(
            quote.id,
            member=self.member,
            key=self.key,
            actor=as_member(self.member),
            at=at,
            zone=self.stage.policy.zone,
            delivery=delivery,
            terms_version=self.stage.terms,
            paying=lambda: paying.paying(locale="en", email=f"{self.bought.who}@example.com"),
        )

    def pay(self, at: datetime) -> None:
        """The card is good; the receipt is numbered."""
        order = self._try(GOOD)
        paying.look(order, now=lambda: at)
        with transaction():
            issuing.receipt(order, merchant=merchant(), at=at)

    def decline(self, _at: datetime) -> None:
        """The bank says no; the pay page stays."""
        self._try(DECLINED)

    def _try(self, card: str) -> OrderId:
        order = self._order()
        session = payments.of_order(order)[-1].session_id
        assert session is not None
        self.till.pay(session, card)
        return order

    def expire(self, at: datetime) -> None:
        """The time to pay is over."""
        with transaction():
            expiring.overdue(self._order(), at=at, grace=grace())
        paying.end(self._order(), now=lambda: at)

    def ship(self, at: datetime) -> None:
        """All of it is sent."""
        with transaction():
            shipping.ship(
                self._order(),
                carrier="SF Express",
                tracking=f"SF{self._order():012d}",
                actor=self.stage.shipper,
                at=at,
            )

    def cancel(self, at: datetime) -> None:
        """The member thinks again; all comes back."""
        with transaction():
            cancelling.cancel(self._order(), actor=as_member(self.member), at=at, grace=grace())
        self._give_back(at)

    def take_one_back(self, at: datetime) -> None:
        """One unit of the first line arrived broken."""
        first = db.session.execute(
            sa.select(order_line_table.c.id)
            .where(order_line_table.c.order_id == self._order())
            .order_by(order_line_table.c.position)
        ).scalars()
        with transaction():
            requesting.request(
                self._order(),
                [Units(next(first), returned=1)],
                reason="One jar arrived broken.",
                actor=self.stage.shipper,
                at=at,
                grace=grace(),
            )
        self._give_back(at)

    def _give_back(self, at: datetime) -> None:
        """Send the cash of the order's refunds, and number their credit notes."""
        asked = sa.select(refund_table.c.id).where(refund_table.c.order_id == self._order())
        for refund in db.session.scalars(asked).all():
            refunds.send(refund, now=lambda: at)
            with transaction():
                issuing.credit_note(refund, merchant=merchant(), at=at)

    def dispute(self, at: datetime) -> None:
        """The card holder does not know the payment any more."""
        intent = payments.of_order(self._order())[-1].payment_intent
        assert intent is not None
        found = paying.gateway().retrieve_dispute(self.till.dispute(intent))
        with transaction():
            disputes.mirror(found, at=at)

    def _order(self) -> OrderId:
        assert self.id is not None
        return self.id


def _found(wanted: Wanted) -> tuple[VariantId, int, int, int | None]:
    """The first variant of the item and the offer of that kind, as quoting asks for them."""
    variant, offer = db.session.execute(
        sa.select(Variant.id, Offer.id)
        .join(Item, Item.id == Variant.item_id)
        .join(Offer, Offer.item_id == Item.id)
        .where(
            Item.slug == wanted.slug,
            Offer.kind == wanted.kind,
            Offer.active.is_(sa.true()),
            sa.or_(Offer.variant_id.is_(None), Offer.variant_id == Variant.id),
        )
        .order_by(Variant.id, Offer.id)
        .limit(1)
    ).one()
    return VariantId(variant), wanted.n, offer, wanted.each
