"""Forms of refunds: shape and type of fields. Quantities come as fields of their own, two for each line."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from mall.admin.forms import CancelForm, reason
from mall.web.forms import Form, at_most, required


class RefundForm(Form):
    """Why something comes back, and whether it can be sold again."""

    restock = BooleanField(_l("What came back can be sold again"))
    reason = reason(_l("Why"))


class Confirmed:
    """The mark of what was shown, and a key so that a double click gives back once."""

    expect = HiddenField(validators=[required(), at_most(64)])
    key = HiddenField(validators=[required(), at_most(40)])


class ConfirmRefundForm(Confirmed, RefundForm):
    """A refund that was looked at."""


class ConfirmCancelForm(Confirmed, CancelForm):
    """A cancellation that was looked at."""


class SettleForm(Form):
    """How the cash was given back."""

    note = reason(_l("How it was given back"))
