"""Back from Stripe's page: what is said before Stripe was asked, and the receipt that follows."""

from datetime import timedelta

import pytest
import time_machine

from devstripe.testing import Running
from mall.core.db import transaction
from mall.domain.orders.documents import issuing
from mall.worker import documents
from tests.checkout.test_asking_seldom import ANSWERED
from tests.checkout.test_paying import pay_page, pay_there
from tests.support.pages import Page, PageClient
from tests.support.story import Story, url

pytestmark = pytest.mark.usefixtures("clock")


def test_the_return_page_that_did_not_ask_does_not_say_that_nothing_came(
    mei_pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    def actions(page: Page) -> dict[str, str]:
        found = (e for e in page.root.iter("a") if (e.get("class") or "").startswith("btn"))
        return {"".join(e.itertext()).strip(): (e.get("class") or "").split("btn-")[-1] for e in found}

    pay_page(mei_pages, story)
    page = mei_pages.get(url(story, "return"))
    assert "No payment has arrived" not in page.text
    assert "We are asking whether your payment has arrived." in page.text
    assert actions(page) == {
        "Look again": "primary",
        "I have not paid yet": "bare",
        "See the order": "bare",
    }
    clock.shift(timedelta(seconds=2))
    page = mei_pages.get(url(story, "return"), queries=ANSWERED)
    assert "No payment has arrived for this order yet." in page.text
    assert actions(page) == {
        "I have not paid yet": "primary",
        "Look again": "quiet",
        "See the order": "bare",
    }


def test_the_order_page_looks_for_its_receipt_a_few_times_and_stops_when_it_is_there(
    mei_pages: PageClient, story: Story, dev_stripe: Running, clock: time_machine.Traveller
) -> None:
    def fragment(looks: int) -> str:
        asked = mei_pages.client.get(url(story, f"papers?looks={looks}"), headers={"HX-Request": "true"})
        assert asked.status_code == 200
        return asked.get_data(as_text=True)

    pay_there(mei_pages, story, dev_stripe, clock)
    mei_pages.client.get(url(story, "return"))
    page = mei_pages.get(url(story))
    assert f'hx-get="{url(story, "papers?looks=1")}" hx-trigger="load delay:2s"' in page.html
    waiting = fragment(1)
    assert "<html" not in waiting
    assert 'hx-trigger="load delay:3s"' in waiting
    assert "hx-trigger" not in fragment(7)
    assert "Your receipt follows in a moment." in fragment(7)
    with transaction():
        number = issuing.receipt(story.id, merchant=documents.merchant(), at=story.at)
    there = fragment(2)
    assert number is not None
    assert number in there
    assert "hx-trigger" not in there
    assert "hx-get" not in mei_pages.get(url(story)).html.split('id="papers"')[1].split("</section>")[0]
    answer = mei_pages.client.get(url(story, "papers"))
    assert (answer.status_code, answer.headers["Location"]) == (303, url(story))
