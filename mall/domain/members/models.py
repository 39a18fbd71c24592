"""People: members and staff (one table: staff are members with roles), their roles and addresses."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_security.core import RoleMixin, UserMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mall.core.db import Base, BigInt, Json
from mall.core.ids import MemberId
from mall.domain.members import rules

member_role = sa.Table(
    "member_role",
    Base.metadata,
    sa.Column("member_id", BigInt, sa.ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", BigInt, sa.ForeignKey("role.id", ondelete="RESTRICT"), primary_key=True),
    sa.Index("ix_member_role_role_id", "role_id"),
)


class Role(Base, RoleMixin):
    """A role of staff; what it allows stands in `rules.PERMISSIONS`."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)


class Member(Base, UserMixin):
    """Someone who has points. E-mail and password are empty for members who only came with an import."""

    __tablename__ = "member"
    __table_args__ = (
        sa.CheckConstraint("email IS NULL OR email <> ''", name="email_not_empty"),
        sa.CheckConstraint("gender IN ('female', 'male', 'other')", name="gender"),
        sa.Index("ix_member_phone", "phone"),
        sa.Index("ix_member_name", "name"),
    )

    id: Mapped[MemberId] = mapped_column(BigInt, primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    external_id: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    #: As `rules.clean_email` writes it, so that a plain unique index forbids a second spelling.
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)  # type: ignore[assignment]  # the mixin says never null
    name: Mapped[str] = mapped_column(sa.String(80), default="")
    #: E.164, such as +8613800138000.
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    language: Mapped[str] = mapped_column(sa.String(10))
    gender: Mapped[str | None] = mapped_column(sa.String(10))
    birthday: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    password: Mapped[str | None] = mapped_column(sa.String(255))
    confirmed_at: Mapped[datetime | None]
    #: What a session names its member by: a new one ends every session.
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(20))
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(255))
    #: The time step of the last code that was accepted: none is accepted twice (RFC 6238, 5.2).
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(
        MutableList.as_mutable(Json.copy())
    )  # its own: as_mutable marks the type object

    roles: Mapped[list[Role]] = relationship(secondary=member_role, order_by=Role.name)  # type: ignore[assignment]  # the mixin leaves its type open

    @property
    def role_names(self) -> frozenset[str]:
        """The names of the roles."""
        return frozenset(role.name for role in self.roles)

    @property
    def is_staff(self) -> bool:
        """Whether this person works for the merchant."""
        return bool(self.roles)

    def can(self, permission: str) -> bool:
        """Whether the roles allow it."""
        return rules.can(self, permission)


class Address(Base):
    """Where a member wants things sent. The one that is `is_default` comes first."""

    __tablename__ = "address"
    __table_args__ = (
        sa.Index("ix_address_member_id", "member_id"),
        sa.Index(
            "uq_address_default",
            "member_id",
            unique=True,
            sqlite_where=sa.text("is_default AND deleted_at IS NULL"),
            postgresql_where=sa.text("is_default AND deleted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(BigInt, sa.ForeignKey("member.id", ondelete="CASCADE"))
    recipient: Mapped[str] = mapped_column(sa.String(80))
    phone: Mapped[str] = mapped_column(sa.String(20))
    #: ISO 3166-1, two letters.
    country: Mapped[str] = mapped_column(sa.String(2))
    region: Mapped[str] = mapped_column(sa.String(80), default="")
    city: Mapped[str] = mapped_column(sa.String(80), default="")
    #: A part of the city or a county (区, 县), where addresses name one.
    district: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    line1: Mapped[str] = mapped_column(sa.String(160))
    line2: Mapped[str] = mapped_column(sa.String(160), default="")
    postcode: Mapped[str] = mapped_column(sa.String(16), default="")
    is_default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    #: Set by "delete", so that it can be undone; swept later.
    deleted_at: Mapped[datetime | None]
