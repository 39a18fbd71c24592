"""What is there before a history begins: members without points, staff, and an item for each way to pay."""

from dataclasses import dataclass
from datetime import UTC, datetime

from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.core.ids import MemberId
from mall.domain.items.service import Limits
from mall.domain.tiers import service as tiers
from tests.support.codes_factory import add_codes, secret
from tests.support.items_factory import add_way, make_item
from tests.support.members_factory import a_member

OPENED = datetime(2026, 11, 1, tzinfo=UTC)
MEMBERS = ("mei", "ben", "zoe", "kim")
STAFF = ("sam", "lee")


@dataclass(frozen=True)
class Ware:
    """Something on the shelf: its item, variant and offers, and what the simulator must know of it."""

    name: str
    item: int
    variant: int
    offers: tuple[int, ...]
    kind: str
    range: tuple[int, int] | None = None


@dataclass(frozen=True)
class Scenery:
    """The people by name, and the wares."""

    people: dict[str, MemberId]
    wares: tuple[Ware, ...]


def build() -> Scenery:
    """Furnish an empty mall; in transactions of its own."""
    people = {
        name: MemberId(a_member(email=f"{name}@example.com", name=name.title(), at=OPENED).id)
        for name in (*MEMBERS, *STAFF)
    }
    with transaction():
        for name, tier in (("mei", "gold"), ("zoe", "silver")):
            tiers.grant(people[name], tier, actor=SYSTEM, reason="scenery", at=OPENED)
        wares = (*_goods(), *_codes(), _course())
    return Scenery(people, wares)


def _goods() -> list[Ware]:
    kettle = make_item("Kettle", points=500, cash=3_000, stock=5)
    mug = make_item("Mug", points=300, stock=6, limits=Limits(per_order=3, per_day=4, ever=6))
    lamp = make_item("Lamp", points=None, cash=5_001, stock=4)
    radio = make_item("Radio", points=2_000, stock=5)
    pen = make_item("Pen", points=70, cash=410, stock=20, limits=Limits(per_day=3))
    offers = {
        "kettle": (kettle.offer_id, _combo(kettle.item_id)),
        "mug": (mug.offer_id,),
        "lamp": (_last(lamp.item_id, cash=5_001, min_points=100, max_share=5_000),),
        "radio": (radio.offer_id, _range(radio.item_id)),
        "pen": (_combo(pen.item_id, 70, 410),),
    }
    return [
        Ware("kettle", kettle.item_id, kettle.variant_id, offers["kettle"][1:], "goods"),
        Ware("mug", mug.item_id, mug.variant_id, offers["mug"], "goods"),
        Ware("lamp", lamp.item_id, lamp.variant_id, offers["lamp"], "goods"),
        Ware("radio", radio.item_id, radio.variant_id, offers["radio"], "goods", (500, 1_500)),
        Ware("pen", pen.item_id, pen.variant_id, offers["pen"], "goods"),
    ]


def _combo(item: int, points: int = 300, cash: int = 4_999) -> int:
    return add_way(item, "combo", points=points, cash=cash, at=OPENED, limits=Limits(ever=5), position=3)


def _last(item: int, **price: int) -> int:
    return add_way(item, "cash", at=OPENED, position=4, **price)


def _range(item: int) -> int:
    prices = {"points": 2_000, "cash": 2_000, "min_points": 500, "max_points": 1_500}
    return add_way(item, "range", at=OPENED, position=5, **prices)


def _codes() -> list[Ware]:
    found = []
    for name, cash, n in (("voucher", 1_000, 4), ("film", 0, 3)):
        made = make_item(name.title(), points=200, cash=cash, stock=0, kind="digital")
        add_codes(made.variant_id, [secret(i, name.upper()) for i in range(n)], at=OPENED)
        offers = (_combo(made.item_id, 150, 900),) if cash else (made.offer_id,)
        found.append(Ware(name, made.item_id, made.variant_id, offers, "digital"))
    return found


def _course() -> Ware:
    made = make_item("Course", points=400, cash=2_000, stock=None, kind="service")
    return Ware("course", made.item_id, made.variant_id, (_combo(made.item_id, 350, 2_500),), "service")
