"""The room of an item's prices: what it shows, and the forms in it, filled or as they were sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from mall.admin.item import shown
from mall.admin.item_forms import LimitsForm
from mall.admin.offer_forms import DISCOUNTS, FORMS, NewOfferForm, OfferForm, PriceForm, place_name
from mall.admin.price_outlook import hundred, price_words
from mall.core import clock
from mall.domain.items.queries import StaffItem, StaffOffer
from mall.domain.items.ways import Price
from mall.domain.members import directory
from mall.domain.tiers import queries as tiers
from mall.web.price_words import TITLE, tier_name


def zone() -> str:
    """The name of the programme's time zone."""
    return str(current_app.config["SETTINGS"].timezone)


def prices_page(
    found: StaffItem,
    form: PriceForm | None = None,
    *,
    limits: Mapping[int, LimitsForm] | None = None,
    edits: Mapping[int, OfferForm] | None = None,
    new: NewOfferForm | None = None,
    **context: Any,
) -> ResponseReturnValue:
    """The room of prices, with the forms that were sent in the place of fresh ones."""
    form = form or fresh(found)
    form.version.data = str(found.version)
    ladder = [standing.code for standing in tiers.ladder()]
    people = {v.created_by for offer in found.offers for v in offer.prices if v.created_by}
    return shown(
        "admin/item_prices.html",
        found,
        "prices",
        form=form,
        limits={o.offer_id: _limits(o) for o in found.offers} | dict(limits or {}),
        edits={o.offer_id: _edit(found, o, ladder) for o in found.offers} | dict(edits or {}),
        new=new or new_form(found, ladder, formdata=None),
        zone=zone(),
        now=clock.now(),
        hundred=hundred,
        price_words=price_words,
        offer_name=offer_name,
        value_of=value_of,
        tier_name=tier_name,
        discounts=DISCOUNTS,
        place_of=place_of,
        place_name=place_name,
        titles=TITLE,
        names=directory.names(sorted(people)) if people else {},
        **context,
    )


def new_form(found: StaffItem, ladder: list[str], **more: Any) -> NewOfferForm:
    """The form of a further way to pay, with the variants and tiers to choose from."""
    form = NewOfferForm(prefix="new-", **more)
    form.choose(ladder)
    form.variant.choices = [
        SelectChoice(0, _("all variants")),
        *(SelectChoice(v.variant_id, _("only %(sku)s", sku=v.sku)) for v in found.variants),
    ]
    return form


def _edit(found: StaffItem, offer: StaffOffer, ladder: list[str]) -> OfferForm:
    form = OfferForm(formdata=None, prefix=f"offer{offer.offer_id}-")
    form.choose(ladder, places_beside(found, offer))
    form.fill(offer, place_of(found, offer), zone())
    return form


def beside(found: StaffItem, variant_id: int | None) -> list[StaffOffer]:
    """The offers in use that stand side by side, in their order: the item's own, or those of one variant."""
    return [offer for offer in found.offers if offer.active and offer.variant_id == variant_id]


def place_of(found: StaffItem, offer: StaffOffer) -> int | None:
    """An offer's place among those beside it, 0 = first; None if it is out of use."""
    return beside(found, offer.variant_id).index(offer) if offer.active else None


def places_beside(found: StaffItem, offer: StaffOffer) -> int:
    """How many places there are to choose from for an offer; none if it is out of use."""
    return len(beside(found, offer.variant_id)) if offer.active else 0


def _limits(offer: StaffOffer) -> LimitsForm:
    form = LimitsForm(formdata=None, prefix="limits-")
    form.per_order.data, form.per_day.data = offer.limit_per_order, offer.limit_per_day
    form.ever.data = offer.limit_ever
    return form


def _offers(found: StaffItem) -> list[SelectChoice]:
    """What a price can be for: each offer in use, and each variant that has no price of its own yet."""
    offers = [offer for offer in found.offers if offer.active]
    own = {offer.variant_id for offer in offers}
    choices = [SelectChoice(f"offer:{offer.offer_id}", offer_name(offer)) for offer in offers]
    if len(found.variants) > 1:
        choices += [
            SelectChoice(
                f"variant:{v.variant_id}", _("only %(sku)s (a price of its own, in points)", sku=v.sku)
            )
            for v in found.variants
            if v.variant_id not in own
        ]
    return choices


def offer_name(offer: StaffOffer) -> str:
    """An offer's kind, for which variants and for whom, in words."""
    parts = [str(TITLE[offer.kind]), _("only %(sku)s", sku=offer.sku) if offer.sku else _("all variants")]
    if offer.tiers:
        parts.append(", ".join(tier_name(code) for code in sorted(offer.tiers)))
    return " · ".join(parts)


def form_for(found: StaffItem, choice: str, **more: Any) -> PriceForm:
    """The form of a price with the fields of the chosen offer's kind; of the first one's where the choice is none."""
    choices = _offers(found)
    known = choice if any(each.value == choice for each in choices) else choices[0].value if choices else ""
    form = FORMS[kind_of(found, known)](**more)
    form.offer.choices = choices
    if not form.offer.data:
        form.offer.data = known
    return form


def fresh(found: StaffItem, choice: str = "") -> PriceForm:
    """The form of a new price, filled with what holds now: from now on, or from tomorrow for an item not yet on sale.

    Where `choice` is none, it is for the first offer that has a price, else for the first.
    """
    form, now = form_for(found, "", formdata=None), clock.now()
    priced = (f"offer:{offer.offer_id}" for offer in found.offers if offer.active and offer.prices)
    choice = choice or next(priced, "")
    if choice in {each.value for each in form.offer.choices}:
        form = form_for(found, choice, formdata=None)
        form.offer.data = choice
    form.when.data = "now" if found.status == "live" else "later"
    form.day.data = now.astimezone(ZoneInfo(zone())).date() + timedelta(days=1)
    form.fill(price_before(found, form.offer.data, now))
    return form


def offer_of(found: StaffItem, choice: str) -> StaffOffer | None:
    """The offer of a choice; for a variant without one, the item's first in points."""
    general = (o for o in found.offers if o.active and o.variant_id is None and o.kind == "points")
    return next((o for o in found.offers if f"offer:{o.offer_id}" == choice), next(general, None))


def kind_of(found: StaffItem, choice: str) -> str:
    """The kind of price that a choice takes: its offer's; a variant's own first price is in points."""
    offer = offer_of(found, choice) if choice.startswith("offer:") else None
    return offer.kind if offer else "points"


def price_before(found: StaffItem, choice: str, starts_at: datetime) -> Price | None:
    """The price that holds until a new one starts then, if any."""
    offer = offer_of(found, choice)
    return offer.price_at(starts_at) if offer else None


def value_of(found: StaffItem, variant_id: int | None) -> int | None:
    """The retail value of a variant where it has its own, else the item's."""
    own = next((v.value for v in found.variants if v.variant_id == variant_id), None)
    return found.value if own is None else own
