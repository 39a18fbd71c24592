"""Rate limits: how often one reader may try what invites guessing (sign-in, reset) or costs work (search).

Counted in Redis where MALL_REDIS_URL names one, so that all workers count together; else in each process.
"""

import hashlib
import ipaddress
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec, TypeVar

from email_validator import EmailNotValidError, validate_email
from flask import Flask, Response, g, request
from flask_limiter import Limiter, RouteLimit
from flask_login import current_user

from mall.domain.members.rules import clean_email
from mall.web.counting import SweptMemory

P = ParamSpec("P")
R = TypeVar("R")


def reader_address() -> str:
    """Whom to count: the IPv4 address, or the /64 network of an IPv6 one (a household has 2**64 addresses)."""
    text = request.remote_addr or "0.0.0.0"  # noqa: S104 - a name for "unknown", nothing listens on it
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text[:60]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def typed_email() -> str:
    """The account that somebody tries to get into, whoever they are; hashed, so that no address is kept.

    Written as the look-up writes it: another spelling of an address is not another account.
    """
    text = request.form.get("email", "").replace("\0", "").strip()
    with suppress(EmailNotValidError):  # sign-in looks up what is no address all the same
        text = validate_email(text, check_deliverability=False).normalized
    email = clean_email(text)
    return hashlib.sha256(email.encode()).hexdigest()[:24] if email else reader_address()


def reader() -> str:
    """Whom to count where one has to be signed in: the member, from wherever and in whichever session.

    Not by what the session stores: that is another one after every session was ended, and the count would begin anew.
    """
    return f"member:{current_user.id}" if current_user.is_authenticated else reader_address()


def _account_from_here() -> str:
    """One account, tried from one address."""
    return f"{typed_email()} {reader_address()}"


def in_turn(*limits: RouteLimit) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Several limits for one route, each counted only if all before it let the request pass: the address first.

    Stacked as plain decorators they are counted together, in an order of the library's: a client that is refused
    anyway would go on using up what others may do. A test finds a route that has two in that way.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        name = view.__qualname__
        for n, limit in enumerate(reversed(limits)):
            view = limit(_by_itself(view, f"{name}.{n}"))
        return view

    return decorate


def _by_itself(view: Callable[P, R], name: str) -> Callable[P, R]:
    """The view under a name of its own: the library counts together what has the same name."""

    @wraps(
        view, updated=()
    )  # without the library's mark on it, by which an outer limit leaves the counting to it
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        return view(*args, **kwargs)

    called.__qualname__ = name
    return called


limiter = Limiter(key_func=reader_address, headers_enabled=True, strategy="moving-window")

#: Decorators for routes, one for each: who needs several limits puts them `in_turn`. They count POSTs only (SEARCH and
#: NUMBERS count every request).
AT_THE_DOOR = limiter.shared_limit("20/minute;100/hour", scope="sign-in", methods=["POST"])
# One address uses up its own tries at an account and not its owner's: all together have more, and no more in a day
# (960) than ten in each quarter of an hour.
SIGN_IN = in_turn(
    AT_THE_DOOR,
    limiter.shared_limit(
        "10/15minutes;20/hour", scope="sign-in-from-here", key_func=_account_from_here, methods=["POST"]
    ),
    limiter.shared_limit(
        "30/15minutes;40/hour", scope="sign-in-account", key_func=typed_email, methods=["POST"]
    ),
)
# Not for the route but for what it does with a form that is right: who has to correct the form is not shut out. The
# library's own way (`deduct_when`) asks first and counts at the end, and lets through what comes at once.
SIGN_UP = in_turn(
    limiter.shared_limit("10/hour", scope="sign-up", methods=["POST"]),
    limiter.shared_limit("3/hour", scope="sign-up-account", key_func=typed_email, methods=["POST"]),
)
RESET = in_turn(
    limiter.shared_limit("10/hour", scope="reset", methods=["POST"]),
    limiter.shared_limit("3/hour", scope="reset-account", key_func=typed_email, methods=["POST"]),
)
# Who looks at more codes than a large order has is no reader.
REVEAL = limiter.shared_limit("20/minute;100/hour", scope="reveal", key_func=reader, methods=["POST"])
SEARCH = limiter.shared_limit("60/minute", scope="search")
# Who is signed in already and proves it once more: a session that was stolen guesses from anywhere.
PROVE = limiter.shared_limit("20/minute;100/hour", scope="prove", key_func=reader, methods=["POST"])
# Each asks Stripe for something.
PAY = limiter.shared_limit("30/10minutes", scope="pay", key_func=reader, methods=["POST"])
# Each locks accounts and writes. Who tries every way to deliver and pay stays far below.
CHECKOUT = limiter.shared_limit("90/minute;900/hour", scope="checkout", key_func=reader, methods=["POST"])
# Who asks for more orders and receipts than this, by whichever address, tries numbers.
NUMBERS = limiter.shared_limit("120/minute;2000/hour", scope="numbers", key_func=reader)


def _own_wait(response: Response) -> Response:
    """The limiter says on every answer when its window ends; that is how long to wait only for whom it has refused."""
    if response.status_code != 429:
        response.headers.pop("Retry-After", None)
        if "retry_after" in g:
            response.headers["Retry-After"] = str(g.retry_after)
    return response


def init_app(app: Flask) -> None:
    """Choose where the limits are counted."""
    redis_url = app.config["SETTINGS"].redis_url
    app.config.setdefault("RATELIMIT_STORAGE_URI", redis_url or f"{SweptMemory.STORAGE_SCHEME[0]}://")
    if redis_url:
        app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True)
    app.after_request(_own_wait)  # before the limiter's, so that it runs after that
    limiter.init_app(app)
    # The decorators check for themselves; a look at every request that has no limit is a fifth of a small answer.
    app.before_request_funcs[None].remove(limiter._check_request_limit)
