"""The versions of the earning rule are only ever added to: what a purchase gave can be worked out again for good."""

_REFUSED = "earning_rule: a version is never changed"

UPGRADE = {
    "sqlite": [
        *(
            f"CREATE TRIGGER earning_rule_no_{verb.lower()} BEFORE {verb} ON earning_rule "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            for verb in ("UPDATE", "DELETE")
        ),
        # INSERT OR REPLACE deletes the old row without telling the DELETE trigger.
        "CREATE TRIGGER earning_rule_no_replace BEFORE INSERT ON earning_rule WHEN EXISTS (SELECT 1 FROM earning_rule "
        "WHERE id = NEW.id OR (kind = NEW.kind AND starts_at = NEW.starts_at)) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION earning_rule_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = '{_REFUSED}'; END $$",
        "CREATE TRIGGER earning_rule_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON earning_rule "
        "FOR EACH STATEMENT EXECUTE FUNCTION earning_rule_refuse()",
    ],
}
