"""Forms of ways to pay: a price with just the numbers of its kind; who may have an offer, when and how."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from mall.admin.forms import Whole, between, given
from mall.admin.item_forms import MOST_POINTS, Money, Versioned
from mall.domain.items.queries import StaffOffer
from mall.domain.items.service import Audience
from mall.domain.items.ways import Price
from mall.web.forms import Form
from mall.web.price_words import TITLE, tier_name

#: What an offer can let a tier's discount take from.
DISCOUNTS = {
    "cash": _l("Their cash: the rule"),
    "all": _l("Their cash and their points"),
    "none": _l("Nothing: everyone pays the same"),
}
#: The places of an item's ways to pay; few items have more than three.
_PLACES = (_l("first"), _l("second"), _l("third"), _l("fourth"), _l("fifth"), _l("sixth"))
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?", re.ASCII)


class Share(StringField):  # type: ignore[misc]  # wtforms is untyped
    """Per cent, such as 50 or 12.5; its data are basis points."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Refuse what is no share of a whole; an empty field is None."""
        text, self.data = (valuelist[0].strip().removesuffix("%").strip() if valuelist else ""), None
        if not text:
            return
        if not _PERCENT.fullmatch(text) or Decimal(text) > 100:
            raise ValueError(str(_l("Please give per cent from 0 to 100, such as 50.")))
        self.data = int(Decimal(text) * 100)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{(Decimal(self.data) / 100).normalize():f}"


class PriceForm(Versioned):
    """A price of one unit, from now on or from an instant in the programme's time zone; each kind adds its numbers."""

    offer = SelectField(_l("Which way to pay"), coerce=str)
    when = RadioField(
        _l("From"),
        choices=[SelectChoice("now", _l("now on")), SelectChoice("later", _l("a day and time"))],
        default="later",
    )
    day = DateField(_l("Day"), validators=[Optional()])
    hour = TimeField(_l("Time"), validators=[Optional()], default=time(0, 0))

    #: The fields that are numbers of the price, in the order in which they are asked for.
    NUMBERS: Sequence[str] = ()

    @property
    def price(self) -> Price:
        """The numbers that were typed."""
        typed = {name: self[name].data for name in self.NUMBERS if self[name].data is not None}
        return Price(**{"points": 0, **typed})

    def fill(self, price: Price | None) -> None:
        """Start from a price that stands."""
        for name in self.NUMBERS if price else ():
            self[name].data = getattr(price, name)

    def starts_at(self, now: datetime, zone: str) -> datetime | None:
        """The first instant of the price; None where the day is missing (which is said at the field)."""
        if self.when.data == "now":
            return now
        if self.day.data is None:
            self.refuse(
                self.day, str(self.day.errors[0]) if self.day.errors else str(_l("Please choose a day."))
            )
            return None
        return datetime.combine(self.day.data, self.hour.data or time(0, 0), tzinfo=ZoneInfo(zone))


def _points(label: Any, hint: Any, *, least: int = 1, needed: bool = True) -> Whole:
    checks = [given() if needed else Optional(), between(least, MOST_POINTS)]
    return Whole(label, description=hint, validators=checks)


class PointsPriceForm(PriceForm):
    """So many points."""

    NUMBERS = ("points",)
    points = _points(_l("Points"), _l("For one unit."))


class ComboPriceForm(PriceForm):
    """So many points and so much cash."""

    NUMBERS = ("points", "cash")
    points = _points(_l("Points"), _l("For one unit, beside the cash."))
    cash = Money(
        _l("Cash"), description=_l("For one unit, beside the points, such as 30.00."), validators=[given()]
    )


class RangePriceForm(PriceForm):
    """A worth in points and in cash; the member chooses the mix."""

    NUMBERS = ("points", "cash", "min_points", "max_points")
    points = _points(_l("Worth in points"), _l("What one unit costs who pays in points alone."))
    cash = Money(
        _l("Worth in cash"),
        description=_l(
            "What it costs who pays in cash alone, such as 30.00. The two make the rate between them."
        ),
        validators=[given()],
    )
    min_points = _points(
        _l("Fewest points"), _l("Where the slider begins; empty: at no points."), least=0, needed=False
    )
    max_points = _points(_l("Most points"), _l("Where it ends; empty: at the worth in points."), needed=False)


class CashPriceForm(PriceForm):
    """A price in cash that points take something off."""

    NUMBERS = ("cash", "min_points", "max_share")
    cash = Money(_l("Cash"), description=_l("For one unit, such as 30.00."), validators=[given()])
    max_share = Share(
        _l("Points may pay up to, in per cent"),
        description=_l("Of this price, at the programme's rate; empty: all of it, 0: none."),
    )
    min_points = _points(
        _l("Fewest points"),
        _l("Who uses points uses at least so many; empty: any number."),
        least=0,
        needed=False,
    )


FORMS: dict[str, type[PriceForm]] = {
    "points": PointsPriceForm, "combo": ComboPriceForm, "range": RangePriceForm, "cash": CashPriceForm,
}  # fmt: skip


class Tiers(SelectMultipleField):  # type: ignore[misc]  # wtforms is untyped
    """Boxes to tick, one for each tier."""

    option_widget = CheckboxInput()
    widget = ListWidget(prefix_label=False)


class OfferForm(Form):
    """Who may have an offer, from when until when, what their tier takes off, and its place among the others."""

    tiers = Tiers(_l("For the tiers"), description=_l("None ticked: everyone."))
    from_day = DateField(_l("Opens on"), validators=[Optional()])
    from_hour = TimeField(_l("Opens at"), validators=[Optional()])
    until_day = DateField(_l("Closes on"), validators=[Optional()])
    until_hour = TimeField(_l("Closes at"), validators=[Optional()])
    tier_discount = RadioField(
        _l("A tier's discount is taken from"),
        choices=[SelectChoice(key, label) for key, label in DISCOUNTS.items()],
        default="cash",
    )
    position = SelectField(
        _l("Place"),
        coerce=int,
        description=_l("Members see the first as the price of the item, and the others beside it."),
        validators=[Optional()],
    )

    def audience(self, zone: str) -> Audience:
        """Who may have it and when; a day without a time is meant from its midnight."""
        return Audience(
            frozenset(self.tiers.data or ()),
            _instant(self.from_day.data, self.from_hour.data, zone),
            _instant(self.until_day.data, self.until_hour.data, zone),
        )

    def sound(self) -> bool:
        """Whether each time has its day; what is missing is said at its field."""
        lonely = [
            day
            for day, hour in ((self.from_day, self.from_hour), (self.until_day, self.until_hour))
            if hour.data is not None and hour.data != time(0, 0) and day.data is None and not day.errors
        ]
        for day in lonely:
            self.refuse(day, str(_l("Please choose a day.")))
        return not lonely

    def choose(self, tiers: Sequence[str], places: int = 0) -> None:
        """The tiers to tick, and the places (0 = first) to choose from."""
        self.tiers.choices = [SelectChoice(code, tier_name(code)) for code in tiers]
        self.position.choices = [SelectChoice(n, place_name(n)) for n in range(places)]

    def fill(self, offer: StaffOffer, place: int | None, zone: str) -> None:
        """What stands there now."""
        self.tiers.data = sorted(offer.tiers)
        self.from_day.data, self.from_hour.data = _local(offer.starts_at, zone)
        self.until_day.data, self.until_hour.data = _local(offer.ends_at, zone)
        self.tier_discount.data, self.position.data = offer.tier_discount, place


def place_name(place: int) -> str:
    """A place among the ways to pay, 0 = first, in words."""
    return str(_PLACES[place]) if place < len(_PLACES) else str(place + 1)


class NewOfferForm(OfferForm):
    """A further way to pay: its kind, and for which variants. It comes last among those beside it."""

    kind = RadioField(
        _l("Kind"), choices=[SelectChoice(key, label) for key, label in TITLE.items()], default="combo"
    )
    variant = SelectField(_l("For which variants"), coerce=int, default=0)


def _instant(day: date | None, hour: time | None, zone: str) -> datetime | None:
    return datetime.combine(day, hour or time(0, 0), tzinfo=ZoneInfo(zone)) if day else None


def _local(at: datetime | None, zone: str) -> tuple[date | None, time | None]:
    here = at.astimezone(ZoneInfo(zone)) if at else None
    return (here.date(), here.time()) if here else (None, None)
