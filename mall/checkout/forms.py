"""Forms of the checkout: the shape of their fields, no rules of the mall and no queries."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from mall.web.forms import Form, at_most

#: The choice of an address that is typed here and now (fields: mall.web.addresses.AddressForm).
NEW_ADDRESS = "new"


class CheckoutForm(Form):
    """What the member decides at checkout. `key` makes sending it twice the same as once; `agreed` is the price that
    the button names, in points and minor units."""

    quote = HiddenField(validators=[InputRequired(), Length(max=22)])
    key = HiddenField(validators=[InputRequired(), Regexp(r"[A-Za-z0-9_-]{16,64}\Z")])
    terms_version = HiddenField(validators=[InputRequired(), Length(max=20)])
    agreed = HiddenField(validators=[Optional(), Regexp(r"[0-9]{1,15}-[0-9]{1,15}\Z")])
    delivery = RadioField(_l("Delivery"), validate_choice=False)
    address = RadioField(_l("Address"), validate_choice=False)
    terms = BooleanField(_l("I accept the terms"))


class CancelForm(Form):
    """Why an order is cancelled, if the member wants to say; and the mark of what was shown. `key` makes sending it
    twice the same as once."""

    reason = TextAreaField(_l("Why do you cancel it?"), validators=[at_most(500)])
    expect = HiddenField(validators=[at_most(64)])
    key = HiddenField(validators=[at_most(40)])


class WishForm(Form):
    """What a member wishes of a service: a day, and words."""

    day = DateField(_l("Preferred day"), [Optional()])
    wish = TextAreaField(_l("Your wishes"), validators=[at_most(500)])
