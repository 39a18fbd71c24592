"""Why a refund is refused, in words for whoever asked."""

from mall.core.errors import N_, Forbidden, MallError, NotFound
from mall.domain.orders.refunding.rules import Preview


class CannotRefund(MallError):
    """The order is not paid, or has not that many units to be given back."""

    code = "cannot_refund"
    message = N_("There is not that much left to refund in this order.")
    hint = N_("Nothing was changed. Someone else may have refunded or sent a part of it.")


class PaymentMissing(MallError):
    """Cash is to be given back, but no payment of the order has any."""

    code = "payment_missing"
    message = N_("We find no payment that the cash could go back to.")
    hint = N_("Nothing was changed. Ask whoever runs the mall.")


class RefundDisputed(MallError):
    """The cardholder's bank is looking into the payment: Stripe gives nothing back until it has decided."""

    code = "refund_disputed"
    message = N_("The payment is disputed. No cash can be given back until the bank has decided.")
    hint = N_("Nothing was changed.")


class OrderDisputed(MallError):
    """Nothing of an order leaves the house while its payment is disputed, nor after the bank has taken it back."""

    code = "order_disputed"
    message = N_(
        "The payment of this order is disputed, or was taken back by the bank. Nothing of it is sent."
    )
    hint = N_("Nothing was changed.")


class PreviewChanged(MallError):
    """The refund would now do something else than what was shown: `preview` is what it would do."""

    code = "preview_changed"
    message = N_("Something has changed since this was shown. Please look at it again.")
    hint = N_("Nothing was changed.")

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self.preview = preview


class OwnOrder(Forbidden):
    """Staff refund nobody's orders but others'."""

    code = "own_order"
    message = N_("Nobody refunds their own order. Ask a colleague.")


class RefundOverLimit(Forbidden):
    """More than this person's role may give back within a day, of one order and all others added up."""

    code = "refund_over_limit"
    message = N_("This is more than you can give back within 24 hours. Ask a supervisor.")
    hint = N_("Nothing was changed.")


class CannotRetry(MallError):
    """Only the cash of a refund that failed can be sent again, or settled by hand."""

    code = "cannot_retry"
    message = N_("This refund is not waiting for anybody.")
    hint = N_("Nothing was changed. Someone else may have seen to it.")


class OwnRefund(Forbidden):
    """Whoever asked for a refund does not say that its cash was given back in another way."""

    code = "own_refund"
    message = N_("Nobody settles a refund that they asked for themselves. Ask a colleague.")
    hint = N_("Nothing was changed.")


class NoSuchRefund(NotFound):
    """No refund by that number."""

    code = "no_such_refund"
    message = N_("We cannot find that refund.")
