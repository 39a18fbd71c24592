"""The mall starts, and refuses to start where it must."""

import socket

import pytest
from click.testing import CliRunner

from mall.cli import main
from mall.config import BadSettings, Settings


def test_production_refuses_the_defaults_and_names_each() -> None:
    with pytest.raises(BadSettings) as refused:
        Settings.from_env({"MALL_ENV": "production"})
    told = str(refused.value)
    for name in ("MALL_SECRET_KEY", "MALL_BASE_URL", "MALL_MAIL_URL", "MALL_MAIL_FROM", "STRIPE_API_KEY"):
        assert name in told


SOUND = {
    "MALL_ENV": "production",
    "MALL_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
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
