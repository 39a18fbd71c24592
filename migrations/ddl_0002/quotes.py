"""Baskets, quotes and orders learn of mixed prices: the way to pay, points off, tier, currency, delivery fee."""

from typing import Any

import sqlalchemy as sa

from mall.core.db import Json

_int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _count(name: str, check: str) -> sa.Column[int]:
    return sa.Column(name, _int, sa.CheckConstraint(check, name=name), nullable=False, server_default="0")


def _maybe(name: str, check: str) -> sa.Column[int]:
    return sa.Column(name, _int, sa.CheckConstraint(check, name=name), nullable=True)


def _plain(name: str, default: str) -> sa.Column[int]:
    return sa.Column(name, _int, nullable=False, server_default=default)


def _word(name: str, length: int, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=default is None, server_default=default)


COLUMNS: list[tuple[str, sa.Column[Any]]] = [
    ("basket", _maybe("points_off", "points_off >= 0")),
    ("basket_line", sa.Column("offer_id", _int, nullable=True)),
    ("basket_line", _maybe("points_each", "points_each >= 0")),
    ("basket_line", _count("cash_seen", "cash_seen >= 0")),
    ("quote", _word("currency", 3, "CNY")),
    ("quote", _word("tier", 20)),
    ("quote", _plain("tier_discount", "0")),
    ("quote", _plain("points_per_unit", "100")),
    ("quote", _plain("min_cash", "0")),
    ("quote", _word("delivery_method", 40)),
    ("quote", sa.Column("delivery_address", Json, nullable=True)),
    ("quote", _count("delivery_fee", "delivery_fee >= 0")),
    ("quote", _count("points_off", "points_off >= 0")),
    ("quote", _count("worth_off", "worth_off >= 0")),
    ("quote", sa.Column("explain", Json, nullable=True)),
    ("quote_line", _count("points", "points >= 0")),
    ("quote_line", _count("cash", "cash >= 0")),
    ("orders", _word("currency", 3, "CNY")),
    ("orders", _word("tier", 20)),
    ("orders", _count("delivery_fee", "delivery_fee >= 0 AND delivery_fee <= cash")),
    ("orders", _count("points_off", "points_off >= 0 AND points_off <= points")),
    ("orders", _count("worth_off", "worth_off >= 0")),
    ("order_line", _count("points", "points >= 0")),
    ("order_line", _count("cash", "cash >= 0")),
]
_SUMS = [
    f"UPDATE {table} SET points = points_each * quantity, cash = cash_each * quantity"
    for table in ("quote_line", "order_line")
]
UPGRADE = {"sqlite": _SUMS, "postgresql": _SUMS}
