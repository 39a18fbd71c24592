"""The currencies that this stand-in takes, with Stripe's smallest charges.

Source: https://docs.stripe.com/currencies. CNY has no row there: its smallest charge is the worth of the settlement
currency's; 4.00 stands for 0.50 US dollars.
"""

from dataclasses import dataclass
from typing import Any

from devstripe.errors import Refusal

#: Smallest charge in the currency's smallest unit.
SMALLEST = {
    "aud": 50, "brl": 50, "cad": 50, "chf": 50, "cny": 400, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30,
    "hkd": 400, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50, "pln": 200, "sek": 300,
    "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
WITHOUT_DECIMALS = {"jpy"}
_SIGNS = {"cny": "¥", "eur": "€", "gbp": "£", "hkd": "HK$", "jpy": "¥", "usd": "$", "sgd": "S$"}


@dataclass(frozen=True, kw_only=True)
class Currency:
    """A currency's three letters, in either case; kept in lower case."""

    required: bool = False

    def read(self, raw: Any, where: str) -> str:
        word = raw.lower() if isinstance(raw, str) else ""
        if word not in SMALLEST:
            known = ", ".join(SMALLEST)
            message = f"Invalid currency: {raw}. Stripe currently supports these currencies: {known}"
            raise Refusal(message, param=where)
        return word


def written(amount: int, currency: str) -> str:
    """An amount as Stripe's own texts write it: $1,234.50."""
    sign = _SIGNS.get(currency, currency.upper() + " ")
    if currency in WITHOUT_DECIMALS:
        return f"{sign}{amount:,}"
    return f"{sign}{amount // 100:,}.{amount % 100:02d}"
