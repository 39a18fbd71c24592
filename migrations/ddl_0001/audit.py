"""The audit trail only grows. An update may blank what a deed changed (a person's erasure) and nothing else."""

_KEPT = ("id", "at", "actor_kind", "actor_id", "action", "subject_kind", "subject_id")
_SAME = " AND ".join(f"NEW.{name} IS {{not_distinct}} OLD.{name}" for name in _KEPT)
_BLANKED = "NEW.before IS NULL AND NEW.after IS NULL AND NEW.reason = ''"

UPGRADE = {
    "sqlite": [
        f"""CREATE TRIGGER audit_record_no_update BEFORE UPDATE ON audit_record
            WHEN NOT ({_SAME.replace(" {not_distinct}", "")} AND {_BLANKED})
            BEGIN SELECT RAISE(ABORT, 'an audit record is never rewritten'); END""",
        """CREATE TRIGGER audit_record_no_delete BEFORE DELETE ON audit_record
            BEGIN SELECT RAISE(ABORT, 'an audit record is never deleted'); END""",
        """CREATE TRIGGER audit_record_no_replace BEFORE INSERT ON audit_record
            WHEN NEW.id IS NOT NULL AND EXISTS (SELECT 1 FROM audit_record WHERE id = NEW.id)
            BEGIN SELECT RAISE(ABORT, 'an audit record is never replaced'); END""",
    ],
    "postgresql": [
        f"""CREATE FUNCTION audit_record_grows() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP = 'UPDATE' THEN
                IF {_SAME.format(not_distinct="NOT DISTINCT FROM")} AND {_BLANKED} THEN RETURN NEW; END IF;
              END IF;
              RAISE EXCEPTION 'an audit record is never rewritten, deleted or replaced';
            END $$""",
        """CREATE TRIGGER audit_record_grows BEFORE UPDATE OR DELETE ON audit_record
            FOR EACH ROW EXECUTE FUNCTION audit_record_grows()""",
        """CREATE TRIGGER audit_record_no_truncate BEFORE TRUNCATE ON audit_record
            FOR EACH STATEMENT EXECUTE FUNCTION audit_record_grows()""",
    ],
}
