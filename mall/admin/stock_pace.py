"""How fast stock would go, in words: what is left, at the speed of the last weeks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from mall.domain.items.queries import StaffItem, StaffOffer, StaffVariant
from mall.domain.items.queries.pace import sold_since
from mall.web.formatting import day, points

#: The time over which the selling speed is taken, and beyond how many days a guess says nothing.
WINDOW, FAR = timedelta(days=30), 730
_DAY = timedelta(days=1)


def stock_pace(found: StaffItem, offer: StaffOffer | None, variant_id: int | None, at: datetime) -> str:
    """What stock would last that a price is for: of an offer, of the one variant it is for, or of all without their own."""
    variants = _meant(found, offer.variant_id if offer else variant_id)
    since = max(at - WINDOW, found.published_at or at)
    counted = bool(variants) and all(one.available is not None for one in variants)
    sold = sold_since([one.variant_id for one in variants], since) if counted and since < at else 0
    return words(variants, sold, since, at)


def words(variants: Sequence[StaffVariant], sold: int, since: datetime, at: datetime) -> str:
    """What is left of these variants and how long it would last, `sold` units having gone since then."""
    if any(one.available is None for one in variants):
        return str(_("Stock is not counted: it does not run out."))
    left = sum(one.available or 0 for one in variants)
    if not left:
        return str(_("Nothing is left."))
    if not sold:
        return str(
            _(
                "%(left)s left. None was sold since %(day)s, so nobody can tell how fast it would go.",
                left=points(left),
                day=day(since),
            )
        )
    taken = max(at - since, _DAY) // timedelta(minutes=1)
    days = max(1, left * taken // (sold * (_DAY // timedelta(minutes=1))))
    if days > FAR:
        return str(
            _(
                "%(left)s left, %(sold)s sold since %(day)s: at that speed it would last for more than two years.",
                left=points(left),
                sold=points(sold),
                day=day(since),
            )
        )
    said: str = ngettext(
        "%(left)s left, %(sold)s sold since %(day)s: at that speed it would last about %(n)s day.",
        "%(left)s left, %(sold)s sold since %(day)s: at that speed it would last about %(n)s days.",
        days,
        left=points(left),
        sold=points(sold),
        day=day(since),
        n=points(days),
    )
    return said


def _meant(found: StaffItem, variant_id: int | None) -> list[StaffVariant]:
    own = {offer.variant_id for offer in found.offers if offer.active}
    return [
        one
        for one in found.variants
        if one.active
        and (one.variant_id == variant_id if variant_id is not None else one.variant_id not in own)
    ]
