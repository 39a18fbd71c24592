"""Lists taken away as files for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from mall.core import clock
from mall.core.tables import inert

#: The most rows that one file holds.
MOST_ROWS = 10_000


def download(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """A CSV file called after `name` and today, that every spreadsheet reads as UTF-8 and runs nothing of."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(columns)
    for row in rows:
        sheet.writerow([inert(cell) for cell in row])
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock.now():%Y-%m-%d}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
