"""The journal only grows: entries and allocations are never changed, removed, or written over; nor are a lot's dates."""

_FIXED = "member_id, number, seq, earned_at, activates_at, expires_at, granted"

#: What makes a row the same as one that is there, by the name of it.
_SAME = {
    "entry": {
        "row": "member_id = NEW.member_id AND seq = NEW.seq",
        "key": "key_scope = NEW.key_scope AND key_value = NEW.key_value",
    },
    "allocation": {"row": "member_id = NEW.member_id AND seq = NEW.seq AND line = NEW.line"},
}
#: The same of tables that do change, each in its way, but whose rows stay.
_STAYS = {
    "lot": "member_id = NEW.member_id AND number = NEW.number",
    "hold": "id = NEW.id",
    "seal": "day = NEW.day",
    "seal_head": "member_id = NEW.member_id AND day = NEW.day",
    "seal_node": "day = NEW.day AND number = NEW.number",
}


def _refuse(table: str, verb: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: the journal is never changed'); END"
    )


def _no_replace(table: str, what: str, same: str) -> str:
    """INSERT OR REPLACE deletes the old row without telling the DELETE trigger."""
    return (
        f"CREATE TRIGGER {table}_no_same_{what} BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
        f"BEGIN SELECT RAISE(ABORT, '{table}: the {what} exists'); END"
    )


def _sqlite() -> list[str]:
    return [
        *(_refuse(table, verb) for table in _SAME for verb in ("UPDATE", "DELETE")),
        *(_no_replace(table, *same) for table in _SAME for same in _SAME[table].items()),
        *(_no_replace(table, "row", same) for table, same in _STAYS.items()),
        *(_refuse(table, "DELETE") for table in _STAYS),
        *(_refuse(table, "UPDATE") for table in ("seal_head", "seal_node")),
        "CREATE TRIGGER seal_made BEFORE UPDATE ON seal WHEN OLD.size > 0 "
        "BEGIN SELECT RAISE(ABORT, 'seal: what was published is never changed'); END",
        "CREATE TRIGGER entry_note_no_update BEFORE UPDATE ON entry_note "
        "BEGIN SELECT RAISE(ABORT, 'entry_note: a note may be erased, never changed'); END",
        f"CREATE TRIGGER lot_fixed BEFORE UPDATE OF {_FIXED} ON lot "
        "BEGIN SELECT RAISE(ABORT, 'lot: what was granted is never changed'); END",
        "CREATE TRIGGER hold_resolved BEFORE UPDATE ON hold WHEN OLD.pending = 0 "
        "BEGIN SELECT RAISE(ABORT, 'hold: a resolved hold is never changed'); END",
    ]


def _postgresql() -> list[str]:
    refuse = "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
    return [
        """
        CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = TG_TABLE_NAME || ': ' || TG_OP || ' is refused, the journal is never changed';
        END $$
        """,
        *(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} {refuse}"
            for table in _SAME
        ),
        f"CREATE TRIGGER entry_note_no_update BEFORE UPDATE OR TRUNCATE ON entry_note {refuse}",
        f"CREATE TRIGGER lot_fixed BEFORE UPDATE OF {_FIXED} ON lot {refuse}",
        *(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE OR TRUNCATE ON {table} {refuse}"
            for table in _STAYS
        ),
        *(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}"
            for table in ("seal_head", "seal_node")
        ),
        "CREATE TRIGGER seal_made BEFORE UPDATE ON seal FOR EACH ROW "
        "WHEN (OLD.size > 0) EXECUTE FUNCTION ledger_refuse()",
        "CREATE TRIGGER hold_resolved BEFORE UPDATE ON hold FOR EACH ROW "
        "WHEN (OLD.pending = 0) EXECUTE FUNCTION ledger_refuse()",
    ]


UPGRADE = {"sqlite": _sqlite(), "postgresql": _postgresql()}
