"""What the timeline says of what came back, of disputes and of documents, in the reader's words."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from mall.web.formatting import money, points

#: A title and a text under it.
Said = tuple[str, str]

ICONS = {
    "refunded": "undo-2",
    "disputed": "triangle-alert",
    "dispute_won": "circle-check",
    "dispute_lost": "circle-alert",
    "receipt": "receipt",
    "credit_note": "receipt",
}


def back(data: Mapping[str, Any], lots: str) -> list[str]:
    """What a refund or cancellation gave back and took, as sentences; `lots` is the points' lots in words."""
    said = []
    if n := data.get("points"):
        said.append(
            ngettext("%(n)s point came back: %(lots)s", "%(n)s points came back: %(lots)s", n,
                     n=points(n), lots=lots)
        )  # fmt: skip
    if data.get("cash"):
        said.append(_("%(money)s goes back to the card", money=_money(data)))
    if n := data.get("earned_back"):
        said.append(
            ngettext("%(n)s point that this cash had earned was taken back",
                     "%(n)s points that this cash had earned were taken back", n, n=points(n))
        )  # fmt: skip
    if n := data.get("debt"):
        said.append(ngettext("%(n)s point is owed", "%(n)s points are owed", n, n=points(n)))
    return said


def told(kind: str, data: Mapping[str, Any]) -> Said | None:
    """Title and text of a dispute's or a document's event; None for any other."""
    words = _WORDS.get(kind)
    return words(data) if words else None


def dispute_reason(reason: str) -> str:
    """Why a cardholder disputes a payment, in words; a word of Stripe's that we do not know as it is.

    Source: https://docs.stripe.com/api/disputes/object#dispute_object-reason, as far as cards have them.
    """
    words = {
        "credit_not_processed": _("a promised refund did not come"),
        "duplicate": _("charged twice"),
        "fraudulent": _("the cardholder says it was not them"),
        "general": _("no particular reason"),
        "noncompliant": _("against the card network's rules"),
        "product_not_received": _("nothing arrived"),
        "product_unacceptable": _("not as described"),
        "subscription_canceled": _("cancelled before"),
        "unrecognized": _("the cardholder does not recognise it"),
    }
    return str(words.get(reason, reason))


def _money(data: Mapping[str, Any]) -> str:
    return money(data["cash"], data["currency"])


def _lost(data: Mapping[str, Any]) -> str:
    n = data.get("earned_back", 0)
    if not n:
        return ""
    said: str = ngettext(
        "%(n)s point that this cash had earned is taken back.",
        "%(n)s points that this cash had earned are taken back.",
        n,
        n=points(n),
    )
    return said


_WORDS: dict[str, Callable[[Mapping[str, Any]], Said]] = {
    "disputed": lambda data: (
        _("The payment of %(money)s is disputed", money=_money(data)),
        "" if data.get("stray") else _("Nothing more is sent until the bank has decided."),
    ),
    "dispute_won": lambda _data: (_("The bank has decided: the payment stands"), ""),
    "dispute_lost": lambda data: (_("The bank has decided: the payment was taken back"), _lost(data)),
    "receipt": lambda data: (_("Receipt %(number)s", number=data["number"]), ""),
    "credit_note": lambda data: (_("Credit note %(number)s", number=data["number"]), ""),
}
