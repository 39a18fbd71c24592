"""Why an order, a basket or a shipment is refused, in words for whoever asked."""

from mall.core.errors import N_, MallError, NotFound

_NOTHING_TAKEN = N_("Nothing was taken from your balance.")


class NotOffered(MallError):
    """The item was withdrawn, or has no price any more."""

    code = "not_offered"
    message = N_("“%(name)s” is no longer offered.")
    hint = N_("Take it out of the basket to go on.")


class BasketEmpty(MallError):
    """There is nothing to order."""

    code = "basket_empty"
    message = N_("Your basket is empty.")


class BasketFull(MallError):
    """More lines than a basket holds."""

    code = "basket_full"
    message = N_("A basket holds %(most)s different items at most.")
    hint = N_("Order these first, then come back for more.")


class BasketNotReady(MallError):
    """A line needs the member's attention before the basket can be priced."""

    code = "basket_not_ready"
    message = N_("Something in your basket has changed.")
    hint = N_("Look at the lines marked below, then go on.")


class LimitReached(MallError):
    """More of an offer than one member may have: `name`, `limit`, `left`, `period`."""

    code = "limit_reached"
    message = N_("You can have %(limit)s of “%(name)s” in one order.")
    hint = _NOTHING_TAKEN


class DailyLimitReached(LimitReached):
    """The member's limit for today."""

    message = N_("You can have %(limit)s of “%(name)s” a day; %(left)s are left for today.")


class TotalLimitReached(LimitReached):
    """The member's limit for good."""

    message = N_("Each member can have %(limit)s of “%(name)s”; %(left)s are left for you.")


class PriceChanged(MallError):
    """The basket is dearer now: `was`, `now` (Amounts), and `why`: the price went up after the quote lapsed, the tier or
    an offer has ended, or another delivery costs more.
    """

    code = "price_changed"
    message = N_("The price has changed from %(was)s to %(now)s.")
    hint = N_("Nothing was taken. Look at the new price below before you order.")


class QuoteGone(NotFound):
    """No such quote, or another member's."""

    code = "quote_gone"
    message = N_("This checkout has expired. Your basket is still there.")


class AlreadyPlaced(MallError):
    """The quote has become an order, under another key: `number`."""

    code = "already_placed"
    message = N_("You have placed this order already: %(number)s.")
    hint = N_("Nothing was taken a second time.")


class AddressNeeded(MallError):
    """Goods that are to be sent need to know where."""

    status = 422
    code = "address_needed"
    message = N_("Choose where we should send it.")


class BadDelivery(MallError):
    """A delivery method that this order cannot have."""

    status = 422
    code = "bad_delivery"
    message = N_("Choose how you would like to receive it.")


class NotDelivered(BadDelivery):
    """A delivery method that does not go to that address."""

    code = "not_delivered"
    message = N_("This delivery does not go to that address.")
    hint = N_("Choose another delivery or another address.")


class TermsNotAccepted(MallError):
    """The terms in force were not accepted."""

    status = 422
    code = "terms_not_accepted"
    message = N_("Please read and accept the terms first.")


class NoSuchOrder(NotFound):
    """No such order, or another member's: one answer for both."""

    code = "no_such_order"
    message = N_("We cannot find that order.")


class CannotCancel(MallError):
    """Nothing is left that could be cancelled."""

    code = "cannot_cancel"
    message = N_("This order can no longer be cancelled.")
    hint = N_("Nothing was changed.")


class CannotPay(MallError):
    """The order does not wait for cash: it is paid, or its time is over."""

    code = "cannot_pay"
    message = N_("This order can no longer be paid.")
    hint = N_("Nothing was charged.")


class AlreadySent(CannotCancel):
    """A part of it is on its way."""

    message = N_("A part of this order is already on its way, so it can no longer be cancelled as a whole.")


class CannotShip(MallError):
    """The order or the line has nothing (or not that many) left to send."""

    code = "cannot_ship"
    message = N_("There are not that many left to send in this order.")
    hint = N_("Nothing was changed. Someone else may have sent or cancelled a part of it.")


class NoSuchRate(NotFound):
    """No delivery rate of that number."""

    code = "no_such_rate"
    message = N_("We cannot find that delivery rate.")


class RateChanged(MallError):
    """Somebody changed the rate after it was shown to whoever now changes it."""

    code = "rate_changed"
    message = N_(
        "Somebody changed this rate after you opened it. Look at what it says now, then do it again."
    )


class BadPlace(MallError):
    """A place that no address could match."""

    status = 422
    code = "bad_place"
    message = N_(
        "“%(value)s” is no place. Write a country such as CN, or a province of it such as CN/Shanghai."
    )


class PlaceTaken(MallError):
    """Two rates of one method for the same place: `place` ("*" = the rest of the world), `name` of the other."""

    status = 422
    code = "place_taken"
    message = N_("“%(name)s” already has a rate for %(place)s. Change that one, or withdraw it first.")


class NeedsRate(MallError):
    """Same-day delivery without a rate would be free around the world."""

    status = 422
    code = "needs_rate"
    message = N_("Same-day delivery needs a rate that says where it goes. Add one first, or do not offer it.")


class CannotNote(MallError):
    """A wish for a service that was given already, or will not be."""

    code = "cannot_note"
    message = N_("This can no longer be changed: the service was given or cancelled.")
