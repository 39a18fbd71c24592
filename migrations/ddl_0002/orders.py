"""Orders learn of cash: what a line costs as a whole, what was given back, when a reservation ends."""

import sqlalchemy as sa

_int = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _count(name: str, check: str) -> sa.Column[int]:
    return sa.Column(name, _int, sa.CheckConstraint(check, name=name), nullable=False, server_default="0")


COLUMNS = [
    ("orders", _count("cash_back", "cash_back >= 0 AND cash_back <= cash")),
]
UPGRADE: dict[str, list[str]] = {"sqlite": [], "postgresql": []}
