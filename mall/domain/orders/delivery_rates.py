"""Delivery rates: loaded in one statement, changed by staff, each change in the audit trail. The caller commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.core.errors import BadValue
from mall.core.numbers import MAX_AMOUNT
from mall.domain.audit import service as audit
from mall.domain.orders import regions
from mall.domain.orders.delivery import NOWHERE, Rate
from mall.domain.orders.errors import BadPlace, NeedsRate, NoSuchRate, PlaceTaken, RateChanged
from mall.domain.orders.models import DeliveryMethod, DeliveryRate, delivery_rate_table

_rate = delivery_rate_table
_LOAD = (
    sa.select(_rate.c.id, _rate.c.method, _rate.c.places, _rate.c.fee, _rate.c.free_from)
    .where(_rate.c.active.is_(sa.true()))
    .order_by(_rate.c.id)
)


@dataclass(frozen=True, slots=True)
class NewRate:
    """What staff type: the method's code, what they call the region, its places ("CN", "CN/Shanghai"; none: the rest
    of the world), the fee and the goods' value from which it is free, both in minor units."""

    method: str
    name: str
    places: tuple[str, ...]
    fee: int
    free_from: int | None = None


def load() -> tuple[Rate, ...]:
    """All rates in force, as `delivery.fee` takes them; one statement."""
    return tuple(read(row) for row in db.session.execute(_LOAD))


def read(row: Any) -> Rate:
    """A rate from a row with its columns."""
    return of(row.id, row.method, row.places, row.fee, row.free_from)


def of(rate_id: int, method: str, places: Sequence[str], fee: int, free_from: int | None) -> Rate:
    """A rate as `delivery.fee` takes it, of its columns."""
    where = tuple(place for text in places if (place := regions.parse_place(text)))
    return Rate(rate_id, method, where, fee, free_from)


def add(new: NewRate, *, actor: Actor, at: datetime) -> DeliveryRate:
    """A new rate. Raises BadPlace, PlaceTaken, BadValue."""
    method = _method(new.method)
    rate = DeliveryRate(method=method.code, active=True, version=1, updated_at=at, **_fields(new, method))
    _refuse_taken(rate)
    db.session.add(rate)
    db.session.flush()
    _record("delivery.rate_added", rate, None, told(rate), actor, at)
    return rate


def edit(rate_id: int, new: NewRate, *, version: int, actor: Actor, at: datetime) -> DeliveryRate:
    """Change a rate that is still at the version that was shown; its method stays.

    Raises NoSuchRate, RateChanged, BadPlace, PlaceTaken, BadValue.
    """
    rate = _hold(rate_id, version)
    method = _method(rate.method)
    fields, before = _fields(new, method), told(rate)
    with db.session.no_autoflush:
        for name, value in fields.items():
            setattr(rate, name, value)
        _refuse_taken(rate)
    if told(rate) != before:
        _written(rate, "delivery.rate_changed", before, actor, at)
    return rate


def set_active(rate_id: int, active: bool, *, version: int, actor: Actor, at: datetime) -> DeliveryRate:
    """Withdraw a rate, or bring it back. Raises NoSuchRate, RateChanged, PlaceTaken, NeedsRate."""
    rate = _hold(rate_id, version)
    if rate.active == active:
        return rate
    before = told(rate)
    with db.session.no_autoflush:
        rate.active = active
        if active:
            _refuse_taken(rate)
    _written(rate, "delivery.rate_restored" if active else "delivery.rate_withdrawn", before, actor, at)
    if not active:
        _refuse_free_by_mistake(rate.method)
    return rate


def offer_method(code: str, active: bool, *, actor: Actor, at: datetime) -> None:
    """Offer a delivery method at the checkout, or no longer.

    Raises BadValue for one that is not there, NeedsRate for same-day delivery that would go around the world for free.
    """
    method = _method(code)
    if method.active == active:
        return
    method.active = active
    db.session.flush()
    _refuse_free_by_mistake(code)
    action = "delivery.method_offered" if active else "delivery.method_withdrawn"
    audit.record(
        actor,
        action,
        subject=("delivery", code),
        before={"active": not active},
        after={"active": active},
        at=at,
    )


def told(rate: DeliveryRate) -> dict[str, Any]:
    """A rate as the audit trail keeps it."""
    return {
        "name": rate.name,
        "places": list(rate.places),
        "fee": rate.fee,
        "free_from": rate.free_from,
        "active": rate.active,
    }


def all_rates() -> Sequence[DeliveryRate]:
    """Every rate, the withdrawn ones too, for the staff's page."""
    return db.session.scalars(sa.select(DeliveryRate).order_by(DeliveryRate.method, DeliveryRate.id)).all()


def all_methods() -> Sequence[DeliveryMethod]:
    """Every method but "none", in the checkout's order."""
    stmt = sa.select(DeliveryMethod).where(DeliveryMethod.kind != "none").order_by(DeliveryMethod.position)
    return db.session.scalars(stmt).all()


def _method(code: str) -> DeliveryMethod:
    found = db.session.scalar(
        sa.select(DeliveryMethod).where(DeliveryMethod.code == code).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if found is None or found.kind == "none":
        raise BadValue(value=code[:40])
    return found


def _hold(rate_id: int, version: int) -> DeliveryRate:
    rate = db.session.get(DeliveryRate, rate_id)
    if rate is None:
        raise NoSuchRate
    _method(rate.method)
    rate = db.session.scalar(
        sa.select(DeliveryRate).where(DeliveryRate.id == rate_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    assert rate is not None
    if rate.version != version:
        raise RateChanged
    return rate


def _fields(new: NewRate, method: DeliveryMethod) -> Mapping[str, Any]:
    name = " ".join(new.name.split())
    if not 0 <= new.fee <= MAX_AMOUNT or not name or len(name) > 80:
        raise BadValue(value=new.fee if name else "")
    if new.free_from is not None and not 0 < new.free_from <= MAX_AMOUNT:
        raise BadValue(value=new.free_from)
    places = []
    for text in new.places:
        place = regions.parse_place(text)
        if place is None or method.kind in NOWHERE:
            raise BadPlace(value=text[:60])
        places.append(str(place))
    return {
        "name": name,
        "places": sorted(set(places)),
        "fee": new.fee,
        "free_from": new.free_from,
    }


def _refuse_taken(rate: DeliveryRate) -> None:
    """One place, one rate of a method: which of two would hold, nobody could tell."""
    others = db.session.scalars(
        sa.select(DeliveryRate).where(DeliveryRate.method == rate.method, DeliveryRate.active.is_(sa.true()))
    )
    for other in others:
        if other.id == rate.id:
            continue
        shared = set(other.places) & set(rate.places)
        if shared or (not other.places and not rate.places):
            raise PlaceTaken(place=min(shared, default="*"), name=other.name)


def _refuse_free_by_mistake(code: str) -> None:
    """A method without rates is free everywhere; same-day delivery that is would be a mistake."""
    method = _method(code)
    rates = sa.select(DeliveryRate.id).where(DeliveryRate.method == code, DeliveryRate.active.is_(sa.true()))
    if method.kind == "same_day" and method.active and db.session.scalar(rates.limit(1)) is None:
        raise NeedsRate


def _written(rate: DeliveryRate, action: str, before: dict[str, Any], actor: Actor, at: datetime) -> None:
    rate.version, rate.updated_at = rate.version + 1, at
    db.session.flush()
    _record(action, rate, before, told(rate), actor, at)


def _record(
    action: str,
    rate: DeliveryRate,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    actor: Actor,
    at: datetime,
) -> None:
    if before is not None:
        changed = {name for name in after if after[name] != before[name]}
        before = {name: before[name] for name in changed}
        after = {name: after[name] for name in changed}
    audit.record(actor, action, subject=("delivery", rate.method), before=before, after=after, at=at)
