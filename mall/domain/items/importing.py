"""Items and categories from files: read first (no database), then written in the caller's transaction, whole or not.

    plan = importing.read_items(data, "items.csv", currency="CNY")
    with transaction():
        report = importing.write_items(plan, actor=…, at=…)

Rows are known again by slug and SKU, so that the same file a second time changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from mall.core.actor import Actor
from mall.core.db import db
from mall.core.errors import N_, MallError
from mall.core.numbers import parse_whole
from mall.core.tables import Row, read_table
from mall.domain.items import service
from mall.domain.items.import_columns import SUFFIX
from mall.domain.items.import_items import ItemWriter, Outcome
from mall.domain.items.import_plan import SPOILT, PictureSource, Plan, PlannedItem, Problem, Ready, Report
from mall.domain.items.import_rows import read_items
from mall.domain.items.models import Category, Item, Variant
from mall.domain.items.rules import COLOUR
from mall.domain.items.upkeep import batched

__all__ = [
    "PictureSource", "Plan", "Problem", "Ready", "Report", "import_categories", "read_items", "write_items",
]  # fmt: skip

_CHUNK = 500


def write_items(
    plan: Plan, *, actor: Actor, at: datetime, dry_run: bool = False, partial: bool = False
) -> Report:
    """Make and change items as the plan says; with any problem nothing, unless `partial` keeps the good rows.

    A dry run does it and takes it back: its report is what would happen (of the good rows alone, if others are
    refused). What a file does not say is
    left as it is: empty texts, items and variants that it does not name, and the stock of variants that are there
    (sales have changed it since). A price that differs is set from `at` on.
    """
    writer = ItemWriter(actor=actor, at=at)
    problems = list(plan.problems)
    items = _possible(plan, problems)
    outcomes: list[Outcome] = []
    # A file that has problems is only told what its good rows would do: what is new need not be made to know that.
    told = _unknown(items) if dry_run and problems else frozenset()
    savepoint = db.session.begin_nested()
    if partial or dry_run or not problems:
        with batched(at=at):
            for item in items:
                if item.slug in told:
                    outcomes.append(Outcome(created=True, variants=len(item.variants)))
                    continue
                with db.session.begin_nested() as attempt:
                    try:
                        outcomes.append(writer.write(item))
                    except MallError as error:
                        attempt.rollback()
                        problems += _spoilt(item, Problem(item.line, error.code, error.message, error.params))
    saved = not dry_run and (partial or not problems)
    if saved:
        savepoint.commit()
    else:
        savepoint.rollback()
        db.session.expire_all()
    return Report(
        read=plan.read,
        refused=len({problem.line for problem in problems if problem.line > 1}),
        items_created=sum(outcome.created for outcome in outcomes),
        items_updated=sum(outcome.updated for outcome in outcomes),
        items_unchanged=sum(not outcome.created and not outcome.updated for outcome in outcomes),
        variants_created=sum(outcome.variants for outcome in outcomes),
        problems=sorted(problems, key=lambda problem: problem.line),
        ignored=plan.ignored,
        saved=saved,
    )


def _possible(plan: Plan, problems: list[Problem]) -> list[PlannedItem]:
    """The items whose category is there and whose SKUs are free (or theirs); the others become problems."""
    categories = set(db.session.scalars(sa.select(Category.slug)))
    owners = _owners([variant.sku for item in plan.items for variant in item.variants])
    problems += [
        _homeless(line, name, categories) for line, name in plan.categories if name not in categories
    ]
    found = []
    for item in plan.items:
        wrong = [] if item.category in categories else [_homeless(item.line, item.category, categories)]
        for variant in item.variants:
            owner = owners.get(variant.sku, item.slug)
            if owner != item.slug:
                message = N_("The SKU “%(value)s” belongs to “%(owner)s”. Give this variant another.")
                wrong.append(Problem(variant.line, "sku", message, {"value": variant.sku, "owner": owner}))
        if wrong:
            problems += _spoilt(item, *wrong)
        else:
            found.append(item)
    return found


def _homeless(line: int, name: str, known: set[str]) -> Problem:
    message = N_("There is no category “%(value)s”. Import categories.csv first, or use one of: %(known)s.")
    return Problem(line, "category", message, {"value": name, "known": ", ".join(sorted(known)) or "–"})


def _spoilt(item: PlannedItem, *wrong: Problem) -> list[Problem]:
    """What is wrong with an item, and that its other rows stay out with it: each row is accounted for."""
    lines = {problem.line for problem in wrong}
    first = min(lines)
    rest = {item.line, *(variant.line for variant in item.variants)} - lines
    return [*wrong, *(Problem(line, "slug", SPOILT, {"first": first}) for line in sorted(rest))]


def _unknown(items: Sequence[PlannedItem]) -> frozenset[str]:
    """The slugs among these that no item has."""
    found = {item.slug for item in items}
    for start in range(0, len(items), _CHUNK):
        part = [item.slug for item in items[start : start + _CHUNK]]
        found.difference_update(db.session.scalars(sa.select(Item.slug).where(Item.slug.in_(part))))
    return frozenset(found)


def _owners(skus: list[str]) -> dict[str, str]:
    """The slugs of the items that have these SKUs."""
    found: dict[str, str] = {}
    rows = sa.select(Variant.sku, Item.slug).join(Item, Item.id == Variant.item_id)
    for start in range(0, len(skus), _CHUNK):
        part = db.session.execute(rows.where(Variant.sku.in_(skus[start : start + _CHUNK])))
        found.update(part.all())
    return found


def import_categories(data: bytes, name: str) -> Report:
    """Categories from a file with slug, position, colour, name_en, name_zh_hans, name_zh_hant: all of them or none.

    Raises UnreadableFile.
    """
    header, rows = read_table(data, name)
    problems = [
        Problem(1, column, N_("This column is missing. Add it."))
        for column in ("slug", "name_en")
        if column not in header
    ]
    if problems:
        return Report(read=len(rows), problems=problems)
    savepoint = db.session.begin_nested()
    known = {category.slug: category for category in db.session.scalars(sa.select(Category))}
    created = updated = 0
    for row in rows:
        try:
            before = known.get(row.get("slug"))
            change = _put_category(row, before)
        except MallError as error:
            problems.append(Problem(row.line, error.code, error.message, error.params))
            continue
        created, updated = created + (before is None), updated + (before is not None and change)
    if problems:
        savepoint.rollback()
        db.session.expire_all()
    else:
        savepoint.commit()
    unchanged = len(rows) - created - updated - len(problems)
    return Report(read=len(rows), refused=len(problems), items_created=created, items_updated=updated,
                  items_unchanged=unchanged, problems=problems, saved=not problems)  # fmt: skip


def _put_category(row: Row, known: Category | None) -> bool:
    """Make or change one category; whether anything changed."""
    names = {locale: row.get(f"name_{suffix}") for locale, suffix in SUFFIX.items()}
    position = parse_whole(row.get("position") or "0", least=0, most=10_000)
    colour = (row.get("colour") or COLOUR).lower()
    if known is None:
        service.create_category(row.get("slug"), names=names, position=position, colour=colour)
        return True
    same = (
        {locale: text.name for locale, text in known.texts.items()} == {k: n for k, n in names.items() if n}
        and (known.position, known.colour) == (position, colour)
    )  # fmt: skip
    if not same:
        service.edit_category(known, names=names, position=position, colour=colour)
    return not same
