"""The demo's content: complete in three languages, importable, and with every picture that it names."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from mall.domain.items.import_rows import COLUMNS, read_items
from tests.support.characters import SIMPLIFIED, TRADITIONAL

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "mall" / "demo" / "data"
PICTURES = ROOT / "static" / "demo"

LANGUAGES = ("en", "zh_hans", "zh_hant")
HEADER = [
    "slug",
    "kind",
    "category",
    "sku",
    "options_en",
    "options_zh_hans",
    "options_zh_hant",
    "points",
    "stock",
    "value",
    "name_en",
    "name_zh_hans",
    "name_zh_hant",
    "summary_en",
    "summary_zh_hans",
    "summary_zh_hant",
    "description_en",
    "description_zh_hans",
    "description_zh_hant",
    "status",
    "limit_per_order",
    "limit_ever",
    "pictures",
    "combo_points",
    "combo_cash",
    "combo_tiers",
    "range_points",
    "range_cash",
    "range_min",
    "range_max",
    "cash_price",
    "cash_min",
    "cash_share",
    "cash_tiers",
    "tier_discount",
]
#: What Taiwan calls otherwise: the word of the mainland, and the one to use.
NOT_IN_TAIWAN = {
    "點數": "積分",
    "軟件": "軟體",
    "鼠標": "滑鼠",
    "打印": "列印",
    "網絡": "網路",
    "視頻": "影片",
    "屏幕": "螢幕",
    "硅": "矽",
    "塑料": "塑膠",
    "充電寶": "行動電源",
    "出租車": "計程車",
    "酒店": "飯店",
    "支持": "支援",
    "發貨": "出貨",
    "黃油": "奶油",
    "三文魚": "鮭魚",
    "厘米": "公分",
    "毫米": "公釐",
    "千克": "公斤",
    "筆記本電腦": "筆電",
    "音箱": "喇叭",
}

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CATEGORIES = rows("categories")
VARIANTS = rows("items")
ITEMS = list({row["slug"]: row for row in reversed(VARIANTS)}.values())[::-1]
DRAWN = rows("pictures")


def words(language: str) -> Iterator[tuple[str, str, str]]:
    """Every text of the demo in a language: where it stands, its column, the text."""
    for table, key in ((CATEGORIES, "slug"), (VARIANTS, "sku"), (DRAWN, "picture")):
        for row in table:
            yield from (
                (row[key], name, text) for name, text in row.items() if name.endswith(f"_{language}") and text
            )


def test_the_shop_is_full() -> None:
    assert len(ITEMS) >= 150
    assert len(CATEGORIES) >= 12
    shelves = Counter(row["category"] for row in ITEMS)
    assert set(shelves) == {row["slug"] for row in CATEGORIES}
    assert min(shelves.values()) >= 8
    assert {row["kind"] for row in ITEMS} == {"goods", "service", "digital"}
    assert sum("headphones" in row["name_en"].lower() for row in ITEMS) >= 3
    assert sum("耳机" in row["name_zh_hans"] for row in ITEMS) >= 4


def test_the_columns_are_those_of_the_import() -> None:
    assert list(VARIANTS[0]) == HEADER
    assert set(HEADER) <= COLUMNS


def test_the_import_takes_every_row() -> None:
    plan = read_items((DATA / "items.csv").read_bytes(), "items.csv", currency="CNY")
    assert plan.problems == []
    assert plan.ignored == []
    assert len(plan.items) == len(ITEMS)
    assert sum(len(item.variants) for item in plan.items) == len(VARIANTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_item_speaks(language: str) -> None:
    for row in ITEMS:
        assert row[f"name_{language}"], row["slug"]
        assert len(row[f"summary_{language}"]) >= 8, row["slug"]
        paragraphs = row[f"description_{language}"].split("\n\n")
        assert 2 <= len(paragraphs) <= 5, row["slug"]
        assert all(part.strip() == part and part for part in paragraphs), row["slug"]
    for column in ("name", "summary", "description"):
        texts = Counter(row[f"{column}_{language}"] for row in ITEMS)
        assert [text for text, times in texts.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_and_picture_speaks(language: str) -> None:
    assert all(row[f"name_{language}"] for row in CATEGORIES)
    alts = Counter(row[f"alt_{language}"] for row in DRAWN)
    assert "" not in alts
    assert [text for text, times in alts.items() if times > 1] == []


def test_simplified_and_traditional_are_paired() -> None:
    assert len(SIMPLIFIED) == len(TRADITIONAL) == len(set(SIMPLIFIED)) > 1000
    assert not set(SIMPLIFIED) & set(TRADITIONAL)


def test_no_simplified_character_in_traditional_text() -> None:
    strays = [(where, column, set(text) & set(SIMPLIFIED)) for where, column, text in words("zh_hant")]
    assert [stray for stray in strays if stray[2]] == []


def test_no_traditional_character_in_simplified_text() -> None:
    strays = [(where, column, set(text) & set(TRADITIONAL)) for where, column, text in words("zh_hans")]
    assert [stray for stray in strays if stray[2]] == []


def test_traditional_text_is_written_for_taiwan() -> None:
    found = [(where, word) for where, _, text in words("zh_hant") for word in NOT_IN_TAIWAN if word in text]
    assert found == []
    assert all("“" not in text for _, _, text in words("zh_hant"))
    assert all("「" not in text for _, _, text in words("zh_hans"))


def test_english_text_has_no_chinese() -> None:
    assert [where for where, _, text in words("en") if re.search("[㐀-鿿]", text)] == []


def test_skus_are_unique() -> None:
    assert [sku for sku, times in Counter(row["sku"] for row in VARIANTS).items() if times > 1] == []
    assert all(re.fullmatch(r"[A-Z]{3}-\d{4}(-[A-Z0-9]+)?", row["sku"]) for row in VARIANTS)


def test_variants_of_an_item_differ_in_their_options() -> None:
    by_item: dict[str, list[Row]] = {}
    for row in VARIANTS:
        by_item.setdefault(row["slug"], []).append(row)
    for slug, variants in by_item.items():
        for language in LANGUAGES:
            options = [row[f"options_{language}"] for row in variants]
            assert len(set(options)) == len(options), slug
            names = {tuple(pair.split(": ")[0] for pair in text.split("; ")) for text in options}
            assert len(names) == 1, slug
            assert all(options) or len(variants) == 1, slug
    assert sum(len(variants) >= 2 for variants in by_item.values()) >= 20
    assert max(len(variants) for variants in by_item.values()) >= 4


def test_prices_suit_every_purse() -> None:
    points = [int(row["points"]) for row in VARIANTS if row["points"]]
    assert min(points) <= 100
    assert max(points) <= 60_000
    assert sum(price <= 5_000 for price in points) >= 40
    assert sum(price >= 20_000 for price in points) >= 30
    assert all(re.fullmatch(r"\d+\.\d\d", row["value"]) and Decimal(row["value"]) > 0 for row in VARIANTS)


def test_there_is_every_way_to_pay() -> None:
    for column, least in (("combo_points", 20), ("range_points", 15), ("cash_price", 12), ("combo_tiers", 3)):
        assert sum(bool(row[column]) for row in VARIANTS) >= least, column
    assert [
        row["slug"]
        for row in VARIANTS
        if (row["combo_points"], row["combo_cash"], row["tier_discount"]) == ("2000", "30.00", "none")
    ]


def test_no_way_to_pay_is_dearer_than_the_shop_and_none_is_a_gift() -> None:
    for row in VARIANTS:
        value = Decimal(row["value"])
        for name, worth in worths(row).items():
            assert value * Decimal("0.6") <= worth <= value, (row["sku"], name, worth, value)


def worths(row: Row) -> dict[str, Decimal]:
    """What each way to pay comes to in cash, 100 points being worth 1.00, before a tier's discount."""
    given = {name: Decimal(row[name] or 0) for name in row if name.endswith(("points", "cash", "price"))}
    found = {
        "points": given["points"] / 100,
        "combo": given["combo_points"] / 100 + given["combo_cash"],
        "range in points": given["range_points"] / 100,
        "range in cash": given["range_cash"],
        "cash": given["cash_price"],
    }
    return {name: worth for name, worth in found.items() if worth}


def test_stock_has_its_edges() -> None:
    goods = [row for row in VARIANTS if row["kind"] == "goods"]
    assert all(row["stock"].isdigit() for row in goods)
    assert sum(row["stock"] == "0" for row in VARIANTS) >= 5
    assert sum(row["stock"] in {"2", "3"} for row in VARIANTS) >= 5
    assert any(row["stock"] == "" for row in VARIANTS if row["kind"] == "digital")
    assert 1 <= sum(row["status"] == "draft" for row in ITEMS) <= 10
    assert {row["status"] for row in VARIANTS} == {"live", "draft"}


def test_every_picture_belongs_to_an_item_and_has_its_words() -> None:
    named = [name for row in ITEMS for name in row["pictures"].split(";")]
    assert all(row["pictures"] for row in ITEMS)
    assert sorted(named) == sorted(row["picture"] for row in DRAWN)
    listed = (ROOT / "assets" / "pictures" / "pictures.txt").read_text("utf-8").splitlines()
    assert sorted(line.split(":")[0] for line in listed if line and line[0] != "#") == sorted(named)


def test_every_picture_stands_in_three_sizes() -> None:
    weight = 0
    for row in DRAWN:
        assert (int(row["width"]), int(row["height"])) == (1280, 960)
        for width in (320, 640, 1280):
            file = PICTURES / f"{row['picture']}-{width}.webp"
            with Image.open(file) as picture:
                assert picture.format == "WEBP"
                assert picture.size == (width, width * 3 // 4), file.name
            weight += file.stat().st_size
    assert weight <= 9_000_000
    assert len(list(PICTURES.iterdir())) == 3 * len(DRAWN)


def test_no_two_pictures_are_alike() -> None:
    seen = Counter((PICTURES / f"{row['picture']}-320.webp").read_bytes() for row in DRAWN)
    assert max(seen.values()) == 1


def test_motifs_are_many() -> None:
    listed = (ROOT / "assets" / "pictures" / "pictures.txt").read_text("utf-8").splitlines()
    lines = [line for line in listed if line and line[0] != "#"]
    motifs = {part.split()[0] for line in lines for part in line.split("|")[1:]}
    assert len(motifs) >= 60
