"""From the basket to the order: the quote, the checkout page, the one button."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from flask import current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.checkout import choosing, mixing, promises, terms, wishes
from mall.checkout.blueprint import bp
from mall.checkout.forms import NEW_ADDRESS, CheckoutForm
from mall.core import clock, ids
from mall.core.actor import as_member
from mall.core.db import transaction
from mall.core.errors import MallError
from mall.core.ids import MemberId
from mall.domain.members import addresses as members
from mall.domain.orders import basket, booking, checkout_queries, fees, quoting, service
from mall.domain.orders.checkout_queries import AddressView, Choices, QuoteView
from mall.domain.orders.errors import (
    AddressNeeded,
    AlreadyPlaced,
    BadDelivery,
    BasketEmpty,
    BasketNotReady,
    NotDelivered,
    PriceChanged,
    QuoteGone,
    TermsNotAccepted,
)
from mall.domain.orders.quoting import Ask, Chosen
from mall.domain.orders.rules import PAYABLE
from mall.web import paying, price_words
from mall.web.access import me, members_only
from mall.web.addresses import AddressForm
from mall.web.errors import words
from mall.web.header import header
from mall.web.languages import locale_tag
from mall.web.limits import CHECKOUT
from mall.web.render import go, page


@bp.post("/checkout/quote")
@members_only
@CHECKOUT
def quote() -> ResponseReturnValue:
    """Fix the basket's price for ten minutes and go to the checkout."""
    return begin()


def begin(lines: Sequence[Ask] | None = None) -> ResponseReturnValue:
    """Make a quote of the signed-in member's basket, or of these lines alone.

    Back to the basket if a line needs a look first: lines of their own are put there for it.
    """
    try:
        with transaction():
            made = quoting.make_quote(member=me().id, at=clock.now(), lines=lines)
    except (BasketEmpty, BasketNotReady) as refusal:
        flash(words(refusal), "warn")
        with transaction():
            for ask in lines or ():
                choice = basket.Choice(ask.offer_id, ask.points_each)
                basket.add(
                    basket.Owner(member=me().id), ask.variant_id, ask.quantity, choice=choice, at=clock.now()
                )
        return go(url_for(".basket"))
    return go(url_for(".checkout", quote=made.id))


@bp.get("/checkout")
@members_only
def checkout() -> ResponseReturnValue:
    """The checkout of a quote: what it costs, how and where to, the terms."""
    form = CheckoutForm(formdata=None, quote=request.args.get("quote", ""), key=ids.token(24))
    try:
        return checkout_page(form, AddressForm(formdata=None))
    except AlreadyPlaced as placed:
        return go(url_for(".order", number=placed.params["number"]))
    except QuoteGone as refusal:
        flash(words(refusal), "info")
        return go(url_for(".basket"))


@bp.post("/checkout")
@members_only
@CHECKOUT
def place_order() -> ResponseReturnValue:
    """Place the order. Whatever is refused, what was typed stays."""
    form, typed = CheckoutForm(), AddressForm()
    choices = checkout_queries.delivery_choices(me().id, locale=locale_tag())
    sends = any(method.code == form.delivery.data and method.needs_address for method in choices.methods)
    typing = sends and form.address.data == NEW_ADDRESS
    if not form.validate_on_submit() or (typing and not typed.validate()) or choosing.wrong():
        return _refused(form, typed)
    delivery = service.Delivery(form.delivery.data or service.NO_DELIVERY)
    try:
        _check_terms(form)
        addresses = choices.addresses
        address = (
            _typed(form, typed, addresses) if typing else choosing.chosen(form, addresses) if sends else None
        )
        delivery = replace(delivery, address=address)
        placed = _place(form, delivery)
    except (AddressNeeded, BadDelivery, TermsNotAccepted) as refusal:
        fields = {AddressNeeded: form.address, TermsNotAccepted: form.terms}
        form.refuse(fields.get(type(refusal), form.delivery), words(refusal))
        return _refused(form, typed)
    except PriceChanged as refusal:
        return _asked_again(form, typed, refusal, delivery)
    except (AlreadyPlaced, QuoteGone):
        raise
    except MallError as refusal:
        return checkout_page(form, typed, status=refusal.status, refusal=refusal)
    if placed.state in PAYABLE:
        paying.try_to_open(placed.id)
        return go(url_for(".pay", number=placed.number))
    if not placed.again:
        flash(_("Thank you. Your order is placed."), "good")
    return go(url_for(".order", number=placed.number))


def _check_terms(form: CheckoutForm) -> None:
    if not form.terms.data or form.terms_version.data != terms.CURRENT:
        raise TermsNotAccepted


def _place(form: CheckoutForm, delivery: service.Delivery) -> service.Placed:
    member = me().id
    with transaction():
        placed = service.place(
            form.quote.data,
            member=member,
            key=form.key.data,
            actor=as_member(member),
            at=clock.now(),
            zone=current_app.config["SETTINGS"].timezone,
            delivery=delivery,
            said=choosing.said(form),
            terms_version=form.terms_version.data,
            locale=locale_tag(),
            paying=lambda: paying.paying(locale=locale_tag(), email=me().email),
        )
        if not placed.again:
            booking.wishes_of(placed.id, wishes.typed(), at=clock.now())
        return placed


def _typed(form: CheckoutForm, typed: AddressForm, addresses: Sequence[AddressView]) -> Mapping[str, str]:
    """The address typed here, kept with the member's others: once, and in a transaction of its own, so that it is
    there even if the order is refused."""
    fields: dict[str, Any] = {name: typed[name].data or "" for name in checkout_queries.ADDRESS_FIELDS}
    known = next((found.id for found in addresses if found.fields == fields), None)
    if known is None:
        with transaction():
            known = members.save_address(me().id, **fields, at=clock.now()).id
    form.address.data = str(known)
    return fields


def _refused(form: CheckoutForm, typed: AddressForm) -> ResponseReturnValue:
    """Something has to be put right first; the mix that was typed last is shown with its price all the same."""
    if not form.agreed.errors and not choosing.wrong():
        with suppress(NotDelivered, QuoteGone, BasketNotReady):
            choosing.remix(form)
    return checkout_page(form, typed, status=422)


def _asked_again(
    form: CheckoutForm, typed: AddressForm, refusal: PriceChanged, delivery: service.Delivery
) -> ResponseReturnValue:
    """It is dearer now, or another mix: show the new price, to be agreed to; under a new quote if it is today's."""
    way = fees.Way(delivery.method, delivery.address)
    try:
        if refusal.params["why"] == "mix":
            now = choosing.remix(form, delivery=way)
            refusal = PriceChanged(was=refusal.params["was"], now=now, why="mix")
        else:
            with transaction():
                made = quoting.requote(form.quote.data, Chosen(way), member=me().id, at=clock.now())
            form.quote.data, form.key.data = made.id, ids.token(24)
    except BasketNotReady as gone:
        flash(words(gone), "warn")
        return go(url_for(".basket"))
    form.terms.data = False
    return checkout_page(form, typed, status=refusal.status, refusal=refusal)


class Notice(NamedTuple):
    """What the checkout says above the total: the kind of alert, its title and its text."""

    kind: str
    title: str
    text: str


def checkout_page(
    form: CheckoutForm,
    typed: AddressForm,
    *,
    status: int = 200,
    refusal: MallError | None = None,
    notice: Notice | None = None,
) -> ResponseReturnValue:
    """The checkout of the form's quote, with all that was typed. Raises QuoteGone, AlreadyPlaced."""
    member = MemberId(me().id)
    view = checkout_queries.quote_view(form.quote.data, member=member, locale=locale_tag())
    choices = (
        checkout_queries.delivery_choices(member, locale=locale_tag(), tier=view.tier)
        if view.needs_address
        else checkout_queries.NO_CHOICES
    )
    _choices(form, view, choices)
    balance = header().balance or 0
    context: dict[str, Any] = {
        "quote": view,
        "typed": typed,
        "methods": choices.methods,
        "fees": choosing.delivery_fees(form, typed, view, choices),
        "addresses": choices.addresses,
        "balance": balance,
        "missing": max(view.points - balance, 0),
        "off": mixing.points_off(view.off_runs, view.points_off),
        "mixes": {line.position: mixing.mix_of(line, view.rates.min_cash) for line in view.lines},
        "steps": price_words.steps(view.steps, view.currency),
        "names": [line.name for line in view.lines],
        "wrong": choosing.wrong(),
        "snapped": mixing.quote_snapped(view, *choosing.typed()),
        "refusal": {
            "title": words(refusal),
            "hint": _(refusal.hint) if refusal.hint else "",
            **_changed(refusal),
        }
        if refusal
        else None,
        "notice": notice,
        "lapsed": clock.now() > view.valid_until,
        "promise": promises.before(view),
    }
    return page("checkout/checkout.html", status=status, form=form, **context)


def _changed(refusal: MallError) -> Mapping[str, Any]:
    """What a price was and is, and why, where that is what is refused."""
    return refusal.params if isinstance(refusal, PriceChanged) else {}


def _choices(form: CheckoutForm, view: QuoteView, choices: Choices) -> None:
    """What can be chosen for this quote, and what is chosen before the member says anything."""
    form.terms_version.data = terms.CURRENT
    form.delivery.choices = [(method.code, method.name) for method in choices.methods]
    form.address.choices = [(str(address.id), address.fields["line1"]) for address in choices.addresses]
    form.address.choices.append((NEW_ADDRESS, _("Another address")))
    if form.delivery.data is None and choices.methods:
        known = [method.code for method in choices.methods]
        form.delivery.data = view.delivery_method if view.delivery_method in known else known[0]
    if form.address.data is None:
        form.address.data = form.address.choices[0][0]
