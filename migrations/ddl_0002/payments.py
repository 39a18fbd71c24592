"""What is agreed with Stripe never changes: an attempt's amount, key and body; an event as it was received.

A body may be emptied once its attempt has ended, and an event deleted once it was handled: both hold personal data.
"""

_FIXED = "id, order_id, attempt, reference, amount, currency, livemode, key, created_at, expires_at"
_EVENT_FIXED = "id, kind, object_id, created, livemode, payload, received_at"
_DISPUTE_FIXED = "id, stripe_id, payment_id, order_id, currency, opened_at"
#: Set once, then never to another value.
_ONCE = ("session_id", "payment_intent", "charge", "paid_at")

#: Table, name, what happens, when, and what is said.
_GUARDS = [
    ("payment", "fixed", f"UPDATE OF {_FIXED}", "", "what was agreed is never changed"),
    (
        "payment",
        "request",
        "UPDATE OF request",
        "NEW.request <> OLD.request AND (NEW.request <> '' OR OLD.state NOT IN ('closed', 'paid'))",
        "a request may be emptied when its attempt has ended, never changed",
    ),
    *(
        ("payment", name, f"UPDATE OF {name}", f"OLD.{name} IS NOT NULL AND NEW.{name} {{other}} OLD.{name}", f"{name} is set once")
        for name in _ONCE
    ),
    (
        "payment",
        "forward",
        "UPDATE OF state",
        "NEW.state <> OLD.state AND (OLD.state = 'paid' OR NEW.state = 'new' OR (OLD.state = 'closed' AND NEW.state <> 'paid') "
        "OR (OLD.state = 'open' AND NEW.state = 'unknown'))",
        "an attempt only moves forward",
    ),
    (
        "payment",
        "grows",
        "UPDATE OF captured, refunding, refunded",
        "NEW.captured < OLD.captured OR NEW.refunding < OLD.refunding OR NEW.refunded < OLD.refunded",
        "what came in or went back never becomes less",
    ),
    ("payment", "no_delete", "DELETE", "", "an attempt stays"),
    ("stripe_event", "fixed", f"UPDATE OF {_EVENT_FIXED}", "", "what was received is never changed"),
    (
        "stripe_event",
        "no_delete",
        "DELETE",
        "OLD.state IN ('stored', 'quarantined')",
        "an event stays until it was handled",
    ),
    ("dispute", "fixed", f"UPDATE OF {_DISPUTE_FIXED}", "", "what was disputed is never changed"),
    ("dispute", "closed", "UPDATE OF state", "OLD.state <> 'open' AND NEW.state <> OLD.state", "a closed dispute stays closed"),
    ("dispute", "no_delete", "DELETE", "", "a dispute stays"),
]  # fmt: skip
#: INSERT OR REPLACE deletes the old row without telling the DELETE trigger.
_SAME = {
    "payment": "id = NEW.id OR key = NEW.key OR reference = NEW.reference OR session_id = NEW.session_id"
    " OR payment_intent = NEW.payment_intent OR (order_id = NEW.order_id AND attempt = NEW.attempt)",
    "stripe_event": "id = NEW.id",
    "dispute": "id = NEW.id OR stripe_id = NEW.stripe_id",
}


def _sqlite(table: str, name: str, what: str, when: str, says: str) -> str:
    condition = f"WHEN {when.format(other='IS NOT')} " if when else ""
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE {what} ON {table} {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{table}: {says}'); END"
    )


def _postgresql(table: str, name: str, what: str, when: str, says: str) -> str:
    condition = f"WHEN ({when.format(other='IS DISTINCT FROM')}) " if when else ""
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE {what} ON {table} FOR EACH ROW {condition}"
        f"EXECUTE FUNCTION payments_refuse('{says}')"
    )


def _no_replace(table: str, same: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {table}: the row exists'); END"
    )


_FUNCTION = """
CREATE FUNCTION payments_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING
    ERRCODE = 'integrity_constraint_violation',
    MESSAGE = TG_TABLE_NAME || ': ' || TG_ARGV[0];
END $$
"""
UPGRADE = {
    "sqlite": [
        *(_sqlite(*guard) for guard in _GUARDS),
        *(_no_replace(table, same) for table, same in _SAME.items()),
    ],
    "postgresql": [
        _FUNCTION,
        *(_postgresql(*guard) for guard in _GUARDS),
        *(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse('rows stay')"
            for table in _SAME
        ),
    ],
}
