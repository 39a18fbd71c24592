"""Names of rows as types, and numbers that people read out."""

import secrets
from typing import NewType

MemberId = NewType("MemberId", int)
ItemId = NewType("ItemId", int)
VariantId = NewType("VariantId", int)
OrderId = NewType("OrderId", int)

#: Crockford's base 32: no I, L, O or U, so that a number survives the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def token(octets: int = 16) -> str:
    """A random URL-safe secret of that many bytes (16 bytes = 128 bits)."""
    return secrets.token_urlsafe(octets)


def public_number(prefix: str) -> str:
    """A random number for people, such as "R-7K3Q-9XWD-2F5M": 60 bits, not guessable, no order of time in it."""
    digits = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return f"{prefix}-{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def spell(number: int, digits: int) -> str:
    """The last so many digits of a number in Crockford's base 32."""
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(digits)))


def clean_number(text: str) -> str:
    """A public number as typed by a person, put right: case, O for 0, I and L for 1."""
    prefix, _, rest = text.strip().upper().partition("-")
    return f"{prefix}-{rest.translate(str.maketrans('OIL', '011'))}"
