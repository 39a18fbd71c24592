"""Fewer bytes on the way, and nothing told by their number."""

import gzip

import pytest
from flask.testing import FlaskClient

from mall.web.compression import masked_gzip

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize("data", [b"", b"a", b"points " * 10_000, bytes(range(256)) * 40])
def test_what_is_packed_unpacks(data: bytes) -> None:
    assert gzip.decompress(masked_gzip(data)) == data


def test_the_same_page_has_many_lengths() -> None:
    assert len({len(masked_gzip(b"the same page" * 200)) for _ in range(50)}) > 10


def test_a_page_is_packed_for_who_can_unpack_it(client: FlaskClient) -> None:
    plain, packed = client.get("/account/sign-up"), client.get("/account/sign-up", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"<h1>" in gzip.decompress(packed.data)
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 2


def test_refused_encodings_are_not_used(client: FlaskClient) -> None:
    answer = client.get("/account/sign-up", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in answer.headers


def test_a_static_file_comes_packed_and_to_stay(client: FlaskClient) -> None:
    answer = client.get("/static/css/mall.css?v=abc", headers=GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "Cookie" not in answer.headers["Vary"]
    again = client.get(
        "/static/css/mall.css?v=abc", headers={**GZIP, "If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    assert gzip.decompress(answer.data) == client.get("/static/css/mall.css").data


@pytest.mark.parametrize(
    "path",
    [
        "/static/../mall/config.css",
        "/static/%2e%2e/pyproject.css",
        "/static/no-such.css",
        "/static/css/..%2f..%2fsecret.css",
    ],
)
def test_nothing_outside_the_folder_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
