"""What stands in the shop: categories, items, their variants, texts in each language, pictures, and wishes."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mall.core.db import Base
from mall.domain.items.rules import COLOUR, KINDS, LOCALES, STATUSES


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The condition that a text column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({words})"


class Category(Base):
    """A shelf of the mall. `colour` (#rrggbb) is its light in pictures and chips."""

    __tablename__ = "category"
    __table_args__ = (sa.UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int] = mapped_column(default=0)
    colour: Mapped[str] = mapped_column(sa.String(7), default=COLOUR)
    texts: Mapped[dict[str, "CategoryText"]] = relationship(
        collection_class=sa.orm.attribute_keyed_dict("locale"), cascade="all, delete-orphan", lazy="selectin"
    )


class CategoryText(Base):
    """A category's name in one language."""

    __tablename__ = "category_text"
    __table_args__ = (sa.CheckConstraint(one_of("locale", LOCALES), name="locale"),)

    category_id: Mapped[int] = mapped_column(sa.ForeignKey("category.id"), primary_key=True)
    locale: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))


class Item(Base):
    """What can be redeemed. `value` is its retail value in minor units; `version` grows with every change of content."""

    __tablename__ = "item"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.CheckConstraint(one_of("kind", KINDS), name="kind"),
        sa.CheckConstraint(one_of("status", STATUSES), name="status"),
        sa.CheckConstraint("value >= 0", name="value"),
        sa.CheckConstraint("status <> 'live' OR published_at IS NOT NULL", name="published"),
        sa.Index(None, "category_id", "status"),
        sa.Index(None, "status", "updated_at"),
        sa.Index(None, "updated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(8))
    status: Mapped[str] = mapped_column(sa.String(8), default="draft")
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("category.id"))
    value: Mapped[int | None]
    popularity: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    texts: Mapped[dict[str, "ItemText"]] = relationship(
        collection_class=sa.orm.attribute_keyed_dict("locale"), cascade="all, delete-orphan", lazy="selectin"
    )
    variants: Mapped[list["Variant"]] = relationship(order_by="Variant.position, Variant.id")
    pictures: Mapped[list["Picture"]] = relationship(order_by="Picture.position, Picture.id")


class ItemText(Base):
    """An item in one language: `description` is Markdown as typed, `html` what it renders to, sanitised."""

    __tablename__ = "item_text"
    __table_args__ = (sa.CheckConstraint(one_of("locale", LOCALES), name="locale"),)

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"), primary_key=True)
    locale: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    summary: Mapped[str] = mapped_column(sa.String(300), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    html: Mapped[str] = mapped_column(sa.Text, default="")


class Variant(Base):
    """One form of an item (a size, a colour), with the SKU that the warehouse knows it by.

    `value` is its retail value in minor units where that is not the item's.
    """

    __tablename__ = "variant"
    __table_args__ = (
        sa.UniqueConstraint("sku"),
        sa.Index(None, "item_id", "position"),
        sa.CheckConstraint("value >= 0", name="value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"))
    sku: Mapped[str] = mapped_column(sa.String(64))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    value: Mapped[int | None]
    created_at: Mapped[datetime]
    texts: Mapped[dict[str, "VariantText"]] = relationship(
        collection_class=sa.orm.attribute_keyed_dict("locale"), cascade="all, delete-orphan", lazy="selectin"
    )


class VariantText(Base):
    """What sets a variant apart, in one language: "Colour: Ink". An item's only variant may have none."""

    __tablename__ = "variant_text"
    __table_args__ = (sa.CheckConstraint(one_of("locale", LOCALES), name="locale"),)

    variant_id: Mapped[int] = mapped_column(sa.ForeignKey("variant.id"), primary_key=True)
    locale: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    options: Mapped[str] = mapped_column(sa.String(200))


class Picture(Base):
    """A picture of an item. `key` names its three files by their content; `alts` are its words by language."""

    __tablename__ = "picture"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "key"),
        sa.Index(None, "item_id", "position"),
        sa.CheckConstraint("width > 0 AND height > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    position: Mapped[int] = mapped_column(default=0)
    width: Mapped[int]
    height: Mapped[int]
    alts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Wish(Base):
    """An item on a member's wish list."""

    __tablename__ = "wish"
    __table_args__ = (sa.Index(None, "item_id"),)

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"), primary_key=True)
    created_at: Mapped[datetime]
