"""Language and theme, remembered for guests too."""

import pytest
from flask.testing import FlaskClient

HERE = {"Sec-Fetch-Site": "same-origin"}


def test_the_language_is_remembered(client: FlaskClient) -> None:
    answer = client.post("/language", data={"lang": "zh-Hant", "next": "/catalog?q=x"}, headers=HERE)
    assert answer.status_code == 303
    assert answer.location == "/catalog?q=x"
    assert client.get_cookie("lang").value == "zh-Hant"  # type: ignore[union-attr]


def test_a_browser_that_sends_only_the_origin_is_believed(client: FlaskClient) -> None:
    assert (
        client.post("/theme", data={"theme": "dark"}, headers={"Origin": "http://localhost"}).status_code
        == 303
    )
    assert client.get_cookie("theme").value == "dark"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}]
)
def test_another_site_cannot_change_them(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/theme", data={"theme": "dark"}, headers=headers).status_code == 419
    assert client.get_cookie("theme") is None


def test_unknown_values_and_foreign_addresses_are_dropped(client: FlaskClient) -> None:
    answer = client.post("/language", data={"lang": "xx", "next": "//evil.example"}, headers=HERE)
    assert answer.location == "/"
    assert client.get_cookie("lang") is None
