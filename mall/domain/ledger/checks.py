"""Invariants 1 to 8 as set-based SQL: each statement selects the rows that break its rule, and nothing else.

They read what is stored and compute it another way; none of them uses the code that wrote it.
"""

from dataclasses import dataclass

_BUCKETS = ("pending", "remaining", "held", "spent", "repaid", "expired", "reversed")


@dataclass(frozen=True, slots=True)
class Check:
    """A statement whose rows are violations; `row` and `problem` are filled from its columns."""

    invariant: int
    row: str
    problem: str
    sql: str


def _sums() -> str:
    """Net points that allocations leave in each bucket of a lot."""
    nets = ", ".join(
        f"SUM(CASE WHEN dst = '{b}' THEN n ELSE 0 END) - SUM(CASE WHEN src = '{b}' THEN n ELSE 0 END) AS {b}"
        for b in _BUCKETS
    )
    return (
        f"SELECT member_id, lot, SUM(CASE WHEN src IS NULL THEN n ELSE 0 END) AS granted, {nets} "  # noqa: S608
        "FROM allocation GROUP BY member_id, lot"
    )


_ACCOUNT = "account of member {member_id}"
_ENTRY = "entry {seq} of member {member_id}"
_LOT = "lot {number} of member {member_id}"

BALANCES = Check(
    1,
    _ACCOUNT,
    "has {available}/{held}/{pending}/{debt} available/held/pending/debt; its entries say {e_available}/{e_held}/"
    "{e_pending}/{e_debt}, its lots {l_available}/{l_held}/{l_pending}, its holds {h_held} held",
    """
    SELECT * FROM (
      SELECT a.member_id, a.available, a.held, a.pending, a.debt,
        COALESCE(e.available, 0) AS e_available, COALESCE(e.held, 0) AS e_held,
        COALESCE(e.pending, 0) AS e_pending, COALESCE(e.debt, 0) AS e_debt,
        COALESCE(l.remaining, 0) AS l_available, COALESCE(l.held, 0) AS l_held,
        COALESCE(l.pending, 0) AS l_pending, COALESCE(h.pending, 0) AS h_held
      FROM account a
      LEFT JOIN (SELECT member_id, SUM(available) AS available, SUM(held) AS held, SUM(pending) AS pending,
                   SUM(debt) AS debt FROM entry GROUP BY member_id) e ON e.member_id = a.member_id
      LEFT JOIN (SELECT member_id, SUM(remaining) AS remaining, SUM(held) AS held, SUM(pending) AS pending
                 FROM lot GROUP BY member_id) l ON l.member_id = a.member_id
      LEFT JOIN (SELECT member_id, SUM(pending) AS pending FROM hold GROUP BY member_id) h
        ON h.member_id = a.member_id
    ) b WHERE available <> e_available OR held <> e_held OR pending <> e_pending OR debt <> e_debt
      OR available <> l_available OR held <> l_held OR pending <> l_pending OR held <> h_held
      OR available < 0 OR held < 0 OR pending < 0 OR debt < 0 OR (available > 0 AND debt > 0)
    """,
)
LOTS = Check(
    2,
    _LOT,
    "its equation or its allocations disagree: granted {granted}, allocations granted {a_granted}, "
    + ", ".join(f"{b} {{{b}}} (allocations {{a_{b}}})" for b in _BUCKETS),
    f"""
    SELECT * FROM (
      SELECT l.member_id, l.number, l.granted, {", ".join(f"l.{b}" for b in _BUCKETS)},
        COALESCE(a.granted, 0) AS a_granted,
        {", ".join(f"COALESCE(a.{b}, 0) AS a_{b}" for b in _BUCKETS)}
      FROM lot l LEFT JOIN ({_sums()}) a ON a.member_id = l.member_id AND a.lot = l.number
    ) b WHERE granted <> {" + ".join(_BUCKETS)} OR granted <> a_granted
      OR {" OR ".join(f"{b} <> a_{b} OR {b} < 0" for b in _BUCKETS)}
    """,  # noqa: S608
)
LOT_COUNT = Check(
    2,
    _ACCOUNT,
    "counts {lots} lots and {seq} entries; there are {n_lots}, the last {last_lot}, and {n_entries}, the last {last}",
    """
    SELECT a.member_id, a.lots, a.seq, COALESCE(l.n, 0) AS n_lots, COALESCE(l.last, 0) AS last_lot,
      COALESCE(e.n, 0) AS n_entries, COALESCE(e.last, 0) AS last
    FROM account a
    LEFT JOIN (SELECT member_id, COUNT(*) AS n, MAX(number) AS last FROM lot GROUP BY member_id) l
      ON l.member_id = a.member_id
    LEFT JOIN (SELECT member_id, COUNT(*) AS n, MAX(seq) AS last FROM entry GROUP BY member_id) e
      ON e.member_id = a.member_id
    WHERE a.lots <> COALESCE(l.n, 0) OR a.lots <> COALESCE(l.last, 0)
      OR a.seq <> COALESCE(e.n, 0) OR a.seq <> COALESCE(e.last, 0)
    """,
)
STRAYS = Check(
    2,
    "allocation {line} of entry {seq} of member {member_id}",
    "belongs to no entry, or moves points of a lot that does not exist ({lot})",
    """
    SELECT a.member_id, a.seq, a.line, a.lot FROM allocation a
    LEFT JOIN entry e ON e.member_id = a.member_id AND e.seq = a.seq
    LEFT JOIN lot l ON l.member_id = a.member_id AND l.number = a.lot
    WHERE e.seq IS NULL OR l.number IS NULL
    """,
)
HOLDS = Check(
    3,
    "hold {id} of member {member_id}",
    "amount {amount}, pending {pending}, captured {captured}, released {released}; entries say {a_amount} placed, "
    "{a_captured} captured, {a_released} released",
    """
    SELECT * FROM (
      SELECT h.id, h.member_id, h.amount, h.pending, h.captured, h.released, COALESCE(a.amount, 0) AS a_amount,
        COALESCE(a.captured, 0) AS a_captured, COALESCE(a.released, 0) AS a_released
      FROM hold h LEFT JOIN (
        SELECT e.hold_id, SUM(CASE WHEN e.kind = 'hold' THEN a.n ELSE 0 END) AS amount,
          SUM(CASE WHEN e.kind = 'capture' THEN a.n ELSE 0 END) AS captured,
          SUM(CASE WHEN e.kind = 'release' THEN a.n ELSE 0 END) AS released
        FROM entry e JOIN allocation a ON a.member_id = e.member_id AND a.seq = e.seq
        WHERE e.hold_id IS NOT NULL GROUP BY e.hold_id) a ON a.hold_id = h.id
    ) b WHERE amount <> pending + captured + released OR amount <> a_amount OR captured <> a_captured
      OR released <> a_released OR pending < 0 OR captured < 0 OR released < 0
    """,
)
MOVES = Check(
    4,
    _ENTRY,
    "a {kind} that changes available/held/pending/debt by {available}/{held}/{pending}/{debt} moves {m_available}/"
    "{m_held}/{m_pending} and repays {repaid}",
    """
    SELECT * FROM (
      SELECT e.member_id, e.seq, e.kind, e.available, e.held, e.pending, e.debt,
        COALESCE(m.available, 0) AS m_available, COALESCE(m.held, 0) AS m_held,
        COALESCE(m.pending, 0) AS m_pending, COALESCE(m.repaid, 0) AS repaid
      FROM entry e LEFT JOIN (
        SELECT member_id, seq,
          SUM(CASE WHEN dst = 'remaining' THEN n ELSE 0 END - CASE WHEN src = 'remaining' THEN n ELSE 0 END)
            AS available,
          SUM(CASE WHEN dst = 'held' THEN n ELSE 0 END - CASE WHEN src = 'held' THEN n ELSE 0 END) AS held,
          SUM(CASE WHEN dst = 'pending' THEN n ELSE 0 END - CASE WHEN src = 'pending' THEN n ELSE 0 END) AS pending,
          SUM(CASE WHEN dst = 'repaid' THEN n ELSE 0 END) AS repaid
        FROM allocation GROUP BY member_id, seq) m ON m.member_id = e.member_id AND m.seq = e.seq
    ) b WHERE available <> m_available OR held <> m_held OR pending <> m_pending
      OR (kind <> 'reverse' AND debt <> -repaid) OR (kind = 'reverse' AND (debt < 0 OR repaid > 0))
    """,
)
MOVES_BY_KIND = Check(
    4,
    "allocation {line} of entry {seq} of member {member_id}",
    "a {kind} moves points from {src} to {dst}",
    """
    SELECT e.member_id, e.seq, a.line, e.kind, COALESCE(a.src, 'nowhere') AS src, a.dst
    FROM entry e JOIN allocation a ON a.member_id = e.member_id AND a.seq = e.seq
    WHERE a.n <= 0 OR NOT CASE e.kind
      WHEN 'earn' THEN a.src IS NULL AND a.dst IN ('pending', 'remaining', 'repaid')
      WHEN 'adjust' THEN (a.src IS NULL AND a.dst IN ('remaining', 'repaid'))
        OR (COALESCE(a.src, '') = 'remaining' AND a.dst = 'reversed')
      WHEN 'activate' THEN COALESCE(a.src, '') = 'pending' AND a.dst IN ('remaining', 'repaid')
      WHEN 'hold' THEN COALESCE(a.src, '') = 'remaining' AND a.dst = 'held'
      WHEN 'capture' THEN COALESCE(a.src, '') = 'held' AND a.dst = 'spent'
      WHEN 'release' THEN COALESCE(a.src, '') = 'held' AND a.dst IN ('remaining', 'repaid')
      WHEN 'redeem' THEN COALESCE(a.src, '') = 'remaining' AND a.dst = 'spent'
      WHEN 'refund' THEN COALESCE(a.src, '') = 'spent' AND a.dst IN ('remaining', 'repaid')
      WHEN 'expire' THEN COALESCE(a.src, '') = 'remaining' AND a.dst = 'expired'
      WHEN 'reverse' THEN COALESCE(a.src, '') IN ('pending', 'remaining', 'expired') AND a.dst = 'reversed'
      ELSE FALSE END
    """,
)
REFUNDS = Check(
    5,
    "{ref_kind} {ref_id} of member {member_id}",
    "gave {refunded} points back to lot {lot} of {spent} spent from it",
    """
    SELECT member_id, ref_kind, ref_id, lot, SUM(spent) AS spent, SUM(refunded) AS refunded FROM (
      SELECT e.member_id, e.ref_kind, e.ref_id, a.lot, a.n AS spent, 0 AS refunded
      FROM entry e JOIN allocation a ON a.member_id = e.member_id AND a.seq = e.seq
      WHERE e.kind IN ('redeem', 'capture')
      UNION ALL
      SELECT e.member_id, e.of_kind, e.of_id, a.lot, 0, a.n
      FROM entry e JOIN allocation a ON a.member_id = e.member_id AND a.seq = e.seq
      WHERE e.kind = 'refund'
    ) u GROUP BY member_id, ref_kind, ref_id, lot HAVING SUM(refunded) > SUM(spent)
    """,
)
REVERSALS = Check(
    5,
    "{ref_kind} {ref_id} of member {member_id}",
    "had {reversed} points taken back of {granted} granted",
    """
    SELECT member_id, ref_kind, ref_id, SUM(granted) AS granted, SUM(reversed) AS reversed FROM (
      SELECT e.member_id, e.ref_kind, e.ref_id, a.n AS granted, 0 AS reversed
      FROM entry e JOIN allocation a ON a.member_id = e.member_id AND a.seq = e.seq
      WHERE a.src IS NULL
      UNION ALL
      SELECT e.member_id, e.of_kind, e.of_id, 0, a.n
      FROM entry e JOIN allocation a ON a.member_id = e.member_id AND a.seq = e.seq
      WHERE e.kind = 'reverse'
      UNION ALL
      SELECT e.member_id, e.of_kind, e.of_id, 0, e.debt FROM entry e WHERE e.kind = 'reverse'
    ) u GROUP BY member_id, ref_kind, ref_id HAVING SUM(reversed) > SUM(granted)
    """,
)
TOTALS = Check(
    6,
    "all accounts",
    "owe {outstanding} points; the journal says {earned} earned + {adjusted} adjusted - ({spent} spent - {refunded} "
    "refunded) - {expired} expired - {reversed} reversed",
    """
    SELECT * FROM (
      SELECT (SELECT COALESCE(SUM(available + held + pending - debt), 0) FROM account) AS outstanding,
        COALESCE(SUM(CASE WHEN kind = 'earn' THEN net END), 0) AS earned,
        COALESCE(SUM(CASE WHEN kind = 'adjust' THEN net END), 0) AS adjusted,
        -COALESCE(SUM(CASE WHEN kind IN ('redeem', 'capture') THEN net END), 0) AS spent,
        COALESCE(SUM(CASE WHEN kind = 'refund' THEN net END), 0) AS refunded,
        -COALESCE(SUM(CASE WHEN kind = 'expire' THEN net END), 0) AS expired,
        -COALESCE(SUM(CASE WHEN kind = 'reverse' THEN net END), 0) AS reversed
      FROM (SELECT kind, available + held + pending - debt AS net FROM entry) n
    ) t WHERE outstanding <> earned + adjusted - (spent - refunded) - expired - reversed
    """,
)
SIGNS = Check(
    6,
    _ENTRY,
    "a {kind} changes what is owed by {net}",
    """
    SELECT * FROM (
      SELECT member_id, seq, kind, available + held + pending - debt AS net FROM entry
    ) n WHERE (kind IN ('hold', 'activate', 'release') AND net <> 0) OR (kind IN ('earn', 'refund') AND net <= 0)
      OR (kind IN ('redeem', 'capture', 'expire') AND net >= 0) OR (kind = 'reverse' AND net > 0)
      OR (kind = 'adjust' AND net = 0)
    """,
)
#: The last write of a member settled all that was due at its instant.
SETTLED = Check(
    8,
    _LOT,
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
    _LOT,
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
    _ACCOUNT,
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
    _LOT,
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
    _ENTRY,
    "is not the head that was sealed on {day}",
    """
    SELECT h.member_id, h.seq, h.day FROM seal_head h
    LEFT JOIN entry e ON e.member_id = h.member_id AND e.seq = h.seq
    WHERE e.hash IS NULL OR e.hash <> h.head
    """,
)
ALL = (
    BALANCES,
    LOTS,
    LOT_COUNT,
    STRAYS,
    HOLDS,
    MOVES,
    MOVES_BY_KIND,
    REFUNDS,
    REVERSALS,
    TOTALS,
    SIGNS,
    SETTLED,
    DUE_DATES,
    GRACE,
)
