"""Asking Stripe while a page waits: for seconds at most, few pages at once; the worker is as patient as ever."""

import threading
import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from devstripe.testing import Running
from mall.domain.payments.errors import Unknown
from mall.domain.payments.gateway import Gateway
from mall.domain.payments.transport import BUDGET, HURRIED, MOST_PAGES, in_a_hurry
from tests.payments.test_gateway import body
from tests.support.patience import PATIENCE
from tests.support.stripe import gateway_to, over_http

#: Seconds that a busy machine may take on top.
SLACK = 5.0
#: Seconds for which this Stripe says nothing: longer than a page waits, so that only giving up is quicker.
SILENCE = 12.0


@pytest.fixture(name="slow")
def _slow(at: datetime) -> Iterator[Running]:
    with over_http(start=int(at.timestamp())) as slow:
        yield slow


@pytest.fixture(name="real")
def _real(slow: Running) -> Gateway:
    return gateway_to(slow, http_client=None)


def ask(gateway: Gateway, session: str) -> tuple[str, float]:
    """What a page hears when it asks, and after how many seconds."""
    began = time.monotonic()
    try:
        with in_a_hurry():
            return gateway.retrieve_session(session).status, time.monotonic() - began
    except Unknown as silence:
        return str(silence), time.monotonic() - began


def test_a_page_gives_up_long_before_the_worker_does(real: Gateway, slow: Running, at: datetime) -> None:
    session = real.create_session(body(at), key="k1").id
    slow.control.fault("timeout_before", method="GET", seconds=SILENCE)
    said, seconds = ask(real, session)
    assert said.startswith("no answer")
    assert max(HURRIED) <= seconds < max(HURRIED) + SLACK < SILENCE
    assert real.retrieve_session(session).status == "open"


def test_a_page_that_has_waited_long_enough_asks_for_nothing_more(
    real: Gateway, slow: Running, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many calls it would take, and however often the hurry is nested."""
    session = real.create_session(body(at), key="k1").id
    monkeypatch.setattr("mall.domain.payments.transport.BUDGET", BUDGET / 1_000_000)
    with in_a_hurry():
        assert real.retrieve_session(session).status == "open"
        with in_a_hurry(), pytest.raises(Unknown, match="no answer"):
            real.retrieve_session(session)
    with in_a_hurry():
        assert real.retrieve_session(session).status == "open"
    assert len(slow.control.requests("/v1/checkout/sessions/", "GET")) == 2


def test_few_pages_wait_at_once_and_the_others_are_told_at_once(
    real: Gateway, slow: Running, at: datetime
) -> None:
    session = real.create_session(body(at), key="k1").id
    slow.control.fault("timeout_before", method="GET", times=None, seconds=SILENCE)
    ask(real, session)  # now it is known to be silent
    heard: list[tuple[str, float]] = []
    pages = [threading.Thread(target=lambda: heard.append(ask(real, session))) for _ in range(8)]
    for page in pages:
        page.start()
    for page in pages:
        page.join(PATIENCE)
    assert len(heard) == 8
    waited = [seconds for _, seconds in heard if seconds >= max(HURRIED)]
    assert len(waited) == MOST_PAGES, heard
    assert sum("as many pages as may" in said for said, _ in heard) == 8 - MOST_PAGES
    assert len(slow.control.requests("/v1/checkout/sessions/", "GET")) == 1 + MOST_PAGES
    slow.control.clear_faults()
    assert ask(real, session)[0] == "open"
