"""Rules of the ladder. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TierRow:
    """A step of the ladder: names by language tag, discount on cash in basis points, kinds of free delivery."""

    code: str
    rank: int
    name: Mapping[str, str]
    cash_discount: int
    free_delivery: frozenset[str]
