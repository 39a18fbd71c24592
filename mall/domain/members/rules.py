"""Who may do what, and what a member's data must look like. Pure: no database, no Flask, no clock."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, Literal, Protocol

ROLES: Final = ("merchandiser", "service", "supervisor", "finance", "administrator")

_SERVICE: Final = frozenset(
    {
        "items.read",
        "orders.read",
        "orders.ship",
        "orders.cancel",
        "orders.refund",
        "members.read",
        "points.adjust",
    }
)
#: What could not be done by itself: to see it, and to try again or let go.
_UPKEEP: Final = frozenset({"trouble.read", "trouble.repair"})
_MERCHANDISER: Final = frozenset({"items.read", "items.edit", "stock.adjust", "codes.edit", "delivery.edit"})

#: What each role may do. A permission is "noun.verb"; a role without it sees neither the page nor the button.
PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "merchandiser": _MERCHANDISER,
    "service": _SERVICE,
    "supervisor": _SERVICE | _UPKEEP | {"codes.reveal", "refunds.settle", "audit.read"},
    "finance": frozenset({"items.read", "orders.read", "members.read", "audit.read", "trouble.read"}),
    "administrator": _MERCHANDISER
    | _SERVICE
    | _UPKEEP
    | {"codes.reveal", "refunds.settle", "audit.read", "staff.manage"},
}


class Person(Protocol):
    """Whoever has roles: a `Member`, or the signed-in person of a request."""

    @property
    def role_names(self) -> frozenset[str]: ...


def permissions(roles: Iterable[str]) -> frozenset[str]:
    """All that these roles together allow; an unknown role allows nothing."""
    return frozenset().union(*(PERMISSIONS.get(role, frozenset()) for role in roles))


def can(person: Person, permission: str) -> bool:
    """Whether the person may do it. Nobody is all-powerful by accident: an unknown permission is refused."""
    return permission in permissions(person.role_names)


#: The most points that a role may give or take within a day; above it, a colleague with more must do it.
ADJUST_AT_MOST: Final[dict[str, int]] = {"service": 5_000, "supervisor": 50_000, "administrator": 50_000}


def adjust_at_most(person: Person) -> int:
    """The most points that this person may give or take within a day (0: none)."""
    return max((ADJUST_AT_MOST.get(role, 0) for role in person.role_names), default=0)


#: The most that a role may give back within a day: points, and cash in whole units of the currency.
REFUND_AT_MOST: Final[dict[str, tuple[int, int]]] = {
    "service": (50_000, 2_000),
    "supervisor": (500_000, 20_000),
    "administrator": (500_000, 20_000),
}


def refund_at_most(person: Person) -> tuple[int, int]:
    """The most that this person may give back within a day: points, and cash in whole units of the currency."""
    limits = [REFUND_AT_MOST[role] for role in person.role_names if role in REFUND_AT_MOST]
    return max((points for points, _ in limits), default=0), max((cash for _, cash in limits), default=0)


def clean_email(text: str) -> str:
    """An address as it is stored and compared: NFKC, no space around it, lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def clean_name(text: str) -> str:
    """A person's name without control characters and double spaces; at most 80 characters."""
    visible = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    return " ".join(visible.split())[:80]


#: Letters and signs that leave no mark: Hangul's fillers and the empty Braille cell.
_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def can_be_seen(text: str) -> bool:
    """Whether anything of a name can be seen: a letter, a digit or a sign, not only marks and gaps."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in _BLANK for c in clean_name(text))


PASSWORD_LEAST: Final = 10
PASSWORD_MOST: Final = 200

PasswordFault = Literal["short", "long", "simple", "address"]


def password_fault(password: str, email: str) -> PasswordFault | None:
    """Why a password is refused, if it is: NIST SP 800-63B asks for length and for not being easily guessed,
    and against rules of composition."""
    if len(password) < PASSWORD_LEAST:
        return "short"
    if len(password) > PASSWORD_MOST:
        return "long"
    plain = password.casefold()
    if len(set(plain)) < 4 or _is_run(plain) or any(plain.startswith(word) for word in _GUESSED):
        return "simple"
    local = email.casefold().partition("@")[0]
    if email and (plain == email.casefold() or (len(local) >= 4 and plain.strip("0123456789!.") == local)):
        return "address"
    return None


_GUESSED: Final = (
    "password12",
    "qwertyuiop",
    "1q2w3e4r5t",
    "iloveyou12",
    "letmein123",
    "woaini1314",
    "5201314520",
)


def _is_run(text: str) -> bool:
    """Whether each sign follows the one before: "1234567890", "abcdefghij", "9876543210"."""
    steps = {(ord(b) - ord(a)) for a, b in pairwise(text)}
    return steps <= {1, -9} or steps <= {-1, 9}


_POSTCODES: Final[dict[str, re.Pattern[str]]] = {
    "CN": re.compile(r"[0-9]{6}"),
    "TW": re.compile(r"[0-9]{3}([0-9]{2,3})?"),
    "JP": re.compile(r"[0-9]{3}-?[0-9]{4}"),
    "KR": re.compile(r"[0-9]{5}"),
    "SG": re.compile(r"[0-9]{6}"),
    "MY": re.compile(r"[0-9]{5}"),
    "US": re.compile(r"[0-9]{5}(-[0-9]{4})?"),
    "GB": re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"),
    "DE": re.compile(r"[0-9]{5}"),
    "FR": re.compile(r"[0-9]{5}"),
    "AU": re.compile(r"[0-9]{4}"),
    "CA": re.compile(r"[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]"),
}


def postcode_fits(country: str, postcode: str) -> bool:
    """Whether a postcode has the country's shape; countries that are not known here take any."""
    pattern = _POSTCODES.get(country)
    if not postcode:
        return pattern is None or country == "CN"
    return pattern is None or pattern.fullmatch(postcode.upper()) is not None
