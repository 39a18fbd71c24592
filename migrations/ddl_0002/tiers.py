"""The ladder that every mall starts with; a merchant changes it."""

import json

_TAGS = ("en", "zh-Hans", "zh-Hant")
_LADDER = (
    ("basic", 500, (), ("Basic", "普通会员", "普通會員")),
    ("silver", 1000, (), ("Silver", "银卡会员", "銀卡會員")),
    ("gold", 1500, ("priority",), ("Gold", "金卡会员", "金卡會員")),
    ("diamond", 2000, ("priority",), ("Diamond", "钻石会员", "鑽石會員")),
)


def _insert(rank: int, code: str, discount: int, free: tuple[str, ...], words: tuple[str, ...]) -> str:
    name = json.dumps(dict(zip(_TAGS, words, strict=True)), ensure_ascii=False)
    return (
        "INSERT INTO tier (code, rank, name, cash_discount, free_delivery) "
        f"VALUES ('{code}', {rank}, '{name}', {discount}, '{json.dumps(free)}')"
    )


_ROWS = [_insert(rank, *step) for rank, step in enumerate(_LADDER)]
UPGRADE = {"sqlite": _ROWS, "postgresql": _ROWS}
