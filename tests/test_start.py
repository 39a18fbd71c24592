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


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"STRIPE_API_KEY": ""}, "STRIPE_API_KEY is missing or the development Stripe's"),
        ({"STRIPE_API_KEY": "sk_test_devstripe"}, "STRIPE_API_KEY is missing or the development Stripe's"),
        (
            {"STRIPE_API_KEY": "sk_test_51Own"},
            "STRIPE_API_KEY is a test key: goods would be given for test cards",
        ),
        ({"STRIPE_API_KEY": "pk_live_51Own"}, "not a pk_… one"),
        ({"STRIPE_TEST_MODE": "1"}, "STRIPE_API_KEY is a live key, and STRIPE_TEST_MODE is on"),
        ({"STRIPE_TEST_MODE": "yes"}, "STRIPE_TEST_MODE is 'yes'"),
        ({"STRIPE_WEBHOOK_SECRET": ""}, "STRIPE_WEBHOOK_SECRET is missing"),
        ({"STRIPE_WEBHOOK_SECRET": "whsec_devstripe"}, "the development Stripe's; set the signing secret"),
        ({"STRIPE_WEBHOOK_SECRET": "we_123"}, "must be the signing secret"),
        (
            {"STRIPE_API_BASE": "http://127.0.0.1:8001"},
            "STRIPE_API_BASE is http://127.0.0.1:8001; leave it away",
        ),
        ({"STRIPE_API_BASE": "https://localhost"}, "STRIPE_API_BASE is https://localhost; leave it away"),
        ({"STRIPE_API_BASE": "http://stripe.example.org"}, "it must be like https://api.stripe.com"),
        ({"STRIPE_PAGES": "https://pay.example.org; script-src *"}, "STRIPE_PAGES is"),
        ({"MALL_POINTS_PER_UNIT": "0"}, "MALL_POINTS_PER_UNIT"),
    ],
)
def test_production_refuses_what_is_not_money_and_says_which(change: dict[str, str], told: str) -> None:
    with pytest.raises(BadSettings) as refused:
        Settings.from_env({**SOUND, **change})
    (problem, *_) = [problem for problem in refused.value.problems if told in problem]
    assert next(iter(change)).split("_")[0] in problem


def test_a_rehearsal_in_production_takes_test_cards_when_it_is_told_so() -> None:
    settings = Settings.from_env({**SOUND, "STRIPE_API_KEY": "sk_test_51Own", "STRIPE_TEST_MODE": "1"})
    assert settings.stripe_api_base == "https://api.stripe.com"
    assert settings.pay_origin == "https://checkout.stripe.com"


@pytest.mark.parametrize("env", ["development", "test"])
def test_a_live_key_charges_nobody_in_development(env: str) -> None:
    with pytest.raises(BadSettings, match="real cards would be charged"):
        Settings.from_env({"MALL_ENV": env, "STRIPE_API_KEY": "sk_live_51Own"})


def test_without_keys_cash_goes_to_the_development_stripe() -> None:
    settings = Settings.from_env({})
    assert settings.development_stripe
    assert settings.stripe_api_base == settings.pay_origin == "http://127.0.0.1:8001"
    own = Settings.from_env({"STRIPE_API_KEY": "sk_test_51Own"})
    assert not own.development_stripe
    assert (own.stripe_api_base, own.stripe_webhook_secret) == ("https://api.stripe.com", "")
    branded = Settings.from_env(
        {"STRIPE_API_KEY": "sk_test_51Own", "STRIPE_PAGES": "https://pay.example.org"}
    )
    assert branded.pay_origin == "https://pay.example.org"
