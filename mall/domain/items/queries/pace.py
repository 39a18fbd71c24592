"""How fast an item sells: units that left and stayed away, from the stock's journal."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import UtcDateTime, db
from mall.domain.items.stock_models import StockMove

_back = sa.case((StockMove.kind == "returned", StockMove.quantity), else_=0)
_SOLD = sa.select(sa.cast(sa.func.coalesce(sa.func.sum(StockMove.sold - _back), 0), sa.BigInteger)).where(
    StockMove.variant_id.in_(bindparam("variants", expanding=True)),
    StockMove.at >= bindparam("since", type_=UtcDateTime()),
)


def sold_since(variants: Sequence[int], since: datetime) -> int:
    """Units of these variants that were sold since then, less those that came back. One statement."""
    found = db.session.execute(_SOLD, {"variants": list(variants), "since": since}).scalar_one()
    return max(0, int(found))
