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
from mall.domain.ledger.statements import account

_ACCOUNTS = (
    sa.select(account.c.member_id, account.c.available, account.c.held, account.c.pending, account.c.debt)
    .where(account.c.member_id > bindparam("after"), account.c.seq > 0)
    .order_by(account.c.member_id)
    .limit(500)
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
_ASSERTED = ("remaining", "held", "pending", "debt")
_DEBT_LOT = "1 UNIT, 1970-01-01"


def beancount(title: str) -> Iterator[str]:
    """The whole journal as Beancount text, in pieces; memory stays bounded."""
    yield f'option "title" "{title}"\noption "operating_currency" "UNIT"\n'
    yield "1970-01-01 commodity POINT\n1970-01-01 commodity UNIT\n"
    after = 0
    while accounts := db.session.execute(_ACCOUNTS, {"after": after}).all():
        heads = {row.member_id: row for row in accounts}
        books: _MemberBooks | None = None
        for link in links(accounts[0].member_id, accounts[-1].member_id):
            if books is None or books.member != link.row.member_id:
                if books is not None:
                    yield books.closing(heads[books.member])
                books = _MemberBooks(link.row.member_id)
            yield books.transaction(link)
        if books is not None:
            yield books.closing(heads[books.member])
        after = accounts[-1].member_id


class _MemberBooks:
    """Writes one member's entries in order; remembers the dates of their lots and the accounts in use."""

    def __init__(self, member: int) -> None:
        self.member = member
        self.day = date.min
        self.lots: dict[int, str] = {}
        self.used: set[str | None] = set()

    def transaction(self, link: Link) -> str:
        """An entry as a transaction; days never go back, as Beancount sorts by them."""
        row, payload = link.row, link.payload
        self.day = max(self.day, row.at.astimezone(UTC).date())
        for number, _, earned_at, *_ in payload.get("lots", ()):
            self.lots[number] = f'1 UNIT, {_day(earned_at)}, "{self.member}-{number}"'
        lines = [f'{self.day} * "{row.kind}" "{row.seq}"\n']
        for lot, src, dst, n in payload.get("allocations", ()):
            lines += self._move(src, dst, n, self.lots[lot])
        if row.debt:
            lines += self._move("debt", "owed", row.debt, f'{_DEBT_LOT}, "{self.member}-debt"')
        return "".join(lines)

    def _move(self, src: str | None, dst: str, n: int, lot: str) -> Iterator[str]:
        self.used |= {src, dst}
        yield f"  {_NAMES[src].format(self.member)}  {-n} POINT {{{lot}}}\n"
        yield f"  {_NAMES[dst].format(self.member)}  {n} POINT {{{lot}}}\n"

    def closing(self, head: Any) -> str:
        """The accounts that were used, and what the account row says is in them."""
        stands = {"remaining": head.available, "held": head.held, "pending": head.pending, "debt": -head.debt}
        # What no entry touched is nothing; the account row must say so too.
        asserted = [name for name in _ASSERTED if name in self.used or stands[name]]
        used = sorted(self.used.union(asserted), key=str)
        lines = [f'1970-01-01 open {_NAMES[name].format(self.member)} POINT "STRICT"\n' for name in used]
        after = self.day + timedelta(days=1)
        lines += [
            f"{after} balance {_NAMES[name].format(self.member)}  {stands[name]} POINT\n"
            for name in _ASSERTED
        ]
        return "".join(lines)


def _day(micros: int) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)).date()
