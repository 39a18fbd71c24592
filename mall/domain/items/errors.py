"""Why something about items is refused, in words for whoever asked."""

from mall.core.errors import N_, BadValue, MallError, NotFound


class NoSuchItem(NotFound):
    """No item, variant, offer or picture by that name or number."""

    code = "no_such_item"
    message = N_("We cannot find that item.")


class OutOfStock(MallError):
    """Fewer are left than were asked for: `name`, `sku`, `variant_id`, `left`, `asked`."""

    code = "out_of_stock"
    message = N_("Only %(left)s of “%(name)s” left.")
    hint = N_("Choose fewer, or another variant.")


class SoldOut(OutOfStock):
    """None is left."""

    message = N_("“%(name)s” is sold out.")
    hint = N_("Nothing was taken from your balance.")


class AlreadyTaken(MallError):
    """A slug or SKU that another item or variant has."""

    code = "already_taken"
    message = N_("“%(value)s” is already used by another item. Choose another.")


class NeedsName(MallError):
    """An item that has no name in any language, or none in English to fall back on."""

    status = 422
    code = "needs_name"
    message = N_("Give it a name in English first: other languages fall back on it.")


class NeedsVariant(MallError):
    """An item without an active variant cannot be redeemed, so it is not shown."""

    status = 422
    code = "needs_variant"
    message = N_("Add a variant with an SKU before members can see this item.")


class NeedsPrice(MallError):
    """An item without an active offer that has a price, now or scheduled."""

    status = 422
    code = "needs_price"
    message = N_("Set a price before members can see this item.")


class BadSlug(MallError):
    """A slug that cannot be part of an address."""

    status = 422
    code = "bad_slug"
    message = N_("“%(value)s” cannot be part of an address. Use 2 to 80 of a–z, 0–9 and single hyphens.")


class BadSku(MallError):
    """An SKU that labels and files could garble."""

    status = 422
    code = "bad_sku"
    message = N_("“%(value)s” cannot be an SKU. Use up to 64 letters, digits and . _ / + - between them.")


class TooLong(MallError):
    """A text that is longer than its place."""

    status = 422
    code = "too_long"
    message = N_("“%(value)s…” is too long: at most %(most)s characters.")


class PriceStands(MallError):
    """A price version whose start has come: it explains orders, and stays."""

    code = "price_stands"
    message = N_("This price is already in force. Set a new one that starts later instead.")


class PriceInThePast(MallError):
    """A price version that would begin before now."""

    status = 422
    code = "price_in_the_past"
    message = N_("A price can start now or later, not in the past.")


class BadPrice(BadValue):
    """A number of a price that cannot be: `value`, `most`."""

    code = "bad_price"


class BadPoints(BadPrice):
    """Points where the kind takes none, or none where it takes some."""

    message = N_("Points: this kind of price takes a whole number from 1 to %(most)s, a price in cash none.")


class BadCash(BadPrice):
    """Cash where the kind takes none, or none where it takes some."""

    message = N_("Cash: a price with cash needs an amount, a price in points takes none.")


class TooLittleCash(BadCash):
    """Less than can be charged: `least` (an Amount)."""

    message = N_("%(least)s is the smallest amount that can be charged.")


class BadLeastPoints(BadPrice):
    """A minimum of points that the price does not reach, or that its kind does not have."""

    message = N_(
        "The fewest points must be no more than the price, and only ranges and cash prices have them."
    )


class BadMostPoints(BadPrice):
    """A maximum of points outside the minimum and the price."""

    message = N_(
        "The most points must lie between the fewest and the whole price, and only ranges have them."
    )


class MostPointsOutside(BadMostPoints):
    """A range's maximum of points below its minimum or above its worth: `low` and `high` are what can be."""

    message = N_("Write a number from %(low)s to %(high)s.")


class BadShare(BadPrice):
    """A share of a cash price that is none."""

    message = N_("The share that points can pay is 0 to 100 %%, and only cash prices have it.")


#: What to raise for each number of a price that is wrong.
BAD_PRICE: dict[str, type[BadPrice]] = {
    "points": BadPoints, "cash": BadCash, "min_points": BadLeastPoints, "max_points": BadMostPoints,
    "max_share": BadShare,
}  # fmt: skip


class BadWindow(MallError):
    """An offer that would end before it starts."""

    status = 422
    code = "bad_window"
    message = N_("An offer ends after it starts. Choose a later end.")


class UnknownTier(MallError):
    """A tier that the ladder does not have: `value`."""

    status = 422
    code = "unknown_tier"
    message = N_("There is no tier “%(value)s”.")


class SamePriceStart(MallError):
    """Two versions of one price with the same first instant."""

    code = "same_price_start"
    message = N_("Another price already starts at that time. Withdraw it first, or choose another time.")


class Uncounted(MallError):
    """A count of something that is not counted."""

    code = "unlimited_stock"
    message = N_("“%(name)s” has unlimited stock. Give it a number first.")


class BadPicture(MallError):
    """A file that is not kept as a picture."""

    status = 422
    code = "bad_picture"
    message = N_("This file is not a picture that we can use.")
    hint = N_("Send a JPEG, PNG, WebP or GIF file.")


class BrokenPicture(BadPicture):
    """A picture file that ends early or does not decode."""

    code = "broken_picture"
    message = N_("This picture is damaged or incomplete.")
    hint = N_("Open it in a picture editor, save it again, and send the new file.")


class HugePicture(BadPicture):
    """More bytes or pixels than we take."""

    code = "huge_picture"
    message = N_("This picture is too large: at most %(megabytes)s MB and %(megapixels)s million pixels.")
    hint = N_("Save it smaller; 2,000 pixels wide is plenty.")


class TinyPicture(BadPicture):
    """Too few pixels to be looked at."""

    code = "tiny_picture"
    message = N_("This picture is too small: each side needs at least %(pixels)s pixels.")
    hint = N_("Send the original instead of a preview.")


class FollowsPool(MallError):
    """A count by hand of a variant whose stock is its code pool: `name`."""

    code = "follows_pool"
    message = N_("The stock of “%(name)s” follows its codes. Import codes, or withdraw a batch, instead.")


class NotDigital(MallError):
    """Codes for something that is no digital item."""

    status = 422
    code = "not_digital"
    message = N_("Only digital items have codes. Change the kind of the item first.")


class CodesReserved(MallError):
    """Fewer codes would be left than orders that wait for their payment have reserved: `reserved`."""

    code = "codes_reserved"
    message = N_("Orders that wait for payment have reserved %(reserved)s codes: at least as many must stay.")
    hint = N_("Nothing was changed. Try again when those orders are paid or have expired.")
