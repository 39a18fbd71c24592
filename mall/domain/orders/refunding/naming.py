"""The names of a refund's attempts at Stripe, which are their idempotency keys: its own, numbered from the second on."""

import re
from typing import Final

_SIGN: Final = ":"
_NUMBER: Final = re.compile("[1-9][0-9]{0,3}", re.ASCII)


def name(key: str, attempt: int) -> str:
    """The name of an attempt of the refund `key`."""
    return key if attempt == 1 else f"{key}{_SIGN}{attempt}"


def key_in(reference: str) -> str:
    """The refund's key in the name of one of its attempts."""
    return reference.partition(_SIGN)[0]


def attempt_of(key: str, reference: str) -> int | None:
    """Which attempt of the refund `key` goes by this name; None if it is no name of that refund."""
    first, sign, number = reference.partition(_SIGN)
    if first != key:
        return None
    if not sign:
        return 1
    return int(number) if _NUMBER.fullmatch(number) else None
