"""The development Stripe for tests: the mall's own gateway and the real SDK talk to it, nothing is replaced but the wire.

`dev_stripe` is for tests of one process: no sockets, its clock stands still at `at` until told (`control.advance`), and
its webhooks (`control.deliver`) come to the application at its time. `over_http` is for tests with real processes.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from devstripe.testing import Running, in_process, running
from mall.domain.payments.gateway import Gateway
from tests.support.patience import PATIENCE

#: What production needs of Stripe, for tests of production's settings.
SOUND_STRIPE = {
    "STRIPE_API_KEY": "sk_live_0123456789",
    "STRIPE_WEBHOOK_SECRET": "whsec_0123456789",
    "STRIPE_API_BASE": "https://api.stripe.com",
}
WEBHOOK = "/stripe/webhook"


def gateway_to(stripe: Running, **changes: object) -> Gateway:
    """The mall's gateway to that Stripe."""
    options = {
        "webhook_secret": stripe.secret,
        "timeout": (PATIENCE, PATIENCE),
        "http_client": stripe.http_client,
    }
    return Gateway(api_key=stripe.api_key, api_base=stripe.url, **{**options, **changes})  # type: ignore[arg-type]


@contextmanager
def stripe_for(app: Flask, at: datetime, **settings: object) -> Iterator[Running]:
    """A Stripe without sockets for an application; its clock stands at `at`. The application's own way to Stripe after."""

    def post(body: bytes, headers: Mapping[str, str]) -> int:
        with time_machine.travel(datetime.fromtimestamp(stripe.control.now(), UTC), tick=False):
            return app.test_client().post(WEBHOOK, data=body, headers=dict(headers)).status_code

    before = app.extensions["payments"]
    options = {"webhook": post, "start": int(at.timestamp()), "seed": 1, **settings}
    with in_process(**options) as stripe:
        app.extensions["payments"] = gateway_to(stripe)
        try:
            yield stripe
        finally:
            app.extensions["payments"] = before


@pytest.fixture
def dev_stripe(app: Flask, at: datetime) -> Iterator[Running]:
    """The development Stripe of the test's application, its clock at `at`; `dev_stripe.control` pays, fails, delivers."""
    with stripe_for(app, at) as stripe:
        yield stripe


@contextmanager
def over_http(webhook: str | None = None, **settings: object) -> Iterator[Running]:
    """A Stripe on a port of this machine, for real processes: start them with `environment_of` it.

    `deliver="auto"` sends webhooks by itself; its clock is the machine's.
    """
    with running(webhook=webhook, **settings) as stripe:
        yield stripe


def environment_of(stripe: Running) -> dict[str, str]:
    """The settings with which a process of the mall talks to that Stripe."""
    return {
        "STRIPE_API_KEY": stripe.api_key,
        "STRIPE_WEBHOOK_SECRET": stripe.secret,
        "STRIPE_API_BASE": stripe.url,
    }
