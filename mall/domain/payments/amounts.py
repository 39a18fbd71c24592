"""Cash as Stripe counts it. Pure."""

from typing import Final

from mall.core.numbers import exponent

#: Currencies whose amounts Stripe counts otherwise than in hundredths (https://docs.stripe.com/currencies). ISK and
#: UGX have no hundredths any more, but Stripe still counts them.
_DECIMALS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "JPY": 0, "KMF": 0, "KRW": 0, "MGA": 0, "PYG": 0, "RWF": 0, "VND": 0,
    "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip
_POWER: Final = (1, 10, 100, 1000)


def to_stripe(minor: int, currency: str) -> int:
    """Minor units as Stripe counts them: the same integer for nearly all currencies.

    Raises ValueError for an amount that Stripe cannot take in this currency (a third decimal that is not 0).
    """
    decimals = _decimals(currency)
    amount, rest = divmod(minor * _POWER[decimals], _POWER[exponent(currency)])
    if rest or (decimals == 3 and amount % 10):
        raise ValueError(f"Stripe has no amount of {minor} in {currency}")
    return amount


def from_stripe(amount: int, currency: str) -> int:
    """Stripe's amount in minor units. Raises ValueError if it is no whole number of them."""
    minor, rest = divmod(amount * _POWER[exponent(currency)], _POWER[_decimals(currency)])
    if rest:
        raise ValueError(f"{amount} is no whole number of minor units of {currency}")
    return minor


def _decimals(currency: str) -> int:
    return _DECIMALS.get(currency, 2)
