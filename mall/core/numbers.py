"""Whole numbers and money from text. Points and minor units are integers; nothing here makes a float."""

import re
from decimal import Decimal

from mall.core.errors import BadValue

#: Largest number of points or minor units in one request; keeps every sum far below 2**63.
MAX_AMOUNT = 10**12

_WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_MONEY = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,3})?", re.ASCII)

#: ISO 4217 exponents that are not 2, for the currencies that a member might meet.
_EXPONENTS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
    "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3,
    "TND": 3,
}  # fmt: skip


def exponent(currency: str) -> int:
    """Digits after the point of a currency (ISO 4217): 2 for most, 0 for JPY, 3 for KWD."""
    return _EXPONENTS.get(currency, 2)


def parse_whole(text: str, *, least: int = 1, most: int = MAX_AMOUNT) -> int:
    """An integer written in ASCII digits, within [least, most].

    Raises BadValue for anything else: `int()` alone would take "１００", "1_000" and " 5 ".
    """
    if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise BadValue(value=text[:40])
    return int(text)


def parse_money(text: str, currency: str, *, least: int = 0, most: int = MAX_AMOUNT) -> int:
    """Minor units from a decimal amount such as "11.77". Raises BadValue; never rounds."""
    if not _MONEY.fullmatch(text):
        raise BadValue(value=text[:40])
    minor = Decimal(text).scaleb(exponent(currency))
    if minor != minor.to_integral_value() or not least <= minor <= most:
        raise BadValue(value=text[:40])
    return int(minor)


def major(minor: int, currency: str) -> Decimal:
    """The decimal amount that minor units stand for."""
    return Decimal(minor).scaleb(-exponent(currency))
