"""Stripe's documented test cards and what each does. Source: https://docs.stripe.com/testing."""

from dataclasses import dataclass

from devstripe.errors import Refusal

_DECLINED = "Your card was declined."


@dataclass(frozen=True, kw_only=True)
class Card:
    """A test card: what it is called on the pay page, and what happens to whoever pays with it."""

    number: str
    name: str
    code: str | None = None
    decline_code: str | None = None
    message: str = ""
    asks: bool = False
    disputed: str | None = None
    refunds: str = "succeeded"

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def spaced(self) -> str:
        """The number in groups of four."""
        return " ".join(self.number[i : i + 4] for i in range(0, 16, 4))


def _declines(
    number: str, name: str, decline_code: str, code: str = "card_declined", message: str = _DECLINED
) -> Card:
    return Card(number=number, name=name, code=code, decline_code=decline_code, message=message)


CARDS = (
    Card(number="4242424242424242", name="Succeeds"),
    _declines("4000000000000002", "Declined", "generic_decline"),
    _declines(
        "4000000000009995",
        "Insufficient funds",
        "insufficient_funds",
        message="Your card has insufficient funds.",
    ),
    Card(number="4000002500003155", name="Asks for 3-D Secure", asks=True),
    Card(number="4000000000000259", name="Succeeds, then is disputed as fraud", disputed="fraudulent"),
    Card(
        number="4000000000002685",
        name="Succeeds, then is disputed as not received",
        disputed="product_not_received",
    ),
    Card(number="4000000000007726", name="Succeeds; a refund is pending at first", refunds="pending"),
    Card(number="4000000000005126", name="Succeeds; a refund fails later", refunds="failing"),
    Card(number="4000002760003184", name="Asks for 3-D Secure (always)", asks=True),
    _declines("4000000000009987", "Lost card", "lost_card"),
    _declines("4000000000009979", "Stolen card", "stolen_card"),
    _declines("4000000000000069", "Expired card", "", "expired_card", "Your card has expired."),
    _declines(
        "4000000000000127",
        "Wrong security code",
        "",
        "incorrect_cvc",
        "Your card's security code is incorrect.",
    ),
    _declines(
        "4000000000000119",
        "Processing error",
        "",
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
)
_BY_NUMBER = {card.number: card for card in CARDS}


def luhn(number: str) -> bool:
    """Whether a number's check digit is right."""
    digits = [int(c) for c in reversed(number)]
    return sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)) % 10 == 0


def read(written: str) -> Card:
    """The card of a number as people type it; raises Refusal for one that is not a card, or not one for tests."""
    number = "".join(written.split()).replace("-", "")
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19 and luhn(number)):
        message = "Your card number is incorrect."
        raise Refusal(message, status=402, type="card_error", code="incorrect_number", param="number")
    if number not in _BY_NUMBER:
        message = "Your card was declined. Only test cards are taken here: no money moves."
        raise Refusal(message, status=402, type="card_error", code="card_declined", param="number")
    return _BY_NUMBER[number]
