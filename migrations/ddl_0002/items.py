"""Offers learn of windows, tiers and cash; the listing has a row for each tier, in a table of its own."""

import sqlalchemy as sa

from mall.core.db import UtcDateTime

_int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

COLUMNS = [
    ("offer", sa.Column("starts_at", UtcDateTime(), nullable=True)),
    (
        "offer",
        sa.Column(
            "ends_at", UtcDateTime(), sa.CheckConstraint("starts_at < ends_at", name="span"), nullable=True
        ),
    ),
    (
        "offer",
        sa.Column(
            "tier_discount",
            sa.String(8),
            sa.CheckConstraint("tier_discount IN ('none', 'cash', 'all')", name="tier_discount"),
            nullable=False,
            server_default="cash",
        ),
    ),
    (
        "offer_price",
        sa.Column(
            "min_points",
            _int,
            sa.CheckConstraint("min_points >= 0", name="min_points"),
            nullable=False,
            server_default="0",
        ),
    ),
    (
        "offer_price",
        sa.Column(
            "max_points",
            _int,
            sa.CheckConstraint("max_points >= min_points AND max_points <= points", name="max_points"),
            nullable=True,
        ),
    ),
    (
        "offer_price",
        sa.Column(
            "max_share",
            _int,
            sa.CheckConstraint("max_share >= 0 AND max_share <= 10000", name="max_share"),
            nullable=True,
        ),
    ),
]
#: What stood in the listing was in points alone, and so the same for every tier of the ladder that tiers.py seeds.
_COPY = [
    "INSERT INTO listed (item_id, tier, since, until, category_id, kind, way, points, points_most, cash, cash_most, "
    "full_cash, least, least_cash, gate, rate, popularity, published_at, cover) "
    f"SELECT item_id, '{tier}', since, until, category_id, kind, 'points', points, points_most, 0, 0, 0, points, 0, "
    "NULL, rate, popularity, published_at, cover FROM listing"
    for tier in ("basic", "silver", "gold", "diamond")
]
_ALL = [*_COPY, "DROP TABLE listing"]
UPGRADE = {"sqlite": _ALL, "postgresql": _ALL}
