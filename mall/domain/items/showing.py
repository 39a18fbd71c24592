"""What of an item's ways to pay a list shows, for every tier and every span of time. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mall.core.money import Rates
from mall.domain.items.rules import ALWAYS, NEVER, NO_RATE, rate
from mall.domain.items.ways import Mix, Offer, Standing, Way, ways


@dataclass(frozen=True, slots=True)
class Span:
    """How one tier sees an item from `since` until `until` (exclusive); see Listing for what each number says."""

    tier: str
    since: datetime
    until: datetime
    way: str
    points: int
    points_most: int
    cash: int
    cash_most: int
    full_cash: int
    least: int
    least_cash: int
    gate: str | None
    rate: int


def headline(found: Sequence[Way], *, least: int) -> tuple[Way, Mix] | None:
    """The way that a price is shown by, and its price of one unit; None where there is no way.

    The lowest price in points alone; where there is none, the merchandiser's first way, with as many points as may be.
    `least` is the smallest charge.
    """
    whole = [(way.mix(None, least=least), way) for way in found if way.all_points]
    if whole:
        mix, way = min(whole, key=lambda each: each[0].points)
        return way, mix
    return (found[0], found[0].mix(None, least=least)) if found else None


def instants(offers: Iterable[Offer], after: datetime) -> list[datetime]:
    """When something about these offers changes: a version starts, a window opens or closes."""
    moments = {
        moment
        for offer in offers
        for moment in (offer.starts_at, offer.ends_at, *(version.starts_at for version in offer.versions))
        if moment is not None and moment > after
    }
    return sorted(moments)


def spans(
    variants: Mapping[int, int | None],
    offers: Sequence[Offer],
    ladder: Sequence[Standing],
    at: datetime,
    *,
    rates: Rates,
) -> list[Span]:
    """How each tier sees an item from now on, span by span; gaps where nobody can have it.

    `variants` are the active ones by id, with their retail value in minor units; `ladder` from the lowest step up.
    The span that holds at `at` reaches back to ALWAYS, so that a reader whose clock is behind sees it too.
    """
    starts = instants(offers, at)
    same = not any(offer.tiers or offer.kind != "points" or offer.tier_discount == "all" for offer in offers)
    found = []
    for since, until in zip([at, *starts], [*starts, NEVER], strict=True):
        begin = ALWAYS if since == at else since
        seen: dict[str, Span] = {}
        for standing in ladder[:1] if same else ladder:
            span = _seen(variants, offers, standing, since, rates)
            if span is not None:
                seen[standing.tier] = replace(span, since=begin, until=until)
        for standing in ladder:
            if standing.tier in seen:
                found.append(seen[standing.tier])
            elif seen:
                other = next(iter(seen.values()))
                shown = replace(other, tier=standing.tier)
                found.append(shown if same else replace(shown, gate=other.tier, least=NO_RATE, least_cash=0))
    return [span for standing in ladder for span in merged([s for s in found if s.tier == standing.tier])]


def merged(found: Sequence[Span]) -> list[Span]:
    """The same spans, neighbours that show the same joined."""
    joined: list[Span] = []
    for span in found:
        last = joined[-1] if joined else None
        if last and replace(last, since=span.since, until=span.until) == span and last.until == span.since:
            joined[-1] = replace(last, until=span.until)
        else:
            joined.append(span)
    return joined


def _seen(
    variants: Mapping[int, int | None],
    offers: Sequence[Offer],
    standing: Standing,
    at: datetime,
    rates: Rates,
) -> Span | None:
    """How one tier sees the item at an instant; None if it cannot have it."""
    least = rates.min_cash
    heads: list[tuple[int, int, Way, Mix]] = []
    fewest: list[tuple[int, int]] = []
    rate_ = NO_RATE
    for variant, value in variants.items():
        found = ways(variant, offers, standing, at)
        head = headline(found, least=least)
        if head is None:
            continue
        way, mix = head
        heads.append((mix.points or rates.points_for(mix.cash), mix.cash, way, mix))
        fewest += [_fewest(each, least) for each in found if each.kind != "cash"]
        if mix.points and value and value > mix.cash:
            rate_ = min(rate_, rate(mix.points, value - mix.cash))
    if not heads:
        return None
    points, cash, way, mix = min(heads, key=lambda head: head[:2])
    needed, beside = min(fewest, default=(NO_RATE, 0))
    return Span(
        standing.tier, at, at, way.kind if not way.all_points else "points", points, max(head[0] for head in heads),
        cash, max(head[1] for head in heads), mix.full_cash, needed, beside, None, rate_,
    )  # fmt: skip


def _fewest(way: Way, least: int) -> tuple[int, int]:
    """The fewest points that a way takes for one unit, and the cash beside them."""
    mix = way.mix(0, least=least)
    return mix.points, mix.cash
