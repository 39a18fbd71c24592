"""What the checkout's form asks for: the mix of points and cash, where it would go, and what each delivery costs."""

from collections.abc import Mapping, Sequence

from flask import request
from flask_babel import gettext as _

from mall.checkout.forms import NEW_ADDRESS, CheckoutForm
from mall.core import clock, ids
from mall.core.db import transaction
from mall.core.errors import BadValue
from mall.core.ids import MemberId
from mall.core.money import Amount
from mall.core.numbers import parse_whole
from mall.domain.orders import checkout_queries, fees, quoting
from mall.domain.orders.agreeing import Said
from mall.domain.orders.checkout_queries import AddressView, Choices, QuoteView
from mall.domain.orders.delivery import NOWHERE, Method
from mall.web.access import me
from mall.web.addresses import AddressForm
from mall.web.delivery_words import fee_words
from mall.web.errors import words
from mall.web.formatting import money

#: Fields with the points of one unit of a line, by the line's place.
EACH = "points_each-"
#: The field with the points that are used as money off.
OFF = "points_off"


def mixes() -> dict[int, int]:
    """The points asked for one unit of each line that has a field for them. Raises BadValue for what is no number."""
    return {
        parse_whole(name.removeprefix(EACH)): parse_whole(value, least=0)
        for name, value in request.form.items()
        if name.startswith(EACH) and value
    }


def typed() -> tuple[dict[int, int | None], int | None]:
    """What stands in the fields of the form that was sent, to be compared with what it comes to: points of one unit by
    the line's place (None: empty) and as money off (None: no field); nothing while any of them is no number."""
    if request.method != "POST" or wrong():
        return {}, None
    fields = {name: value for name, value in request.form.items() if name.startswith(EACH)}
    empty: dict[int, int | None] = {
        parse_whole(name.removeprefix(EACH)): None for name, value in fields.items() if not value
    }
    return empty | mixes(), points_off()


def points_off() -> int | None:
    """The points asked as money off; None where the form has no field for them, 0 where it is empty. Raises BadValue."""
    value = request.form.get(OFF)
    return None if value is None else parse_whole(value or "0", least=0)


def wrong() -> dict[str, str]:
    """What is no number of points, in the fields that ask for one: what is wrong with it, by the field's name."""
    found = {}
    for name, value in request.form.items() if request.method == "POST" else ():
        if name != OFF and not name.startswith(EACH):
            continue
        try:
            parse_whole(value or "0", least=0)
            parse_whole(name.removeprefix(EACH) if name != OFF else "1")
        except BadValue as refusal:
            found[name] = words(refusal)
    return found


def said(form: CheckoutForm) -> Said:
    """What the form says of the price: its button, and the mix in its fields. Raises BadValue."""
    points, _dash, cash = (form.agreed.data or "").partition("-")
    return Said((int(points), int(cash)) if points else None, points_off(), mixes())


def remix(form: CheckoutForm, *, delivery: fees.Way | None = None) -> Amount:
    """Price the quote by the mix in the form, to be shown and agreed to; what it comes to.

    A number that was typed last may have been sent with the order, before its total was shown. A quote whose time is
    up is made anew, at today's prices. Raises AlreadyPlaced, BadValue, BasketNotReady, NotDelivered, QuoteGone.
    """
    member, at, typed = MemberId(me().id), clock.now(), said(form)
    view = checkout_queries.quote_view(form.quote.data, member=member, locale="en")
    if typed.agreed in (None, (view.points, view.cash)) and typed.same_mix(
        view.points_off, {line.position: line.points_each for line in view.lines}
    ):
        return Amount(view.points, view.cash, view.currency)
    with transaction():
        if at <= view.valid_until:
            now = quoting.choose(view.id, typed.chosen(), member=member, at=at)
        else:
            now = quoting.requote(view.id, typed.chosen(delivery), member=member, at=at)
            form.quote.data, form.key.data = now.id, ids.token(24)
    return Amount(now.points, now.cash, view.currency)


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
            fee_words(fee, tier=choices.terms.tier, currency=quote.currency, counted=bool(quote.goods.points))
            if fee
            else _("Not to this address")
        )
    return {code: str(words) for code, words in said.items()}
