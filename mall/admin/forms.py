"""Forms of the staff's desk: shape and type of fields, nothing of the business."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from mall.core.numbers import MAX_AMOUNT
from mall.web.forms import Form, at_most, required


class Whole(IntegerField):  # type: ignore[misc]  # wtforms is untyped
    """A whole number in ASCII digits: `int()` alone would also take "１００", "1_000" and "+5"."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Refuse everything but digits, with a sentence."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text and not (text.isascii() and text.isdigit() and len(text) <= 13):
            raise ValueError(str(_l("Please give a whole number, such as 250.")))
        self.data = int(text) if text else None


def given() -> InputRequired:
    """A number must be there; what is wrong with one that is there is said by its field."""
    return InputRequired(message=_l("Please fill this in."))


def between(least: int, most: int) -> NumberRange:
    """A number within these bounds, both included."""
    return NumberRange(least, most, message=_l("Please give a number from %(min)s to %(max)s."))


def reason(label: str, least: int = 5) -> TextAreaField:
    """A sentence that says why; it stands in the audit trail."""
    short = Length(min=least, max=500, message=_l("Please say why in a few words."))
    return TextAreaField(label, validators=[required(), short])


class AdjustPointsForm(Form):
    """Give points, or take some away."""

    key = HiddenField(validators=[required(), at_most(40)])
    way = RadioField(
        _l("What to do"),
        choices=[SelectChoice("give", _l("Give points")), SelectChoice("take", _l("Take points away"))],
        default="give",
    )
    points = Whole(_l("Points"), validators=[given(), between(1, MAX_AMOUNT)])
    reason = reason(_l("Why"))


class ShipForm(Form):
    """A parcel leaves: the carrier and the number to follow it by. Quantities come as fields of their own.

    `key` is drawn with the page, so that a double click sends one parcel.
    """

    key = HiddenField(validators=[required(), at_most(40)])
    carrier = StringField(_l("Carrier"), validators=[required(), at_most(60)])
    tracking = StringField(_l("Tracking number"), validators=[required(), at_most(80)])


class CancelForm(Form):
    """Why an order is cancelled; the member reads it."""

    reason = reason(_l("Why"))


class AdjustStockForm(Form):
    """Put a count right."""

    way = RadioField(
        _l("What happened"),
        choices=[
            SelectChoice("received", _l("Received: new goods came in")),
            SelectChoice("found", _l("Found: there are more than counted")),
            SelectChoice("written_off", _l("Written off: lost, broken or given away")),
        ],
    )
    count = Whole(_l("How many"), validators=[given(), between(1, 1_000_000)])
    note = reason(_l("Why"), least=3)
