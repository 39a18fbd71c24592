"""The PDF of a document: whatever stands on it can be written, and is the same bytes every time."""

import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from mall.domain.orders.documents.reading import DocumentView
from mall.web.documents.pdf import heavy_signs, pdf
from mall.web.documents.sheet import Sheet, sheet

ISSUED = datetime(2026, 11, 23, 4, tzinfo=UTC)
_VAT = {"rate": 1300, "name": {"en": "VAT", "zh-Hans": "增值税", "zh-Hant": "營業稅"}}
_DATA: dict[str, Any] = {
    "merchant": {"name": "七丘贸易", "address": "18 Wukang Road\nShanghai", "tax_number": "9131"},
    "order": "R-ECHF-8TD6-G800",
    "member": "M-K37H-PY9M-Y6JK",
    "currency": "CNY",
    "paid_at": ISSUED.isoformat(),
    "lines": [
        {"name": {"en": "Cup"}, "options": {}, "sku": "CUP-1", "quantity": 2, "points": 500, "cash": 3_000}
    ],
    "points": 500,
    "cash": 3_000,
    "delivery": 800,
    "taxes": [_VAT | {"gross": 3_000, "net": 2_655, "tax": 345}],
}
_NOTE = {"receipt": "RC-2026-000001", "refund": "RF-1", "by_hand": True}


def document(kind: str = "receipt", name: str = "Mei Lin", **data: object) -> DocumentView:
    return DocumentView(1, kind, "RC-2026-000001", 1, ISSUED, {**_DATA, **data}, name)


def printed(paper: Sheet, language: str = "en") -> bytes:
    return pdf(paper, issued_at=ISSUED, language=language)


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("kind", ["receipt", "credit_note"])
def test_the_bold_font_writes_all_of_our_words(app: Flask, kind: str, language: str) -> None:
    with app.test_request_context(), force_locale(language.replace("-", "_")):
        shown = sheet(document(kind, **_NOTE if kind == "credit_note" else {}), locale=language)
        assert {ord(sign) for sign in shown.title + "".join(map("".join, shown.sums))} <= heavy_signs()
        made = printed(shown, language)
        assert made == printed(shown, language)
    assert b"/FontFile3" in made  # regular, embedded
    assert b"/FontFile2" in made  # bold, embedded


@pytest.mark.parametrize(("name", "boxes"), [("王鑫", 0), ("王龘", 1)])
def test_what_the_bold_font_cannot_write_is_set_in_the_regular_one(
    app: Flask, caplog: pytest.LogCaptureFixture, name: str, boxes: int
) -> None:
    """The PDF's maker complains of each font that lacks a sign it had to write: of none, or of the regular one alone."""
    assert not {ord(sign) for sign in name} <= heavy_signs()
    with app.test_request_context():
        printed(sheet(document(merchant={"name": name, "address": "", "tax_number": ""}), locale="en"))
    complaints = [told.getMessage() for told in caplog.records if told.name.startswith("fpdf")]
    assert len(complaints) == boxes
    assert not any("Bold" in told for told in complaints)


def test_a_member_without_a_name_stands_there_with_the_number(app: Flask) -> None:
    with app.test_request_context():
        assert sheet(document(name=""), locale="en").member == ("M-K37H-PY9M-Y6JK",)
        assert sheet(document(), locale="en").member == ("Mei Lin", "M-K37H-PY9M-Y6JK")


def test_a_long_receipt_goes_on_over_the_page(app: Flask) -> None:
    with app.test_request_context():
        short = sheet(document(), locale="en")
        many = replace(short, rows=short.rows * 60)
        assert printed(short).count(b"/Type /Page\n") == 1
        assert printed(many).count(b"/Type /Page\n") >= 4


def test_who_is_called_like_the_sign_for_the_pages_stands_there_by_that_name(app: Flask) -> None:
    """What is written on it has its characters in the embedded font; the sign itself is never written."""
    with app.test_request_context():
        plain = letters(printed(sheet(document(), locale="en")))
        named = letters(printed(sheet(document(name="{nb}"), locale="en")))
    assert {"M", "1"} <= plain
    assert not {"{", "}"} & plain
    assert {"{", "}"} <= named


def test_every_foot_says_how_many_pages_there_are(app: Flask) -> None:
    with app.test_request_context():
        short = sheet(document(), locale="en")
        made = printed(replace(short, rows=short.rows * 60))
    streams = [zlib.decompress(one) for one in re.findall(rb"stream\n(x\x9c.*?)\nendstream", made, re.DOTALL)]
    pages = [one for one in streams if b" Tj" in one]
    assert len(pages) >= 4
    assert not any(b"placeholder" in page for page in pages)


def letters(made: bytes) -> set[str]:
    """The characters of a PDF's fonts, by their maps back to Unicode."""
    maps = re.findall(rb"beginbfchar\n(.*?)endbfchar", made, re.DOTALL)
    return {chr(int(sign, 16)) for one in maps for sign in re.findall(rb"> <([0-9A-F]{4})>", one)}
