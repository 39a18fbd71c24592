"""Invariants 1 to 3: accounts, lots and holds are what their entries and allocations say."""

from mall.domain.ledger.checks.check import ACCOUNT, LOT, Check

_BUCKETS = ("pending", "remaining", "held", "spent", "repaid", "expired", "reversed")


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


BALANCES = Check(
    1,
    ACCOUNT,
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
    LOT,
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
COUNTS = Check(
    2,
    ACCOUNT,
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
