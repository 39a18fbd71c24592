"""Sheets that people send: sound ones are read; damaged and lying ones are refused, whatever is wrong with them."""

import io
import random
import re
import zipfile

import pytest
from openpyxl import Workbook

from mall.core import tables
from mall.core.tables import UnreadableFile, read_table

ROWS = (("sku", "points"), *((f"CUP-{n}", n) for n in range(30)))


def sheet(*rows: tuple[object, ...]) -> bytes:
    """An XLSX of these rows."""
    book = Workbook()
    active = book.active
    assert active is not None
    for row in rows:
        active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(data: bytes, pattern: str, by: str, *, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """The same XLSX with something else in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == part:
                changed = re.sub(pattern.encode(), by.encode(), text, count=1)
                assert changed != text
                text = changed
            new.writestr(name, text)
    return out.getvalue()


def test_the_size_that_a_sheet_says_it_has_is_not_believed() -> None:
    lying = rewritten(sheet(*ROWS), '<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"')
    header, rows = read_table(lying, "cups.xlsx")
    assert (header, len(rows)) == (["sku", "points"], 30)
    small = rewritten(sheet(*ROWS), '<dimension ref="[^"]*"', '<dimension ref="A1:A2"')
    assert read_table(small, "cups.xlsx") == (header, rows)


@pytest.mark.parametrize("cell", ["XFD2", "CW2"])
def test_a_cell_far_to_the_right_is_refused(cell: str) -> None:
    with pytest.raises(UnreadableFile, match="too large"):
        read_table(rewritten(sheet(*ROWS), 'r="B2"', f'r="{cell}"'), "cups.xlsx")


def test_a_row_far_down_is_refused_before_the_rows_above_are_made_up() -> None:
    with pytest.raises(UnreadableFile, match="too large"):
        read_table(rewritten(sheet(*ROWS), '<row r="31"', '<row r="999999999"'), "cups.xlsx")


def test_as_much_as_is_promised_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 31)
    wide = tuple(f"c{n}" for n in range(tables.MAX_COLUMNS))
    header, rows = read_table(sheet(wide, *ROWS[1:]), "cups.xlsx")
    assert (len(header), len(rows)) == (100, 30)


@pytest.mark.parametrize(
    ("pattern", "by", "part"),
    [
        ('r="B3" t="n"', 'r="B3" t="s"', "xl/worksheets/sheet1.xml"),
        ("</row>", "</wor>", "xl/worksheets/sheet1.xml"),
        ("<v>1</v>", "<v>one</v>", "xl/worksheets/sheet1.xml"),
        ("<sheets>.*</sheets>", "<sheets/>", "xl/workbook.xml"),
    ],
)
def test_a_sheet_with_nonsense_in_it_is_refused(pattern: str, by: str, part: str) -> None:
    with pytest.raises(UnreadableFile, match="not a sound XLSX"):
        read_table(rewritten(sheet(*ROWS), pattern, by, part=part), "cups.xlsx")


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_damaged_sheet_is_read_or_refused_and_never_a_crash() -> None:
    sound, chance = sheet(*ROWS), random.Random(20)
    plain = rewritten(sound, "CUP", "CUP", part="none")
    damaged = [data[:n] for data in (sound, plain) for n in range(4, len(data), len(data) // 60)]
    for data in (sound, plain) * 150:
        bent = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            bent[chance.randrange(4, len(bent))] ^= 1 << chance.randrange(8)
        damaged.append(bytes(bent))
    refused = 0
    for data in damaged:
        try:
            read_table(data, "cups.xlsx")
        except UnreadableFile:
            refused += 1
    assert refused > 100


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_nonsense_inside_a_sound_archive_is_no_crash_either() -> None:
    sound, chance = sheet(*ROWS), random.Random(21)
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(150):
        victim = chance.choice(sorted(parts))
        bent = bytearray(parts[victim])
        for _bit in range(chance.randint(1, 3)):
            bent[chance.randrange(len(bent))] = chance.choice(b'0129<>"/ aZ\xff')
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, text in parts.items():
                archive.writestr(name, bytes(bent) if name == victim else text)
        try:
            read_table(out.getvalue(), "cups.xlsx")
        except UnreadableFile:
            continue
