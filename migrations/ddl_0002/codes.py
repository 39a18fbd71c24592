"""Same-day delivery, which a merchant switches on once it has rates; and who looked at a code is never changed."""

import json

_NAME = {"en": "Same-day delivery", "zh-Hans": "当日达", "zh-Hant": "當日達"}
_HINT = {
    "en": "At your door today if you order by noon",
    "zh-Hans": "中午前下单，当天送达",
    "zh-Hant": "中午前下單，當天送達",
}
_METHOD = (
    "INSERT INTO delivery_method (code, kind, name, hint, needs_address, position, active) VALUES "
    f"('same_day', 'same_day', '{json.dumps(_NAME, ensure_ascii=False)}', "
    f"'{json.dumps(_HINT, ensure_ascii=False)}', true, 5, false)"
)
_REFUSED = "code_reveal: what was seen is never unseen"
_SQLITE = [
    f"CREATE TRIGGER code_reveal_{name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    for name, when in (
        ("no_update", "UPDATE ON code_reveal"),
        ("no_delete", "DELETE ON code_reveal"),
        # INSERT OR REPLACE deletes the old row without telling the DELETE trigger.
        (
            "no_replace",
            "INSERT ON code_reveal WHEN EXISTS (SELECT 1 FROM code_reveal WHERE id = NEW.id)",
        ),
    )
]
_POSTGRESQL = [
    "CREATE FUNCTION code_reveal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = '{_REFUSED}'; END $$",
    "CREATE TRIGGER code_reveal_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON code_reveal "
    "FOR EACH STATEMENT EXECUTE FUNCTION code_reveal_refuse()",
]
UPGRADE = {"sqlite": [_METHOD, *_SQLITE], "postgresql": [_METHOD, *_POSTGRESQL]}
