"""How a call to Stripe may end badly, and the refusals of this room."""

from mall.core.errors import N_, MallError


class StripeTrouble(Exception):
    """A call to Stripe that brought no object."""


class Unknown(StripeTrouble):
    """Time-out, lost connection, 5xx, a lock, too many requests: it may or may not have happened.

    Try again with the same key and the same body (at most 24 hours long), else look it up; never with a new key.
    """


class Unreadable(Unknown):
    """Stripe answered, and what it said cannot be read: of this one thing nothing is known. It is no silence of Stripe's."""


class Misconfigured(Unknown):
    """Stripe does not take our API key (401, 403). What earlier tries did is as unknown as before."""


class Refused(StripeTrouble):
    """Stripe said no (4xx): this certainly did not happen, and trying the same again is of no use."""

    def __init__(self, code: str, message: str, *, param: str = "") -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code
        self.message = message
        self.param = param


class KeyMisused(StripeTrouble):
    """Stripe has answered this idempotency key for another body: look up what there is before anything else."""


class BadSignature(Exception):
    """A webhook that Stripe did not sign, or signed too long ago. Answer 400, store nothing."""


class BadEvent(Exception):
    """A webhook that is signed, and still no event that we can read. Answer 400, store nothing."""


class TooMuch(MallError):
    """More cash is to be given back than was captured and is not already on its way back."""

    code = "refund_too_much"
    message = N_("No more than what was paid and has not been refunded yet can be given back.")


class NoSuchPayment(LookupError):
    """There is no payment by that id: a programming error, or a row that is not committed yet."""
