"""The part of an order's story that is about cash, in the reader's words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from mall.web.formatting import moment, money, points, sentences

ICONS = {
    "reserved": "lock",
    "unanswered": "hourglass",
    "closing": "hourglass",
    "expired": "clock",
    "earned": "coins",
    "refund_requested": "undo-2",
    "refund_sent": "circle-check",
    "refund_failed": "triangle-alert",
    "refund_retried": "refresh-cw",
    "refund_settled": "circle-check",
}
_CLOSING = {
    "time": lambda: _("The time to pay was over"),
    "member": lambda: _("Cancelling was asked for"),
    "staff": lambda: _("Cancelling was asked for by customer service"),
}


def price(data: Any) -> str:
    """Points and cash of an event: "2,000 points and ¥30.00"."""
    parts = []
    if data.get("points") or not data.get("cash"):
        n = data.get("points") or 0
        parts.append(ngettext("%(n)s point", "%(n)s points", n, n=points(n)))
    if data.get("cash"):
        parts.append(cash(data))
    return str(_("%(points)s and %(cash)s", points=parts[0], cash=parts[1])) if len(parts) == 2 else parts[0]


def cash(data: Any) -> str:
    """The cash of an event."""
    return money(data["cash"], data.get("currency"))


def told(kind: str, data: Any, lots: Callable[[Any], str]) -> tuple[str, str] | None:
    """Title and text of an event about cash; None if it is about something else. `lots` writes points by lot."""
    if kind == "reserved":
        held = lots(data.get("lots", ()))
        title = _("Kept for you: %(cash)s to pay", cash=cash(data))
        return title, _("Points held: %(lots)s", lots=held) if held else ""
    if kind == "unanswered":
        return _("The card payment did not answer"), _("Nothing was charged. We ask again by ourselves.")
    if kind == "closing":
        title = _CLOSING[data["why"]]()
        return str(title), _("We make sure that nothing can be charged any more.")
    if kind in ("expired", "cancelled") and data.get("unpaid"):
        return _let_go(kind, data, lots)
    if kind == "earned":
        return _earned(data)
    return _refund(kind, data)


def _let_go(kind: str, data: Any, lots: Callable[[Any], str]) -> tuple[str, str]:
    said = [_("Nothing was charged.")]
    if data.get("points"):
        back = lots(data.get("lots", ()))
        n = data["points"]
        said.append(
            ngettext(
                "%(n)s point came back: %(lots)s",
                "%(n)s points came back: %(lots)s",
                n,
                n=points(n),
                lots=back,
            )
        )
    return (_("Closed: not paid in time") if kind == "expired" else _("Cancelled")), sentences(said)


def _earned(data: Any) -> tuple[str, str]:
    n = data["points"]
    title = ngettext("%(n)s point earned", "%(n)s points earned", n, n=points(n))
    return str(title), _usable(data.get("usable"))


def _usable(at: str | None) -> str:
    return str(_("To be used from %(at)s", at=moment(datetime.fromisoformat(at)))) if at else ""


def _refund(kind: str, data: Any) -> tuple[str, str] | None:
    if kind not in ICONS or not kind.startswith("refund_"):
        return None
    amount = cash(data) if data.get("cash") else ""
    if kind == "refund_requested":
        stray = (
            _("A payment arrived that this order could not take: it goes back.") if data.get("stray") else ""
        )
        title = _("%(cash)s on its way back to your card", cash=amount) if amount else _("Refund")
        return str(title), str(stray)
    if kind in ("refund_sent", "refund_settled"):
        return str(_("%(cash)s given back", cash=amount)), ""
    if kind == "refund_failed":
        return (
            str(_("%(cash)s could not be sent back to your card", cash=amount)),
            str(_("We see to it by hand: you need not do anything.")),
        )
    return str(_("%(cash)s sent again", cash=amount)), ""
