"""The points journal in words: what each entry was, and where each of its points came from and went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from mall.core.errors import N_
from mall.domain.ledger.queries import HistoryRow, MoveRow
from mall.web.formatting import money
from mall.web.formatting import points as number

#: What an entry was, by its kind and what it is about ("" stands for anything else).
_TITLES: dict[tuple[str, str], Any] = {
    ("earn", "purchase"): _l("Points for a purchase"),
    ("earn", ""): _l("Points received"),
    ("activate", ""): _l("Points became available"),
    ("hold", ""): _l("Points set aside"),
    ("capture", ""): _l("Points that were set aside were spent"),
    ("release", ""): _l("Points are free again"),
    ("redeem", "order"): _l("Exchanged for an order"),
    ("redeem", ""): _l("Points spent"),
    ("refund", "order"): _l("Given back from an order"),
    ("refund", ""): _l("Points given back"),
    ("expire", ""): _l("Points expired"),
    ("reverse", "purchase"): _l("Taken back: a purchase was returned"),
    ("reverse", ""): _l("Points taken back"),
    ("adjust", ""): _l("Correction by customer service"),
}

_ICONS = {
    "earn": "coins",
    "activate": "circle-check",
    "hold": "lock",
    "capture": "shopping-bag",
    "release": "undo-2",
    "redeem": "gift",
    "refund": "undo-2",
    "expire": "hourglass",
    "reverse": "undo-2",
    "adjust": "scale",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Points of one lot that moved: how many, what became of them, and the dates of their lot."""

    n: int
    what: str
    earned_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """An entry for the page.

    `change` is signed and of `unit`: what the member has more or less of by it. `hint` is said before it is opened:
    the reason that staff gave, the order, or what the purchase cost.
    """

    seq: int
    at: datetime
    icon: str
    title: str
    change: int
    unit: str
    balance_after: int
    order: str | None
    hint: str | None
    why: list[str]
    steps: list[Step]

    @property
    def order_url(self) -> str | None:
        """The page of the order that it is about."""
        return f"/orders/{self.order}" if self.order else None


def told(row: HistoryRow) -> Told:
    """An entry in words."""
    change, unit = _headline(row)
    order = next((ref for kind, ref in _refs(row) if kind == "order"), None)
    about = row.ref_kind if (row.kind, row.ref_kind) in _TITLES else ""
    return Told(
        seq=row.seq,
        at=row.at,
        icon=_ICONS.get(row.kind, "circle-dot"),
        title=str(_TITLES.get((row.kind, about), row.kind)),
        change=change,
        unit=unit,
        balance_after=row.balance_after,
        order=order,
        hint=row.note or order or _spent(row),
        why=_why(row),
        steps=[Step(move.n, _what(move), move.earned_at, move.expires_at) for move in row.moves],
    )


def _refs(row: HistoryRow) -> list[tuple[str, str]]:
    found = [(row.ref_kind, row.ref_id)]
    if row.of_kind and row.of_id:
        found.append((row.of_kind, row.of_id))
    return [(kind, ref.split(":")[0]) for kind, ref in found]


def _spent(row: HistoryRow) -> str | None:
    """What the purchase cost that the points are for."""
    amount = (row.details or {}).get("amount")
    return money(amount) if row.ref_kind == "purchase" and amount is not None else None


def _headline(row: HistoryRow) -> tuple[int, str]:
    """The change that matters most to the reader, and what it counts."""
    if row.available:
        return row.available, ""
    if row.pending:
        return row.pending, str(_("pending"))
    if row.held:
        return row.held, str(_("set aside"))
    if row.debt:
        return -row.debt, str(_("owed"))
    return 0, ""


def _why(row: HistoryRow) -> list[str]:
    """How the points of an entry were counted, from what was stored with it."""
    found: list[str] = []
    details = row.details or {}
    if {"amount", "rate_points", "rate_per"} <= details.keys():
        found.append(_rate_in_words(details))
    if row.ref_kind == "purchase":
        found.append(_("Purchase %(id)s", id=row.ref_id.rpartition("/")[2]))
    if row.debt > 0:
        found.append(
            ngettext(
                "%(n)s point more was taken back than you had: it is owed, and settled by the next ones.",
                "%(n)s points more were taken back than you had: they are owed, and settled by the next ones.",
                row.debt,
                n=number(row.debt),
            )
        )
    return found


def _rate_in_words(details: dict[str, Any]) -> str:
    sentence: str = ngettext(
        "%(amount)s spent, %(n)s point for every %(per)s, rounded down.",
        "%(amount)s spent, %(n)s points for every %(per)s, rounded down.",
        details["rate_points"],
        amount=money(details["amount"]),
        n=number(details["rate_points"]),
        per=money(details["rate_per"]),
    )
    return sentence


#: What became of points that went from one bucket of their lot to another (None: they were granted) …
_MOVES: dict[tuple[str | None, str], str] = {
    (None, "pending"): N_("new, not yet available"),
    (None, "remaining"): N_("new"),
    ("pending", "remaining"): N_("became available"),
    ("held", "remaining"): N_("free again"),
    ("spent", "remaining"): N_("given back"),
}
#: … and, where it does not matter where they came from, by where they went.
_ENDS = {
    "remaining": N_("available"),
    "pending": N_("not yet available"),
    "held": N_("set aside"),
    "spent": N_("spent"),
    "expired": N_("expired"),
    "repaid": N_("settled what was owed"),
    "reversed": N_("taken back"),
}


def _what(move: MoveRow) -> str:
    return str(_(_MOVES.get((move.src, move.dst)) or _ENDS[move.dst]))
