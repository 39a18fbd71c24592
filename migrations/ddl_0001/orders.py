"""The delivery methods that every mall starts with. They are data: a merchant edits, adds and retires them."""

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
UPGRADE = {"sqlite": _ROWS, "postgresql": _ROWS}
