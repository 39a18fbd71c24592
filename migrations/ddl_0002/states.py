"""The tables of states, in the database too: whatever code runs, an order or a line goes no other way.

Copied from `mall.domain.orders.rules.TRANSITIONS` as it is at this version; a test walks every pair of states through
the triggers, so that a change of the rules without a migration does not pass.
"""

_MOVES = {
    "orders": {
        "reserved": ("paid", "awaiting_payment", "unknown", "expiring"),
        "unknown": ("awaiting_payment", "paid", "expiring"),
        "awaiting_payment": ("paid", "expiring"),
        "expiring": ("paid", "expired", "cancelled"),
        "paid": ("completed", "cancelled"),
    },
    "order_line": {
        "open": ("shipped", "fulfilled", "cancelled"),
        "shipped": ("received", "returned"),
        "fulfilled": ("received", "returned"),
        "received": ("returned",),
    },
}


def _allowed(moves: dict[str, tuple[str, ...]]) -> str:
    return " OR ".join(
        f"(OLD.state = '{before}' AND NEW.state IN ({', '.join(repr(state) for state in after)}))"
        for before, after in moves.items()
    )


def _sqlite(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_state BEFORE UPDATE OF state ON {table} "
        f"WHEN OLD.state <> NEW.state AND NOT ({_allowed(_MOVES[table])}) "
        f"BEGIN SELECT RAISE(ABORT, '{table}: no such change of state'); END"
    )


def _postgresql(table: str) -> list[str]:
    return [
        f"CREATE FUNCTION {table}_state_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', "
        f"MESSAGE = '{table}: no such change of state'; END $$",
        f"CREATE TRIGGER {table}_state BEFORE UPDATE OF state ON {table} FOR EACH ROW "
        f"WHEN (OLD.state <> NEW.state AND NOT ({_allowed(_MOVES[table])})) "
        f"EXECUTE FUNCTION {table}_state_refuse()",
    ]


UPGRADE = {
    "sqlite": [_sqlite(table) for table in _MOVES],
    "postgresql": [statement for table in _MOVES for statement in _postgresql(table)],
}
