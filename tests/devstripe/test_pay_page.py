"""The pay page, by hand of somebody without JavaScript."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import html5lib
import pytest
from werkzeug.test import Client, TestResponse

import devstripe
from devstripe import cards, words
from devstripe.testing import Running
from tests.devstripe.shop import NOON, line, order

GOOD = {"number": "4242 4242 4242 4242", "expiry": "12 / 34", "cvc": "123", "email": "mei@example.com"}


@pytest.fixture
def browser(mock: Running) -> Client:
    return Client(mock.app)


def opened(mock: Running, **changes: Any) -> str:
    return mock.client().v1.checkout.sessions.create(order(**changes)).id


def text(answer: TestResponse) -> str:
    """What a page says, after it was checked to be sound HTML without a script."""
    page = answer.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(page)
    assert "<script" not in page
    assert not re.search(r"\son\w+=|\sstyle=", page)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def field(answer: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"', answer.get_data(as_text=True))
    assert found
    return unescape(found[1])


def test_it_shows_what_is_bought_and_is_ready_to_pay(mock: Running, browser: Client) -> None:
    session = opened(mock, customer_email="mei@example.com")
    page = browser.get(f"/pay/{session}")
    assert page.status_code == 200
    said = text(page)
    for words_of_it in (
        "no money moves",
        "Mug",
        "2 × ¥30.00",
        "¥60.00",
        "Delivery",
        "¥8.00",
        "Pay ¥68.00",
    ):
        assert words_of_it in said
    assert "UTC" not in said  # no deadline, as on Stripe's own page: the shop counts its own down
    assert [field(page, name) for name in GOOD] == list(GOOD.values())
    assert 'href="http://127.0.0.1/basket"' in page.text
    for number in (
        "4000 0000 0000 0002",
        "4000 0000 0000 9995",
        "4000 0025 0000 3155",
        "4000 0000 0000 0259",
    ):
        assert number in said


def test_paying_leads_back_to_the_shop_with_the_sessions_id(mock: Running, browser: Client) -> None:
    session = opened(mock)
    answer = browser.post(f"/pay/{session}", data=GOOD)
    assert (answer.status_code, answer.location) == (303, f"http://127.0.0.1/return?session={session}")
    paid = mock.client().v1.checkout.sessions.retrieve(session)
    assert paid.payment_status == "paid"
    assert paid.customer_details is not None
    assert paid.customer_details.email == "mei@example.com"
    assert mock.control.events()[-1]["request"] == {"id": None, "idempotency_key": None}


@pytest.mark.parametrize("card", [card for card in cards.CARDS if card.code], ids=lambda card: card.name)
def test_a_decline_is_told_and_the_next_card_can_pay(
    mock: Running, browser: Client, card: cards.Card
) -> None:
    session = opened(mock)
    page = browser.post(f"/pay/{session}", data={**GOOD, "number": card.number})
    assert page.status_code == 200
    assert card.message in text(page)
    assert field(page, "number") == card.spaced
    assert browser.post(f"/pay/{session}", data=GOOD).status_code == 303


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": "4242 4242 4242 4241"}, "Your card number is incorrect."),
        ({"number": "<b>"}, "Your card number is incorrect."),
        ({"number": ""}, "Your card number is incorrect."),
        ({"number": "5555555555554444"}, "Only test cards are taken here"),
        ({"expiry": "12 / 26"}, "Your card's expiration date is in the past."),
        ({"expiry": "13/34"}, "Your card's expiration date is incomplete."),
        ({"expiry": "soon"}, "Your card's expiration date is incomplete."),
        ({"cvc": "12"}, "Your card's security code is incomplete."),
    ],
)
def test_a_slip_is_told_before_anything_is_tried(
    mock: Running, browser: Client, changes: Any, said: str
) -> None:
    session = opened(mock)
    page = browser.post(f"/pay/{session}", data={**GOOD, **changes})
    assert said in text(page)
    assert mock.control.events() == []


@pytest.mark.parametrize("expiry", ["01/27", "1 / 27", "0127", "12/2034"])
def test_a_card_is_good_until_the_end_of_its_month(mock: Running, browser: Client, expiry: str) -> None:
    assert mock.control.now() == NOON  # January 2027
    assert browser.post(f"/pay/{opened(mock)}", data={**GOOD, "expiry": expiry}).status_code == 303


def test_a_test_card_is_chosen_by_a_link(mock: Running, browser: Client) -> None:
    page = browser.get(f"/pay/{opened(mock)}?card=4000000000009995")
    assert field(page, "number") == "4000 0000 0000 9995"
    assert page.text.count('aria-current="true"') == 1


def test_3d_secure_is_a_second_page(mock: Running, browser: Client) -> None:
    session = opened(mock)
    asked = browser.post(f"/pay/{session}", data={**GOOD, "number": "4000002500003155"})
    assert asked.location == f"{mock.url}/pay/{session}/3ds"
    page = browser.get(f"/pay/{session}/3ds")
    assert "Confirm that it is you" in text(page)
    assert "3155" in text(page)

    failed = browser.post(f"/pay/{session}/3ds", data={"do": "fail"})
    assert failed.location == f"{mock.url}/pay/{session}?failed=1"
    again = browser.get(f"/pay/{session}?failed=1")
    assert "We are unable to authenticate your payment method." in text(again)
    assert browser.get(f"/pay/{session}/3ds").location == f"{mock.url}/pay/{session}"

    browser.post(f"/pay/{session}", data={**GOOD, "number": "4000002760003184"})
    done = browser.post(f"/pay/{session}/3ds", data={"do": "complete"})
    assert done.location == f"http://127.0.0.1/return?session={session}"


def test_a_paid_session_says_so_in_another_tab(mock: Running, browser: Client) -> None:
    session = opened(mock)
    mock.control.pay(session)
    for page in (browser.get(f"/pay/{session}"), browser.post(f"/pay/{session}", data=GOOD)):
        assert "This order is paid" in text(page)
        assert f'href="http://127.0.0.1/return?session={session}"' in page.text
    assert len(mock.client().v1.charges.list().data) == 1


def test_an_expired_session_says_that_nothing_was_charged(mock: Running, browser: Client) -> None:
    session = opened(mock)
    mock.control.pay(session, "4000002500003155")
    mock.control.advance(31 * 60)
    for page in (
        browser.get(f"/pay/{session}"),
        browser.post(f"/pay/{session}", data=GOOD),
        browser.post(f"/pay/{session}/3ds", data={"do": "complete"}),
    ):
        assert "This page has expired" in text(page)
        assert 'href="http://127.0.0.1/basket"' in page.text
    assert mock.client().v1.checkout.sessions.retrieve(session).payment_status == "unpaid"


def test_a_session_that_is_not_there(browser: Client) -> None:
    page = browser.get("/pay/cs_test_none")
    assert page.status_code == 404
    assert "There is no such page" in text(page)


@pytest.mark.parametrize(
    ("locale", "accepted", "lang"),
    [
        ("zh", "en", "zh-Hans"),
        ("zh-TW", "en", "zh-Hant"),
        ("zh-HK", "en", "zh-Hant"),
        ("en", "zh-CN", "en"),
        ("fr", "zh-CN", "en"),
        ("auto", "zh-CN,zh;q=0.9", "zh-Hans"),
        ("auto", "zh-Hant-TW", "zh-Hant"),
        ("auto", "fr, en;q=0.5", "en"),
        (None, "zh", "zh-Hans"),
        (None, "", "en"),
    ],
)
def test_it_speaks_the_customers_language(
    mock: Running, browser: Client, locale: str | None, accepted: str, lang: str
) -> None:
    session = opened(mock, **({"locale": locale} if locale else {}))
    page = browser.get(f"/pay/{session}", headers={"Accept-Language": accepted})
    assert f'<html lang="{lang}">' in page.text


@pytest.mark.parametrize("spoken", [words._ZH, words._HANT], ids=lambda w: str(w["lang"]))
def test_every_word_is_there_in_chinese(spoken: words.Words) -> None:
    texts = {
        *words._EN,
        *(card.name for card in cards.CARDS),
        *(card.message for card in cards.CARDS if card.message),
    }
    assert sorted(texts - set(spoken)) == []
    assert set(words._ZH) == set(words._HANT)


def test_names_of_goods_are_text_not_markup(mock: Running, browser: Client) -> None:
    session = opened(mock, line_items=[line("<script>alert(1)</script>", 500)])
    assert "<script>alert(1)</script>" in text(browser.get(f"/pay/{session}"))


def test_a_form_of_another_site_does_nothing(mock: Running, browser: Client) -> None:
    session = opened(mock)
    answer = browser.post(f"/pay/{session}", data=GOOD, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert browser.post(f"/pay/{session}", data=GOOD, headers={"Origin": mock.url}).status_code == 303


def test_the_style_is_its_own_and_knows_light_and_dark(browser: Client) -> None:
    style = browser.get("/devstripe.css")
    assert style.mimetype == "text/css"
    assert "prefers-color-scheme: dark" in style.text
    assert style.data == (Path(devstripe.__file__).parent / "static" / "devstripe.css").read_bytes()


def test_the_look_inside_shows_and_does_what_tests_do(mock: Running, browser: Client) -> None:
    client = mock.client()
    session = opened(mock)
    mock.control.pay(opened(mock))
    intent = client.v1.payment_intents.list().data[0].id
    refund = client.v1.refunds.create({"payment_intent": intent, "amount": 100}).id
    said = text(browser.get("/"))
    for words_of_it in (
        "A-1",
        "¥68.00",
        "complete, paid",
        "checkout.session.completed",
        refund,
        "/v1/refunds",
    ):
        assert words_of_it in said

    def press(path: str, **values: str) -> TestResponse:
        return browser.post("/do/" + path, data=values)

    assert press("fault", kind="timeout_after", what="/v1/refunds", times="2", seconds="1").status_code == 303
    assert [(f["kind"], f["path"], f["times"]) for f in mock.control.faults()] == [
        ("timeout_after", "/v1/refunds", 2)
    ]
    assert "timeout_after" in text(browser.get("/"))
    press("clear")
    assert mock.control.faults() == []
    press(f"refund/{refund}", failure="unknown")
    assert client.v1.refunds.retrieve(refund).status == "failed"
    press(f"dispute/{intent}")
    dispute = client.v1.disputes.list().data[0].id
    press(f"close/{dispute}", won="yes")
    assert client.v1.disputes.retrieve(dispute).status == "won"
    press(f"expire/{session}")
    assert client.v1.checkout.sessions.retrieve(session).status == "expired"
    press("clock", advance="960")
    assert mock.control.now() == NOON + 960
    assert press("deliver").status_code == 303

    for path, values in (
        (f"expire/{session}", {}),
        ("rain", {}),
        ("clock", {"advance": "soon"}),
        ("fault", {}),
    ):
        answer = press(path, **values)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
    assert browser.get("/nothing").status_code == 404
    assert browser.delete("/").status_code == 405
    assert browser.get("/favicon.ico").status_code == 204
