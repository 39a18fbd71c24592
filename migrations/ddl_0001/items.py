"""Items: the search tables, and the triggers that keep price versions and the stock journal as they were written."""

_KEPT_SQLITE = """
CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END
"""
_TAKEN_SQLITE = """
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END
"""
_KEPT_POSTGRESQL = """
CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table}
FOR EACH {each} EXECUTE FUNCTION items_only_added_to()
"""

UPGRADE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_item USING fts5(title, sku, body, tokenize = 'ascii', detail = column)",
        "CREATE TABLE search_word (typo TEXT NOT NULL, word TEXT NOT NULL, stem TEXT NOT NULL, PRIMARY KEY (typo, word)) WITHOUT ROWID",
        *(
            _KEPT_SQLITE.format(table=table, name=verb.lower(), verb=verb)
            for table, verb in (
                ("stock_move", "UPDATE"),
                ("stock_move", "DELETE"),
                ("offer_price", "UPDATE"),
            )
        ),
        *(_TAKEN_SQLITE.format(table=table) for table in ("stock_move", "offer_price")),
    ],
    "postgresql": [
        "CREATE TABLE search_item (item_id BIGINT PRIMARY KEY, document TSVECTOR NOT NULL)",
        "CREATE INDEX ix_search_item_document ON search_item USING gin (document) WITH (fastupdate = off)",
        "CREATE TABLE search_word (typo TEXT NOT NULL, word TEXT NOT NULL, stem TEXT NOT NULL, PRIMARY KEY (typo, word))",
        "CREATE FUNCTION items_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% is only ever added to', TG_TABLE_NAME; END $$",
        *(
            _KEPT_POSTGRESQL.format(table=table, name=verb.lower(), verb=verb, each=each)
            for table, verb, each in (
                ("stock_move", "UPDATE", "ROW"),
                ("stock_move", "DELETE", "ROW"),
                ("stock_move", "TRUNCATE", "STATEMENT"),
                ("offer_price", "UPDATE", "ROW"),
                ("offer_price", "TRUNCATE", "STATEMENT"),
            )
        ),
    ],
}
