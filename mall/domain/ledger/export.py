"""The books for Beancount, so that somebody else's software checks ours.

Each member has accounts of their own: where points are (Assets:…:Available, Held, Pending), where they came from and
went (Equity:…:Granted, Spent, Repaid, Expired, Reversed), and what they owe (Liabilities:…:Debt). Every posting names
its lot, as a position at a cost of one UNIT with the lot's date and label; booking is STRICT, so nothing can leave a
lot that did not come into it. At the end each balance of each member is asserted.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.domain.ledger.reading import Link, links
from mall.domain.ledger.statements import account, lot, total

_ACCOUNTS = (
    sa.select(account.c.member_id, account.c.available, account.c.held, account.c.pending, account.c.debt)
    .where(account.c.member_id > bindparam("after"))
    .order_by(account.c.member_id)
    .limit(500)
)
_SUMMED = ("granted", "spent", "repaid", "expired", "reversed")
_NO_LOTS = dict.fromkeys(_SUMMED, 0)
_SUMS = (
    sa.select(
        lot.c.member_id,
        *(total(lot.c[name]).label(name) for name in _SUMMED),
    )
    .where(lot.c.member_id >= bindparam("first"), lot.c.member_id <= bindparam("last"))
    .group_by(lot.c.member_id)
)
_NAMES = {
    None: "Equity:M{}:Granted",
    "pending": "Assets:M{}:Pending",
    "remaining": "Assets:M{}:Available",
    "held": "Assets:M{}:Held",
    "spent": "Equity:M{}:Spent",
    "repaid": "Equity:M{}:Repaid",
    "expired": "Equity:M{}:Expired",
    "reversed": "Equity:M{}:Reversed",
    "debt": "Liabilities:M{}:Debt",
    "owed": "Equity:M{}:Owed",
}
_DEBT_LOT = "1 UNIT, 1970-01-01"


def beancount(title: str) -> Iterator[str]:
    """The whole journal as Beancount text, in pieces; memory stays bounded."""
    yield f'option "title" "{title}"\noption "operating_currency" "UNIT"\n'
    yield "1970-01-01 commodity POINT\n1970-01-01 commodity UNIT\n"
    after = 0
    while accounts := db.session.execute(_ACCOUNTS, {"after": after}).all():
        first, after = accounts[0].member_id, accounts[-1].member_id
        sums = db.session.execute(_SUMS, {"first": first, "last": after}).mappings()
        of_lots = {row["member_id"]: row for row in sums}
        books = {row.member_id: _MemberBooks(row.member_id) for row in accounts}
        for link in links(first, after):
            yield books[link.row.member_id].transaction(link)
        for row in accounts:
            yield books[row.member_id].closing(_stands(row, of_lots.get(row.member_id, _NO_LOTS)))


class _MemberBooks:
    """Writes one member's entries in order; remembers the dates of their lots and the accounts in use."""

    def __init__(self, member: int) -> None:
        self.member = member
        self.day = date(1970, 1, 1)
        self.lots: dict[int, str] = {}
        self.used: set[str | None] = {"remaining"}

    def transaction(self, link: Link) -> str:
        """An entry as a transaction; days never go back, as Beancount sorts by them."""
        row, payload = link.row, link.payload
        self.day = max(self.day, row.at.astimezone(UTC).date())
        for number, _, earned_at, *_ in payload.get("lots", ()):
            self.lots[number] = f'1 UNIT, {_day(earned_at)}, "{self.member}-{number}"'
        lines = [f'{self.day} * "{row.kind}" "{row.seq}"\n']
        for number, src, dst, n in payload.get("allocations", ()):
            lines += self._move(src, dst, n, self.lots[number])
        if row.debt:
            lines += self._move("debt", "owed", row.debt, f'{_DEBT_LOT}, "{self.member}-debt"')
        return "".join(lines)

    def _move(self, src: str | None, dst: str, n: int, cost: str) -> Iterator[str]:
        self.used |= {src, dst}
        yield f"  {_NAMES[src].format(self.member)}  {-n} POINT {{{cost}}}\n"
        yield f"  {_NAMES[dst].format(self.member)}  {n} POINT {{{cost}}}\n"

    def closing(self, stands: dict[str | None, int]) -> str:
        """The accounts that were used, and what the member's account and lots say is in each.

        What no entry touched is nothing; the rows must say so too. All accounts in use are asserted: Beancount
        compares each that is not with all that are.
        """
        used = sorted(self.used.union(name for name, points in stands.items() if points), key=str)
        after = self.day + timedelta(days=1)
        lines = [f'1970-01-01 open {_NAMES[name].format(self.member)} POINT "STRICT"\n' for name in used]
        lines += [
            f"{after} balance {_NAMES[name].format(self.member)}  {stands[name]} POINT\n" for name in used
        ]
        return "".join(lines)


def _stands(head: Any, sums: Any) -> dict[str | None, int]:
    """What should be in each account of a member, by the rows of their account and lots."""
    own: dict[str | None, int] = {"remaining": head.available, "held": head.held, "pending": head.pending}
    gone = {bucket: sums[bucket] for bucket in ("spent", "repaid", "expired", "reversed")}
    return own | gone | {None: -sums["granted"], "debt": -head.debt, "owed": head.debt}


def _day(micros: int) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)).date()
