"""A document as a PDF (A4), its characters embedded: it reads the same on every machine, in every language."""

from datetime import UTC, datetime
from pathlib import Path

from flask_babel import gettext
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from mall.web.documents.sheet import Sheet

_FONT = Path(__file__).with_name("NotoSansSC-mall.otf")
_FAMILY = "mall"
#: Points of type, and millimetres of a line of it.
_BODY, _SMALL, _TITLE = 10, 8.5, 20
_LINE = 6
#: Widths of the columns in millimetres: what, how many, points, money.
_COLUMNS = (92, 20, 28, 30)


def pdf(sheet: Sheet, *, issued_at: datetime, language: str) -> bytes:
    """The PDF of a sheet; the same sheet gives the same bytes."""
    page = FPDF(format="A4")
    page.set_margins(20, 20)
    page.set_auto_page_break(True, margin=20)
    page.set_creation_date(issued_at.astimezone(UTC))
    page.set_title(f"{sheet.title} {sheet.number}")
    page.set_lang(language)
    page.add_font(_FAMILY, fname=str(_FONT))
    page.add_page()
    _head(page, sheet)
    _lines(page, sheet)
    _pairs(page, sheet.sums)
    _taxes(page, sheet)
    page.set_font(_FAMILY, size=_SMALL)
    page.ln(4)
    for note in sheet.notes:
        _text(page, note)
    return bytes(page.output())


def _text(page: FPDF, text: str, height: float = _LINE) -> None:
    page.multi_cell(0, height, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")


def _head(page: FPDF, sheet: Sheet) -> None:
    page.set_font(_FAMILY, size=_BODY)
    for line in sheet.issuer:
        _text(page, line, 5)
    page.ln(8)
    page.set_font(_FAMILY, size=_TITLE)
    _text(page, sheet.title, 10)
    page.ln(2)
    page.set_font(_FAMILY, size=_BODY)
    for label, value in sheet.facts:
        page.cell(40, _LINE, label)
        page.cell(0, _LINE, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(6)


def _lines(page: FPDF, sheet: Sheet) -> None:
    heads = (gettext("Item"), gettext("Quantity"), gettext("Points"), gettext("Money"))
    _cells(page, [str(head) for head in heads], size=_SMALL)
    _rule(page)
    for row in sheet.rows:
        if page.will_page_break(2 * _LINE):
            page.add_page()
        top = page.get_y()
        page.set_font(_FAMILY, size=_BODY)
        page.multi_cell(_COLUMNS[0], _LINE, row.name, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
        if row.hint:
            page.set_font(_FAMILY, size=_SMALL)
            page.multi_cell(_COLUMNS[0], 5, row.hint, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
        bottom = page.get_y()
        page.set_y(top)
        _cells(page, ["", row.quantity, row.points, row.money], size=_BODY)
        page.set_y(max(bottom, top + _LINE) + 1)
    _rule(page)


def _cells(page: FPDF, texts: list[str], *, size: float) -> None:
    page.set_font(_FAMILY, size=size)
    for place, (text, width) in enumerate(zip(texts, _COLUMNS, strict=True)):
        page.cell(width, _LINE, text, align="R" if place else "L")
    page.ln(_LINE)


def _rule(page: FPDF) -> None:
    page.ln(1)
    page.line(page.l_margin, page.get_y(), page.w - page.r_margin, page.get_y())
    page.ln(1)


def _pairs(page: FPDF, pairs: tuple[tuple[str, str], ...]) -> None:
    page.ln(2)
    page.set_font(_FAMILY, size=_BODY)
    for label, value in pairs:
        page.cell(120, _LINE, label, align="R")
        page.cell(0, _LINE, value, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _taxes(page: FPDF, sheet: Sheet) -> None:
    if not sheet.taxes:
        return
    page.ln(6)
    heads = (gettext("Tax"), gettext("Without tax"), gettext("Tax amount"), gettext("With tax"))
    widths = (62, 36, 36, 36)
    page.set_font(_FAMILY, size=_SMALL)
    for row in ([str(head) for head in heads], *sheet.taxes):
        for place, (text, width) in enumerate(zip(row, widths, strict=True)):
            page.cell(width, _LINE, text, align="R" if place else "L")
        page.ln(_LINE)
