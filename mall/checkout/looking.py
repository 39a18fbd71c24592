"""What a choice at the checkout comes to, before anything is ordered: delivery and where to, points as money off."""

from collections.abc import Mapping

from flask import request, url_for
from flask.typing import ResponseReturnValue

from mall.checkout import ordering
from mall.checkout.blueprint import bp
from mall.checkout.forms import NEW_ADDRESS, CheckoutForm
from mall.core import clock
from mall.core.db import transaction
from mall.core.numbers import parse_whole
from mall.domain.orders import checkout_queries, fees, quoting
from mall.domain.orders.checkout_queries import AddressView
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
    methods, addresses = checkout_queries.delivery_choices(me().id, locale=locale_tag())
    known = any(method.code == form.delivery.data for method in methods)
    delivery = fees.Way(form.delivery.data, _where(form, typed, addresses)) if known else None
    points = request.form.get("points_off")
    off = parse_whole(points, least=0) if points else None
    try:
        with transaction():
            quoting.choose(form.quote.data, member=me().id, at=clock.now(), delivery=delivery, points_off=off)
    except NotDelivered as refusal:
        form.refuse(form.delivery, words(refusal))
        return ordering.checkout_page(form, typed, status=refusal.status)
    except QuoteGone:
        return _anew(form.quote.data)
    return ordering.checkout_page(form, typed)


def _where(form: CheckoutForm, typed: AddressForm, addresses: list[AddressView]) -> Mapping[str, str] | None:
    """Where it would go, as far as the fee needs to know; None while that is not said."""
    if form.address.data != NEW_ADDRESS:
        return ordering.chosen(form, addresses)
    fields = {"country": typed.country.data or "", "region": typed.region.data or ""}
    return fields if fields["country"] else None


def _anew(quote_id: str) -> ResponseReturnValue:
    try:
        with transaction():
            made = quoting.requote(quote_id, member=me().id, at=clock.now())
    except (BasketNotReady, NotDelivered):
        return go(url_for(".basket"))
    return go(url_for(".checkout", quote=made.id))
