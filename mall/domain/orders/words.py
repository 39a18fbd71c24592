"""The words for an order's state. Some are derived: what members call "part shipped" is no state of the machine."""

from dataclasses import dataclass
from typing import Final

from mall.core.errors import N_

#: Message and kind of badge (good, warn, bad, info, neutral) for every word.
WORDS: dict[str, tuple[str, str]] = {
    "reserved": (N_("Reserved"), "info"),
    "awaiting_payment": (N_("Awaiting payment"), "warn"),
    "unknown": (N_("Confirming payment"), "warn"),
    "paid": (N_("Paid"), "info"),
    "part_shipped": (N_("Part shipped"), "info"),
    "part_fulfilled": (N_("Part fulfilled"), "info"),
    "shipped": (N_("Shipped"), "good"),
    "fulfilled": (N_("Fulfilled"), "good"),
    "completed": (N_("Completed"), "good"),
    "expiring": (N_("Expiring"), "warn"),
    "expired": (N_("Expired"), "neutral"),
    "cancelled": (N_("Cancelled"), "neutral"),
    "refunding": (N_("Refunding"), "warn"),
    "part_refunded": (N_("Part refunded"), "info"),
    "refunded": (N_("Refunded"), "neutral"),
    "refund_failed": (N_("Refund failed"), "bad"),
    "disputed": (N_("Disputed"), "bad"),
    "charged_back": (N_("Charged back"), "bad"),
}

#: Words that are no states; for docs/orders.md. The first that fits of those about money stands beside where the order
#: stands, "refunded" instead of it.
DERIVED: Final = {
    "disputed": "a dispute over the payment that paid for it is open",
    "charged_back": "such a dispute was lost: the bank has taken the cash back",
    "refund_failed": "the cash of a refund did not arrive: a task for staff",
    "refunding": "the cash of a refund is on its way",
    "refunded": "completed, and all of its points and cash were given back",
    "part_refunded": "paid or completed, and a part of its points or cash was given back",
    "shipped": "paid, and all that was not cancelled is sent, some of it in a parcel",
    "part_shipped": "paid, and a part is sent, some of it in a parcel",
    "fulfilled": "paid, and all that was not cancelled is given, nothing of it in a parcel",
    "part_fulfilled": "paid, and a part is given, nothing of it in a parcel",
}


@dataclass(frozen=True, slots=True)
class Money:
    """What became of an order's points and cash: `refund` is the gravest state of those of its refunds whose cash is
    under way ("failed", "requested", "sent"; None: no such refund); `lost` if a dispute was; `back` is "part", "whole" or ""."""

    refund: str | None = None
    disputed: bool = False
    back: str = ""
    lost: bool = False

    @property
    def stands(self) -> bool:
        """Whether no bank has, or may yet take, the cash back."""
        return not self.disputed and not self.lost


def back(points: int, points_back: int, cash: int, cash_back: int) -> str:
    """How much of an order was given back: "", "part" or "whole"."""
    if not points_back and not cash_back:
        return ""
    return "whole" if (points_back, cash_back) == (points, cash) else "part"


def tags(
    state: str, *, units: int, sent: int, shipped: int, cancelled: int, money: Money | None = None
) -> tuple[str, ...]:
    """The keys in WORDS for an order in `state` of whose `units` so many were sent (`shipped` of them in parcels) or
    cancelled: where it stands, and then, if there is something to say, what became of its points and cash.
    """
    stands = state
    if state == "paid" and sent:
        done = "shipped" if shipped else "fulfilled"
        stands = f"part_{done}" if sent + cancelled < units else done
    tender = _of_money(state, money or Money())
    if tender == "refunded":
        return (tender,)
    return (stands, tender) if tender else (stands,)


def _of_money(state: str, money: Money) -> str | None:
    """The gravest thing to say of an order's money. That all came back goes without saying of a cancelled order."""
    if money.disputed:
        return "disputed"
    if money.lost:
        return "charged_back"
    if money.refund:
        return "refund_failed" if money.refund == "failed" else "refunding"
    if state == "completed" and money.back == "whole":
        return "refunded"
    return "part_refunded" if money.back and state in ("paid", "completed") else None


def derived() -> str:
    """The words that are derived, and when, as Markdown: the generated part of docs/orders.md after the machines."""
    rows = [f"| {WORDS[key][0].lower()} | {when} |" for key, when in DERIVED.items()]
    return "\n".join(["### Derived words", "", "| word | when |", "|---|---|", *rows, ""])
