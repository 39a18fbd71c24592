"""Purchases come in: kept once each, points given by the rule in force, the reason stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from mall.core.actor import Actor
from mall.core.bulk import keeping
from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.earning.models import EarningRule, Purchase
from mall.domain.earning.reading import PurchaseRow, RefusedRow
from mall.domain.earning.rules import Breakdown, Rate, expires_at, points_for
from mall.domain.ledger import service as ledger
from mall.domain.ledger.bulk import earn_many
from mall.domain.ledger.rules import Earning, Key, Ref
from mall.domain.members import service as members

KIND = "purchase"


class RateKnown(ValueError):
    """A version of the purchase rule starts at that time already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How this import counts: the currency, how long points live (months; None = never), unknown members."""

    source: str
    currency: str
    zone: str
    life_months: int | None
    create_members: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of the rows; `read` = imported + duplicates + refused."""

    read: int = 0
    imported: int = 0
    duplicates: int = 0
    members_created: int = 0
    points: int = 0
    refused: list[RefusedRow] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Count another chunk in."""
        self.read += other.read
        self.imported += other.imported
        self.duplicates += other.duplicates
        self.members_created += other.members_created
        self.points += other.points
        self.refused += other.refused

    def as_json(self) -> dict[str, int]:
        """The summary that the command prints (interfaces.md)."""
        return {
            "read": self.read,
            "imported": self.imported,
            "duplicates": self.duplicates,
            "refused": len(self.refused),
            "members_created": self.members_created,
            "points": self.points,
        }


def set_rate(*, points: int, per: int, starts_at: datetime) -> EarningRule:
    """A new version of the purchase rule: `points` for every `per` minor units from `starts_at` on.

    What came in already keeps what it was given. Raises RateKnown if a version starts then already.
    """
    same = sa.select(EarningRule.id).where(EarningRule.kind == KIND, EarningRule.starts_at == starts_at)
    if db.session.scalar(same) is not None:
        raise RateKnown(f"{starts_at.isoformat()} has its version already, and a version is never changed")
    rule = EarningRule(kind=KIND, points=points, per=per, starts_at=starts_at)
    db.session.add(rule)
    db.session.flush()
    return rule


def record_purchases(
    rows: Iterable[PurchaseRow | RefusedRow], policy: Policy, *, actor: Actor, at: datetime
) -> Outcome:
    """Keep the purchases and give their points; a purchase that is known already changes nothing.

    Idempotent by (source, external id). A row whose purchase is known with another member, time or amount is refused,
    and so is one of an unknown member unless the policy creates members. The caller commits; some thousand rows a
    transaction keep its locks short.
    """
    with keeping():
        all_rows = list(rows)
        outcome = Outcome(
            read=len(all_rows), refused=[row for row in all_rows if isinstance(row, RefusedRow)]
        )
        purchases = [row for row in all_rows if isinstance(row, PurchaseRow)]
        ids = _members(purchases, policy, outcome, at)
        fresh = _fresh(purchases, ids, policy, outcome)
        if fresh:
            _keep(fresh, ids, policy, outcome, actor, at)
    return outcome


def _members(
    rows: Sequence[PurchaseRow], policy: Policy, outcome: Outcome, at: datetime
) -> dict[str, MemberId]:
    wanted = {row.member for row in rows}
    known = members.ids_by_external_id(wanted)
    while policy.create_members and (unknown := sorted(wanted - known.keys())):
        try:
            with db.session.begin_nested():
                created = members.create_many(
                    [members.NewMember(external_id=name) for name in unknown], at=at
                )
                ledger.open_accounts(list(created.values()), at=at)
        except IntegrityError:
            # An import beside this one has created some of them since the look-up: look again, and create the rest.
            found = members.ids_by_external_id(unknown)
            if not found:
                raise
            known |= found
            continue
        known |= created
        outcome.members_created = len(created)
    return known


def _fresh(
    rows: Sequence[PurchaseRow], ids: dict[str, MemberId], policy: Policy, outcome: Outcome
) -> list[PurchaseRow]:
    """The rows to keep; counts the duplicates and names the refused."""
    seen = _kept_already(rows, policy.source)
    fresh = []
    for row in rows:
        facts = (ids.get(row.member), row.at, row.amount)
        if facts[0] is None:
            outcome.refused.append(
                RefusedRow(row.line, f"member {row.member!r} is not known (--create-members creates them)")
            )
        elif row.external_id not in seen:
            seen[row.external_id] = facts
            fresh.append(row)
        else:
            _known(row, same=seen[row.external_id] == facts, outcome=outcome)
    return fresh


def _known(row: PurchaseRow, *, same: bool, outcome: Outcome) -> None:
    """Count a row whose purchase is known already: a duplicate if it says the `same`, else refused."""
    if same:
        outcome.duplicates += 1
    else:
        why = f"purchase {row.external_id!r} is known with another member, time or amount"
        outcome.refused.append(RefusedRow(row.line, why))


def _kept_already(rows: Sequence[PurchaseRow], source: str) -> dict[str, tuple[int | None, datetime, int]]:
    statement = sa.select(Purchase.external_id, Purchase.member_id, Purchase.at, Purchase.amount)
    keys = [row.external_id for row in rows]
    found = db.session.execute(statement.where(Purchase.source == source, Purchase.external_id.in_(keys)))
    return {external_id: (member, at, amount) for external_id, member, at, amount in found}


def _keep(
    rows: Sequence[PurchaseRow],
    ids: dict[str, MemberId],
    policy: Policy,
    outcome: Outcome,
    actor: Actor,
    at: datetime,
) -> None:
    rates = _rates()
    worth = [(row, points_for(row.amount, _rate_at(rates, row.at))) for row in rows]
    mine = _insert(
        [
            {
                "source": policy.source,
                "external_id": row.external_id,
                "member_id": ids[row.member],
                "at": row.at,
                "amount": row.amount,
                "currency": policy.currency,
                "points": given.points,
                "breakdown": given.as_json(),
                "recorded_at": at,
            }
            for row, given in worth
        ]
    )
    kept = [(row, given) for row, given in worth if row.external_id in mine]
    earnings = [_earning(row, given, ids, policy) for row, given in kept if given.points]
    earn_many(earnings, actor=actor, at=at)
    outcome.imported += len(kept)
    outcome.points += sum(given.points for _, given in kept)
    late = [row for row in rows if row.external_id not in mine]
    theirs = _kept_already(late, policy.source) if late else {}
    for row in late:
        same = theirs[row.external_id] == (ids[row.member], row.at, row.amount)
        _known(row, same=same, outcome=outcome)


def _insert(purchases: Sequence[dict[str, Any]]) -> set[str]:
    """Keep those that are still unknown; the external ids of those kept.

    An import that runs beside this one may have brought some of them since the look-up; they are its own to reward.
    """
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Purchase).on_conflict_do_nothing(index_elements=["source", "external_id"])
    return set(db.session.scalars(statement.returning(Purchase.external_id), purchases))


def _earning(row: PurchaseRow, given: Breakdown, ids: dict[str, MemberId], policy: Policy) -> Earning:
    return Earning(
        member=ids[row.member],
        points=given.points,
        ref=Ref("purchase", f"{policy.source}/{row.external_id}"),
        key=Key(f"purchase:{policy.source}", row.external_id),
        earned_at=row.at,
        expires_at=None
        if policy.life_months is None
        else expires_at(row.at, policy.life_months, policy.zone),
        details=given.as_json(),
    )


def _rates() -> list[tuple[datetime, Rate]]:
    rows = db.session.execute(
        sa.select(EarningRule.starts_at, EarningRule.points, EarningRule.per, EarningRule.id)
        .where(EarningRule.kind == KIND)
        .order_by(EarningRule.starts_at.desc())
    )
    return [(starts_at, Rate(points, per, rule)) for starts_at, points, per, rule in rows]


def _rate_at(rates: Sequence[tuple[datetime, Rate]], at: datetime) -> Rate:
    """The version in force; before the first version, and where none was set, the default of programme.md."""
    return next((rate for starts_at, rate in rates if starts_at <= at), Rate())
