"""Items from files: every problem of every row named, nothing half-imported, a second run changes nothing."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import Workbook

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.core.tables import inert
from mall.domain.items import import_columns, importing, queries, service, stock
from mall.domain.items.import_pictures import from_folder, ready_made
from mall.domain.items.importing import Report
from mall.domain.items.models import Category, Item, Variant
from mall.domain.items.offered import of_items
from mall.domain.items.price_models import Offer
from mall.domain.items.queries import CatalogFilter
from mall.domain.items.stock_models import StockMove
from tests.items.test_pictures import photo
from tests.items.test_stock import ORDER
from tests.support.items_factory import make_category, make_item

CUP = {
    "slug": "tea-cup", "kind": "goods", "category": "audio", "sku": "CUP-1", "points": "1200", "stock": "5",
    "value": "12.50", "name_en": "Tea cup", "name_zh_hans": "茶杯", "summary_en": "For tea", "status": "live",
}  # fmt: skip


def table(*rows: dict[str, str], encoding: str = "utf-8", columns: list[str] | None = None) -> bytes:
    out = io.StringIO(newline="")
    names = columns or list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.fixture
def load(app: Flask, at: datetime) -> Callable[..., Report]:
    """Import a table of these rows; the category `audio` is there."""
    with transaction():
        make_category("audio")

    def run(*rows: dict[str, str], data: bytes | None = None, at: datetime = at, **how: bool) -> Report:
        plan = importing.read_items(data or table(*rows), "items.csv", currency="CNY")
        with transaction():
            return importing.write_items(plan, actor=SYSTEM, at=at, **how)

    return run


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def told(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


def test_an_item_comes_in_whole(load: Callable[..., Report], at: datetime) -> None:
    report = load(CUP)
    assert (report.read, report.items_created, report.variants_created, report.saved) == (1, 1, 1, True)
    (card,) = queries.cards(CatalogFilter(q="茶杯"), locale="zh-Hant", at=at).cards
    assert (card.name, card.points, card.available, card.value) == ("Tea cup", 1200, 5, 1250)
    assert queries.stock_violations() == []


def test_the_same_file_again_changes_nothing(load: Callable[..., Report], at: datetime) -> None:
    load(CUP)
    made = db.session.scalars(sa.select(Item)).one()
    version = made.version
    report = load(CUP, at=at + timedelta(days=1))
    assert (report.items_created, report.items_updated, report.items_unchanged) == (0, 0, 1)
    db.session.expire_all()
    assert db.session.scalars(sa.select(Item)).one().version == version
    assert count(StockMove) == 1


def test_what_differs_is_changed_and_sold_stock_is_left_alone(
    load: Callable[..., Report], at: datetime
) -> None:
    load(CUP)
    variant = db.session.scalars(sa.select(Variant)).one()
    with transaction():
        stock.sell([(variant.id, 2)], ref=ORDER, actor=SYSTEM, at=at)
    later = at + timedelta(days=1)
    report = load({**CUP, "points": "900", "name_zh_hans": "品茗杯", "summary_en": ""}, at=later)
    assert (report.items_updated, report.variants_created) == (1, 0)
    (card,) = queries.cards(CatalogFilter(q="品茗"), locale="zh-Hans", at=later).cards
    assert (card.points, card.available, card.summary) == (900, 3, "For tea")
    (before,) = queries.cards(CatalogFilter(), locale="en", at=later).cards
    assert before.points == 900
    found = queries.staff_item(card.item_id, at=later)
    assert found is not None
    assert [price.points for price in found.offers[0].prices] == [900, 1200]


def test_variants_of_one_item_may_have_prices_and_values_of_their_own(
    load: Callable[..., Report], at: datetime
) -> None:
    red = {**CUP, "options_en": "Colour: Red"}
    blue = {"slug": "tea-cup", "kind": "goods", "sku": "CUP-2", "points": "800", "stock": "unlimited", "value": "8", "options_en": "Colour: Blue"}  # fmt: skip
    report = load(red, blue)
    assert (report.items_created, report.variants_created, report.problems) == (1, 2, [])
    page = queries.item_page("tea-cup", locale="en", at=at)
    assert page is not None
    assert [(v.options, v.mix and v.mix.points, v.available) for v in page.variants] == [
        ("Colour: Red", 1200, 5),
        ("Colour: Blue", 800, None),
    ]
    assert load(red, blue, at=at + timedelta(1)).items_unchanged == 1
    assert load(red, {**blue, "points": "700"}, at=at + timedelta(1)).items_updated == 1
    again = queries.item_page("tea-cup", locale="en", at=at + timedelta(2))
    assert again is not None
    assert [v.mix.points for v in again.variants] == [1200, 700]


BAD: list[tuple[dict[str, str], str, str]] = [
    ({"slug": "Tea Cup"}, "slug", "part of an address"),
    ({"kind": "thing"}, "kind", "Use one of: goods, service, digital"),
    ({"category": "nowhere"}, "category", "Import categories.csv first"),
    ({"category": ""}, "category", "by its slug"),
    ({"sku": "=cmd()"}, "sku", "cannot be an SKU"),
    ({"sku": ""}, "sku", "cannot be an SKU"),
    ({"points": ""}, "points", "missing"),
    ({"points": "0"}, "points", "whole number from 1"),
    ({"points": "-5"}, "points", "whole number from 1"),
    ({"points": "1.5"}, "points", "whole number from 1"),
    ({"points": "NaN"}, "points", "whole number from 1"),
    ({"points": "１００"}, "points", "whole number from 1"),
    ({"points": "9223372036854775808"}, "points", "whole number from 1"),
    ({"stock": ""}, "stock", "how many"),
    ({"stock": "many"}, "stock", "whole number from 0"),
    ({"value": "12,50"}, "value", "amount in CNY"),
    ({"value": "1.005"}, "value", "amount in CNY"),
    ({"name_en": ""}, "name_en", "missing"),
    ({"name_en": "x" * 121}, "name_en", "too long"),
    ({"name_zh_hant": "", "summary_zh_hant": "無名"}, "name_zh_hant", "missing"),
    ({"summary_en": "x" * 301}, "summary_en", "too long"),
    ({"options_en": "x" * 201}, "options_en", "too long"),
    ({"status": "open"}, "status", "draft, live, retired"),
    ({"limit_per_order": "0"}, "limit_per_order", "whole number from 1"),
    ({"name_en": "bell \a"}, "name_en", "control character"),
]


@pytest.mark.parametrize(("change", "column", "words"), BAD)
def test_a_bad_cell_is_named_with_its_row_and_what_to_do(
    load: Callable[..., Report], change: dict[str, str], column: str, words: str
) -> None:
    report = load(CUP, {**CUP, "slug": "other", "sku": "OTHER-1", **change})
    assert [(p.line, p.column) for p in report.problems] == [(3, column)], told(report)
    assert words in str(report.problems[0])
    assert (report.saved, report.refused, count(Item)) == (False, 1, 0)


def test_all_problems_of_a_row_are_told_at_once(load: Callable[..., Report]) -> None:
    report = load({**CUP, "kind": "x", "points": "y", "sku": "", "value": "z"})
    assert {problem.column for problem in report.problems} == {"kind", "points", "sku", "value"}
    assert report.refused == 1


def test_rows_that_contradict_each_other(load: Callable[..., Report]) -> None:
    second = {**CUP, "sku": "CUP-2"}
    report = load(CUP, {**second, "name_en": "Coffee cup"}, {**CUP}, {**CUP, "slug": "else"})
    assert [(p.line, p.column) for p in report.problems] == [(3, "name_en"), (4, "sku"), (5, "sku")]


def test_rows_wait_for_the_row_that_describes_their_item(load: Callable[..., Report]) -> None:
    report = load({**CUP, "kind": "x"}, {**CUP, "sku": "CUP-2", "kind": "x"}, partial=True)
    assert [(p.line, p.column) for p in report.problems] == [(2, "kind"), (3, "slug")]
    assert count(Item) == 0


def test_an_sku_of_another_item_is_refused(load: Callable[..., Report]) -> None:
    with transaction():
        make_item(slug="its-owner", sku="CUP-1")
    report = load(CUP)
    assert "belongs to “its-owner”" in told(report)[0]
    assert not report.saved


def test_five_thousand_rows_with_37_bad_ones(load: Callable[..., Report]) -> None:
    rows = [{**CUP, "slug": f"cup-{n}", "sku": f"CUP-{n}"} for n in range(5_000)]
    bad = set(range(100, 100 + 37 * 131, 131))
    for n in bad:
        rows[n] = {**rows[n], "points": "free"}
    data = table(*rows)
    report = load(data=data)
    assert [problem.line for problem in report.problems] == [n + 2 for n in sorted(bad)]
    assert (report.read, report.refused, report.saved) == (5_000, 37, False)
    assert count(Item) == count(Variant) == count(StockMove) == 0


def test_partial_keeps_the_good_rows(load: Callable[..., Report]) -> None:
    report = load(
        CUP, {**CUP, "sku": "CUP-2", "points": "x"}, {**CUP, "slug": "pot", "sku": "POT"}, partial=True
    )
    assert (report.items_created, report.variants_created, report.refused, report.saved) == (2, 2, 1, True)
    assert set(db.session.scalars(sa.select(Variant.sku))) == {"CUP-1", "POT"}
    assert queries.stock_violations() == []


def test_a_dry_run_says_what_would_happen_and_changes_nothing(
    load: Callable[..., Report], at: datetime
) -> None:
    dry = load(CUP, dry_run=True)
    assert (dry.items_created, dry.variants_created, dry.saved) == (1, 1, False)
    assert count(Item) == count(StockMove) == 0
    assert queries.cards(CatalogFilter(q="cup"), locale="en", at=at).cards == []
    real = load(CUP)
    assert (real.items_created, real.variants_created) == (dry.items_created, dry.variants_created)


def test_a_dry_run_tells_every_problem_and_what_the_good_rows_would_do(
    load: Callable[..., Report], at: datetime
) -> None:
    load(CUP, {**CUP, "slug": "pot", "sku": "POT"})
    report = load(
        CUP,
        {**CUP, "slug": "pot", "sku": "POT", "points": "77"},
        {**CUP, "slug": "jug", "sku": "JUG"},
        {**CUP, "slug": "bowl", "sku": "BOWL", "category": "nowhere", "points": "many"},
        {**CUP, "slug": "dish", "sku": "DISH-1", "category": "elsewhere"},
        {**CUP, "slug": "dish", "sku": "DISH-2", "category": "elsewhere"},
        dry_run=True,
        at=at + timedelta(days=1),
    )
    assert (report.items_created, report.items_updated, report.items_unchanged) == (1, 1, 1)
    assert (report.read, report.refused, report.saved) == (6, 3, False)
    said = told(report)
    assert [line.split(":")[0] for line in said] == [
        "row 5, points", "row 5, category", "row 6, category", "row 7, slug",
    ]  # fmt: skip
    assert "“nowhere”" in said[1]
    assert "Row 6 describes this item and is refused" in said[3]
    assert count(Item) == 2


def test_an_item_whose_sku_is_anothers_stays_out_with_all_its_rows(load: Callable[..., Report]) -> None:
    load(CUP)
    jug = {**CUP, "slug": "jug"}
    report = load({**jug, "sku": "JUG"}, {**jug, "sku": "CUP-1"}, partial=True)
    assert (report.items_created, report.refused) == (0, 2)
    assert any("Row 3 describes this item and is refused" in line for line in told(report))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_the_encodings_of_spreadsheets(load: Callable[..., Report], encoding: str) -> None:
    assert load(data=table(CUP, encoding=encoding)).saved
    assert db.session.scalars(sa.select(Item)).one().texts["zh-Hans"].name == "茶杯"


def test_xlsx_with_numbers_as_numbers(load: Callable[..., Report], at: datetime) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(CUP))
    sheet.append([int(v) if v.isdigit() else float(v) if k == "value" else v for k, v in CUP.items()])
    out = io.BytesIO()
    book.save(out)
    report = load(data=out.getvalue())
    assert report.saved, told(report)
    (card,) = queries.cards(CatalogFilter(), locale="en", at=at).cards
    assert (card.points, card.value) == (1200, 1250)


def test_missing_and_misspelt_columns(load: Callable[..., Report]) -> None:
    cells = {**CUP, "pionts": "5", "notes": "x"}
    del cells["points"]
    report = load(cells)
    assert [(p.line, p.column) for p in report.problems] == [(1, "points")]
    assert "“pionts” looks like it" in str(report.problems[0])
    assert (report.ignored, report.saved) == (["pionts", "notes"], False)


def test_formulas_stay_text_and_leave_inert(load: Callable[..., Report], at: datetime) -> None:
    load({**CUP, "name_en": "=cmd()|' /C calc'!A0", "summary_en": "@SUM(A1)"})
    (card,) = queries.cards(CatalogFilter(), locale="en", at=at).cards
    assert (card.name, card.summary) == ("=cmd()|' /C calc'!A0", "@SUM(A1)")
    assert inert(card.name).startswith("'=")


def test_a_retired_item_comes_back_and_a_live_one_goes(load: Callable[..., Report], at: datetime) -> None:
    load(CUP)
    assert load({**CUP, "status": "retired"}).items_updated == 1
    assert queries.cards(CatalogFilter(), locale="en", at=at).cards == []
    assert load({**CUP, "status": ""}).items_unchanged == 1
    assert load(CUP).items_updated == 1
    assert len(queries.cards(CatalogFilter(), locale="en", at=at).cards) == 1


def test_categories_come_in_all_or_none(app: Flask) -> None:
    good = {"slug": "tea", "position": "2", "colour": "#A0B0C0", "name_en": "Tea", "name_zh_hans": "茶"}
    with transaction():
        bad = importing.import_categories(
            table(good, {**good, "slug": "x y"}, {**good, "slug": "mug", "colour": "red"}), "c.csv"
        )
    assert [problem.line for problem in bad.problems] == [3, 4]
    assert count(Category) == 0
    for created, updated, unchanged, row in (
        (1, 0, 0, good),
        (0, 0, 1, good),
        (0, 1, 0, {**good, "position": "3"}),
    ):
        with transaction():
            report = importing.import_categories(table(row), "c.csv")
        assert (report.items_created, report.items_updated, report.items_unchanged) == (
            created,
            updated,
            unchanged,
        )
    assert [c.name for c in queries.categories("zh-Hans")] == ["茶"]


def test_limits_that_the_file_does_not_say_stay(load: Callable[..., Report]) -> None:
    def limits() -> set[service.Limits]:
        db.session.expire_all()
        item = db.session.scalars(sa.select(Item)).one()
        return {
            service.Limits(offer.limit_per_order, offer.limit_per_day, offer.limit_ever)
            for offer in service.offers(item.id)
        }

    load({**CUP, "limit_per_day": "2", "limit_ever": "9"})
    dearer = {**CUP, "sku": "CUP-2", "points": "1500"}
    report = load({**CUP, "limit_per_order": "1", "limit_ever": ""}, dearer)
    assert (report.items_updated, report.problems) == (1, [])
    assert limits() == {service.Limits(1, 2, 9)}
    assert load({**CUP, "limit_per_order": "1", "limit_per_day": "2"}, dearer).items_unchanged == 1
    load({**CUP, "limit_ever": "5"}, dearer)
    assert limits() == {service.Limits(1, 2, 5)}


def test_pictures_by_name_from_a_folder(app: Flask, at: datetime, tmp_path: Path) -> None:
    (tmp_path / "cup.jpg").write_bytes(photo())
    (tmp_path / "broken.png").write_bytes(photo(kind="PNG")[:200])
    media = tmp_path / "media"
    with transaction():
        make_category("audio")
    source = from_folder(tmp_path, media=media)
    plan = importing.read_items(
        table({**CUP, "pictures": "cup; cup.jpg"}), "i.csv", currency="CNY", pictures=source
    )
    for outcome in ("items_created", "items_unchanged"):
        with transaction():
            assert getattr(importing.write_items(plan, actor=SYSTEM, at=at), outcome) == 1
    page = queries.item_page("tea-cup", locale="en", at=at)
    assert page is not None
    assert len(page.pictures) == 1
    assert len(list(media.iterdir())) == 3
    plan = importing.read_items(
        table({**CUP, "pictures": "none;broken;../media/x"}), "i.csv", currency="CNY", pictures=source
    )
    assert [(p.line, p.column) for p in plan.problems] == [(2, "pictures")] * 3


def test_ready_made_pictures_bring_their_words(app: Flask, at: datetime, tmp_path: Path) -> None:
    source = from_folder(tmp_path, media=tmp_path)
    (tmp_path / "red.jpg").write_bytes(photo(colour="red"))
    made = source("red")
    assert made is not None
    for size in (320, 640, 1280):
        (tmp_path / f"{made.key}-{size}.webp").rename(tmp_path / f"cup-{size}.webp")
    ready = ready_made(tmp_path, {"cup": {"en": "A red cup"}}, media=tmp_path / "media")
    found = ready("cup")
    assert found is not None
    assert (found.key, found.alts) == (made.key, {"en": "A red cup"})
    assert ready("pot") is None
    assert ready("../cup") is None


def test_the_columns_of_the_contract_are_all_known() -> None:
    promised = "slug,kind,category,sku,options_en,options_zh_hans,options_zh_hant,points,stock,value,name_en,name_zh_hans,name_zh_hant,summary_en,description_zh_hans,status,limit_per_order,limit_ever,pictures"
    assert set(promised.split(",")) <= import_columns.COLUMNS


def test_batches_do_not_leak_into_later_changes(app: Flask, at: datetime) -> None:
    with transaction(), pytest.raises(ZeroDivisionError), service.batched(at=at):
        1 // 0  # noqa: B018
    with transaction():
        make_item(slug="later-cup")
    assert len(queries.cards(CatalogFilter(), locale="en", at=at).cards) == 1


def _ways_file(**cells: str) -> bytes:
    row = {
        "slug": "tea-cup", "kind": "goods", "category": "cups", "sku": "CUP-1", "points": "", "stock": "5",
        "name_en": "Tea cup", "status": "live", **cells,
    }  # fmt: skip
    return f"{','.join(row)}\n{','.join(row.values())}\n".encode()


def _offers(at: datetime) -> dict[str, tuple[int, int]]:
    item = db.session.scalar(sa.select(Item).where(Item.slug == "tea-cup"))
    assert item is not None
    db.session.expire_all()
    return {
        offer.kind: (version.price.points, version.price.cash)
        for offer in of_items([item.id], at=at)[item.id]
        if (version := offer.in_force(at)) is not None
    }


def _imported(data: bytes, at: datetime, *, dry_run: bool = False) -> importing.Report:
    plan = importing.read_items(data, "items.csv", currency="CNY")
    with transaction():
        return importing.write_items(plan, actor=SYSTEM, at=at, dry_run=dry_run)


def test_all_four_ways_to_pay_come_from_one_row_and_again_change_nothing(app: Flask, at: datetime) -> None:
    data = _ways_file(
        points="3800", combo_points="2000", combo_cash="30.00", range_points="6000", range_cash="60.00", range_min="1000",
        range_max="5000", cash_price="66.00", cash_min="100", cash_share="50", cash_tiers="gold; diamond",
    )  # fmt: skip
    with transaction():
        service.create_category("cups", names={"en": "Cups"})
    assert _imported(data, at, dry_run=True).items_created == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Item)) == 0
    assert _imported(data, at).saved
    assert _offers(at) == {
        "points": (3_800, 0),
        "combo": (2_000, 3_000),
        "range": (6_000, 6_000),
        "cash": (0, 6_600),
    }
    assert _imported(data, at + timedelta(days=1)).items_unchanged == 1
    cheaper = data.replace(b"30.00", b"25.00")
    assert _imported(cheaper, at + timedelta(days=2)).items_updated == 1
    assert _offers(at + timedelta(days=2))["combo"] == (2_000, 2_500)
    assert _offers(at)["combo"] == (2_000, 3_000)


def test_an_item_may_have_no_price_in_points_alone(app: Flask, at: datetime) -> None:
    with transaction():
        service.create_category("cups", names={"en": "Cups"})
    assert _imported(_ways_file(combo_points="2000", combo_cash="30.00", tier_discount="none"), at).saved
    (card,) = queries.cards(queries.CatalogFilter(), locale="en", at=at).cards
    assert (card.way, card.points, card.cash) == ("combo", 2_000, 3_000)
    assert list(db.session.scalars(sa.select(Offer.kind))) == ["combo"]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({}, "points"),
        ({"combo_points": "2000"}, "combo_cash"),
        ({"combo_cash": "30.00"}, "combo_points"),
        ({"range_points": "100", "range_cash": "5.00", "range_min": "200"}, "range_min"),
        ({"range_points": "100", "range_cash": "5.00", "range_max": "200"}, "range_max"),
        ({"cash_price": "5x00"}, "cash_price"),
        ({"cash_price": "5.00", "cash_share": "101"}, "cash_share"),
        ({"combo_points": "2000", "combo_cash": "30.00", "tier_discount": "some"}, "tier_discount"),
        ({"combo_points": "2000", "combo_cash": "1.00"}, "bad_price"),
        ({"combo_points": "2000", "combo_cash": "30.00", "combo_tiers": "golden"}, "unknown_tier"),
    ],
)
def test_a_way_to_pay_that_cannot_be_is_refused_where_it_stands(
    app: Flask, at: datetime, cells: dict[str, str], column: str
) -> None:
    with transaction():
        service.create_category("cups", names={"en": "Cups"})
    report = _imported(_ways_file(**cells), at)
    assert not report.saved
    assert column in {problem.column for problem in report.problems}
