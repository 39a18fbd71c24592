"""Pictures of items: kept for ever by browsers, and nothing else is served from their folder."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

NAME = "0123456789abcdef-640.webp"


@pytest.fixture
def picture(app: Flask) -> bytes:
    folder: Path = app.config["SETTINGS"].media_dir
    folder.mkdir(parents=True, exist_ok=True)
    data = b"RIFF\x10\0\0\0WEBPVP8 " + bytes(100)
    (folder / NAME).write_bytes(data)
    (folder / "secret.txt").write_text("no")
    return data


def test_a_picture_is_kept_for_ever(client: FlaskClient, picture: bytes) -> None:
    answer = client.get(f"/media/{NAME}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, picture, "image/webp")
    control = answer.headers["Cache-Control"]
    assert {"public", "immutable", "max-age=31536000"} <= {part.strip() for part in control.split(",")}
    assert "Set-Cookie" not in answer.headers
    answer.close()


def test_a_browser_that_has_it_is_told_so(client: FlaskClient, picture: bytes) -> None:
    first = client.get(f"/media/{NAME}")
    again = client.get(f"/media/{NAME}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    first.close()
    again.close()


def test_a_part_of_it_can_be_had(client: FlaskClient, picture: bytes) -> None:
    answer = client.get(f"/media/{NAME}", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.data) == (206, b"RIFF")
    answer.close()


@pytest.mark.parametrize(
    "name",
    [
        "secret.txt",
        "0123456789abcdef-99.webp",
        "..%2fmall.sqlite",
        "%2e%2e/x-640.webp",
        "none-320.webp",
        NAME + "%00",
    ],
)
def test_nothing_else_is_served(client: FlaskClient, picture: bytes, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404


def test_a_picture_asks_nothing_of_the_database(
    client: FlaskClient, picture: bytes, count_queries: list[str]
) -> None:
    client.get(f"/media/{NAME}").close()
    assert count_queries == []
