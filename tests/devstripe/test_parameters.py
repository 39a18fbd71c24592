"""What is wrong with a request is said in Stripe's words, and nothing of it is kept."""

from typing import Any

import pytest
import stripe

from devstripe import parameters as p
from devstripe.errors import Refusal
from devstripe.money import SMALLEST
from devstripe.testing import Running
from tests.devstripe.shop import NOON, line, order


def refused(mock: Running, **changes: Any) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        mock.client().v1.checkout.sessions.create(order(**changes))
    assert mock.client().v1.checkout.sessions.list().data == []
    return caught.value


def product(**changes: Any) -> Any:
    return [
        {
            "quantity": 1,
            "price_data": {"currency": "cny", "unit_amount": 500, "product_data": {"name": "x"}, **changes},
        }
    ]


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"colour": "red"}, "colour", "parameter_unknown"),
        ({"payment_method_types": ["card"]}, "payment_method_types", "parameter_unknown"),
        ({"line_items": product(weight=1)}, "line_items[0][price_data][weight]", "parameter_unknown"),
        (
            {"line_items": product(product_data={})},
            "line_items[0][price_data][product_data]",
            "parameter_missing",
        ),
        (
            {"line_items": product(product_data={"images": []})},
            "line_items[0][price_data][product_data]",
            "parameter_missing",
        ),
        ({"line_items": [{"quantity": 1}]}, "line_items[0][price_data]", "parameter_missing"),
        (
            {"line_items": product(unit_amount="1.5")},
            "line_items[0][price_data][unit_amount]",
            "parameter_invalid_integer",
        ),
        (
            {"line_items": product(unit_amount="５")},
            "line_items[0][price_data][unit_amount]",
            "parameter_invalid_integer",
        ),
        (
            {"line_items": product(unit_amount=-1)},
            "line_items[0][price_data][unit_amount]",
            "parameter_invalid_integer",
        ),
        ({"line_items": [line("x", 500, 0)]}, "line_items[0][quantity]", "parameter_invalid_integer"),
        ({"line_items": product(currency="xyz")}, "line_items[0][price_data][currency]", None),
        ({"line_items": "x"}, "line_items", None),
        ({"line_items": [line("a", 500), line("b", 500, currency="usd")]}, "line_items", None),
        ({"mode": "subscription"}, "mode", None),
        ({"mode": ""}, "mode", "parameter_invalid_empty"),
        ({"success_url": "/return"}, "success_url", "url_invalid"),
        ({"cancel_url": "javascript:alert(1)"}, "cancel_url", "url_invalid"),
        ({"locale": "tlh"}, "locale", None),
        ({"customer_email": "mei"}, "customer_email", "email_invalid"),
        ({"client_reference_id": "x" * 201}, "client_reference_id", None),
        ({"metadata": {"a" * 41: "1"}}, "metadata", None),
        ({"metadata": {"a": "1" * 501}}, "metadata[a]", None),
        ({"metadata": {f"k{i}": "1" for i in range(51)}}, "metadata", None),
        ({"metadata": "x"}, "metadata", None),
        ({"automatic_tax": {"enabled": "maybe"}}, "automatic_tax[enabled]", None),
        ({"automatic_tax": {"enabled": True}}, "automatic_tax[enabled]", None),
        ({"expires_at": NOON + 30 * 60 - 1}, "expires_at", None),
        ({"expires_at": NOON + 24 * 60 * 60 + 1}, "expires_at", None),
        ({"expires_at": "soon"}, "expires_at", "parameter_invalid_integer"),
    ],
    ids=str,
)
def test_a_bad_parameter_is_refused_by_its_name(
    mock: Running, changes: Any, param: str, code: str | None
) -> None:
    error = refused(mock, **changes)
    assert (error.http_status, error.param, error.code) == (400, param, code)


@pytest.mark.parametrize("name", ["mode", "line_items", "success_url"])
def test_a_missing_parameter_is_named(mock: Running, name: str) -> None:
    asked = order()
    del asked[name]
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param") as caught:
        mock.client().v1.checkout.sessions.create(asked)
    assert (caught.value.code, caught.value.param) == ("parameter_missing", name)


@pytest.mark.parametrize("life", [30 * 60, 24 * 60 * 60])
def test_both_ends_of_the_range_of_expires_at_are_in_it(mock: Running, life: int) -> None:
    assert mock.client().v1.checkout.sessions.create(order(expires_at=NOON + life)).expires_at == NOON + life


@pytest.mark.parametrize("currency", ["cny", "usd", "jpy"])
def test_the_smallest_charge_passes_and_one_less_does_not(mock: Running, currency: str) -> None:
    least = SMALLEST[currency]
    error = refused(mock, line_items=[line("x", least - 1, currency=currency)])
    assert error.code == "amount_too_small"
    made = mock.client().v1.checkout.sessions.create(order(line_items=[line("x", least, currency=currency)]))
    assert made.amount_total == least


def test_a_currency_is_taken_in_either_case(mock: Running) -> None:
    made = mock.client().v1.checkout.sessions.create(order(line_items=[line("x", 500, currency="CNY")]))
    assert made.currency == "cny"


def test_more_than_eight_digits_are_too_much(mock: Running) -> None:
    error = refused(mock, line_items=[line("x", 99_999_999, 2)])
    assert error.code == "amount_too_large"


@pytest.mark.parametrize(
    ("key", "said"),
    [("sk_test_wrong_key_1234", r"Invalid API Key provided: sk_test_\*+1234"), ("x", "Invalid API Key")],
)
def test_a_wrong_key_is_401(either: Running, key: str, said: str) -> None:
    client = stripe.StripeClient(key, base_addresses={"api": either.url}, http_client=either.http_client)
    with pytest.raises(stripe.AuthenticationError, match=said) as caught:
        client.v1.checkout.sessions.list()
    assert caught.value.http_status == 401
    assert key not in str(caught.value)


def test_another_version_of_the_api_is_refused(mock: Running) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        mock.client().v1.checkout.sessions.list({}, {"stripe_version": "2020-08-27"})


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/checkout/sessions/cs_test_a1x/cancel"])
def test_an_address_that_is_not_modelled_is_404(mock: Running, path: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL") as caught:
        mock.client().raw_request("post", path)
    assert caught.value.http_status == 404


@pytest.mark.parametrize(
    "noun", ["checkout.sessions", "payment_intents", "charges", "refunds", "disputes", "events"]
)
def test_what_is_not_there_is_404(mock: Running, noun: str) -> None:
    service: Any = mock.client().v1
    for word in noun.split("."):
        service = getattr(service, word)
    with pytest.raises(stripe.InvalidRequestError, match="No such") as caught:
        service.retrieve("xx_none")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


@pytest.mark.parametrize(
    "form",
    ["a[b=1", "[a]=1", "a]=1", "mode=x&mode[y]=1", "metadata=1&metadata[a]=1", "%00=1", "line_items[x]=1"],
)
def test_a_garbled_form_is_refused_not_broken(form: str) -> None:
    taken = p.Record({"mode": p.Text(), "metadata": p.Metadata(), "line_items": p.Rows(p.Text())})
    with pytest.raises(Refusal):
        taken.read(p.parse(form))


def test_lists_and_records_are_read_in_every_way_they_are_written() -> None:
    taken = p.Record({"expand": p.Rows(p.Text()), "created": p.Record({"gte": p.Whole()})})
    assert taken.read(p.parse("expand[]=a&expand[]=b&created[gte]=7")) == {
        "expand": ["a", "b"],
        "created": {"gte": 7},
    }
    many = "&".join(f"expand[{i}]={i}" for i in range(12))
    assert taken.read(p.parse(many)) == {"expand": [str(i) for i in range(12)]}
