"""What the audit trail's fields are called, and how their values are written for a reader."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext, ngettext, pgettext

from mall.admin.offer_forms import DISCOUNTS
from mall.admin.wording import KINDS, ROLES, STATUSES
from mall.core.errors import N_
from mall.web.formatting import moment, money, points
from mall.web.languages import NAMES
from mall.web.price_words import TITLE, share, tier_name

#: Fields that help the machine and tell a reader nothing.
HIDDEN = frozenset({"key", "picture"})

_LABELS = {
    "active": N_("In the choice"),
    "available": N_("In stock"),
    "batch": N_("Batch"),
    "carrier": N_("Carrier"),
    "cash": N_("Cash"),
    "category": N_("Category"),
    "closes": N_("Closes"),
    "codes": N_("Codes"),
    "created": N_("Created"),
    "description": N_("Description"),
    "entry": N_("Entry in the journal"),
    "fee": N_("Fee"),
    "free_from": N_("Free from"),
    "kind": N_("Kind"),
    "limit_ever": N_("Limit for each member, ever"),
    "limit_per_day": N_("Limit for each member, a day"),
    "limit_per_order": N_("Limit for each order"),
    "line": N_("Line"),
    "lines": N_("Lines"),
    "low": N_("Warn when so many are left"),
    "max_points": N_("Most points"),
    "max_share": N_("Points may pay up to"),
    "min_points": N_("Fewest points"),
    "opens": N_("Opens"),
    "options": N_("Options"),
    "picture": N_("Description of the picture"),
    "pictures": N_("Pictures"),
    "places": N_("Places"),
    "points": N_("Points"),
    "points_back": N_("Points given back"),
    "position": N_("Place"),
    "read": N_("Rows read"),
    "refund": N_("Refund"),
    "refused": N_("Rows refused"),
    "roles": N_("Roles"),
    "sku": N_("SKU"),
    "slug": N_("Web address"),
    "source": N_("File"),
    "starts_at": N_("From"),
    "status": N_("Status"),
    "stock": N_("In stock"),
    "summary": N_("One line"),
    "tier_discount": N_("A tier's discount is taken from"),
    "tiers": N_("For the tiers"),
    "tracking": N_("Tracking number"),
    "updated": N_("Changed"),
    "value": N_("Retail value"),
    "way": N_("Way to pay"),
}
#: How a field's name ends that stands there once for every language.
_LANGUAGES = {
    **{f"_{tag.lower().replace('-', '_')}": name for tag, name in NAMES.items()},
    **{f" {tag}": name for tag, name in NAMES.items()},
}


def label(field: str) -> str:
    """The field's name as a reader knows it, with its language where there is one for each."""
    for end, language in sorted(_LANGUAGES.items(), key=lambda pair: -len(pair[0])):
        if field.endswith(end):
            return str(
                gettext("%(field)s (%(language)s)", field=label(field.removesuffix(end)), language=language)
            )
    if field == "name":
        return str(pgettext("item", "Name"))
    known = _LABELS.get(field)
    return str(gettext(known)) if known else field.replace("_", " ").capitalize()


def value(field: str, kept: object, *, categories: Mapping[int, str]) -> str:
    """What was kept, as a reader writes it; "–" for nothing."""
    if kept is None or kept == "":
        return "–"
    if field in _OWN_WAY:
        return _OWN_WAY[field](kept)
    if field == "category" and isinstance(kept, int):
        return categories.get(kept) or points(kept)
    if isinstance(kept, bool):
        return str(gettext("yes") if kept else gettext("no"))
    if isinstance(kept, int):
        return points(kept)
    if isinstance(kept, list):
        return ", ".join(str(each) for each in kept) or "–"
    return str(kept)


def _among(words: Mapping[str, str]) -> Callable[[Any], str]:
    return lambda key: str(gettext(words[key])) if key in words else str(key)


def _pictures(kept: Any) -> str:
    return str(ngettext("%(num)s picture", "%(num)s pictures", len(kept)))


def _roles(kept: Any) -> str:
    return ", ".join(map(_among(ROLES), kept)) or "–"


def _moment(kept: Any) -> str:
    return moment(datetime.fromisoformat(kept))


def _tiers(kept: Any) -> str:
    return ", ".join(map(tier_name, kept)) or str(gettext("everyone"))


_OWN_WAY: dict[str, Callable[[Any], str]] = {
    "kind": _among(KINDS),
    "status": _among(STATUSES),
    "roles": _roles,
    "pictures": _pictures,
    "cash": lambda kept: money(kept),
    "fee": lambda kept: money(kept),
    "free_from": lambda kept: money(kept),
    "value": lambda kept: money(kept) if isinstance(kept, int) else str(kept),
    "starts_at": _moment,
    "opens": _moment,
    "closes": _moment,
    "max_share": share,
    "tiers": _tiers,
    "tier_discount": lambda key: str(DISCOUNTS.get(key, key)),
    "way": lambda key: str(TITLE.get(key, key)),
}
