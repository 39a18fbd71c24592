"""What a choice at the checkout comes to, before anything is ordered: delivery and where to, the mix of points and cash."""

from collections.abc import Mapping

from flask import url_for
from flask.typing import ResponseReturnValue

from mall.checkout import choosing, ordering
from mall.checkout.blueprint import bp
from mall.checkout.forms import CheckoutForm
from mall.core import clock
from mall.core.db import transaction
from mall.domain.orders import checkout_queries, fees, quoting
from mall.domain.orders.errors import BasketNotReady, NotDelivered, QuoteGone
from mall.web.access import me, members_only
from mall.web.addresses import AddressForm
from mall.web.errors import words
from mall.web.languages import locale_tag
from mall.web.limits import CHECKOUT
from mall.web.render import go


@bp.post("/checkout/look")
@members_only
@CHECKOUT
def look() -> ResponseReturnValue:
    """Price the quote for what is chosen now, and show the checkout again with all that was typed.

    A quote whose time is up is made anew first, at today's prices.
    """
    form, typed = CheckoutForm(), AddressForm()
    choices = checkout_queries.delivery_choices(me().id, locale=locale_tag())
    known = any(method.code == form.delivery.data for method in choices.methods)
    delivery = fees.Way(form.delivery.data, choosing.where(form, typed, choices.addresses)) if known else None
    if choosing.wrong():
        return ordering.checkout_page(form, typed, status=422)
    off, each = choosing.points_off(), choosing.mixes()
    try:
        with transaction():
            quoting.choose(
                form.quote.data,
                member=me().id,
                at=clock.now(),
                delivery=delivery,
                points_off=off,
                points_each=each,
            )
    except NotDelivered as refusal:
        form.refuse(form.delivery, words(refusal))
        return ordering.checkout_page(form, typed, status=refusal.status)
    except QuoteGone:
        return _anew(form.quote.data, off, each)
    return ordering.checkout_page(form, typed)


def _anew(quote_id: str, off: int | None, each: Mapping[int, int]) -> ResponseReturnValue:
    try:
        with transaction():
            made = quoting.requote(quote_id, member=me().id, at=clock.now(), points_off=off, points_each=each)
    except (BasketNotReady, NotDelivered):
        return go(url_for(".basket"))
    return go(url_for(".checkout", quote=made.id))
