"""The delivery methods that every mall starts with, and the guard of the orders' timeline.

Methods are data: a merchant edits, adds and retires them. A timeline only grows; of an event only the note, a
person's own words, can be changed: an erasure takes it out.
"""

import json

_METHODS = (
    ("standard", "standard", True, "Standard delivery", "标准配送", "標準配送",
     "On its way within two working days", "两个工作日内发出", "兩個工作天內出貨"),
    ("priority", "priority", True, "Priority delivery", "优先配送", "優先配送",
     "On its way on the next working day", "下一个工作日发出", "下一個工作天出貨"),
    ("pickup", "pickup", False, "Pick-up", "到店自提", "到店自取",
     "Collect it at our counter with your order number", "凭订单号到柜台领取", "憑訂單號碼到櫃台領取"),
    ("none", "none", False, "No delivery needed", "无需配送", "無需配送",
     "You find it in your orders", "可在订单中查看", "可在訂單中查看"),
)  # fmt: skip


def _insert(position: int, row: tuple[str, str, bool, str, str, str, str, str, str]) -> str:
    code, kind, needs_address, *words = row
    tags = ("en", "zh-Hans", "zh-Hant")
    name = json.dumps(dict(zip(tags, words[:3], strict=True)), ensure_ascii=False)
    hint = json.dumps(dict(zip(tags, words[3:], strict=True)), ensure_ascii=False)
    return (
        "INSERT INTO delivery_method (code, kind, name, hint, needs_address, position, active) VALUES "
        f"('{code}', '{kind}', '{name}', '{hint}', {str(needs_address).lower()}, {position}, true)"
    )


_ROWS = [_insert(position, row) for position, row in enumerate(_METHODS, 1)]

_FIXED = "id, order_id, kind, at, actor_kind, actor_id, data"
_REFUSED = "order_event: what happened is never changed"
_SQLITE = [
    f"CREATE TRIGGER order_event_{name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    for name, when in (
        ("fixed", f"UPDATE OF {_FIXED} ON order_event"),
        ("no_delete", "DELETE ON order_event"),
        # INSERT OR REPLACE deletes the old row without telling the DELETE trigger.
        (
            "no_replace",
            "INSERT ON order_event WHEN EXISTS (SELECT 1 FROM order_event WHERE id = NEW.id)",
        ),
    )
]
_POSTGRESQL = [
    "CREATE FUNCTION order_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = '{_REFUSED}'; END $$",
    f"CREATE TRIGGER order_event_fixed BEFORE UPDATE OF {_FIXED} ON order_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION order_event_refuse()",
    "CREATE TRIGGER order_event_no_delete BEFORE DELETE OR TRUNCATE ON order_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION order_event_refuse()",
]
UPGRADE = {"sqlite": [*_ROWS, *_SQLITE], "postgresql": [*_ROWS, *_POSTGRESQL]}
