"""What delivery costs where, and why, in the reader's words."""

from collections.abc import Sequence

from flask_babel import gettext as _

from mall.domain.orders import regions
from mall.domain.orders.delivery import Fee
from mall.web.addresses import country_name
from mall.web.formatting import money
from mall.web.languages import locale_tag


def fee_words(
    fee: Fee, *, tier: str | None = None, currency: str | None = None, counted: bool = False
) -> str:
    """Such as "Free with Gold", "Free from ¥99.00", "¥8.00 · free from ¥99.00 (¥12.00 to go)".

    `tier` is the name of the buyer's tier in the reader's language; `counted`: points are in what the goods come to.
    """
    if fee.why == "tier":
        return str(_("Free with %(tier)s", tier=tier) if tier else _("Free with your tier"))
    if fee.why == "basket":
        return str(_("Free from %(amount)s", amount=money(fee.free_from or 0, currency)))
    if not fee.amount:
        return str(_("Free of charge"))
    amount = money(fee.amount, currency)
    if fee.free_from is None:
        return amount
    text = (
        _(
            "%(fee)s · free from %(amount)s (%(missing)s to go; points count at their worth)",
            fee=amount,
            amount=money(fee.free_from, currency),
            missing=money(fee.missing, currency),
        )
        if counted
        else _(
            "%(fee)s · free from %(amount)s (%(missing)s to go)",
            fee=amount,
            amount=money(fee.free_from, currency),
            missing=money(fee.missing, currency),
        )
    )
    return str(text)


def place_words(place: str) -> str:
    """A place of a rate as a reader knows it: "China", "China · Shanghai"."""
    found = regions.parse_place(place)
    if found is None:
        return place
    name = country_name(found.country)
    return f"{name} · {regions.province_name(found, locale_tag())}" if found.province else name


def where(places: Sequence[str], *, alone: bool) -> str:
    """Where a rate holds, at the head of a line; `alone`: the method has no other."""
    if places:
        return str(_(", ")).join(map(place_words, places))
    return str(_("Everywhere") if alone else _("Everywhere else"))
