"""Code pools: coupon codes and card keys, one row a code, encrypted; and who looked at which."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from mall.core.db import Base
from mall.domain.items.models import one_of

#: A free code can be given; a given one belongs to an order line; a void one was seen and taken back; an expired one
#: was given to nobody in time.
CODE_STATES = ("free", "given", "void", "expired")


class CodePool(Base):
    """A variant whose units are codes: its stock follows the pool. `low` is the number at which staff are warned."""

    __tablename__ = "code_pool"
    __table_args__ = (sa.CheckConstraint("low >= 0", name="low"),)

    variant_id: Mapped[int] = mapped_column(
        sa.ForeignKey("variant.id"), primary_key=True, autoincrement=False
    )
    low: Mapped[int] = mapped_column(default=10)
    opened_at: Mapped[datetime]


class CodeBatch(Base):
    """An import: who brought how many codes, when, from which file. `withdrawn` of them were taken out again."""

    __tablename__ = "code_batch"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        sa.CheckConstraint("size > 0 AND withdrawn >= 0 AND withdrawn <= size", name="size"),
        sa.Index(None, "variant_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("code_pool.variant_id"))
    key: Mapped[str] = mapped_column(sa.String(64))
    source: Mapped[str] = mapped_column(sa.String(120))
    size: Mapped[int]
    withdrawn: Mapped[int] = mapped_column(default=0)
    actor_kind: Mapped[str] = mapped_column(sa.String(8))
    actor_id: Mapped[int | None]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Code(Base):
    """One code. `ciphertext` holds code and PIN; `fingerprint` is a keyed hash, so that a duplicate is known unread.

    `expires_at` is `rules.NEVER` for a code that does not expire: the soonest is given first, straight from the index.
    `revealed_at` is the first time that anybody saw it: from then on it can never be free again (a CHECK).
    """

    __tablename__ = "code"
    __table_args__ = (
        sa.UniqueConstraint("variant_id", "fingerprint"),
        sa.CheckConstraint(one_of("state", CODE_STATES), name="state"),
        sa.CheckConstraint("(state IN ('given', 'void')) = (order_line_id IS NOT NULL)", name="owner"),
        sa.CheckConstraint("state IN ('given', 'void') OR revealed_at IS NULL", name="unseen"),
        sa.Index(None, "variant_id", "state", "expires_at", "id"),
        sa.Index(None, "order_line_id"),
        sa.Index(None, "batch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("code_pool.variant_id"))
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("code_batch.id"))
    ciphertext: Mapped[str] = mapped_column(sa.Text)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[str] = mapped_column(sa.String(8), default="free")
    expires_at: Mapped[datetime]
    order_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("order_line.id"))
    given_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]


class CodeReveal(Base):
    """Somebody looked at a code: who, when, in which request. Triggers refuse changes."""

    __tablename__ = "code_reveal"
    __table_args__ = (sa.Index(None, "code_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code_id: Mapped[int] = mapped_column(sa.ForeignKey("code.id"))
    actor_kind: Mapped[str] = mapped_column(sa.String(8))
    actor_id: Mapped[int | None]
    at: Mapped[datetime]
    request: Mapped[str] = mapped_column(sa.String(64))
