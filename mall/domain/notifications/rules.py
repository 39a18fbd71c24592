"""The kinds of messages: their words, where they lead, and whether they are mailed."""

from dataclasses import dataclass

from mall.core.errors import N_


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message. `subject` and `line` are gettext messages, filled from the message's data.

    The subject is the mail's subject and the title in the mall; the line stands under it (`plain` where the data lack
    something that the line names; `cash` where cash was paid, too: it may name the `price`; `given` and `given_cash`
    in their place where nothing is left to be sent). With `mail`, the templates <template>.txt and .html exist. `endpoint` names the
    page that it leads to, found by the data's `key`.
    """

    name: str
    subject: str
    line: str
    plain: str
    icon: str = "bell"
    mail: bool = True
    endpoint: str = ""
    key: str = ""
    cash: str = ""
    given: str = ""
    given_cash: str = ""

    @property
    def template(self) -> str:
        """The mail templates' name without their ending."""
        return f"email/{self.name.replace('.', '_')}"


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind of message known. Raises ValueError if the name is taken."""
    if kind.name in KINDS:
        raise ValueError(f"the message kind {kind.name!r} is registered already")
    KINDS[kind.name] = kind
    return kind


def _of_order(
    name: str,
    subject: str,
    line: str,
    plain: str,
    icon: str,
    *,
    cash: str = "",
    given: str = "",
    given_cash: str = "",
) -> Kind:
    return register(
        Kind(
            name,
            subject,
            line,
            plain,
            icon,
            endpoint="checkout.order",
            key="number",
            cash=cash,
            given=given,
            given_cash=given_cash,
        )
    )


ORDER_PLACED = _of_order(
    "order.placed",
    N_("We have your order %(number)s"),
    N_("%(points)s points were redeemed. We are getting it ready."),
    N_("We are getting it ready."),
    "package",
    cash=N_("Paid with %(price)s. We are getting it ready."),
    given=N_("%(points)s points were redeemed."),
    given_cash=N_("Paid with %(price)s."),
)
ORDER_SHIPPED = _of_order(
    "order.shipped",
    N_("Your order %(number)s is on its way"),
    N_("We handed it to %(carrier)s; the tracking number is %(tracking)s."),
    N_("We handed it to the carrier."),
    "truck",
)
ORDER_FULFILLED = _of_order(
    "order.fulfilled",
    N_("Your order %(number)s is ready for you"),
    N_("The order's page says how to use what you redeemed."),
    N_("The order's page says how to use what you redeemed."),
    "circle-check",
)
ORDER_CANCELLED = _of_order(
    "order.cancelled",
    N_("Order %(number)s: points given back"),
    N_("%(points)s points are back where they came from, with the expiry dates they had."),
    N_("The points are back where they came from, with the expiry dates they had."),
    "undo-2",
)
ORDER_CODES = _of_order(
    "order.codes",
    N_("Your codes of order %(number)s are ready"),
    N_("Open the order to see them. We never send codes by mail."),
    N_("Open the order to see them. We never send codes by mail."),
    "ticket",
)
ORDER_EXPIRED = _of_order(
    "order.expired",
    N_("Order %(number)s was not paid in time"),
    N_("Nothing was charged, and the %(points)s points are back where they came from."),
    N_("Nothing was charged."),
    "clock",
)
ORDER_REFUNDED = _of_order(
    "order.refunded",
    N_("Refund for your order %(number)s"),
    N_("What you paid is on its way back: points to where they came from, cash to the card you paid with."),
    N_("What you paid is on its way back: points to where they came from, cash to the card you paid with."),
    "undo-2",
)
