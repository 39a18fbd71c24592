"""Invariants 1 to 8 as set-based SQL: each statement selects the rows that break its rule, and nothing else.

They read what is stored and compute it another way; none of them uses the code that wrote it.
"""

from mall.domain.ledger.checks import accounts, dates, journal
from mall.domain.ledger.checks.check import Check
from mall.domain.ledger.checks.dates import SEALED_HEADS, SWEPT

__all__ = ["ALL", "SEALED_HEADS", "SWEPT", "Check"]

ALL: tuple[Check, ...] = (
    accounts.BALANCES,
    accounts.LOTS,
    accounts.COUNTS,
    accounts.STRAYS,
    accounts.HOLDS,
    journal.MOVES,
    journal.MOVES_BY_KIND,
    journal.REFUNDS,
    journal.REVERSALS,
    journal.TOTALS,
    journal.SIGNS,
    dates.SETTLED,
    dates.DUE_DATES,
    dates.GRACE,
)
