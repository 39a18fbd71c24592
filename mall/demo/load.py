"""Loading the demo: shop, people, story; each stage in a transaction of its own, so that the first page is soon there."""

import csv
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from mall.account.joining import hash_password, join
from mall.core import clock
from mall.core.actor import SYSTEM, as_staff
from mall.core.cipher import Cipher
from mall.core.db import db, transaction
from mall.core.ids import MemberId, VariantId
from mall.demo import cash, handed, mixes
from mall.demo.people import MEMBERS, NEIGHBOURS, PASSWORD, STAFF, Person
from mall.demo.story import Scene, Stage, scenes
from mall.demo.till import Till
from mall.domain.earning.service import Policy
from mall.domain.items import importing, listing
from mall.domain.items.import_pictures import ready_made
from mall.domain.items.import_rows import read_items
from mall.domain.items.models import Item, Variant
from mall.domain.items.price_models import Offer, OfferPrice
from mall.domain.items.stock_models import Stock
from mall.domain.members import addresses
from mall.domain.members import queries as members
from mall.domain.members import service as people
from mall.domain.outbox import service as outbox
from mall.domain.tiers import service as tiers

DATA = Path(__file__).resolve().parent / "data"

#: Who stands above the lowest step of the ladder.
TIERS = {"mei": "gold", "zoe": "silver"}

#: The shop opened before the first order of the story.
OPENED = timedelta(days=400)
#: The ways to pay with cash are as new as this.
FRESH = timedelta(days=1)
#: What happened longer ago than this is not mailed any more.
OLD_NEWS = timedelta(days=1)


class DemoBroken(RuntimeError):
    """The demo's own data was refused; the message lists why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the demo is loaded: the programme's settings, folders, and the terms that members accepted."""

    currency: str
    zone: str
    life_months: int
    media: Path
    pictures: Path
    terms: str
    cipher: Cipher


def loaded() -> bool:
    """Whether the demo is in this database (or its loading was begun)."""
    return members.id_by_email(MEMBERS[0].email) is not None


def whole() -> bool:
    """Whether what is loaded was loaded to the end: the items' further ways to pay are the last that it adds."""
    return db.session.scalar(sa.select(sa.exists().where(Offer.position > 0))) or False


def load(place: Place, *, now: datetime, tell: Callable[[str], None], till: Till | None = None) -> None:
    """Shop, people and a year of history, ending at `now`; also orders paid by card where there is a `till`.

    Raises DemoBroken, EmailTaken; StripeTrouble, OSError where the development Stripe stops answering.
    """
    opened = now - OPENED
    hashed = hash_password(PASSWORD)
    with transaction():
        ids = {person.key: _person(person, hashed, opened) for person in (*STAFF, *MEMBERS, *NEIGHBOURS)}
        for key, tier in TIERS.items():
            tiers.grant(ids[key], tier, actor=SYSTEM, reason="", at=opened)
    tell(f"{len(ids)} people")
    shopkeeper = as_staff(ids["ivy"])
    with transaction():
        report = importing.import_categories((DATA / "categories.csv").read_bytes(), "categories.csv")
        _sound(report)
    plan = read_items(
        (DATA / "items.csv").read_bytes(),
        "items.csv",
        currency=place.currency,
        pictures=ready_made(place.pictures, _alts(), media=place.media),
    )
    with transaction():
        _sound(importing.write_items(plan, actor=shopkeeper, at=opened))
    tell(f"{len(plan.items)} items")
    with transaction():
        filled = handed.fill_pools(place.cipher, actor=shopkeeper, at=opened, now=now)
        handed.set_fees(actor=shopkeeper, at=opened)
        handed.set_taxes(starts_on=clock.local_day(opened, place.zone))
    tell(f"{filled} codes")
    with transaction():
        stage = _stage(place, ids, now)
    with till.attended() if till else nullcontext():
        played = _play([*scenes(stage, now), *(cash.scenes(stage, till, now) if till else ())])
    with transaction():
        mixes.add_ways(shopkeeper, at=now - FRESH, now=now)
    with transaction():
        outbox.pass_over(before=now - OLD_NEWS, at=now)
        listing.refresh_popularity()
    tell(f"{played} purchases and orders")
    if till is None:
        tell("no orders paid by card: no development Stripe is in reach")


def _play(told: list[Scene]) -> int:
    """Play the scenes, the oldest first; how many."""
    for scene in sorted(told, key=lambda scene: scene.at):
        with nullcontext() if scene.calls else transaction():
            scene.play(scene.at)
    return len(told)


def _person(person: Person, hashed: str, at: datetime) -> MemberId:
    member = join(
        email=person.email,
        name=person.name,
        password_hash=hashed,
        language=person.language,
        external_id=person.key,
        confirmed=True,
        at=at,
    )
    if person.roles:
        people.set_roles(member.id, person.roles)
    else:
        _address(person, member.id, at)
    return member.id


def _address(person: Person, member: MemberId, at: datetime) -> None:
    region, city, district, postcode = person.city
    addresses.save_address(
        member,
        recipient=person.name,
        phone="+8613812345678",
        country="CN",
        region=region,
        city=city,
        district=district,
        line1=person.street or "Wukang Road 1",
        line2="",
        postcode=postcode,
        is_default=True,
        at=at,
    )


def _alts() -> dict[str, dict[str, str]]:
    """What is to be seen on each picture, by its name and language."""
    with (DATA / "pictures.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            row["picture"]: {
                "en": row["alt_en"],
                "zh-Hans": row["alt_zh_hans"],
                "zh-Hant": row["alt_zh_hant"],
            }
            for row in csv.DictReader(file)
        }


def _stage(place: Place, ids: dict[str, MemberId], now: datetime) -> Stage:
    goods = db.session.execute(
        sa.select(Variant.id, OfferPrice.points)
        .join(Item, Item.id == Variant.item_id)
        .join(Offer, Offer.item_id == Item.id)
        .join(OfferPrice, OfferPrice.offer_id == Offer.id)
        .join(Stock, Stock.variant_id == Variant.id)
        .where(Item.kind == "goods", Item.status == "live", Stock.available > 3, Offer.kind == "points")
        .order_by(Variant.id)
    )
    shown = ("recipient", "phone", "country", "region", "city", "district", "line1", "line2", "postcode")
    lived = {
        person.key: {name: getattr(members.addresses(ids[person.key])[0], name) for name in shown}
        for person in (*MEMBERS, *NEIGHBOURS)
    }
    policy = Policy(
        source="demo", currency=place.currency, zone=place.zone, life_months=place.life_months or None
    )
    return Stage(
        ids=ids,
        addresses=lived,
        goods=[(VariantId(variant), points) for variant, points in goods],
        policy=policy,
        shipper=as_staff(ids["sam"]),
        terms=place.terms,
    )


def _sound(report: importing.Report) -> None:
    if report.problems:
        raise DemoBroken("\n".join(str(problem) for problem in report.problems[:20]))
