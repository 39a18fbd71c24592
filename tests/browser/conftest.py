"""A real Chromium on a real server with the demo in it."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from mall.app import create_app
from mall.cli.demo import place
from mall.config import ROOT
from mall.core import clock
from mall.core.db import db
from mall.demo import load as demo
from tests.support.databases import Databases, settings_for

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

#: Chromium keeps to itself: no look-ups, no updates, no telemetry.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def demo_app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The mall with the demo in a database of its own."""
    app = create_app(settings_for(databases.fresh(), tmp_path_factory.mktemp("demo")))
    with app.app_context():
        demo.load(place(app.config["SETTINGS"]), now=clock.now(), tell=lambda _: None)
        db.session.remove()
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def address(demo_app: Flask) -> Iterator[str]:
    """Where the mall answers."""
    server = make_server("127.0.0.1", 0, demo_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium."""
    found = next(
        path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))
    )
    browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
    yield browser
    browser.close()


Visitor = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visitor]:
    """A new visitor: `visit(PHONE, javascript=False, scheme="dark", language="zh-CN")`; errors on the console fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def new(
        size: dict[str, int], *, javascript: bool = True, scheme: str = "light", language: str = "en-GB"
    ) -> Page:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=language,
            base_url=address,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield new
    for context in contexts:
        context.close()
    assert not errors, errors


@pytest.fixture
def sign_in() -> Callable[[Page, str], None]:
    """Sign a demo person in through the form."""

    def go(page: Page, who: str) -> None:
        page.goto("/account/sign-in")
        page.fill("input[name=email]", f"{who}@example.com")
        page.fill("input[name=password]", "mall-demo-2026")
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)

    return go


def accessible(page: Page) -> list[str]:
    """What axe finds wrong on the page (WCAG 2.2 A and AA, best practices), in words."""
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {v['id']}: {v['help']} — {v['nodes'][0]['html'][:160]}" for v in found]


@pytest.fixture
def screenshots(request: pytest.FixtureRequest) -> Path:
    """A folder for pictures of what went wrong or how it looks."""
    folder = ROOT / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
