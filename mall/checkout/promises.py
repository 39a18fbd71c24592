"""What is promised about cancelling: until when, and what goes back where to."""

from flask_babel import gettext as _

from mall.domain.orders.checkout_queries import QuoteView
from mall.domain.orders.views import OrderView
from mall.web.formatting import sentences


def before(quote: QuoteView) -> str:
    """On the checkout, for what is about to be ordered; codes are given in the moment of paying."""
    said = []
    if not all(line.codes for line in quote.lines):
        said += _until_it_is_shipped(quote) if quote.needs_address else _until_it_is_given(quote)
    if any(line.codes for line in quote.lines):
        said += [
            _("A code is yours as soon as the order is paid: you cannot cancel that yourself."),
            _("Customer service can take it back as long as nobody has looked at it."),
        ]
    return sentences(said)


def after(order: OrderView) -> str:
    """On the page of an order that can be cancelled."""
    if any(line.kind == "goods" for line in order.lines):
        points = _("Until we ship it, you can cancel: every point comes back with its own expiry date.")
        cash = _("Until we ship it, you can cancel: all of the cash goes back to your card.")
    else:
        points = _(
            "Until it is given to you, you can cancel: every point comes back with its own expiry date."
        )
        cash = _("Until it is given to you, you can cancel: all of the cash goes back to your card.")
    return sentences(_back(points, cash, order))


def _until_it_is_shipped(quote: QuoteView) -> list[str]:
    points = _("You can cancel until we ship: every point comes back with its own expiry date.")
    return _back(points, _("You can cancel until we ship: all of the cash goes back to your card."), quote)


def _until_it_is_given(quote: QuoteView) -> list[str]:
    points = _("You can cancel until it is given to you: every point comes back with its own expiry date.")
    return _back(
        points, _("You can cancel until it is given to you: all of the cash goes back to your card."), quote
    )


def _back(points: str, cash: str, due: QuoteView | OrderView) -> list[str]:
    """The sentence for points, for cash, or for both."""
    if not due.points:
        return [cash] if due.cash else [points]
    return [points, _("The cash goes back to the card that paid it.")] if due.cash else [points]
