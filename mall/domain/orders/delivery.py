"""What delivery costs: one pure function over the rates of a method. Fees are in cash, never in points.

A method without rates costs nothing anywhere (pick-up, codes). A method with rates goes where one of them fits:
the province before the country, the country before the rest of the world.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mall.domain.orders.errors import NotDelivered
from mall.domain.orders.regions import Place, place_of

#: Why a fee is what it is: the method has none, the rate says so, or it is waived by tier or by the basket's value.
Why = Literal["none", "rate", "tier", "basket"]
#: The kinds of method that have no destination.
NOWHERE: Final = frozenset({"pickup", "none"})


@dataclass(frozen=True, slots=True)
class Method:
    """What a fee needs to know of a delivery method: its code and its kind (standard, priority, same_day, …)."""

    code: str
    kind: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A method's fee (minor units) for some places (none named: the rest of the world).

    `free_from`: the goods' value (minor units) from which nothing is charged; None = never.
    """

    id: int
    method: str
    places: tuple[Place, ...]
    fee: int
    free_from: int | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """What delivery costs (minor units), and why. `full` is the fee without any benefit.

    `missing` says how much more the goods would have to be worth for free delivery (0: they are, or it never is).
    """

    amount: int
    why: Why
    full: int = 0
    free_from: int | None = None
    missing: int = 0
    rate_id: int | None = None


def rate_for(method: Method, address: Mapping[str, str] | None, rates: Sequence[Rate]) -> Rate | None:
    """The rate that fits an address best; None if the method has no rates at all. Raises NotDelivered."""
    mine = [rate for rate in rates if rate.method == method.code]
    if not mine or method.kind == "none":
        return None
    where = None if method.kind in NOWHERE else place_of(address)
    ranked = [(rank, -rate.id, rate) for rate in mine if (rank := _fits(rate, where)) is not None]
    if not ranked:
        raise NotDelivered
    return max(ranked)[2]


def _fits(rate: Rate, where: Place | None) -> int | None:
    """How well a rate fits a place: 2 its province, 1 its country, 0 the rest of the world; None: not at all."""
    if not rate.places:
        return 0
    if where is None:
        return None
    if where in rate.places:
        return 2 if where.province else 1
    return 1 if Place(where.country) in rate.places else None


def fee(
    method: Method,
    address: Mapping[str, str] | None,
    *,
    value: int,
    free_kinds: Collection[str],
    rates: Sequence[Rate],
) -> Fee:
    """The fee of sending goods of that `value` to that address (fields `country` ISO 3166-1 and `region`).

    `value`: minor units of cash due for the goods, plus the worth of the points for them at the programme's rate, so
    that who pays with points is not worse off. `free_kinds`: kinds of method that the member's tier has free.
    Raises NotDelivered where the method has rates, but none for that place.
    """
    rate = rate_for(method, address, rates)
    return charged(rate, method, value=value, free_kinds=free_kinds) if rate else Fee(0, "none")


def charged(rate: Rate, method: Method, *, value: int, free_kinds: Collection[str]) -> Fee:
    """What one rate of a method comes to for goods of that `value`, as in `fee`."""
    if rate.fee == 0:
        return Fee(0, "none", rate_id=rate.id)
    if method.kind in free_kinds:
        return Fee(0, "tier", rate.fee, rate.free_from, rate_id=rate.id)
    if rate.free_from is not None and value >= rate.free_from:
        return Fee(0, "basket", rate.fee, rate.free_from, rate_id=rate.id)
    missing = rate.free_from - value if rate.free_from is not None else 0
    return Fee(rate.fee, "rate", rate.fee, rate.free_from, missing, rate.id)
