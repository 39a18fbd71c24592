"""Tables that people send us: CSV in the encodings that spreadsheets write, and XLSX. Pure: bytes in, rows out."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from mall.core.errors import N_, MallError

#: A CSV is read as the first of these that fits. GB 18030 contains GBK, which Excel writes on Chinese systems.
ENCODINGS = ("utf-8-sig", "gb18030")

#: An XLSX is a ZIP archive: what it may unpack to, so that a bomb is refused unread.
MAX_UNPACKED = 200 * 1024 * 1024

#: The most columns and rows of a sheet; a cell may stand anywhere, and all before it would be made up.
MAX_COLUMNS, MAX_ROWS = 100, 100_000

#: What the readers of ZIP, XML and sheets raise on damaged bytes (SyntaxError: XML's ParseError is one).
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, TypeError, ValueError, AttributeError,
    ArithmeticError, RuntimeError, EOFError, OSError,
)  # fmt: skip


class UnreadableFile(MallError):
    """The file is no table that we can read."""

    status = 422
    code = "unreadable_file"
    message = N_("“%(name)s” cannot be read: %(why)s Save it as CSV (UTF-8) or XLSX and try again.")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file (the header is line 1), and the cells by column name, stripped."""

    line: int
    cells: dict[str, str]

    def get(self, name: str) -> str:
        """The cell of that column; empty if the file does not have it."""
        return self.cells.get(name, "")


def decode(data: bytes, name: str) -> str:
    """Text of a CSV or plain text file in UTF-8 (with or without BOM) or GBK. Raises UnreadableFile."""
    if b"\0" in data[:4096]:
        raise UnreadableFile(name=name, why="it is not a text file.")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(name=name, why="its encoding is neither UTF-8 nor GBK.")


def read_table(data: bytes, name: str) -> tuple[list[str], list[Row]]:
    """Header and rows of a CSV or XLSX file; blank rows are left out. Raises UnreadableFile.

    Column names are stripped, lower case; a file without a header or with one column twice is refused.
    """
    lines = _xlsx(data, name) if data[:4] == b"PK\x03\x04" else _csv(data, name)
    first = next(lines, None)
    if first is None:
        raise UnreadableFile(name=name, why="it is empty.")
    header = [cell.strip().lower() for cell in first[1]]
    while header and not header[-1]:
        header.pop()
    doubled = sorted({column for column in header if header.count(column) > 1})
    if not header or doubled:
        raise UnreadableFile(
            name=name, why=f"the first row must name each column once ({', '.join(doubled)})."
        )
    rows = [
        Row(line, {column: cell.strip() for column, cell in zip(header, cells, strict=False)})
        for line, cells in lines
        if any(cell.strip() for cell in cells)
    ]
    return header, rows


def _csv(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    text = decode(data, name)
    head = text[:4096].splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise UnreadableFile(name=name, why=f"line {reader.line_num}: {error}.") from error


def _xlsx(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise UnreadableFile(name=name, why="it is too large.")
        with closing(load_workbook(io.BytesIO(data), read_only=True, data_only=True)) as book:
            sheet = book.worksheets[0]
            # What a file says of its own size is believed by the reader, which then makes up the cells in between.
            sheet.reset_dimensions()
            for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                if line > MAX_ROWS or len(values) > MAX_COLUMNS:
                    raise UnreadableFile(name=name, why="it is too large.")
                yield line, [_text(value) for value in values]
    except _DAMAGE as error:
        raise UnreadableFile(name=name, why="it is not a sound XLSX file.") from error


def _text(value: object) -> str:
    """A cell as text: 12.0 was typed as 12; nothing else is changed."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def inert(text: str) -> str:
    """A cell that a spreadsheet will show and not run: a leading =, +, -, @, tab or return gets an apostrophe.

    Source: OWASP, "CSV Injection". For exports only; what is stored stays as it was typed.
    """
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
