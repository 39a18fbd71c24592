"""What happened before the curtain rises: a year of purchases and orders, told through the services, in order of time.

The same seed tells the same story; only the dates move with the day on which it is loaded.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from mall.core.actor import SYSTEM, Actor, as_member
from mall.core.errors import MallError
from mall.core.ids import MemberId, OrderId, VariantId
from mall.demo import handed
from mall.demo.people import MEMBERS, NEIGHBOURS, Person
from mall.domain.earning import service as earning
from mall.domain.earning.reading import PurchaseRow
from mall.domain.ledger.queries import balance
from mall.domain.orders import cancelling, quoting, shipping
from mall.domain.orders import service as orders
from mall.domain.orders.quoting import Ask
from mall.domain.orders.service import Delivery

CARRIERS = (("SF Express", "SF"), ("YTO Express", "YT"), ("China Post EMS", "EA"))


@dataclass(frozen=True, slots=True)
class Stage:
    """What the story needs to know of the mall: who is who, what can be redeemed, and by which rules."""

    ids: dict[str, MemberId]
    addresses: dict[str, dict[str, str]]
    goods: list[tuple[VariantId, int]]
    policy: earning.Policy
    shipper: Actor
    terms: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happens at a time; in one transaction, unless it `calls` Stripe and makes its own."""

    at: datetime
    play: Callable[[datetime], None]
    calls: bool = False


def scenes(stage: Stage, now: datetime, seed: int = 20261122) -> Iterator[Scene]:
    """A year of purchases for everybody, and orders where the points suffice; oldest first."""
    random = Random(seed)
    told: list[Scene] = []
    for person in (*MEMBERS, *NEIGHBOURS):
        told += _purchases(person, stage, now, random)
    for person in MEMBERS:
        told += _orders(person, stage, now, random, count=4 if person.key == "mei" else 2)
    for person in NEIGHBOURS:
        told += _orders(person, stage, now, random, count=random.randint(1, 3))
    told += [_handed(wanted, stage, now) for wanted in handed.STORY]
    yield from sorted(told, key=lambda scene: scene.at)


def _handed(wanted: handed.Wished, stage: Stage, now: datetime) -> Scene:
    def play(at: datetime) -> None:
        with suppress(MallError):  # not enough points by then: the story goes on without this order
            handed.play(
                wanted,
                member=stage.ids[wanted.who],
                staff=stage.shipper,
                terms=stage.terms,
                zone=stage.policy.zone,
                at=at,
            )

    return Scene(now - timedelta(days=wanted.days, minutes=90), play)


def _purchases(person: Person, stage: Stage, now: datetime, random: Random) -> list[Scene]:
    weights = [random.uniform(0.4, 1.6) for _ in range(person.visits)]
    days = sorted((random.randint(6, 345) for _ in range(person.visits)), reverse=True)
    told = []
    for n, (weight, day) in enumerate(zip(weights, days, strict=True), start=1):
        amount = int(person.spends * 100 * weight / sum(weights))
        at = now - timedelta(days=day, minutes=random.randint(0, 600))
        row = PurchaseRow(n, f"{person.key}-{n:03d}", person.key, at, amount)

        def play(at: datetime, row: PurchaseRow = row) -> None:
            earning.record_purchases([row], stage.policy, actor=SYSTEM, at=at)

        told.append(Scene(at, play))
    return told


def _orders(person: Person, stage: Stage, now: datetime, random: Random, count: int) -> list[Scene]:
    told = []
    days = sorted((random.randint(5, 110) for _ in range(count)), reverse=True)
    days[-1] = random.choice((1, 2, 3, days[-1]))
    most = person.spends // (count + 4)
    affordable = [variant for variant, points in stage.goods if points <= most]
    for n, day in enumerate(days, start=1):
        wanted = [
            Ask(variant, 1)
            for variant in random.sample(affordable, min(len(affordable), random.choice((1, 1, 2))))
        ]
        at = now - timedelta(days=day, minutes=random.randint(0, 600))
        ending = (
            "open" if day < 4 else "cancelled" if n == 2 and person.key in ("mei", "guest04") else "shipped"
        )
        told.append(
            Scene(
                at, _order(person, stage, wanted, f"demo-{person.key}-{n}", ending, random.choice(CARRIERS))
            )
        )
    return told


def _order(
    person: Person,
    stage: Stage,
    wanted: list[Ask],
    key: str,
    ending: str,
    carrier: tuple[str, str],
) -> Callable[[datetime], None]:
    def play(at: datetime) -> None:
        member = stage.ids[person.key]
        try:
            quote = quoting.make_quote(member=member, at=at, lines=wanted)
        except MallError:
            return  # sold out by then: the story goes on without this order
        if quote.points > balance(member, at).available:
            return  # or the points are spent
        placed = orders.place(
            quote.id,
            member=member,
            key=key,
            actor=as_member(member),
            at=at + timedelta(minutes=1),
            zone=stage.policy.zone,
            delivery=Delivery("standard", stage.addresses[person.key]),
            terms_version=stage.terms,
        )
        _end(placed.id, member, ending, carrier, stage.shipper, at)

    return play


def _end(
    order: OrderId, member: MemberId, ending: str, carrier: tuple[str, str], shipper: Actor, at: datetime
) -> None:
    if ending == "shipped":
        tracking = f"{carrier[1]}{order:011d}"
        shipping.ship(
            order, carrier=carrier[0], tracking=tracking, actor=shipper, at=at + timedelta(hours=20)
        )
    elif ending == "cancelled":
        cancelling.cancel(order, actor=as_member(member), reason="", at=at + timedelta(hours=2))
