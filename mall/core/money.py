"""Money and points side by side: amounts to tell, the programme's rate between them, the smallest amount to charge."""

from dataclasses import dataclass

from flask import current_app

from mall.core.numbers import exponent

#: The smallest card payment by currency, in minor units: Stripe's table of minimum charge amounts
#: (docs.stripe.com/currencies). A currency that is not in it is held to the equivalent of the settlement currency's
#: minimum; for CNY that is ¥4.00, above both US$0.50 and HK$4.00.
SMALLEST_CHARGE = {
    "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CNY": 400, "CZK": 1_500, "DKK": 250,
    "EUR": 50, "GBP": 30, "HKD": 400, "HUF": 17_500, "INR": 50, "JPY": 50, "MXN": 1_000, "MYR": 200, "NOK": 300,
    "NZD": 50, "PLN": 200, "RON": 200, "SEK": 300, "SGD": 50, "THB": 1_000, "USD": 50,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """A price to tell: points, and cash in minor units of a currency."""

    points: int
    cash: int
    currency: str


@dataclass(frozen=True, slots=True)
class Rates:
    """What points are worth as money off: `points_per_unit` points for 1.00 of `currency`.

    `min_cash` is the smallest amount to be charged, in minor units: what is due in cash is 0 or at least this.
    """

    currency: str
    points_per_unit: int
    min_cash: int

    def worth(self, points: int) -> int:
        """Minor units that so many points take off, rounded down."""
        return points * self._minor_per_unit // self.points_per_unit

    def points_for(self, minor: int) -> int:
        """The fewest points that are worth so many minor units."""
        return -(-minor * self.points_per_unit // self._minor_per_unit)

    def within(self, minor: int) -> int:
        """The most points that are worth no more than so many minor units, none of them for nothing."""
        return self.trimmed(((minor + 1) * self.points_per_unit - 1) // self._minor_per_unit)

    def trimmed(self, points: int) -> int:
        """The fewest points that are worth as much as these."""
        return self.points_for(self.worth(points))

    @property
    def _minor_per_unit(self) -> int:
        return int(10 ** exponent(self.currency))


def rates() -> Rates:
    """The running app's rates: they belong to the app as its database does."""
    found: Rates = current_app.extensions["rates"]
    return found
