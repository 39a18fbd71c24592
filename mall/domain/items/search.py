"""Search on both databases: tokens made in Python, kept in FTS5 (SQLite) or a tsvector with a GIN index (PostgreSQL).

The tables are made by hand in the migration (their kind differs by database): `search_item`, one row per item, and
`search_word`, the English words of titles under each of their `typos`, to put typing errors right.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from mall.core.db import db
from mall.domain.items import tokens
from mall.domain.items.models import CategoryText, Item, ItemText, Variant, VariantText

_CHUNK = 500

#: SQLite: an FTS5 table, the item's id its rowid. PostgreSQL: `document` is a tsvector.
search_item = sa.table(
    "search_item",
    sa.column("rowid", sa.BigInteger),
    sa.column("item_id", sa.BigInteger),
    sa.column("document", sa.Text),
    sa.column("title", sa.Text),
    sa.column("sku", sa.Text),
    sa.column("body", sa.Text),
)
search_word = sa.table(
    "search_word", sa.column("typo", sa.Text), sa.column("word", sa.Text), sa.column("stem", sa.Text)
)


def dialect() -> str:
    """The database's name: "sqlite" or "postgresql"."""
    return db.session.get_bind().dialect.name


def found_id(name: str) -> sa.ColumnClause[int]:
    """The column of `search_item` that holds the item's id."""
    return search_item.c.rowid if name == "sqlite" else search_item.c.item_id


def condition(name: str, parameter: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """That a row of `search_item` answers the expression in `parameter` (from `expression`)."""
    if name == "sqlite":
        return sa.literal_column("search_item").op("MATCH", is_comparison=True)(parameter)
    return search_item.c.document.op("@@", is_comparison=True)(sa.cast(parameter, TSQUERY))


def expression(name: str, query: tokens.Query, *, title_only: bool = False) -> str:
    """A parsed query in the database's own words."""
    return (tokens.fts5 if name == "sqlite" else tokens.tsquery)(query, title_only=title_only)


def tiers(name: str, query: tokens.Query) -> tuple[str, str, str]:
    """Three expressions that share no item: what is named so (or by its SKU), what has the words in its title, and
    what answers otherwise: for "headphones" the headphones, then the headphone stand, then what stands beside them.
    """
    head = expression(name, query.headed(), title_only=True)
    best, all_of_it = expression(name, query, title_only=True), expression(name, query)
    but = "({}) NOT ({})" if name == "sqlite" else "({}) & !({})"
    return head, but.format(best, head), but.format(all_of_it, best)


def forgiving(name: str, holes: int) -> sa.ColumnElement[str]:
    """An expression in pieces (parameters `piece0` …), each hole filled with the known words that share a typo with
    what was typed (parameters `typos0` …): one statement both corrects and finds.
    """
    before, quote, after = (" OR ", '"', '"') if name == "sqlite" else (" | ", "'", "':AC")
    built: sa.ColumnElement[str] = sa.bindparam("piece0", type_=sa.Text())
    join = sa.func.group_concat if name == "sqlite" else sa.func.string_agg
    for hole in range(holes):
        stems = sa.select(search_word.c.stem).where(_shares_typo(hole)).distinct().limit(8).subquery()
        filled = sa.select(sa.literal(before) + join(sa.literal(quote) + stems.c.stem + after, before))
        piece = sa.bindparam(f"piece{hole + 1}", type_=sa.Text())
        built = built + sa.func.coalesce(filled.scalar_subquery(), "") + piece
    return built


def closest_word(hole: int) -> sa.ScalarSelect[str]:
    """The known word nearest to what was typed for a hole (parameter `typed0` …): itself, if it is known."""
    typed = sa.bindparam(f"typed{hole}", type_=sa.Text())
    return (
        sa.select(search_word.c.word)
        .where(_shares_typo(hole))
        .order_by(
            sa.case((search_word.c.word == typed, 0), else_=1),
            sa.func.abs(sa.func.length(search_word.c.word) - sa.func.length(typed)),
            search_word.c.word,
        )
        .limit(1)
        .scalar_subquery()
    )


def _shares_typo(hole: int) -> sa.ColumnElement[bool]:
    return search_word.c.typo.in_(sa.bindparam(f"typos{hole}", expanding=True, type_=sa.Text()))


def rank(name: str, expression: sa.ColumnElement[str]) -> sa.ColumnElement[float]:
    """How well a row of `search_item` answers: the less, the better; its title weighs most."""
    if name == "sqlite":
        return sa.func.bm25(sa.literal_column("search_item"), 10.0, 5.0, 1.0)
    return -sa.func.ts_rank(search_item.c.document, sa.cast(expression, TSQUERY))


def index(item_ids: Iterable[int]) -> None:
    """Write these items' entries anew, in the caller's transaction."""
    wanted = sorted(set(item_ids))
    db.session.flush()
    for start in range(0, len(wanted), _CHUNK):
        _index(wanted[start : start + _CHUNK])


def reindex() -> int:
    """Build the whole index anew; returns the number of items."""
    db.session.flush()
    db.session.execute(sa.delete(search_item))
    db.session.execute(sa.delete(search_word))
    ids = db.session.scalars(sa.select(Item.id)).all()
    index(ids)
    return len(ids)


def _index(item_ids: Sequence[int]) -> None:
    titles, bodies, skus = _words(item_ids)
    name = dialect()
    rows = [
        {
            "item": item_id,
            "title": tokens.index_tokens(titles[item_id]) | tokens.head_tokens(titles[item_id]),
            "sku": {tokens.sku_token(sku) for sku in skus[item_id]} - {""},
            "body": tokens.index_tokens(bodies[item_id]),
        }
        for item_id in titles
    ]
    db.session.execute(sa.delete(search_item).where(found_id(name).in_(item_ids)))
    if rows:
        _write(name, rows)
    _learn(tokens.words(text for texts in titles.values() for text in texts))


def _learn(words: set[str]) -> None:
    """Remember the words of titles under each of their typos; what is known already stays. `reindex` forgets."""
    rows = [
        {"typo": typo, "word": word, "stem": tokens.stem(word)}
        for word in sorted(words)
        for typo in sorted(tokens.typos(word))
    ]
    for start in range(0, len(rows), 10 * _CHUNK):
        db.session.execute(
            sa.text(
                "INSERT INTO search_word (typo, word, stem) VALUES (:typo, :word, :stem) ON CONFLICT DO NOTHING"
            ),
            rows[start : start + 10 * _CHUNK],
        )


def _write(name: str, rows: list[dict[str, object]]) -> None:
    if name == "sqlite":
        statement = "INSERT INTO search_item (rowid, title, sku, body) VALUES (:item, :title, :sku, :body)"
        values = [
            {key: " ".join(sorted(v)) if isinstance(v, set) else v for key, v in row.items()} for row in rows
        ]
    else:
        statement = "INSERT INTO search_item (item_id, document) VALUES (:item, CAST(:document AS tsvector))"
        values = [{"item": row["item"], "document": document(row)} for row in rows]
    db.session.execute(sa.text(statement), values)


def document(row: dict[str, object]) -> str:
    """A tsvector of an entry: titles weigh A, SKUs B, the rest C."""
    weights: dict[str, set[str]] = defaultdict(set)
    for column, weight in (("title", "A"), ("sku", "B"), ("body", "C")):
        found = row[column]
        assert isinstance(found, set)
        for token in found:
            weights[token].add(weight)
    place = {"A": 1, "B": 2, "C": 3}
    return " ".join(
        f"'{token}':" + ",".join(f"{place[w]}{w}" for w in sorted(found)) for token, found in weights.items()
    )


def _words(
    item_ids: Sequence[int],
) -> tuple[dict[int, list[str]], dict[int, list[str]], dict[int, list[str]]]:
    titles: dict[int, list[str]] = {}
    bodies: dict[int, list[str]] = defaultdict(list)
    skus: dict[int, list[str]] = defaultdict(list)
    texts = sa.select(ItemText.item_id, ItemText.name, ItemText.summary, ItemText.description)
    for row in db.session.execute(texts.where(ItemText.item_id.in_(item_ids))):
        titles.setdefault(row.item_id, []).append(row.name)
        bodies[row.item_id] += [row.summary, row.description]
    shelves = sa.select(Item.id, CategoryText.name).join(
        CategoryText, CategoryText.category_id == Item.category_id
    )
    options = sa.select(Variant.item_id, VariantText.options).join(
        VariantText, VariantText.variant_id == Variant.id
    )
    for statement in (shelves.where(Item.id.in_(item_ids)), options.where(Variant.item_id.in_(item_ids))):
        for item_id, text in db.session.execute(statement):
            bodies[item_id].append(text)
    numbers = sa.select(Variant.item_id, Variant.sku).where(Variant.item_id.in_(item_ids))
    for item_id, sku in db.session.execute(numbers):
        skus[item_id].append(sku)
    return titles, bodies, skus
