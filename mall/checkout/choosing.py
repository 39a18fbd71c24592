"""What the checkout's form asks for: the mix of points and cash, where it would go, and what each delivery costs."""

from collections.abc import Mapping, Sequence

from flask import request
from flask_babel import gettext as _

from mall.checkout.forms import NEW_ADDRESS, CheckoutForm
from mall.core import clock
from mall.core.db import transaction
from mall.core.errors import BadValue
from mall.core.ids import MemberId
from mall.core.money import Amount
from mall.core.numbers import parse_whole
from mall.domain.orders import checkout_queries, fees, quoting
from mall.domain.orders.checkout_queries import AddressView, Choices, QuoteView
from mall.domain.orders.delivery import NOWHERE, Method
from mall.domain.orders.errors import AlreadyPlaced, NotDelivered, PriceChanged, QuoteGone
from mall.web.addresses import AddressForm
from mall.web.delivery_words import fee_words
from mall.web.formatting import money

#: Fields with the points of one unit of a line, by the line's place.
EACH = "points_each-"


def mixes() -> dict[int, int]:
    """The points asked for one unit of each line that has a field for them. Raises BadValue for what is no number."""
    return {
        parse_whole(name.removeprefix(EACH)): parse_whole(value, least=0)
        for name, value in request.form.items()
        if name.startswith(EACH) and value
    }


def points_off() -> int | None:
    """The points asked as money off; None where the form has no field for them. Raises BadValue."""
    value = request.form.get("points_off")
    return parse_whole(value, least=0) if value else None


def remix(quote_id: str, *, member: MemberId) -> PriceChanged | None:
    """Price a quote by the mix in the form: what it was and is, if that is not what the reader has agreed to.

    A number that was typed last may have been sent with the order, before its total was shown. A quote that is over
    is left to who places it.
    """
    try:
        each, off = mixes(), points_off()
    except BadValue:
        return None
    if not each and off is None:
        return None
    try:
        with transaction():
            was = checkout_queries.quote_view(quote_id, member=member, locale="en")
            now = quoting.choose(quote_id, member=member, at=clock.now(), points_off=off, points_each=each)
    except (AlreadyPlaced, NotDelivered, QuoteGone):
        return None
    if (was.points, was.cash) == (now.points, now.cash):
        return None
    amounts = [Amount(price.points, price.cash, was.currency) for price in (was, now)]
    return PriceChanged(was=amounts[0], now=amounts[1], why="mix")


def chosen(form: CheckoutForm, addresses: Sequence[AddressView]) -> Mapping[str, str] | None:
    """The member's own address of that id, copied out in full."""
    return next((found.fields for found in addresses if str(found.id) == form.address.data), None)


def where(
    form: CheckoutForm, typed: AddressForm, addresses: Sequence[AddressView]
) -> Mapping[str, str] | None:
    """Where it would go, as far as the fee needs to know; None while that is not said: the country that stands in an
    empty form is not the reader's word."""
    if form.address.data != NEW_ADDRESS:
        return chosen(form, addresses)
    fields = {"country": typed.country.data or "", "region": typed.region.data or ""}
    return fields if fields["country"] and request.method == "POST" else None


def delivery_fees(
    form: CheckoutForm, typed: AddressForm, quote: QuoteView, choices: Choices
) -> dict[str, str]:
    """What each method would cost, in words by its code: to the address that is chosen now, as far as it is."""
    address = where(form, typed, choices.addresses)
    said = {}
    for offered in choices.methods:
        method = Method(offered.code, offered.kind)
        if address is None and method.kind not in NOWHERE:
            least, most = fees.span(method, quote.goods, terms=choices.terms, rates=quote.rates)
            said[method.code] = (
                _("from %(price)s", price=money(least, quote.currency)) if most else _("Free of charge")
            )
            continue
        fee = fees.would_be(method, address, quote.goods, terms=choices.terms, rates=quote.rates)
        said[method.code] = (
            fee_words(fee, tier=choices.terms.tier, currency=quote.currency)
            if fee
            else _("Not to this address")
        )
    return {code: str(words) for code, words in said.items()}
