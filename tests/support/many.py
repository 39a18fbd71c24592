"""Thousands of orders with all that follows them, written straight into the tables: what a mall has after some years.

Nearly all of them are over; `WAITING` of each kind are not. They fit no ledger and no stock: for plans and migrations.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

from mall.core.db import UtcDateTime, transaction, write_connection

#: So many of each kind wait for something.
WAITING = 12
LONG_AGO = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)

#: `n` runs from 1 to the number asked for; the last ones wait. (`n < 0` is "false" in both databases.)
_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :all)"
_WAITS = "n > :done"
_SHOP = (
    "member (id, number, name, language, active, created_at, fs_uniquifier)"
    " SELECT 1, 'M-1', 'Mei', 'en', n > 0, :old, 'mei' FROM numbers WHERE n = 1",
    "category (id, slug, position, colour) SELECT 1, 'cups', 1, '#336699' FROM numbers WHERE n = 1",
    "item (id, slug, kind, status, category_id, popularity, version, created_at, updated_at)"
    " SELECT 1, 'course', 'digital', 'draft', 1, 0, 1, :old, :old FROM numbers WHERE n = 1",
    "variant (id, item_id, sku, position, active, created_at)"
    " SELECT 1, 1, 'COURSE', 1, n > 0, :old FROM numbers WHERE n = 1",
    "offer (id, item_id, kind, position, active, created_at)"
    " SELECT 1, 1, 'combo', 1, n > 0, :old FROM numbers WHERE n = 1",
    "offer_price (id, offer_id, points, cash, starts_at, created_at)"
    " SELECT 1, 1, 100, 1000, :old, :old FROM numbers WHERE n = 1",
    "code_pool (variant_id, low, opened_at) SELECT 1, 10, :old FROM numbers WHERE n = 1",
    "code_batch (id, variant_id, key, source, size, withdrawn, actor_kind, at)"
    " SELECT 1, 1, 'k', 'file', 5, 0, 'system', :old FROM numbers WHERE n = 1",
)
_ORDERS = (
    "orders (id, number, member_id, state, points, cash, quote_id, key, request_hash, delivery, terms_version,"
    " placed_at, placed_on, expires_at, paid_at)"
    f" SELECT n, 'R-' || n, 1, CASE WHEN {_WAITS} THEN 'awaiting_payment' WHEN n % 2 = 0 THEN 'paid' ELSE 'completed' END,"
    " 100, 1000, 'q' || n, 'k' || n, 'h', 'none', '1', :old, '2026-01-05', :old,"
    f" CASE WHEN {_WAITS} THEN NULL ELSE :old END FROM numbers",
    "order_line (id, order_id, position, variant_id, offer_id, price_id, quantity, sent, state, points_each, cash_each,"
    " kind, slug, sku, name, options, points, cash)"
    " SELECT n, n, 1, 1, 1, 1, 1, CASE WHEN n % 2 = 0 THEN 0 ELSE 1 END, CASE WHEN n % 2 = 0 THEN 'open' ELSE 'shipped' END,"
    f" 100, 1000, CASE WHEN n < {WAITING} THEN 'digital' ELSE 'goods' END, 's', 'k', '{{}}', '{{}}', 100, 1000 FROM numbers",
    "payment (id, order_id, attempt, reference, state, amount, currency, livemode, key, request, expires_at, created_at,"
    " session_id, payment_intent, mirrored_at, paid_at, captured, problem)"
    f" SELECT n, n, 1, 'R-' || n || '-1', CASE WHEN NOT {_WAITS} THEN 'paid' WHEN n % 2 = 0 THEN 'open' ELSE 'unknown' END,"
    f" 1000, 'CNY', n < 0, 'session-' || n, CASE WHEN n < {WAITING} OR {_WAITS} THEN 'body' ELSE '' END, :old, :old,"
    f" CASE WHEN {_WAITS} AND n % 2 = 1 THEN NULL ELSE 'cs_' || n END, CASE WHEN {_WAITS} THEN NULL ELSE 'pi_' || n END,"
    f" :old, CASE WHEN {_WAITS} THEN NULL ELSE :old END, CASE WHEN {_WAITS} THEN 0 ELSE 1000 END,"
    f" CASE WHEN n < {WAITING} THEN 'amount is 1, not 1000' ELSE '' END FROM numbers",
    # Half of what was given back were points alone: such a refund has nothing at Stripe.
    "refund (id, key, order_id, payment_id, kind, state, points, cash, currency, reason, restock, requested_kind,"
    " requested_at, sent_at, stripe_id)"
    f" SELECT n, 'F-' || n, n, CASE WHEN {_WAITS} OR n % 2 = 0 THEN n ELSE NULL END, 'lines',"
    f" CASE WHEN NOT {_WAITS} THEN 'succeeded' WHEN n % 2 = 0 THEN 'failed' ELSE 'sent' END,"
    f" 1, CASE WHEN {_WAITS} OR n % 2 = 0 THEN 10 ELSE 0 END, 'CNY', '', n < 0, 'system', :old, :old,"
    f" CASE WHEN {_WAITS} OR n % 2 = 1 THEN NULL ELSE 're_' || n END FROM numbers",
    "stripe_event (id, kind, object_id, created, livemode, payload, received_at, state)"
    " SELECT 'evt_' || n, 'checkout.session.completed', 'cs_' || n, :old, n < 0, '{}', :old,"
    f" CASE WHEN {_WAITS} THEN 'stored' WHEN n < {WAITING} THEN 'quarantined' ELSE 'applied' END FROM numbers",
    "dispute (id, stripe_id, payment_id, order_id, state, status, amount, currency, reason, opened_at, closed_at)"
    f" SELECT n, 'dp_' || n, n, n, CASE WHEN {_WAITS} THEN 'open' ELSE 'won' END, 'x', 10, 'CNY', 'fraudulent', :old,"
    f" CASE WHEN {_WAITS} THEN NULL ELSE :old END FROM numbers",
    "outbox_message (id, kind, payload, created_at, due_at, next_at, attempts, done_at, dead_at, error)"
    f" SELECT n, 'order.paid', '{{}}', :old, :old, :old, 1, CASE WHEN n < {WAITING} OR {_WAITS} THEN NULL ELSE :old END,"
    f" CASE WHEN n < {WAITING} THEN :old ELSE NULL END, '' FROM numbers",
    "code (id, variant_id, batch_id, ciphertext, fingerprint, state, expires_at, order_line_id)"
    f" SELECT n, 1, 1, 'c', 'f' || n, CASE WHEN {_WAITS} THEN 'free' ELSE 'given' END, :never,"
    f" CASE WHEN {_WAITS} THEN NULL ELSE n END FROM numbers",
)


def fill(n: int) -> None:
    """Write `n` orders, with as many payments, refunds, disputes, codes, webhooks and messages; in one transaction."""
    numbers = {"all": n, "done": n - WAITING, "old": LONG_AGO, "never": LONG_AGO.replace(year=9999)}
    with transaction():
        connection = write_connection()
        for statement in (*_SHOP, *_ORDERS):
            table, _, rest = statement.partition(" SELECT ")
            said = sa.text(f"{_NUMBERS} INSERT INTO {table} SELECT {rest}")
            times = [
                sa.bindparam(name, type_=UtcDateTime()) for name in ("old", "never") if f":{name}" in rest
            ]
            known = {name: value for name, value in numbers.items() if f":{name}" in str(said)}
            connection.execute(said.bindparams(*times), known)
