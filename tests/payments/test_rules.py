"""Rules of cash: bodies, amounts, what may be believed, and that the mirror only moves forward."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.domain.payments import amounts, rules
from mall.domain.payments.objects import Charge, Intent, Session
from tests.support.payments_factory import pay_request

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
NUMBER = "R-7K3Q-9XWD-2F5M"
EXPECTED = rules.Expected(
    reference=f"{NUMBER}-1",
    number=NUMBER,
    amount=3000,
    currency="CNY",
    livemode=False,
    session_id="cs_test_1",
)
CHARGE = Charge(id="ch_1", captured=3000, refunded=0)
INTENT = Intent(id="pi_1", status="succeeded", amount=3000, received=3000, charge=CHARGE)


def session(**changes: object) -> Session:
    fields: dict[str, object] = {
        "id": "cs_test_1",
        "status": "complete",
        "payment_status": "paid",
        "amount": 3000,
        "currency": "CNY",
        "livemode": False,
        "mode": "payment",
        "reference": EXPECTED.reference,
        "metadata": {"order": NUMBER, "attempt": EXPECTED.reference},
        "created": NOW,
        "expires_at": NOW + timedelta(minutes=31),
        "intent_id": "pi_1",
        "intent": INTENT,
    }
    return Session(**{**fields, **changes})  # type: ignore[arg-type]


def body(*lines: rules.PayLine, **changes: object) -> dict[str, object]:
    return rules.session_body(pay_request(NUMBER, *lines, **changes), attempt=1, expires_at=NOW)


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 99)), min_size=1, max_size=8).filter(
        lambda lines: any(cash for cash, _ in lines)
    ),
    st.sampled_from(["CNY", "USD", "JPY", "KWD"]),
)
def test_the_pay_page_asks_for_exactly_what_is_due(lines: list[tuple[int, int]], currency: str) -> None:
    step = 10 if currency == "KWD" else 1
    request = pay_request(
        NUMBER,
        *(rules.PayLine(f"Item {n}", cash * step, quantity) for n, (cash, quantity) in enumerate(lines)),
        currency=currency,
    )
    asked = rules.session_body(request, attempt=1, expires_at=NOW)["line_items"]
    total = sum(line["price_data"]["unit_amount"] * line["quantity"] for line in asked)
    assert total == amounts.to_stripe(request.amount, currency)
    assert all(line["price_data"]["unit_amount"] > 0 for line in asked)
    assert all(line["price_data"]["currency"] == currency.lower() for line in asked)


def test_units_are_shown_where_each_costs_the_same_and_named_where_not() -> None:
    (even, odd) = body(rules.PayLine("Cup", 3000, 3), rules.PayLine("Pen", 1000, 3))["line_items"]  # type: ignore[misc]
    assert (even["quantity"], even["price_data"]["unit_amount"]) == (3, 1000)
    assert even["price_data"]["product_data"]["name"] == "Cup"
    assert (odd["quantity"], odd["price_data"]["unit_amount"]) == (1, 1000)
    assert odd["price_data"]["product_data"]["name"] == "Pen × 3"


def test_a_name_of_any_length_fits() -> None:
    for quantity in (1, 7):
        (line,) = body(rules.PayLine("杯" * 400, 1000, quantity))["line_items"]  # type: ignore[misc]
        name = line["price_data"]["product_data"]["name"]
        assert len(name) <= rules.MAX_NAME
        assert "…" in name


@pytest.mark.parametrize(
    "lines", [(), (rules.PayLine("Cup", 0),), (rules.PayLine("Cup", 10), rules.PayLine("x", -1))]
)
def test_nothing_to_pay_is_no_session(lines: tuple[rules.PayLine, ...]) -> None:
    request = rules.SessionRequest(
        number=NUMBER, currency="CNY", lines=lines, locale="en", email=None, success_url="", cancel_url=""
    )
    with pytest.raises(ValueError, match="nothing to pay"):
        rules.session_body(request, attempt=1, expires_at=NOW)


@pytest.mark.parametrize(
    ("email", "sent"),
    [
        ("mei@example.com", True),
        ("mei.lin+mall@mail.example.co.uk", True),
        (None, False),
        ("", False),
        ("梅@example.com", False),
        ("mei@localhost", False),
        ("mei lin@example.com", False),
        ("@example.com", False),
    ],
)
def test_only_a_plain_address_goes_to_stripe(email: str | None, sent: bool) -> None:
    assert ("customer_email" in body(email=email)) is sent


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("en", "en"),
        ("zh-Hans", "zh"),
        ("zh-Hant", "zh-TW"),
        ("zh-Hant-HK", "zh-HK"),
        ("en-GB", "en"),
        ("fr", "auto"),
    ],
)
def test_the_pay_page_speaks_the_members_language(tag: str, locale: str) -> None:
    assert body(locale=tag)["locale"] == locale


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [(1200, "CNY", 1200), (500, "JPY", 500), (1500, "KWD", 1500), (5, "ISK", 500), (7, "UGX", 700)],
)
def test_amounts_are_counted_as_stripe_counts_them(minor: int, currency: str, amount: int) -> None:
    assert amounts.to_stripe(minor, currency) == amount
    assert amounts.from_stripe(amount, currency) == minor


def test_an_amount_that_stripe_cannot_take_is_refused() -> None:
    with pytest.raises(ValueError, match="1505"):
        amounts.to_stripe(1505, "KWD")
    with pytest.raises(ValueError, match="150"):
        amounts.to_stripe(150, "MGA")
    with pytest.raises(ValueError, match="550"):
        amounts.from_stripe(550, "ISK")


def test_a_session_that_agrees_in_all_is_believed() -> None:
    assert rules.problems(EXPECTED, session()) == ()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"id": "cs_test_2"}, "session"),
        ({"reference": "R-other-1"}, "reference"),
        ({"metadata": {"order": "R-other", "attempt": EXPECTED.reference}}, "order"),
        ({"metadata": {"order": NUMBER, "attempt": f"{NUMBER}-2"}}, "attempt"),
        ({"metadata": {}}, "order"),
        ({"mode": "setup"}, "mode"),
        ({"livemode": True}, "livemode"),
        ({"amount": 2999}, "amount"),
        ({"currency": "USD"}, "currency"),
        ({"intent": Intent(id="pi_1", status="succeeded", amount=3000, received=2999)}, "received"),
        ({"intent": Intent(id="pi_1", status="processing", amount=3000, received=3000)}, "payment intent"),
    ],
)
def test_a_session_that_differs_is_not_believed(change: dict[str, object], word: str) -> None:
    (problem, *_) = rules.problems(EXPECTED, session(**change))
    assert problem.startswith(word)


def test_whatever_order_the_news_come_in_the_end_is_the_same() -> None:
    news = [
        session(status="open", payment_status="unpaid"),
        session(status="complete", payment_status="unpaid"),
        session(status="expired", payment_status="unpaid"),
        session(),
    ]
    for order in permutations(news):
        state = "new"
        for told in order:
            after = rules.later(state, rules.state_of(told))
            assert rules.STATES.index(after) >= rules.STATES.index(state)
            state = after
        assert state == "paid"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", "open"),
        ("warning_under_review", "open"),
        ("appeal_under_review", "open"),
        ("something new", "open"),
        ("won", "won"),
        ("warning_closed", "won"),
        ("prevented", "won"),
        ("lost", "lost"),
    ],
)
def test_a_dispute_is_open_won_or_lost(status: str, state: str) -> None:
    assert rules.dispute_state(status) == state
