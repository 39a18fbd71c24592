"""Forms of the items' rooms: shape and type of fields, nothing of the business."""

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from mall.admin.forms import AdjustStockForm, Whole, between, reason
from mall.core.errors import BadValue
from mall.core.numbers import exponent, major, parse_money
from mall.web.forms import Form, at_most, required

#: The ends of field names by language.
SUFFIX = {"en": "en", "zh-Hans": "zh_hans", "zh-Hant": "zh_hant"}
#: Least and most of what a form takes; the rules of the domain say the same of the values.
MOST_POINTS, MOST_PIECES = 10**10, 10**9


def kinds() -> list[SelectChoice]:
    """The kinds of items, named."""
    return [
        SelectChoice("goods", _l("Goods: something is sent")),
        SelectChoice("service", _l("Service: something is done")),
        SelectChoice("digital", _l("Digital: a code is given")),
    ]


def _decimals(text: str) -> int:
    """How many decimals an amount has; 0 for what is none."""
    whole, _point, after = text.partition(".")
    return len(after) if whole.isdecimal() and after.isdecimal() else 0


class Money(StringField):  # type: ignore[misc]  # wtforms is untyped
    """An amount in the mall's currency such as 899.00; its data are minor units."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Refuse what is no amount; an empty field is None."""
        text, self.data = (valuelist[0].strip() if valuelist else ""), None
        if not text:
            return
        currency = current_app.config["SETTINGS"].currency
        try:
            self.data = parse_money(text, currency, most=MOST_POINTS)
        except BadValue:
            if _decimals(text) > exponent(currency) > 0:
                raise ValueError(
                    str(_l("Please write no more than %(n)s decimals.", n=exponent(currency)))
                ) from None
            raise ValueError(str(_l("Please write an amount such as 899.00, without separators."))) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        currency = current_app.config["SETTINGS"].currency
        return "" if self.data is None else str(major(self.data, currency))


class Versioned(Form):
    """A form that says which version of the item it was made from."""

    version = HiddenField(validators=[required()])


class ItemForm(Versioned):
    """An item's facts and its texts; the texts' fields are added below, one of each for every language."""

    slug = StringField(_l("Web address"), validators=[required(), at_most(80)])
    kind = SelectField(_l("Kind"), choices=kinds)
    category = SelectField(_l("Category"), coerce=int)
    value = Money(_l("Retail value"))


class NewItemForm(ItemForm):
    """The least that a new item needs: its facts, one variant, a price."""

    version = HiddenField(default="0")
    sku = StringField(_l("SKU"), validators=[required(), at_most(64)])
    points = Whole(_l("Points"), validators=[Optional(), between(1, MOST_POINTS)])
    stock = Whole(_l("In stock"), validators=[Optional(), between(0, MOST_PIECES)])


for _suffix in SUFFIX.values():
    _name = [required()] if _suffix == "en" else []
    setattr(
        ItemForm,
        f"name_{_suffix}",
        StringField(lazy_pgettext("item", "Name"), validators=[*_name, at_most(120)]),
    )
    setattr(ItemForm, f"summary_{_suffix}", StringField(_l("One line"), validators=[at_most(300)]))
    setattr(
        ItemForm, f"description_{_suffix}", TextAreaField(_l("Description"), validators=[at_most(20_000)])
    )


class LimitsForm(Versioned):
    """How many a member may have; empty = as many as they like."""

    per_order = Whole(_l("In one order"), validators=[Optional(), between(1, MOST_PIECES)])
    per_day = Whole(_l("In one day"), validators=[Optional(), between(1, MOST_PIECES)])
    ever = Whole(_l("Ever"), validators=[Optional(), between(1, MOST_PIECES)])


class StockForm(AdjustStockForm):
    """Put a count right, once per key."""

    key = HiddenField(validators=[required(), at_most(40)])


class CountForm(Form):
    """Count a variant from now on, or no longer."""

    counted = RadioField(
        _l("From now on"),
        choices=[SelectChoice("yes", _l("Counted")), SelectChoice("no", _l("Unlimited: not counted"))],
    )
    left = Whole(_l("How many there are"), validators=[Optional(), between(0, MOST_PIECES)])
    note = reason(_l("Why"), least=3)


class VariantForm(Versioned):
    """A variant: SKU, what sets it apart in each language, its retail value where it differs."""

    sku = StringField(_l("SKU"), validators=[required(), at_most(64)])
    value = Money(_l("Retail value"))
    active = BooleanField(_l("Members can choose it"), default=True)


class NewVariantForm(VariantForm):
    """A new variant has an opening stock."""

    stock = Whole(_l("In stock"), validators=[Optional(), between(0, MOST_PIECES)])


for _suffix in SUFFIX.values():
    setattr(VariantForm, f"options_{_suffix}", StringField(_l("Options"), validators=[at_most(200)]))
