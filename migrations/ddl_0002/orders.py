"""Orders learn of cash: what a line costs as a whole, what was given back, when a reservation ends."""

import sqlalchemy as sa

_int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _count(name: str, check: str) -> sa.Column[int]:
    return sa.Column(name, _int, sa.CheckConstraint(check, name=name), nullable=False, server_default="0")


COLUMNS = [
    ("orders", _count("cash_back", "cash_back >= 0 AND cash_back <= cash")),
    (
        "orders",
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            sa.CheckConstraint(
                "state NOT IN ('reserved', 'unknown', 'awaiting_payment') OR expires_at IS NOT NULL",
                name="expires_at",
            ),
        ),
    ),
    (
        "orders",
        sa.Column(
            "closing",
            sa.String(10),
            sa.CheckConstraint("closing IN ('time', 'member', 'staff')", name="closing"),
        ),
    ),
    ("orders", sa.Column("paid_at", sa.DateTime(timezone=True))),
]
#: Until now every order was paid as it was placed.
_PAID = ["UPDATE orders SET paid_at = placed_at"]
UPGRADE: dict[str, list[str]] = {"sqlite": [*_PAID], "postgresql": [*_PAID]}
