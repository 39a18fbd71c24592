"""The kinds of messages: what each is called, where its words are, and whether it is mailed."""

from dataclasses import dataclass

from mall.core.errors import N_


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message.

    `subject` is a gettext message, filled from the message's data; it is the mail's subject and the title in the
    mall. `mail` says whether it is mailed too: then templates/email/<name with _ for .>.txt and .html exist.
    `line` is the sentence under the title in the mall; `endpoint` and `key` name the page that it leads to.
    """

    name: str
    subject: str
    line: str
    mail: bool = True
    endpoint: str = ""
    key: str = ""

    @property
    def template(self) -> str:
        """The mail templates' name without their ending."""
        return f"email/{self.name.replace('.', '_')}"


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind of message known; a name is registered once."""
    if kind.name in KINDS:
        raise ValueError(f"the message kind {kind.name!r} is registered already")
    KINDS[kind.name] = kind
    return kind


ORDER_PLACED = register(
    Kind(
        "order.placed",
        N_("Your order %(number)s is in"),
        N_("We have your order and are getting it ready."),
        endpoint="checkout.order",
        key="number",
    )
)
ORDER_SHIPPED = register(
    Kind(
        "order.shipped",
        N_("Your order %(number)s is on its way"),
        N_("We have handed it to the carrier."),
        endpoint="checkout.order",
        key="number",
    )
)
ORDER_CANCELLED = register(
    Kind(
        "order.cancelled",
        N_("Your order %(number)s is cancelled"),
        N_("Your points are back where they came from."),
        endpoint="checkout.order",
        key="number",
    )
)
