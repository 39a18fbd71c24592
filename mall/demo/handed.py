"""What the demo hands over: codes in their pools, delivery and its fees, and services that were wished for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

import sqlalchemy as sa

from mall.core import ids
from mall.core.actor import Actor, as_member
from mall.core.cipher import Cipher
from mall.core.db import db
from mall.core.ids import MemberId, VariantId
from mall.domain.items import codes
from mall.domain.items.code_files import NewCode
from mall.domain.items.models import Item, Variant
from mall.domain.items.rules import NEVER
from mall.domain.items.stock_models import Stock
from mall.domain.orders import booking, delivery_rates, quoting
from mall.domain.orders import service as orders
from mall.domain.orders.delivery_rates import NewRate
from mall.domain.orders.documents import taxing

#: Digital items that are no code: a download, a tree.
NO_CODES = frozenset({"wallpaper-pack", "tree-donation"})
#: Those whose codes come with a PIN, and those whose codes end.
PINS, ENDING = frozenset({"mall-gift-card", "bookshop-card"}), frozenset({"cinema-pair", "museum-day"})

#: Every place in China but the far ones gets standard delivery for nothing, so that points alone buy a cup.
RATES = (
    NewRate("standard", "Mainland China", ("CN",), 0),
    NewRate("standard", "Hong Kong, Macau, Taiwan", ("HK", "MO", "TW"), 2500, 29900),
    NewRate("standard", "Rest of the world", (), 6000, 69900),
    NewRate("priority", "Mainland China", ("CN",), 1200, 19900),
    NewRate("priority", "Hong Kong, Macau, Taiwan", ("HK", "MO", "TW"), 4500, 59900),
    NewRate("same_day", "Shanghai", ("CN/Shanghai",), 2000, 29900),
)


def fill_pools(cipher: Cipher, *, actor: Actor, at: datetime, now: datetime, seed: int = 20261122) -> int:
    """A pool of demo codes for every digital item that has codes; as many as there were in stock. Returns how many."""
    random, total = Random(seed), 0
    rows = db.session.execute(
        sa.select(Variant.id, Variant.sku, Item.slug, Stock.available)
        .join(Item, Item.id == Variant.item_id)
        .join(Stock, Stock.variant_id == Variant.id)
        .where(Item.kind == "digital", Item.slug.not_in(NO_CODES))
        .order_by(Variant.id)
    )
    for row in rows.all():
        n = random.randint(35, 90) if row.available is None else row.available
        ends = now + timedelta(days=120) if row.slug in ENDING else NEVER
        batch = [
            NewCode(line, _code(row.sku, random), _pin(random) if row.slug in PINS else "", ends)
            for line in range(1, n + 1)
        ]
        name = f"{row.slug}-{at:%Y-%m}.csv"
        if batch:
            codes.add_batch(
                row.id, batch, source=name, key=f"demo-{row.sku}", cipher=cipher, actor=actor, at=at
            )
        total += n
    return total


def _code(sku: str, random: Random) -> str:
    """A code that anybody sees to be of the demo, and that no shop would take."""
    text = ids.spell(random.getrandbits(60), 12)
    return f"DEMO-{sku.split('-')[1]}-{text[:4]}-{text[4:8]}-{text[8:]}"


def _pin(random: Random) -> str:
    return f"{random.randint(0, 999_999):06d}"


def set_fees(*, actor: Actor, at: datetime) -> None:
    """What each delivery costs, and same-day delivery offered."""
    for rate in RATES:
        delivery_rates.add(rate, actor=actor, at=at)
    delivery_rates.offer_method("same_day", True, actor=actor, at=at)


def set_taxes(*, starts_on: date) -> None:
    """The taxes that prices include, as receipts show them: goods at 13 %, all else at 6 %."""
    names = {"en": "VAT", "zh-Hans": "增值税", "zh-Hant": "增值稅"}
    for kind in taxing.KINDS:
        taxing.set_rate(kind, 1_300 if kind == "goods" else 600, name=names, starts_on=starts_on)


@dataclass(frozen=True, slots=True)
class Wished:
    """Somebody's order of what needs no parcel, so many days before today; `answer`: staff have given it."""

    who: str
    days: int
    lines: tuple[tuple[str, int], ...]
    wish: str = ""
    day_in: int = 0
    answer: str = ""


STORY = (
    Wished("mei", 9, (("VCH-0101", 2), ("VCH-0301-50", 1))),
    Wished("mei", 2, (("SVC-0305", 1),), "The sleeves of a wool coat, two centimetres shorter.", 6),
    Wished("zoe", 20, (("SVC-0401", 1),), "周六下午，想剪短一点。", 4, "周六 15:00，找阿岚即可。"),
    Wished("zoe", 5, (("VCH-0201", 1),)),
)


def orders_of(wanted: Wished) -> Iterator[tuple[VariantId, int]]:
    """The variants of an order in the story, and how many."""
    known = dict(
        db.session.execute(
            sa.select(Variant.sku, Variant.id).where(Variant.sku.in_([sku for sku, _ in wanted.lines]))
        ).all()
    )
    for sku, n in wanted.lines:
        yield VariantId(known[sku]), n


def play(
    wanted: Wished, *, member: MemberId, staff: Actor, terms: str, zone: str, at: datetime
) -> orders.Placed:
    """Place the order, with its wish; and give it, if the story says so. Raises MallError."""
    quote = quoting.make_quote(member=member, at=at, lines=[quoting.Ask(*line) for line in orders_of(wanted)])
    placed = orders.place(
        quote.id,
        member=member,
        key=f"demo-{wanted.who}-{wanted.lines[0][0]}-{wanted.days}",
        actor=as_member(member),
        at=at + timedelta(minutes=1),
        zone=zone,
        delivery=orders.Delivery(orders.NO_DELIVERY),
        terms_version=terms,
    )
    if wanted.wish:
        day = (at + timedelta(days=wanted.day_in)).date()
        wishes = {place: (wanted.wish, day) for place, _ in enumerate(wanted.lines, 1)}
        booking.wishes_of(placed.id, wishes, at=at + timedelta(minutes=1))
    if wanted.answer:
        booking.fulfil(placed.id, lines=None, answer=wanted.answer, actor=staff, at=at + timedelta(hours=5))
    return placed
