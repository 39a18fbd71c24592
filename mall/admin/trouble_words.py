"""The trouble page's words: what a message was for, whom and which order it is about, what went wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from mall.core.errors import N_
from mall.domain.members import directory
from mall.domain.orders.refunding import queries as refunds
from mall.domain.outbox.queries import DeadRow

_TOLD = {
    "order.placed": N_("Tell the member that the order was placed"),
    "order.expired": N_("Tell the member that the order was not paid in time"),
    "order.shipped": N_("Tell the member that a parcel was sent"),
    "order.fulfilled": N_("Tell the member that something was handed over"),
    "order.codes": N_("Tell the member that codes are there"),
    "order.cancelled": N_("Tell the member that something was cancelled"),
    "order.refunded": N_("Tell the member that something was refunded"),
}
_PURPOSES = _TOLD | {
    "order.paid": N_("Issue the receipt"),
    "refund.succeeded": N_("Issue the credit note"),
    "payment.open": N_("Ask Stripe for a payment page"),
    "payment.expire": N_("End a payment page at Stripe"),
    "refund.send": N_("Send cash back through Stripe"),
    "stripe.event": N_("Act on a webhook of Stripe"),
    "mail.member": N_("Send the member a mail"),
    "mail.written": N_("Send a mail about signing in"),
}
_STRIPE = ("payment.", "refund.send", "stripe.")


@dataclass(frozen=True, slots=True)
class Told:
    """A message that was given up, in words; `person` is the member whom it is for."""

    row: DeadRow
    purpose: str
    mistake: str
    number: str
    person: directory.Person | None


def told(rows: Sequence[DeadRow]) -> list[Told]:
    """The messages in words, with links to whom and what they name. Two statements, none without messages."""
    if not rows:
        return []
    people = directory.people({row.member_id for row in rows if row.member_id is not None})
    asked: dict[str, set[int]] = {"order_id": set(), "refund_id": set()}
    for row in rows:
        for name, ids in asked.items():
            if name in row.about and "number" not in row.about:
                ids.add(row.about[name])
    numbers = refunds.numbers(order_ids=asked["order_id"], refund_ids=asked["refund_id"])
    return [
        Told(
            row,
            _purpose(row),
            _mistake(row.kind),
            row.about.get("number")
            or next((numbers[key] for key in row.about.items() if key in numbers), ""),
            people.get(row.member_id or 0),
        )
        for row in rows
    ]


def _purpose(row: DeadRow) -> str:
    kind = row.about.get("kind") if row.kind == "mail.member" else row.kind
    words = str(_(_PURPOSES.get(str(kind), _PURPOSES.get(row.kind, N_("Something that must follow")))))
    return str(_("By mail: %(what)s", what=words)) if row.kind == "mail.member" and kind in _TOLD else words


def _mistake(kind: str) -> str:
    if kind.startswith("mail."):
        return str(_("The mail server did not take it."))
    if kind.startswith(_STRIPE):
        return str(_("It did not work out with Stripe."))
    return str(_("The mall could not do it."))
