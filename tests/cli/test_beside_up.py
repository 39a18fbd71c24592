"""Commands beside `mall up` find its addresses in the var folder; the environment goes first, production does not look."""

from pathlib import Path

import pytest

from mall.config import DEV_STRIPE_BASE, STRIPE_BASE, Settings, beside

UP = {"MALL_BASE_URL": "http://127.0.0.1:8700", "STRIPE_API_BASE": "http://127.0.0.1:8701"}


def settings(var: Path, **env: str) -> Settings:
    return Settings.from_env({"MALL_VAR_DIR": str(var), **env})


def test_a_command_finds_the_mall_that_is_up_and_only_while_it_is(tmp_path: Path) -> None:
    with beside.told(tmp_path / "var", UP):
        found = settings(tmp_path / "var")
        assert (found.base_url, found.stripe_api_base) == (UP["MALL_BASE_URL"], UP["STRIPE_API_BASE"])
    after = settings(tmp_path / "var")
    assert (after.base_url, after.stripe_api_base) == ("http://127.0.0.1:8000", DEV_STRIPE_BASE)


def test_the_environment_goes_first(tmp_path: Path) -> None:
    other = {"MALL_BASE_URL": "https://mall.example.org", "STRIPE_API_BASE": "http://127.0.0.1:9001"}
    with beside.told(tmp_path, UP):
        found = settings(tmp_path, **other)
        assert (found.base_url, found.stripe_api_base) == tuple(other.values())
        assert settings(tmp_path, STRIPE_API_KEY="sk_test_mine").stripe_api_base == STRIPE_BASE


def test_nothing_but_development_looks(tmp_path: Path) -> None:
    with beside.told(tmp_path, UP):
        assert settings(tmp_path, MALL_ENV="test").stripe_api_base == DEV_STRIPE_BASE


def test_the_last_that_came_up_is_not_forgotten_when_the_first_goes(tmp_path: Path) -> None:
    later = UP | {"STRIPE_API_BASE": "http://127.0.0.1:8801"}
    with beside.told(tmp_path, later):
        with beside.told(tmp_path, UP):
            beside._file(tmp_path).write_text('{"STRIPE_API_BASE": "http://127.0.0.1:8801"}')
        assert settings(tmp_path).stripe_api_base == later["STRIPE_API_BASE"]


@pytest.mark.parametrize("left", ["", "{", '{"STRIPE_API_BASE": 8001}'])
def test_a_file_that_says_nothing_is_no_trouble(tmp_path: Path, left: str) -> None:
    beside._file(tmp_path).write_text(left)
    assert settings(tmp_path).stripe_api_base == DEV_STRIPE_BASE
