"""Commands beside `mall up` find its addresses in the var folder; the environment goes first, production does not look."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from mall.config import DEV_STRIPE_BASE, STRIPE_BASE, Settings, beside
from tests.support.processes import kill

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
    with ExitStack() as second:
        with beside.told(tmp_path, UP):
            second.enter_context(beside.told(tmp_path, later))
            assert settings(tmp_path).stripe_api_base == later["STRIPE_API_BASE"]
        assert settings(tmp_path).stripe_api_base == later["STRIPE_API_BASE"]
    assert settings(tmp_path).stripe_api_base == DEV_STRIPE_BASE
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_left_is_not_believed(tmp_path: Path) -> None:
    words = [sys.executable, "-c", _UP, str(tmp_path), json.dumps(UP)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE)
    assert process.stdout
    with process.stdout as said:
        assert said.readline() == b"up\n"
    assert settings(tmp_path).stripe_api_base == UP["STRIPE_API_BASE"]
    kill(process)
    assert beside._file(tmp_path).exists()
    found = settings(tmp_path)
    assert (found.base_url, found.stripe_api_base) == ("http://127.0.0.1:8000", DEV_STRIPE_BASE)
    with beside.told(tmp_path, UP):
        assert settings(tmp_path).stripe_api_base == UP["STRIPE_API_BASE"]


_UP = """
import json, pathlib, sys, time
from mall.config import beside
with beside.told(pathlib.Path(sys.argv[1]), json.loads(sys.argv[2])):
    print("up", flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize(
    "stripe",
    [
        "https://api.stripe.com",
        "http://10.0.0.9:8001",
        "http://127.0.0.1:99999",
        "http://[::1",
        "http://127.0.0.1:1/x",
    ],
)
def test_only_a_stripe_on_this_machine_is_left_or_believed(tmp_path: Path, stripe: str) -> None:
    with beside.told(tmp_path, UP | {"STRIPE_API_BASE": stripe}):
        assert stripe not in beside._file(tmp_path).read_text()
        beside._file(tmp_path).write_text(json.dumps(UP | {"STRIPE_API_BASE": stripe}))
        found = settings(tmp_path)
        assert (found.base_url, found.stripe_api_base) == (UP["MALL_BASE_URL"], DEV_STRIPE_BASE)


def test_a_stripe_that_somebodys_key_is_for_is_not_left(tmp_path: Path) -> None:
    with beside.told(tmp_path, UP | {"STRIPE_API_KEY": "sk_test_mine"}):
        found = settings(tmp_path)
        assert (found.base_url, found.stripe_api_base) == (UP["MALL_BASE_URL"], DEV_STRIPE_BASE)


@pytest.mark.parametrize(
    "left", ["", "{", "[]", "7", "null", '"x"', '{"STRIPE_API_BASE": 8001, "MALL_BASE_URL": []}']
)
def test_a_file_that_says_nothing_is_no_trouble(tmp_path: Path, left: str) -> None:
    with beside.told(tmp_path, UP):
        beside._file(tmp_path).write_text(left)
        found = settings(tmp_path)
        assert (found.base_url, found.stripe_api_base) == ("http://127.0.0.1:8000", DEV_STRIPE_BASE)
