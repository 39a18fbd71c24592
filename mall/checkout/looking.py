"""What a choice at the checkout comes to, before anything is ordered: delivery and where to, the mix of points and cash."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.checkout import choosing, ordering
from mall.checkout.blueprint import bp
from mall.checkout.forms import CheckoutForm
from mall.core import clock
from mall.core.db import transaction
from mall.core.money import Amount
from mall.domain.orders import checkout_queries, fees, quoting, renewing
from mall.domain.orders.errors import AlreadyPlaced, BasketNotReady, NotDelivered, PriceChanged, QuoteGone
from mall.domain.orders.quoting import Chosen
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

    A quote whose time is up is made anew, at today's prices, and the page says so.
    """
    form, typed = CheckoutForm(), AddressForm()
    choices = checkout_queries.delivery_choices(me().id, locale=locale_tag())
    known = any(method.code == form.delivery.data for method in choices.methods)
    delivery = fees.Way(form.delivery.data, choosing.where(form, typed, choices.addresses)) if known else None
    if choosing.wrong():
        return ordering.checkout_page(form, typed, status=422)
    chosen = Chosen(delivery, choosing.points_off(), choosing.mixes())
    try:
        try:
            with transaction():
                quoting.choose(form.quote.data, chosen, member=me().id, at=clock.now())
        except QuoteGone:
            return _anew(form, typed, chosen)
    except NotDelivered as refusal:
        form.refuse(form.delivery, words(refusal))
        return ordering.checkout_page(form, typed, status=refusal.status)
    return ordering.checkout_page(form, typed)


def _anew(form: CheckoutForm, typed: AddressForm, chosen: Chosen) -> ResponseReturnValue:
    """The same choices at today's prices; what is dearer by them is agreed to once more."""
    try:
        with transaction():
            was, made = renewing.renew(form.quote.data, chosen, member=me().id, at=clock.now())
    except AlreadyPlaced as placed:
        return go(url_for(".order", number=placed.params["number"]))
    except BasketNotReady as refusal:
        flash(words(refusal), "warn")
        return go(url_for(".basket"))
    form.quote.data = made.id
    now = Amount(made.points, made.cash, was.currency)
    dearer = now.points > was.points or now.cash > was.cash
    if dearer:
        form.terms.data = False
    changed = words(PriceChanged(was=was, now=now, why="price")) if now != was else _("It has not changed.")
    notice = ordering.Notice(
        "warn" if dearer else "info",
        _("The ten minutes were over, so the price was asked for anew."),
        changed,
    )
    return ordering.checkout_page(form, typed, notice=notice)
