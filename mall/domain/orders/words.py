"""The words for an order's state. Some are derived: what members call "part shipped" is no state of the machine."""

from mall.core.errors import N_

#: Message and kind of badge (good, warn, bad, info, neutral) for every word.
WORDS: dict[str, tuple[str, str]] = {
    "reserved": (N_("Reserved"), "info"),
    "awaiting_payment": (N_("Awaiting payment"), "warn"),
    "unknown": (N_("Confirming payment"), "warn"),
    "paid": (N_("Paid"), "info"),
    "part_shipped": (N_("Part shipped"), "info"),
    "shipped": (N_("Shipped"), "good"),
    "fulfilled": (N_("Fulfilled"), "good"),
    "completed": (N_("Completed"), "good"),
    "expiring": (N_("Expiring"), "warn"),
    "expired": (N_("Expired"), "neutral"),
    "cancelled": (N_("Cancelled"), "neutral"),
}


def word(state: str, *, units: int, sent: int, cancelled: int) -> str:
    """The key in WORDS for an order in `state` of whose `units` so many were sent or cancelled."""
    if state == "paid" and sent:
        return "part_shipped" if sent + cancelled < units else "shipped"
    return state
