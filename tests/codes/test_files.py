"""Files of codes: what is read, what is refused, and that no refusal repeats a code."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.core.tables import UnreadableFile
from mall.domain.items.code_files import WHYS, read_codes
from mall.domain.items.rules import NEVER

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ZONE = "Asia/Shanghai"


def read(text: str | bytes):  # type: ignore[no-untyped-def]
    data = text if isinstance(text, bytes) else text.encode()
    return read_codes(data, "codes.txt", at=AT, zone=ZONE)


def test_a_text_has_one_code_a_line() -> None:
    found = read("AAA-1\r\n\n  BBB-2  \nCCC,3\n")
    assert [(c.line, c.code, c.pin) for c in found.codes] == [
        (1, "AAA-1", ""),
        (3, "BBB-2", ""),
        (4, "CCC,3", ""),
    ]
    assert found.refused == ()


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_names_its_columns(mark: str) -> None:
    rows = [["Code", "pin", "expires"], ["A-1", "77", "2026-12-31"], ["B-2", "", ""]]
    found = read("\n".join(mark.join(row) for row in rows))
    one, two = found.codes
    assert (one.line, one.code, one.pin) == (2, "A-1", "77")
    # Good to the end of the last day where the programme is.
    assert one.expires_at == datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert (two.line, two.expires_at) == (3, NEVER)


def test_gbk_and_a_byte_order_mark_are_read() -> None:
    assert read("礼券一\n".encode("gbk")).codes[0].code == "礼券一"
    assert read(b"\xef\xbb\xbfcode,pin\nA,1\n").codes[0].pin == "1"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",12,", "empty"),
        ("A" * 201 + ",,", "long"),
        ("A," + "1" * 61 + ",", "long"),
        ("A\x07B,,", "unprintable"),
        ("A,,tomorrow", "date"),
        ("A,,2026-11-21", "expired"),
        ("A,,0000-00-00", "date"),
    ],
)
def test_a_row_that_cannot_be_kept_is_named_by_its_line(row: str, why: str) -> None:
    found = read(f"code,pin,expires\nGOOD-1,,\n{row}\nGOOD-2,,2026-11-22\n")
    assert [c.code for c in found.codes] == ["GOOD-1", "GOOD-2"]
    assert [(r.line, r.why) for r in found.refused] == [(3, why)]


def test_a_code_that_comes_twice_is_kept_once() -> None:
    found = read("A-1\nB-2\nA-1\nA-1\n")
    assert len(found.codes) == 2
    assert [(r.line, r.why, r.first) for r in found.refused] == [(3, "twice", 1), (4, "twice", 1)]


@pytest.mark.parametrize("expires", ["9999-12-31", "9998-12-31"])
def test_a_day_at_the_end_of_time_is_a_day(expires: str) -> None:
    assert read(f"code,expires\nA,{expires}\n").codes[0].expires_at <= NEVER


@pytest.mark.parametrize("data", [b"\x00\x01" * 9, "code\nA".encode("utf-16"), b"PK\x03\x04broken"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read(data)


def test_nothing_that_could_be_logged_says_a_code() -> None:
    found = read("SECRET-1\nSECRET-1\n")
    assert "SECRET" not in repr(found)
    assert not any("code)s" in text for text in WHYS.values())


@given(st.lists(st.text(max_size=30), max_size=20))
def test_every_line_is_kept_or_refused(lines: list[str]) -> None:
    """Whatever a file holds, each line that says something ends in one of the two lists, once."""
    text = "\n".join(line.replace("\n", " ").replace("\0", " ") for line in lines)
    if "code" in text.lower():
        return
    found = read(text)
    said = [n for n, line in enumerate(text.encode().decode("utf-8-sig").splitlines(), 1) if line.strip()]
    assert sorted([c.line for c in found.codes] + [r.line for r in found.refused]) == said
    assert len({c.code for c in found.codes}) == len(found.codes)
