"""Invariants 4 to 6: what entries move, what refunds and reversals may take back, and the totals."""

from mall.domain.ledger.checks.check import ENTRY, Check

MOVES = Check(
    4,
    ENTRY,
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
    ENTRY,
    "a {kind} changes what is owed by {net}",
    """
    SELECT * FROM (
      SELECT member_id, seq, kind, available + held + pending - debt AS net FROM entry
    ) n WHERE (kind IN ('hold', 'activate', 'release') AND net <> 0) OR (kind IN ('earn', 'refund') AND net <= 0)
      OR (kind IN ('redeem', 'capture', 'expire') AND net >= 0) OR (kind = 'reverse' AND net > 0)
      OR (kind = 'adjust' AND net = 0)
    """,
)
