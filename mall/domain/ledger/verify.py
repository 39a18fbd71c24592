"""Is every point accounted for? Invariants 1 to 8 as SQL (`checks`), 9 by walking the chains; read only."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core import merkle
from mall.core.checks import Violation
from mall.core.db import UtcDateTime, db
from mall.domain.ledger import checks
from mall.domain.ledger.reading import Link, links
from mall.domain.ledger.rules import GENESIS
from mall.domain.ledger.seal import latest, leaf, runs
from mall.domain.ledger.statements import Row, account, total

#: Violations of one check that are told; a broken rule breaks many rows.
MOST = 100
_ACCOUNTS = 1_000

_TOTALS = sa.select(
    sa.func.count().label("members"),
    total(account.c.seq).label("entries"),
    *(total(account.c[name]).label(name) for name in ("available", "held", "pending", "debt")),
)
_NEXT_ACCOUNTS = (
    sa.select(account.c.member_id, account.c.seq, account.c.head, account.c.available)
    .where(account.c.member_id > bindparam("after"), account.c.seq >= 0)
    .order_by(account.c.member_id)
    .limit(_ACCOUNTS)
)

Checker = Callable[[], Iterable[Violation]]


@dataclass(frozen=True, slots=True)
class Report:
    """What `verify` found, and the books' totals (points)."""

    violations: tuple[Violation, ...]
    members: int
    entries: int
    available: int
    held: int
    pending: int
    debt: int

    @property
    def outstanding(self) -> int:
        """Points that the merchant owes, less what members owe."""
        return self.available + self.held + self.pending - self.debt


def verify(
    *, extra: Iterable[Checker] = (), swept_at: datetime | None = None, since_seal: bool = False
) -> Report:
    """Check the whole database. `extra`: other rooms' checkers (orders, stock).

    `swept_at`: a sweep as of then is done, so nothing may be due any more. `since_seal` trusts the chains up to the
    last seal, whose root is recomputed, and walks only what was written after it.
    """
    found = list(sets(swept_at))
    found += chains(since_seal=since_seal)
    found += seals()
    for checker in extra:
        found += checker()
    row = db.session.execute(_TOTALS).one()
    return Report(tuple(found), **row._mapping)


def sets(swept_at: datetime | None = None) -> Iterator[Violation]:
    """Invariants 1 to 8, each in one statement, so each against one moment of the database."""
    for check in checks.ALL:
        yield from _run(check)
    if swept_at is not None:
        yield from _run(checks.SWEPT, swept_at)


def _run(check: checks.Check, as_of: datetime | None = None) -> Iterator[Violation]:
    statement = sa.text(f"{check.sql} LIMIT {MOST}")
    asked = {}
    if as_of is not None:
        statement = statement.bindparams(bindparam("as_of", type_=UtcDateTime()))
        asked["as_of"] = as_of
    for row in db.session.execute(statement, asked).mappings():
        yield Violation(check.invariant, check.row.format(**row), check.problem.format(**row))


def chains(*, since_seal: bool = False) -> Iterator[Violation]:
    """Invariant 9: every member's chain recomputes, and its head is the account's."""
    day = None
    if since_seal and (last := latest()) is not None:
        day = last.day
    after = 0
    while accounts := db.session.execute(_NEXT_ACCOUNTS, {"after": after}).all():
        after = accounts[-1].member_id
        if day is None:
            yield from _walk(accounts, links(accounts[0].member_id, after), {})
            continue
        sealed = {row.member_id: row for row in next(runs(day, accounts[0].member_id), ())}
        for account_row in accounts:
            head = sealed.get(account_row.member_id)
            if head is None or account_row.seq > head.seq:
                member, place = account_row.member_id, head.seq - 1 if head else 0
                yield from _walk([account_row], links(member, member, place), sealed)
            elif account_row.head != head.head:
                yield Violation(9, f"account of member {account_row.member_id}", "is not as it was sealed")


@dataclass(slots=True)
class _Place:
    """How far a chain was walked; hash and balance unknown before the entry that a seal vouches for."""

    seq: int = 0
    hash: bytes | None = GENESIS
    balance: int | None = 0


def _walk(accounts: Sequence[Row], chain: Iterable[Link], sealed: Mapping[int, Row]) -> Iterator[Violation]:
    """Walk the entries of these accounts up to the heads that the accounts had; later ones are not looked at."""
    heads = {row.member_id: row for row in accounts}
    places = {
        member: _Place(sealed[member].seq - 1, None, None) if member in sealed else _Place()
        for member in heads
    }
    for link in chain:
        row = link.row
        if row.member_id not in heads or row.seq > heads[row.member_id].seq:
            continue
        place = places[row.member_id]
        for problem in _problems(link, place):
            yield Violation(9, f"entry {row.seq} of member {row.member_id}", problem)
        places[row.member_id] = _Place(row.seq, row.hash, row.balance)
    for member, place in places.items():
        head = heads[member]
        if (place.seq, place.hash, place.balance) != (head.seq, head.head, head.available):
            yield Violation(
                9,
                f"account of member {member}",
                f"its head is entry {head.seq} with balance {head.available}, the chain ends with entry "
                f"{place.seq} with balance {place.balance}, or the hashes differ",
            )


def _problems(link: Link, place: _Place) -> Iterator[str]:
    row = link.row
    if row.seq != place.seq + 1:
        yield f"follows entry {place.seq}: entries are missing"
    if place.hash is not None and row.previous != place.hash:
        yield "does not name the hash of the entry before it"
    if link.hash != row.hash:
        yield "its hash does not recompute: it, its allocations or the dates of its lot were changed"
    if not link.note_fits:
        yield "its note is not the one that was written"
    if place.balance is not None and row.balance != place.balance + row.available:
        yield f"says {row.balance} points are available after it, not {place.balance + row.available}"


def seals() -> Iterator[Violation]:
    """The last seal's root recomputes from its heads; every head that was sealed is still the entry's hash."""
    yield from _run(checks.SEALED_HEADS)
    last = latest()
    if last is None:
        return
    size, nodes = 0, []
    for run in runs(last.day):
        nodes.append(merkle.root([leaf(*row) for row in run]))
        size += len(run)
    if (size, merkle.root(nodes)) != (last.size, last.root):
        yield Violation(9, f"seal of {last.day}", "its root does not recompute from the heads that it sealed")
