"""The mall starts, and refuses to start where it must."""

import socket

import pytest
from click.testing import CliRunner

from mall.cli import main
from mall.config import DEV_SECRET, BadSettings, Settings
from mall.core.cipher import derived_key, new_key


def test_production_refuses_the_defaults_and_names_each() -> None:
    with pytest.raises(BadSettings) as refused:
        Settings.from_env({"MALL_ENV": "production"})
    told = str(refused.value)
    for name in (
        "MALL_SECRET_KEY", "MALL_CODE_KEY", "MALL_BASE_URL", "MALL_MAIL_URL", "MALL_MAIL_FROM", "STRIPE_API_KEY"
    ):  # fmt: skip
        assert name in told


SOUND = {
    "MALL_ENV": "production",
    "MALL_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
    "MALL_CODE_KEY": new_key(),
    "MALL_BASE_URL": "https://mall.example.org",
    "MALL_MAIL_URL": "smtp://mail.example.org",
    "MALL_MAIL_FROM": "Mall <mall@example.org>",
    "STRIPE_API_KEY": "sk_live_0123456789",
    "STRIPE_WEBHOOK_SECRET": "whsec_0123456789",
}


@pytest.mark.parametrize("url", ["smtp://user:word@mail.example.org:587", "smtps://mail.example.org"])
def test_production_starts_with_what_it_asks_for(url: str) -> None:
    assert Settings.from_env({**SOUND, "MALL_MAIL_URL": url}).env == "production"


@pytest.mark.parametrize("url", ["console:", "memory:", "file:///var/mail", "mail.example.org"])
def test_production_refuses_mail_that_reaches_nobody(url: str) -> None:
    with pytest.raises(BadSettings, match="MALL_MAIL_URL must be an smtp"):
        Settings.from_env({**SOUND, "MALL_MAIL_URL": url})


@pytest.mark.parametrize("secret", ["t" * 40, "changeme" * 5, "password" * 8, "abcdefg" * 5])
def test_production_refuses_a_secret_that_repeats_itself(secret: str) -> None:
    with pytest.raises(BadSettings, match="MALL_SECRET_KEY repeats"):
        Settings.from_env({**SOUND, "MALL_SECRET_KEY": secret})


@pytest.mark.parametrize(
    "keys",
    [
        "changeme" * 5,
        "A" * 43 + "=",
        new_key()[:-4],
        f"{new_key()},short",
        derived_key(DEV_SECRET),
        f"{new_key()},{derived_key(DEV_SECRET)}",
    ],
    ids=["a word", "zeros", "cut off", "one of two", "development's", "development's behind one's own"],
)
def test_production_refuses_a_weak_key_for_codes_without_saying_it(keys: str) -> None:
    with pytest.raises(BadSettings, match="MALL_CODE_KEY") as refused:
        Settings.from_env({**SOUND, "MALL_CODE_KEY": keys})
    assert not any(key in str(refused.value) for key in keys.split(","))


def test_several_keys_are_taken_the_first_one_first() -> None:
    one, two = new_key(), new_key()
    assert Settings.from_env({**SOUND, "MALL_CODE_KEY": f" {one}, {two} "}).code_keys == (one, two)


def test_production_is_not_run_by_the_development_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SOUND.items():
        monkeypatch.setenv(name, value)
    with socket.socket() as taken:  # so that a server that is not refused ends at once, instead of running on
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = CliRunner().invoke(main, ["run", "--port", str(taken.getsockname()[1])])
    assert refused.exit_code == 1
    assert "In production run `mall serve`." in refused.output


def test_the_development_server_keeps_its_options() -> None:
    told = CliRunner().invoke(main, ["run", "--help"])
    assert told.exit_code == 0
    assert "--port" in told.output
