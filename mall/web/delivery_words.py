"""Why delivery costs what it costs, in the reader's words."""

from flask_babel import gettext as _

from mall.domain.orders.delivery import Fee
from mall.web.formatting import money


def fee_words(fee: Fee, *, tier: str | None = None, currency: str | None = None) -> str:
    """Such as "Free with Gold", "Free from ¥99.00", "¥8.00 · free from ¥99.00 (¥12.00 to go)".

    `tier` is the name of the buyer's tier in the reader's language.
    """
    if fee.why == "tier":
        return str(_("Free with %(tier)s", tier=tier) if tier else _("Free with your tier"))
    if fee.why == "basket":
        return str(_("Free from %(amount)s", amount=money(fee.free_from or 0, currency)))
    if not fee.amount:
        return str(_("Free of charge"))
    amount = money(fee.amount, currency)
    if fee.free_from is None:
        return amount
    return str(
        _(
            "%(fee)s · free from %(amount)s (%(missing)s to go)",
            fee=amount,
            amount=money(fee.free_from, currency),
            missing=money(fee.missing, currency),
        )
    )
