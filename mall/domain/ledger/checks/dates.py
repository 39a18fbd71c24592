"""Invariants 8 and 9 (in part): nothing outlives its time, and what was sealed stays."""

from mall.domain.ledger.checks.check import ACCOUNT, ENTRY, LOT, Check

#: The last write of a member settled all that was due at its instant.
SETTLED = Check(
    8,
    LOT,
    "still has {remaining} remaining and {pending} pending points, due {due}, though member's last entry is of {at}",
    """
    SELECT l.member_id, l.number, l.remaining, l.pending, e.at,
      CASE WHEN l.pending > 0 THEN l.activates_at ELSE COALESCE(l.grace_until, l.expires_at) END AS due
    FROM account a JOIN entry e ON e.member_id = a.member_id AND e.seq = a.seq
    JOIN lot l ON l.member_id = a.member_id
    WHERE (l.remaining > 0 AND l.expires_at <= e.at AND COALESCE(l.grace_until, l.expires_at) <= e.at)
      OR (l.pending > 0 AND l.activates_at <= e.at)
    """,
)
#: After a sweep as of an instant, nothing is due any more.
SWEPT = Check(
    8,
    LOT,
    "still has {remaining} remaining and {pending} pending points after the sweep",
    """
    SELECT member_id, number, remaining, pending FROM lot
    WHERE (remaining > 0 AND expires_at <= :as_of AND COALESCE(grace_until, expires_at) <= :as_of)
      OR (pending > 0 AND activates_at <= :as_of)
    """,
)
#: A sweep finds every account that has something due.
DUE_DATES = Check(
    8,
    ACCOUNT,
    "is looked at on {due_at}; its lot {number} is due on {due}",
    """
    SELECT * FROM (
      SELECT a.member_id, a.due_at, l.number,
        CASE WHEN l.pending > 0 THEN l.activates_at ELSE COALESCE(l.grace_until, l.expires_at) END AS due
      FROM account a JOIN lot l ON l.member_id = a.member_id
      WHERE l.pending > 0 OR l.remaining > 0
    ) d WHERE due IS NOT NULL AND (due_at IS NULL OR due_at > due)
    """,
)
GRACE = Check(
    8,
    LOT,
    "was given grace until {grace_until} by entry {grace_seq}, which returned nothing to it after its end",
    """
    SELECT l.member_id, l.number, l.grace_until, l.grace_seq FROM lot l
    LEFT JOIN entry e ON e.member_id = l.member_id AND e.seq = l.grace_seq
      AND e.kind IN ('refund', 'release') AND e.at >= l.expires_at
    WHERE l.grace_until IS NOT NULL AND e.seq IS NULL
    """,
)
#: What was published stays true.
SEALED_HEADS = Check(
    9,
    ENTRY,
    "is not the head that was sealed on {day}",
    """
    SELECT h.member_id, h.seq, h.day FROM seal_head h
    LEFT JOIN entry e ON e.member_id = h.member_id AND e.seq = h.seq
    WHERE e.hash IS NULL OR e.hash <> h.head
    """,
)
