"""The statement: the whole journal to take away, for people (CSV) and for checking (JSON with its proof)."""

import csv
import io
from collections.abc import Iterator

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from mall.account.blueprint import bp
from mall.core import clock
from mall.core.ids import MemberId
from mall.core.tables import inert
from mall.domain.ledger import queries as ledger
from mall.domain.ledger import statement as proofs
from mall.domain.ledger.queries import HistoryRow
from mall.web.access import me, members_only
from mall.web.render import page

_COLUMNS = (
    "entry",
    "at",
    "kind",
    "about",
    "available",
    "pending",
    "set_aside",
    "owed",
    "balance",
    "lots",
    "note",
)
_CHUNK = 500


@bp.get("/statement")
@members_only
def statement() -> ResponseReturnValue:
    """What the statement is, and the two files (`format=csv` or `format=json`)."""
    wanted = request.args.get("format")
    if wanted == "json":
        body = current_app.json.dumps(proofs.statement(me().id, clock.now()), indent=1, sort_keys=True)
        return _file(body, "application/json", "json")
    if wanted == "csv":
        return _file("\ufeff" + _table(), "text/csv; charset=utf-8", "csv")
    return page("account/statement.html")


def _file(body: str, kind: str, ending: str) -> Response:
    day = clock.local_day(clock.now(), current_app.config["SETTINGS"].timezone)
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="points-{me().number}-{day}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _table() -> str:
    """The journal, the oldest entry first; a byte order mark before it tells spreadsheets that it is UTF-8."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(_COLUMNS)
    for row in reversed(list(_all(me().id))):
        table.writerow([inert(str(value)) if isinstance(value, str) else value for value in _line(row)])
    return written.getvalue()


def _all(member_id: MemberId) -> Iterator[HistoryRow]:
    before = None
    while rows := ledger.history(member_id, before, _CHUNK):
        yield from rows
        before = rows[-1].seq


def _line(row: HistoryRow) -> list[str | int]:
    lots = "; ".join(f"{move.n} of lot {move.lot}: {move.src or 'new'} > {move.dst}" for move in row.moves)
    about = f"{row.ref_kind} {row.ref_id}"
    when = row.at.isoformat(timespec="seconds")
    return [
        row.seq,
        when,
        row.kind,
        about,
        row.available,
        row.pending,
        row.held,
        row.debt,
        row.balance_after,
        lots,
        row.note or "",
    ]
