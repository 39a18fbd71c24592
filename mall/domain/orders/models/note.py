"""What member and staff tell each other about a line: the wish for a service, and the answer to it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base


class OrderLineNote(Base):
    """A line's booking note. The member writes `wish` until the line is fulfilled, staff write `answer`."""

    __tablename__ = "order_line_note"

    order_line_id: Mapped[int] = mapped_column(
        sa.ForeignKey("order_line.id"), primary_key=True, autoincrement=False
    )
    wish: Mapped[str] = mapped_column(sa.Text, default="")
    wished_on: Mapped[date | None]
    wished_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None]
