"""How near an item comes to what staff typed: what is called so, what begins so, what has the words in its title."""

import unicodedata
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.orm import aliased

from mall.domain.items import search, tokens
from mall.domain.items.models import Item, ItemText, Variant

#: What may stand between the letters and digits of an SKU.
_BETWEEN = "._/+-"
_TYPED: sa.BindParameter[str] = bindparam("typed", type_=sa.Text())
_BARE: sa.BindParameter[str] = bindparam("typed_sku", type_=sa.Text())
_text, _variant = aliased(ItemText), aliased(Variant)


def values(name: str, q: str, query: tokens.Query) -> dict[str, Any]:
    """What `answers` and `rank` are to be given for a search that was typed as `q` and parsed as `query`."""
    return {
        "search": search.expression(name, query),
        "titled": search.expression(name, query, title_only=True),
        "typed": _written(q[: tokens.MAX_QUERY]),
        "typed_sku": query.sku,
    }


def _written(q: str) -> str:
    """What was typed as titles are compared; without signs that no title has, and that a database may refuse."""
    kept = "".join(c for c in q if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs"))
    return " ".join(kept.split()).lower()


def answers(name: str) -> sa.ColumnElement[bool]:
    """That an item answers a search of the staff: by its words or SKU, or because its title or address begins so."""
    return sa.or_(_indexed(name, "search"), _named(_starts))


@lru_cache(maxsize=4)
def rank(name: str) -> sa.ColumnElement[int]:
    """0: its SKU, address or title is what was typed; 1: one of them begins so; 2: its title has the words; 3: else."""
    return sa.case((_named(_equals), 0), (_named(_starts), 1), (_indexed(name, "titled"), 2), else_=3)


def _indexed(name: str, expression: str) -> sa.ColumnElement[bool]:
    asked = search.condition(name, bindparam(expression, type_=sa.Text()))
    return Item.id.in_(sa.select(search.found_id(name)).select_from(search.search_item).where(asked))


def _equals(column: Any, typed: sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    return sa.and_(typed != "", column == typed)


def _starts(column: Any, typed: sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    # No LIKE: what was typed may hold its wildcards.
    return sa.and_(typed != "", sa.func.substr(column, 1, sa.func.length(typed)) == typed)


def _named(compare: Any) -> sa.ColumnElement[bool]:
    """That the item's address, its title in any language or one of its SKUs compares so."""
    bare: sa.ColumnElement[str] = sa.func.lower(_variant.sku)
    for sign in _BETWEEN:
        bare = sa.func.replace(bare, sign, "")
    titles = sa.select(_text.item_id).where(compare(sa.func.lower(_text.name), _TYPED))
    skus = sa.select(_variant.item_id).where(compare(bare, _BARE))
    return sa.or_(compare(Item.slug, _TYPED), Item.id.in_(titles), Item.id.in_(skus))
