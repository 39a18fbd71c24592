"""The tax that a price includes, and how documents are numbered. Pure: minor units and basis points, no float.

Prices include the tax. A document shows it once for each rate, on the sum of what that rate applies to, rounded half up
(so a receipt of many small lines gathers no rounding). Credit notes take differences of the tax on what was credited so
far: all of an order's credit notes together give back exactly the tax that its receipt shows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

#: What a rate can apply to beside the kinds of items.
DELIVERY = "delivery"
_WHOLE = 10_000
_PREFIX = {"receipt": "RC", "credit_note": "CN"}


def number(kind: str, year: int, serial: int) -> str:
    """The number that people read: "RC-2026-000001" for a receipt, "CN-…" for a credit note."""
    return f"{_PREFIX[kind]}-{year}-{serial:06}"


def tax_in(gross: int, rate: int) -> int:
    """The tax (minor units, rounded half up) that `gross` includes at `rate` basis points of the net price."""
    whole = _WHOLE + rate
    return (2 * gross * rate + whole) // (2 * whole)


@dataclass(frozen=True, slots=True)
class Tax:
    """One rate on a document: what it applies to, and the tax in it. `net` + `tax` = `gross`."""

    rate: int
    name: Mapping[str, str]
    gross: int
    tax: int

    @property
    def net(self) -> int:
        """What is left without the tax."""
        return self.gross - self.tax

    def as_json(self) -> dict[str, Any]:
        """For the document's snapshot."""
        return asdict(self) | {"name": dict(self.name), "net": self.net}


@dataclass(frozen=True, slots=True)
class Rate:
    """A tax rate in force: basis points and its name by language."""

    rate: int
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount (minor units, tax included) and the kind that says which rate applies."""

    kind: str
    gross: int


def taxes(amounts: Iterable[Taxed], rates: Mapping[str, Rate]) -> list[Tax]:
    """The taxes of a receipt, the highest rate first; kinds without a rate show none."""
    sums: dict[int, int] = {}
    names: dict[int, Mapping[str, str]] = {}
    for amount in amounts:
        rate = rates.get(amount.kind)
        if rate is not None and amount.gross:
            sums[rate.rate] = sums.get(rate.rate, 0) + amount.gross
            names[rate.rate] = rate.name
    return [
        Tax(rate, names[rate], sums[rate], tax_in(sums[rate], rate)) for rate in sorted(sums, reverse=True)
    ]


def credited(amounts: Sequence[Taxed], rates: Mapping[str, Rate], *, before: Mapping[int, int]) -> list[Tax]:
    """The taxes of a credit note: `before` is what earlier ones credited (gross) at each rate."""
    found = []
    for now in taxes(amounts, rates):
        earlier = before.get(now.rate, 0)
        tax = tax_in(earlier + now.gross, now.rate) - tax_in(earlier, now.rate)
        found.append(Tax(now.rate, now.name, now.gross, tax))
    return found
