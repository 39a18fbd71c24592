"""Refunds: what came back of a line; a refund's facts and a document never change, and states follow their table."""

import sqlalchemy as sa

_int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _count(name: str, check: str) -> tuple[str, sa.Column[int]]:
    return "order_line", sa.Column(
        name, _int, sa.CheckConstraint(check, name=name), nullable=False, server_default="0"
    )


COLUMNS = [
    _count("returned", "returned >= 0 AND returned <= sent"),
    _count("points_back", "points_back >= 0 AND points_back <= points"),
    _count("cash_back", "cash_back >= 0 AND cash_back <= cash"),
]

#: The moves that a refund's state may make, as mall/domain/orders/rules.py has them.
_MOVES = {
    "requested": "'sent'",
    "sent": "'succeeded', 'failed'",
    "succeeded": "'failed'",
    "failed": "'sent', 'settled_by_hand'",
}
_NO_MOVE = " AND ".join(
    f"NOT (OLD.state = '{before}' AND NEW.state IN ({after}))" for before, after in _MOVES.items()
)
_FACTS = "id, key, order_id, payment_id, kind, points, cash, delivery, earned_back, currency, restock, " \
    "form_key, requested_kind, requested_id, requested_at"  # fmt: skip
_MOVED, _FIXED = "refund: no such move of the state", "refund: what was decided is never changed"
_FINAL = "a document is never changed"

#: (table, the message): their rows are only ever added.
_ONLY_GROW = (
    ("refund_line", _FIXED),
    ("document", _FINAL),
    ("tax_rate", "tax_rate: a version is never changed"),
)

_SQLITE = [
    f"CREATE TRIGGER refund_moves BEFORE UPDATE OF state ON refund WHEN OLD.state <> NEW.state AND {_NO_MOVE} "
    f"BEGIN SELECT RAISE(ABORT, '{_MOVED}'); END",
    f"CREATE TRIGGER refund_fixed BEFORE UPDATE OF {_FACTS} ON refund BEGIN SELECT RAISE(ABORT, '{_FIXED}'); END",
    f"CREATE TRIGGER refund_no_delete BEFORE DELETE ON refund BEGIN SELECT RAISE(ABORT, '{_FIXED}'); END",
    # INSERT OR REPLACE deletes the old row without telling the DELETE trigger.
    "CREATE TRIGGER refund_no_replace BEFORE INSERT ON refund WHEN EXISTS (SELECT 1 FROM refund WHERE id = NEW.id "
    f"OR key = NEW.key) BEGIN SELECT RAISE(ABORT, '{_FIXED}'); END",
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for table, message in _ONLY_GROW
        for verb in ("UPDATE", "DELETE")
    ),
    "CREATE TRIGGER document_no_replace BEFORE INSERT ON document WHEN EXISTS (SELECT 1 FROM document "
    "WHERE id = NEW.id OR number = NEW.number) "
    f"BEGIN SELECT RAISE(ABORT, '{_FINAL}'); END",
]
_POSTGRESQL = [
    "CREATE FUNCTION refund_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0]; END $$",
    f"CREATE TRIGGER refund_moves BEFORE UPDATE OF state ON refund FOR EACH ROW "
    f"WHEN (OLD.state <> NEW.state AND {_NO_MOVE}) EXECUTE FUNCTION refund_refuse('{_MOVED}')",
    f"CREATE TRIGGER refund_fixed BEFORE UPDATE OF {_FACTS} ON refund "
    f"FOR EACH STATEMENT EXECUTE FUNCTION refund_refuse('{_FIXED}')",
    "CREATE TRIGGER refund_no_delete BEFORE DELETE OR TRUNCATE ON refund "
    f"FOR EACH STATEMENT EXECUTE FUNCTION refund_refuse('{_FIXED}')",
    *(
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refund_refuse('{message}')"
        for table, message in _ONLY_GROW
    ),
]
#: Before there was cash, what a line had given back was its price for each cancelled unit.
_DATA = ["UPDATE order_line SET points_back = points_each * cancelled WHERE cancelled > 0"]
UPGRADE = {"sqlite": [*_DATA, *_SQLITE], "postgresql": [*_DATA, *_POSTGRESQL]}
