"""Ways to pay for one unit: what an offer costs a tier, which mixes of points and cash it allows. Pure.

Rounding (orders.md): points and cash of one unit round up; a tier's discount is taken once, before rounding. Cash is
0 or at least the smallest charge: a slider skips what lies between, and a discount never goes below it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

#: A whole in basis points.
FULL = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How many a member may have through one offer; None = no limit."""

    per_order: int | None = None
    per_day: int | None = None
    ever: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where someone stands on the ladder: the tier's code, its discount on cash in basis points."""

    tier: str
    discount: int = 0


@dataclass(frozen=True, slots=True)
class Price:
    """The numbers of one unit; what they mean follows from the offer's kind (see OfferPrice)."""

    points: int
    cash: int = 0
    min_points: int = 0
    max_points: int | None = None
    max_share: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a price, in force from `starts_at`."""

    price_id: int
    starts_at: datetime
    price: Price


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer in use with those versions of its price that are in force or to come. `tiers` none = everyone."""

    offer_id: int
    variant_id: int | None
    position: int
    kind: str
    tier_discount: str = "cash"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    tiers: frozenset[str] = frozenset()
    limits: Limits = Limits()
    versions: tuple[Version, ...] = ()

    def in_force(self, at: datetime) -> Version | None:
        """The version that holds at an instant: the one that started last, its own first instant included."""
        started = (version for version in self.versions if version.starts_at <= at)
        return max(started, key=lambda version: version.starts_at, default=None)

    def runs(self, at: datetime) -> bool:
        """Whether its window is open at an instant: from `starts_at` until before `ends_at`."""
        begun = self.starts_at is None or self.starts_at <= at
        return begun and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True)
class Mix:
    """Points and cash (minor units) of one unit; `full_cash` is the cash before the tier's discount."""

    points: int
    cash: int
    full_cash: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """An offer as one tier pays it now; `discount` in basis points, as the offer lets it be taken.

    `restricted`: not every tier can have it.
    """

    offer_id: int
    price_id: int
    kind: str
    price: Price
    discount: int = 0
    on_points: bool = False
    limits: Limits = Limits()
    ends_at: datetime | None = None
    restricted: bool = False

    def mix(self, points: int | None, *, least: int) -> Mix:
        """What one unit costs; `least` is the smallest charge (minor units).

        Of a range, `points` is how many the member would give (None: as many as may be): the nearest position that
        does not take more, and of those at the same cash the one with the fewest points.
        """
        if self.kind == "range":
            return self._chosen(points, least)
        given = self._points(self.price.points) if self.kind in ("points", "combo") else 0
        if self.kind == "points":
            return Mix(given, 0)
        return Mix(given, charged(self._cut(self.price.cash), least), charged(self.price.cash, least))

    def runs(self, least: int) -> tuple[tuple[int, int], ...]:
        """The numbers of points that may be given for one unit, as runs (first, last) from low to high."""
        if self.kind != "range":
            fixed = self.mix(None, least=least).points
            return ((fixed, fixed),)
        whole = self._points(self.price.points)
        top = min(self.price.max_points if self.price.max_points is not None else whole, whole)
        low = min(self.price.min_points, top)
        found = []
        high = min(top, self._most_points(whole, least))
        if high >= low and self._rest(high, whole):
            found.append((low, high))
        if self._rest(top, whole) == 0:
            first = max(low, self._fewest(0, whole))
            found.append((first, top))
        return tuple(found) or ((low, low),)

    @property
    def all_points(self) -> bool:
        """Whether it can be had for points alone."""
        whole = self._points(self.price.points)
        most = self.price.max_points
        return self.kind == "points" or (self.kind == "range" and (most is None or most >= whole))

    @property
    def saves(self) -> Fraction:
        """Minor units that one point more saves, where their number can be chosen."""
        return Fraction(*self._rate) if self.kind == "range" else Fraction(0)

    def _chosen(self, points: int | None, least: int) -> Mix:
        whole = self._points(self.price.points)
        runs = self.runs(least)
        at_most = nearest(runs, runs[-1][1] if points is None else points)
        cash = self._rest(at_most, whole)
        fewest = max(runs[0][0], self._fewest(cash, whole))
        full = -(-(self.price.points - fewest) * self.price.cash // self.price.points)
        return Mix(fewest, charged(cash, least), charged(full, least))

    def _points(self, points: int) -> int:
        """Points after the discount, where the offer extends it to them."""
        return -(-points * (FULL - self.discount) // FULL) if self.on_points else points

    def _cut(self, cash: int) -> int:
        """Cash after the discount."""
        return -(-cash * (FULL - self.discount) // FULL)

    @property
    def _rate(self) -> tuple[int, int]:
        """Minor units for one point of a range that is not given, as a fraction; a discount on points is in them."""
        cut = 0 if self.on_points else self.discount
        return self.price.cash * (FULL - cut), self.price.points * FULL

    def _rest(self, points: int, whole: int) -> int:
        """Cash beside so many points of a range, rounded up."""
        top, bottom = self._rate
        return -(-(whole - points) * top // bottom)

    def _fewest(self, cash: int, whole: int) -> int:
        """The fewest points beside which that much cash is enough."""
        top, bottom = self._rate
        return whole - cash * bottom // top if top else 0

    def _most_points(self, whole: int, least: int) -> int:
        """The most points beside which the cash is the smallest charge or more: `(whole − p) × rate > least − 1`."""
        top, bottom = self._rate
        if not top:
            return whole
        return whole - (max(least - 1, 0) * bottom // top + 1)


def charged(cash: int, least: int) -> int:
    """Cash that can be charged: nothing, or the smallest charge at least."""
    return max(cash, least) if cash > 0 else 0


def nearest(runs: Sequence[tuple[int, int]], points: int) -> int:
    """The highest number in these runs that is no more than `points`; the lowest of all where there is none."""
    below = [min(points, last) for first, last in runs if first <= points]
    return max(below, default=runs[0][0])


def ways(variant_id: int, offers: Iterable[Offer], standing: Standing, at: datetime) -> list[Way]:
    """How a tier can pay for a variant at an instant, in the merchandiser's order.

    A variant's own offers stand in place of the item's, if the tier can have any of them.
    """
    open_ = [offer for offer in offers if not offer.tiers or standing.tier in offer.tiers]
    running = [
        (offer, version) for offer in open_ if offer.runs(at) and (version := offer.in_force(at)) is not None
    ]
    own = [found for found in running if found[0].variant_id == variant_id]
    chosen = own or [found for found in running if found[0].variant_id is None]
    chosen.sort(key=lambda found: (found[0].position, found[0].offer_id))
    return [way(offer, version, standing) for offer, version in chosen]


def way(offer: Offer, version: Version, standing: Standing) -> Way:
    """A version of an offer's price as a tier pays it."""
    return Way(
        offer.offer_id,
        version.price_id,
        offer.kind,
        version.price,
        0 if offer.tier_discount == "none" else standing.discount,
        offer.tier_discount == "all",
        offer.limits,
        offer.ends_at,
        bool(offer.tiers),
    )


def unsound(kind: str, price: Price, *, least: int, most: int) -> str | None:
    """What is wrong with the numbers of a price, as the name of the first that is; None if it can be paid.

    `least` is the smallest charge, `most` the highest number that is kept.
    """
    for name in ("points", "cash", "min_points"):
        if not 0 <= getattr(price, name) <= most:
            return name
    wants_points, wants_cash = kind != "cash", kind != "points"
    if wants_points != (price.points > 0):
        return "points"
    if wants_cash != (price.cash > 0) or 0 < price.cash < least:
        return "cash"
    if price.max_points is not None and (
        kind != "range" or not max(price.min_points, 1) <= price.max_points <= price.points
    ):
        return "max_points"
    if price.min_points and (
        kind not in ("range", "cash") or (kind == "range" and price.min_points > price.points)
    ):
        return "min_points"
    if price.max_share is not None and (kind != "cash" or not 0 <= price.max_share <= FULL):
        return "max_share"
    return None
