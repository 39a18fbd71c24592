"""Orders for tests: members with points, baskets, quotes, orders. All but `place_order` run inside transaction()."""

from datetime import UTC, datetime, timedelta
from itertools import count

import sqlalchemy as sa

from mall.core.actor import SYSTEM, as_member
from mall.core.db import db, transaction
from mall.core.ids import MemberId, VariantId
from mall.domain.ledger import service as ledger
from mall.domain.ledger.models import Account
from mall.domain.ledger.rules import Key, Ref
from mall.domain.orders import quoting, service
from mall.domain.orders.attempts import Paying
from mall.domain.orders.basket import Owner, add
from mall.domain.orders.service import Delivery, Placed

ZONE = "Asia/Shanghai"
ADDRESS = {
    "recipient": "Mei Lin",
    "phone": "+8613800138000",
    "country": "CN",
    "region": "Shanghai",
    "city": "Shanghai",
    "district": "Xuhui",
    "line1": "1 Hengshan Road",
    "line2": "",
    "postcode": "200031",
}
STANDARD = Delivery("standard", ADDRESS)
NONE = Delivery("none")
NEXT_YEAR = datetime(2027, 11, 30, 16, 0, tzinfo=UTC)
PAYING = Paying(
    success_url="http://127.0.0.1/orders/{number}/return",
    cancel_url="http://127.0.0.1/orders/{number}/pay",
    locale="en",
    livemode=False,
)
_keys = count(1)


def give_points(
    member: MemberId, points: int, *, at: datetime, expires_at: datetime | None = NEXT_YEAR
) -> None:
    """A lot of points for a member, whose account is opened if need be."""
    if db.session.scalar(sa.select(Account.member_id).where(Account.member_id == member)) is None:
        ledger.open_account(member, at=at)
    number = next(_keys)
    ledger.earn(
        member,
        points,
        ref=Ref("test", str(number)),
        key=Key("test", str(number)),
        actor=SYSTEM,
        at=at,
        expires_at=expires_at,
    )


def fill_basket(member: MemberId, *lines: tuple[int, int], at: datetime) -> None:
    """Put (variant, quantity) into the member's basket."""
    for variant, quantity in lines:
        add(Owner(member=member), VariantId(variant), quantity, at=at)


def place(
    quote_id: str,
    *,
    member: MemberId,
    at: datetime,
    key: str | None = None,
    delivery: Delivery = STANDARD,
    terms: str = "2026-11",
    locale: str = "en",
    paying: Paying = PAYING,
) -> Placed:
    """`service.place` with what most tests do not care about."""
    return service.place(
        quote_id,
        member=member,
        key=key or f"test-key-{next(_keys):020}",
        actor=as_member(member),
        at=at,
        zone=ZONE,
        delivery=delivery,
        terms_version=terms,
        locale=locale,
        paying=lambda: paying,
    )


def place_order(
    member: MemberId, *lines: tuple[int, int], at: datetime, delivery: Delivery = STANDARD
) -> Placed:
    """A member's order of (variant, quantity), from quote to commit; in transactions of its own."""
    with transaction():
        quote = quoting.make_quote(
            member=member, at=at, lines=[quoting.Ask(VariantId(variant), n) for variant, n in lines]
        )
    with transaction():
        return place(quote.id, member=member, at=at + timedelta(seconds=1), delivery=delivery)
