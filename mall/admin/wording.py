"""The desk's words for what the tables keep as keys: deeds, subjects, roles, entries, buckets of a lot."""

from flask import Flask
from flask_babel import gettext

from mall.core.errors import N_
from mall.web.formatting import points
from mall.web.price_words import share, tier_name

DEEDS = {
    "item.create": N_("Item created"),
    "item.edit": N_("Item changed"),
    "item.publish": N_("Item published"),
    "item.withdraw": N_("Item taken back to draft"),
    "item.retire": N_("Item retired"),
    "item.import": N_("Items imported"),
    "item.picture.add": N_("Picture added"),
    "item.picture.remove": N_("Picture removed"),
    "item.variant.add": N_("Variant added"),
    "item.variant.edit": N_("Variant changed"),
    "item.price.set": N_("Price set"),
    "item.price.withdraw": N_("Planned price withdrawn"),
    "item.offer.add": N_("Way to pay added"),
    "item.offer.edit": N_("Way to pay changed"),
    "item.offer.stop": N_("Way to pay taken out of use"),
    "item.offer.restore": N_("Way to pay back in use"),
    "item.limit.set": N_("Limits changed"),
    "stock.adjust": N_("Stock adjusted"),
    "stock.unlimited": N_("Stock no longer counted"),
    "stock.limited": N_("Stock counted from now on"),
    "order.ship": N_("Parcel sent"),
    "order.fulfil": N_("Noted as given"),
    "order.cancel": N_("Order cancelled"),
    "order.close": N_("Unpaid order closed"),
    "order.session_over": N_("Payment unknown to Stripe declared over"),
    "order.refund": N_("Refunded"),
    "order.refund_retry": N_("Refund sent again"),
    "order.refund_settle": N_("Refund settled by hand"),
    "points.adjust": N_("Points adjusted"),
    "codes.import": N_("Codes imported"),
    "codes.withdraw": N_("Codes withdrawn"),
    "codes.warn_at": N_("Warning at so many codes"),
    "codes.reveal": N_("A member's codes looked at"),
    "delivery.rate_added": N_("Delivery rate added"),
    "delivery.rate_changed": N_("Delivery rate changed"),
    "delivery.rate_withdrawn": N_("Delivery rate withdrawn"),
    "delivery.rate_restored": N_("Delivery rate brought back"),
    "delivery.method_offered": N_("Delivery method offered"),
    "delivery.method_withdrawn": N_("Delivery method no longer offered"),
    "trouble.retry": N_("Message to be delivered again"),
    "trouble.retry_all": N_("All messages to be delivered again"),
    "trouble.discard": N_("Message given up"),
    "trouble.set_aside": N_("Webhook set aside"),
    "staff.roles.set": N_("Roles changed"),
    "staff.two_step.off": N_("Two-step sign-in turned off"),
}

SUBJECTS = {
    "item": N_("item"),
    "variant": N_("variant"),
    "order": N_("order"),
    "member": N_("member"),
    "file": N_("file"),
    "purchase": N_("purchase"),
    "adjustment": N_("adjustment"),
    "delivery": N_("delivery method"),
    "message": N_("message"),
    "webhook": N_("webhook"),
}

ROLES = {
    "merchandiser": N_("Merchandiser"),
    "service": N_("Customer service"),
    "supervisor": N_("Supervisor"),
    "finance": N_("Finance"),
    "administrator": N_("Administrator"),
}

ENTRIES = {
    "earn": N_("Earned"),
    "activate": N_("Became available"),
    "hold": N_("Held"),
    "capture": N_("Spent from held points"),
    "release": N_("Released"),
    "redeem": N_("Redeemed"),
    "refund": N_("Given back"),
    "expire": N_("Expired"),
    "reverse": N_("Taken back"),
    "adjust": N_("Adjusted by staff"),
}

BUCKETS = {
    "granted": N_("granted"),
    "pending": N_("pending"),
    "remaining": N_("available"),
    "held": N_("held"),
    "spent": N_("spent"),
    "repaid": N_("repaid debt"),
    "expired": N_("expired"),
    "reversed": N_("taken back"),
}

KINDS = {"goods": N_("Goods"), "service": N_("Service"), "digital": N_("Digital")}

STATUSES = {"draft": N_("Draft"), "live": N_("Live"), "retired": N_("Retired")}

MOVES = {
    "opening": N_("Opening stock"),
    "found": N_("Found"),
    "received": N_("Received"),
    "written_off": N_("Written off"),
    "sold": N_("Given out"),
    "reserved": N_("Reserved"),
    "released": N_("Released"),
    "sold_reserved": N_("Given out from reserved"),
    "returned": N_("Back on the shelf"),
    "unlimited": N_("No longer counted"),
    "limited": N_("Counted from now on"),
}


def signed(n: int) -> str:
    """A change of points with its sign; nothing for 0."""
    return "" if n == 0 else ("+" if n > 0 else "−") + points(abs(n))


def init_app(app: Flask) -> None:
    """Make the words known to the desk's templates."""
    for name, words in (
        ("subject", SUBJECTS),
        ("role_name", ROLES),
        ("entry_name", ENTRIES),
        ("bucket_name", BUCKETS),
        ("item_kind", KINDS),
        ("item_status", STATUSES),
        ("stock_move", MOVES),
    ):
        app.jinja_env.filters[name] = lambda key, words=words: gettext(words[key]) if key in words else key
    app.jinja_env.filters.update(signed=signed, per_cent=share, tier_name=tier_name)
