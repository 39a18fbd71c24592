"""From a form of ours to the pay page and back: Chromium holds a form to the policy also where its answer redirects."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from flask import Flask, redirect
from playwright.sync_api import Browser
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from devstripe.testing import Running
from mall.domain.payments import rules
from mall.web.security import headers
from tests.support.payments_factory import pay_request
from tests.support.stripe import gateway_to, over_http

pytestmark = pytest.mark.browser


@contextmanager
def shop(stripe: Running, pay_origin: str) -> Iterator[str]:
    """A page whose form leads to a page that leads to Stripe, with the mall's own headers; its address."""
    app = Flask("shop")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    request = pay_request("R-1", success_url=f"{address}/back", cancel_url=f"{address}/")
    body = rules.session_body(request, attempt=1, expires_at=datetime.now(UTC) + rules.SESSION_LIFE)
    session = gateway_to(stripe).create_session(rules.as_text(body), key=f"k-{server.server_port}")

    @app.after_request
    def _policy(response: Response) -> Response:
        response.headers.update(headers(production=False, pay_origin=pay_origin))
        return response

    form = '<form method="post" action="/checkout"><button>Pay</button></form>'
    app.add_url_rule("/", "form", lambda: form)
    app.add_url_rule("/checkout", "checkout", lambda: redirect("/pay", 303), methods=["POST"])
    app.add_url_rule("/pay", "pay", lambda: redirect(str(session.url), 303))
    app.add_url_rule("/back", "back", lambda: "<h1>Thank you</h1>")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_form_of_ours_leads_to_the_pay_page_and_back(chromium: Browser) -> None:
    with over_http() as stripe, shop(stripe, stripe.url) as address:
        page = chromium.new_page()
        page.goto(address)
        page.get_by_role("button", name="Pay").click()
        page.wait_for_url(f"{stripe.url}/pay/**")
        page.locator("form button[type=submit], form button:not([type])").first.click()
        page.wait_for_url(f"{address}/back")
        page.close()


def test_a_form_of_ours_leads_nowhere_else(chromium: Browser) -> None:
    """The negative control: the policy names another pay page, and the browser stays where it is, saying why."""
    with over_http() as stripe, shop(stripe, "https://checkout.stripe.com") as address:
        page = chromium.new_page()
        with page.expect_console_message(lambda told: "form-action" in told.text):
            page.goto(address)
            page.get_by_role("button", name="Pay").click()
        assert page.url == f"{address}/"
        page.close()
