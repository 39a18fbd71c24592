"""Purchases out of the files that merchants send."""

from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.core.tables import UnreadableFile
from mall.domain.earning.reading import PurchaseRow, RefusedRow, read_cdnow, read_csv

WHERE = {"currency": "CNY", "zone": "Asia/Shanghai"}


def cdnow(name: str) -> bytes:
    """A CDNOW file as the package `lifetimes` ships it."""
    return next(f for f in files("lifetimes") or [] if f.name == name).locate().read_bytes()


def test_the_cdnow_sample_is_read_whole() -> None:
    rows = list(read_cdnow(cdnow("CDNOW_sample.txt"), "sample", **WHERE))
    assert len(rows) == 6919
    assert len({row.member for row in rows if isinstance(row, PurchaseRow)}) == 2357
    assert len({row.external_id for row in rows if isinstance(row, PurchaseRow)}) == 6919


def test_the_cdnow_master_is_read_whole_with_its_zero_amounts() -> None:
    rows = list(read_cdnow(cdnow("CDNOW_master.txt"), "master", **WHERE))
    assert len(rows) == 69_659
    purchases = [row for row in rows if isinstance(row, PurchaseRow)]
    assert len(purchases) == 69_659
    assert len({row.member for row in purchases}) == 23_570
    assert sum(row.amount == 0 for row in purchases) == 80
    assert len({row.external_id for row in purchases}) == 69_659


def test_two_purchases_of_a_day_have_ordinals() -> None:
    text = b" 00001 19970101  1   11.77\r\n 00001 19970101  2   12.00\r\n"
    first, second = read_cdnow(text, "x", **WHERE)
    assert isinstance(first, PurchaseRow)
    assert isinstance(second, PurchaseRow)
    assert (first.external_id, second.external_id) == ("00001/19970101/1", "00001/19970101/2")
    assert first.amount == 1177
    assert first.at == datetime(1997, 1, 1, 4, tzinfo=UTC)


def test_bad_cdnow_rows_are_named_and_the_others_kept() -> None:
    text = b" 00001 19970101  1   11.77\n 00002 19971301 1 5.00\n 00003 19970101 1 -5.00\n 1 2 3\n 00004 19970101 1 5.00\n"
    rows = list(read_cdnow(text, "x", **WHERE))
    assert [row.line for row in rows if isinstance(row, RefusedRow)] == [2, 3, 4]
    assert len(rows) == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_csv_in_the_encodings_of_spreadsheets(encoding: str) -> None:
    data = "external_id,member,at,amount,memo\nA-1,会员一,2026-11-22T12:00:00,88.80,耳机\n".encode(encoding)
    (row,) = read_csv(data, "p.csv", **WHERE)
    assert row == PurchaseRow(2, "A-1", "会员一", datetime(2026, 11, 22, 4, tzinfo=UTC), 8880)


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        (",m,2026-01-01,1.00", "external_id"),
        ("a,,2026-01-01,1.00", "member"),
        ("a,m,yesterday,1.00", "at is"),
        ("a,m,2026-01-01,1.001", "amount"),
        ("a,m,2026-01-01,NaN", "amount"),
        ("a,m,2026-01-01,１００", "amount"),
        ("a,m,2026-01-01,-1", "amount"),
        ("a,m,2026-01-01,1e3", "amount"),
    ],
)
def test_a_bad_row_says_what_is_wrong(cells: str, word: str) -> None:
    (row,) = read_csv(f"external_id,member,at,amount\n{cells}\n".encode(), "p.csv", **WHERE)
    assert isinstance(row, RefusedRow)
    assert word in row.why


def test_a_file_without_the_columns_says_which() -> None:
    (row,) = read_csv(b"id,amount\n1,2\n", "p.csv", **WHERE)
    assert isinstance(row, RefusedRow)
    assert "external_id, member, at" in row.why


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_words(data: bytes) -> None:
    for reader in (read_csv, read_cdnow):
        with suppress(UnreadableFile):
            assert all(row.line > 0 for row in reader(data, "x", **WHERE))
