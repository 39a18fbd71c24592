"""Stripe's settings: what is known of the development Stripe, and what is wrong with a merchant's."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from mall.config import Settings

#: What the development Stripe takes and signs with, and where it stands (see devstripe/README.md).
DEV_STRIPE_KEY = "sk_test_devstripe"
DEV_STRIPE_SECRET = "whsec_devstripe"  # noqa: S105 - refused in production
DEV_STRIPE_BASE = "http://127.0.0.1:8001"
STRIPE_BASE = "https://api.stripe.com"
STRIPE_PAGES = "https://checkout.stripe.com"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def problems(settings: "Settings") -> list[str]:
    """What is wrong with Stripe's settings anywhere. Which key it is decides whether cards are charged."""
    found = []
    key, live = settings.stripe_api_key, settings.stripe_api_key.startswith(("sk_live_", "rk_live_"))
    if not key.startswith(("sk_live_", "rk_live_", "sk_test_", "rk_test_")):
        found.append("STRIPE_API_KEY must be a secret or restricted key (sk_… or rk_…), not a pk_… one")
    if live and settings.env != "production":
        found.append(
            f"STRIPE_API_KEY is a live key, and MALL_ENV is {settings.env}: real cards would be charged; use a test key"
        )
    if live and settings.stripe_test_mode:
        found.append("STRIPE_API_KEY is a live key, and STRIPE_TEST_MODE is on: take one of them away")
    if settings.stripe_webhook_secret and not settings.stripe_webhook_secret.startswith("whsec_"):
        found.append("STRIPE_WEBHOOK_SECRET must be the signing secret of the webhook endpoint (whsec_…)")
    for name, url in (("STRIPE_API_BASE", settings.stripe_api_base), ("STRIPE_PAGES", settings.stripe_pages)):
        if url and not _is_origin(url):
            found.append(
                f"{name} is {url!r}; it must be like {STRIPE_BASE}: https (http on this machine), no path"
            )
    return found


def production_problems(settings: "Settings") -> list[str]:
    """Production takes no stand-in for money, and no test cards unless it is told that this is a rehearsal."""
    found = []
    if settings.development_stripe:
        found.append(
            "STRIPE_API_KEY is missing or the development Stripe's; set the live key of your account"
        )
    elif "_test_" in settings.stripe_api_key[:8] and not settings.stripe_test_mode:
        found.append(
            "STRIPE_API_KEY is a test key: goods would be given for test cards; set a live key, "
            "or STRIPE_TEST_MODE=1 for a rehearsal"
        )
    if settings.stripe_webhook_secret in ("", DEV_STRIPE_SECRET):
        found.append(
            "STRIPE_WEBHOOK_SECRET is missing or the development Stripe's; set the signing secret of "
            f"the endpoint {settings.base_url}/stripe/webhook"
        )
    if urlsplit(settings.stripe_api_base).hostname in LOOPBACK or not settings.stripe_api_base.startswith(
        "https://"
    ):
        found.append(f"STRIPE_API_BASE is {settings.stripe_api_base}; leave it away, it is {STRIPE_BASE}")
    return found


def on_this_machine(url: str) -> bool:
    """Whether this is the address of something on this machine, sound as a setting."""
    try:
        parts = urlsplit(url.rstrip("/"))
        return parts.hostname in LOOPBACK and parts.port != 0 and _is_origin(url.rstrip("/"))
    except ValueError:  # no port, no host
        return False


def _is_origin(url: str) -> bool:
    """Whether this is a scheme and a host alone, encrypted unless it is on this machine (it goes into a header, too)."""
    parts = urlsplit(url)
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    return encrypted and re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+", url) is not None
