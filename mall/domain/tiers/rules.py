"""Rules of the ladder. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TierRow:
    """A step of the ladder: names by language tag, discount on cash in basis points, kinds of free delivery."""

    code: str
    rank: int
    name: Mapping[str, str]
    cash_discount: int
    free_delivery: frozenset[str]


def above(ladder: Sequence[TierRow], code: str) -> list[TierRow]:
    """The steps above that one, lowest first; none if it is the highest."""
    here = next(tier.rank for tier in ladder if tier.code == code)
    return sorted((tier for tier in ladder if tier.rank > here), key=lambda tier: tier.rank)
