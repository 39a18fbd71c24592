"""A document as a PDF (A4), its characters embedded: it reads the same on every machine, in every language."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from flask_babel import gettext
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from mall.web.documents.sheet import Row, Sheet

_HERE = Path(__file__).parent
_FONTS = {"": _HERE / "NotoSansSC-mall.otf", "B": _HERE / "NotoSansSC-mall-bold.ttf"}
_FAMILY = "mall"
#: Points of type.
_SMALL, _BODY, _NAME, _TOTAL, _TITLE = 9.5, 11, 14, 15, 26
#: The look's text, muted text, primary and a hairline, on paper.
_INK, _MUTED, _ACCENT, _HAIR = (31, 35, 40), (91, 99, 107), (15, 95, 92), (210, 205, 197)
#: Millimetres: the margin, and the columns of what, how many, points, money.
_MARGIN = 18
_COLUMNS = (88, 22, 30, 34)
_TAXES = (66, 36, 36, 36)
#: Stands at the foot for how many pages there are in the end; nowhere else.
_PAGES = "{nb}"


def pdf(sheet: Sheet, *, issued_at: datetime, language: str) -> bytes:
    """The PDF of a sheet; the same sheet gives the same bytes."""
    paper = _Paper(sheet.number)
    paper.set_creation_date(issued_at.astimezone(UTC))
    paper.set_title(f"{sheet.title} {sheet.number}")
    paper.set_author(sheet.issuer[0] if sheet.issuer else "")
    paper.set_lang(language)
    paper.add_page()
    _head(paper, sheet)
    _facts(paper, sheet)
    _lines(paper, sheet.rows)
    _sums(paper, sheet)
    _taxes(paper, sheet)
    paper.type(_SMALL, colour=_MUTED)
    for note in sheet.notes:
        paper.text_at(note, 5)
    return bytes(paper.output())


@cache
def heavy_signs() -> frozenset[int]:
    """The characters that the bold font has, as code points."""
    with TTFont(_FONTS["B"]) as font:
        return frozenset(font.getBestCmap())


class _Paper(FPDF):
    """A4 with both weights of the font, and the document's number at the foot of every page."""

    def __init__(self, number: str) -> None:
        super().__init__(format="A4")
        self._number = number
        self.alias_nb_pages("")
        self.set_margins(_MARGIN, _MARGIN)
        self.c_margin = 0  # texts begin and end where the rules do
        self.set_auto_page_break(True, margin=_MARGIN + 8)
        for style, path in _FONTS.items():
            self.add_font(_FAMILY, style, fname=str(path))

    def header(self) -> None:
        """Nothing is written; from here to the foot every text stands for itself, whatever it looks like."""
        self.alias_nb_pages("")

    def footer(self) -> None:
        """The number and which page of how many this is, for whoever has them on paper."""
        self.set_y(-_MARGIN)
        self.type(_SMALL, colour=_MUTED)
        self.alias_nb_pages(_PAGES)
        self.cell(0, 5, f"{self._number} · {self.page_no()} / {_PAGES}")

    def type(self, size: float, *, bold: str | None = None, colour: tuple[int, int, int] = _INK) -> None:
        """What is written next: `bold` is the text to be written so, if the bold font has all of its characters."""
        heavy = bold is not None and heavy_signs().issuperset(map(ord, bold))
        self.set_font(_FAMILY, "B" if heavy else "", size)
        self.set_text_color(*colour)

    def text_at(self, text: str, height: float, *, left: float | None = None, width: float = 0) -> None:
        """A text of as many lines as it needs, from `left` on; what follows stands below it, there too."""
        if left is not None:
            self.set_x(left)
        below = XPos.LMARGIN if left is None else XPos.LEFT
        self.multi_cell(width, height, text, new_x=below, new_y=YPos.NEXT, align="L")

    def rule(
        self, colour: tuple[int, int, int] = _HAIR, *, left: float = _MARGIN, thick: float = 0.2
    ) -> None:
        """A line to the right margin, where the next text would begin."""
        self.set_draw_color(*colour)
        self.set_line_width(thick)
        self.line(left, self.get_y(), self.w - _MARGIN, self.get_y())

    def cells(self, texts: Sequence[str], widths: Sequence[float], height: float) -> None:
        """Texts in columns: the first to the left, numbers to the right."""
        for place, (text, width) in enumerate(zip(texts, widths, strict=True)):
            self.cell(width, height, text, align="R" if place else "L")
        self.ln(height)


def _head(paper: _Paper, sheet: Sheet) -> None:
    """Who issues it, and what it is: side by side."""
    half, top = paper.epw / 2, paper.get_y()
    for place, line in enumerate(sheet.issuer):
        name = place == 0
        paper.type(_NAME if name else _SMALL, bold=line if name else None, colour=_INK if name else _MUTED)
        paper.text_at(line, 8 if name else 5, left=_MARGIN, width=half)
    bottom = paper.get_y()
    paper.set_xy(_MARGIN + half, top)
    for text, size, height, colour in ((sheet.title, _TITLE, 11, _ACCENT), (sheet.number, _BODY, 7, _INK)):
        paper.type(size, bold=text, colour=colour)
        paper.cell(half, height, text, align="R", new_x=XPos.LEFT, new_y=YPos.NEXT)
    paper.set_xy(_MARGIN, max(bottom, paper.get_y()) + 4)
    paper.rule(_ACCENT, thick=0.8)
    paper.ln(8)


def _facts(paper: _Paper, sheet: Sheet) -> None:
    """For whom it is to the left; dates and numbers to the right."""
    half, top = paper.epw / 2, paper.get_y()
    paper.type(_SMALL, colour=_MUTED)
    paper.text_at(str(gettext("Member")), 6, left=_MARGIN, width=half)
    for text, bold in zip(sheet.member, (True, False), strict=False):
        paper.type(_BODY, bold=text if bold else None)
        paper.text_at(text, 6, left=_MARGIN, width=half - 6)
    bottom = paper.get_y()
    paper.set_y(top)
    for label, value in sheet.facts:
        paper.set_x(_MARGIN + half)
        paper.type(_SMALL, colour=_MUTED)
        paper.cell(34, 6, label)
        paper.type(_BODY)
        paper.cell(half - 34, 6, value, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.set_y(max(bottom, paper.get_y()) + 10)


def _lines(paper: _Paper, rows: Sequence[Row]) -> None:
    _lines_head(paper)
    for row in rows:
        if paper.will_page_break(22):
            paper.add_page()
            _lines_head(paper)
        paper.ln(2)
        top = paper.get_y()
        paper.type(_BODY)
        paper.text_at(row.name, 6, width=_COLUMNS[0] - 4)
        if row.hint:
            paper.type(_SMALL, colour=_MUTED)
            paper.text_at(row.hint, 5, width=_COLUMNS[0] - 4)
        bottom = paper.get_y()
        paper.set_y(top)
        paper.type(_BODY)
        paper.cells(["", row.quantity, row.points, row.money], _COLUMNS, 6)
        paper.set_y(max(bottom, top + 6) + 2)
        paper.rule()


def _lines_head(paper: _Paper) -> None:
    heads = [
        str(head) for head in (gettext("Item"), gettext("Quantity"), gettext("Points"), gettext("Money"))
    ]
    paper.type(_SMALL, bold="".join(heads), colour=_MUTED)
    paper.cells(heads, _COLUMNS, 7)
    paper.rule(_INK, thick=0.4)


def _sums(paper: _Paper, sheet: Sheet) -> None:
    """What it comes to; the last is what counts."""
    left = _MARGIN + paper.epw - 96
    if paper.will_page_break(8 * len(sheet.sums) + 12):
        paper.add_page()
    paper.ln(4)
    for place, (label, value) in enumerate(sheet.sums, start=1):
        total = place == len(sheet.sums)
        if total and place > 1:
            paper.ln(1.5)
            paper.rule(_INK, left=left, thick=0.4)
            paper.ln(2.5)
        paper.set_x(left)
        paper.type(_BODY + 1 if total else _BODY, bold=label if total else None)
        paper.cell(52, 9 if total else 7, label)
        paper.type(_TOTAL if total else _BODY, bold=value if total else None)
        paper.cell(44, 9 if total else 7, value, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(10)


def _taxes(paper: _Paper, sheet: Sheet) -> None:
    if not sheet.taxes:
        return
    if paper.will_page_break(7 * len(sheet.taxes) + 24):
        paper.add_page()
    heads = [
        str(head)
        for head in (gettext("Tax"), gettext("Without tax"), gettext("Tax amount"), gettext("With tax"))
    ]
    paper.type(_SMALL, bold="".join(heads), colour=_MUTED)
    paper.cells(heads, _TAXES, 7)
    paper.rule(_INK, thick=0.4)
    paper.ln(1)
    paper.type(_BODY)
    for row in sheet.taxes:
        paper.cells(row, _TAXES, 7)
    paper.rule()
    paper.ln(5)
