"""Settings: read from the environment once, typed, checked at start. Only `app` and `cli` read this module."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from mall.config import beside, stripe
from mall.config.stripe import DEV_STRIPE_BASE as DEV_STRIPE_BASE
from mall.config.stripe import DEV_STRIPE_KEY as DEV_STRIPE_KEY
from mall.config.stripe import DEV_STRIPE_SECRET, STRIPE_PAGES
from mall.config.stripe import STRIPE_BASE as STRIPE_BASE
from mall.core.cipher import derived_key, sound_key, split_keys
from mall.core.money import SMALLEST_CHARGE

Environment = Literal["development", "test", "production"]

ROOT = Path(__file__).resolve().parents[2]
DEV_SECRET = "development-only-secret-do-not-deploy"  # noqa: S105 - refused in production below
#: Where the schedule may be kept.
_QUEUES = ("redis://", "rediss://", "unix://", "postgresql://")
#: How many different characters a secret has at least; random ones have more, typed ones often fewer.
DISTINCT = 8
_KEY_HINT = "must be random keys of 32 octets, separated by commas; make one with `mall codes key`"
KNOWN_LOCALES = ("en", "zh-Hans", "zh-Hant")


class BadSettings(SystemExit):
    """The mall refuses to start; the message names every setting that is wrong and what it should be."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(
            "The mall does not start with these settings:\n" + "\n".join(f"  - {p}" for p in problems)
        )
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that a merchant sets. See the README for what each means."""

    env: Environment = "development"
    database_url: str
    redis_url: str = ""
    queue_url: str = ""
    secret_key: str
    base_url: str = "http://127.0.0.1:8000"
    mail_url: str = ""
    mail_from: str = "Points Mall <mall@example.com>"
    var_dir: Path
    code_key: str = ""
    metrics_token: str = ""
    name: str = "Points Mall"
    currency: str = "CNY"
    timezone: str = "Asia/Shanghai"
    locales: tuple[str, ...] = KNOWN_LOCALES
    points_life_months: int = 12
    grace_days: int = 30
    cash_earns: bool = True
    points_wait_days: int = 0
    merchant_name: str = ""
    merchant_address: str = ""
    merchant_tax_number: str = ""
    points_per_unit: int = 100
    stripe_api_key: str = DEV_STRIPE_KEY
    stripe_webhook_secret: str = DEV_STRIPE_SECRET
    stripe_api_base: str = DEV_STRIPE_BASE
    stripe_pages: str = ""
    stripe_test_mode: bool = False
    min_cash: int = 0
    trusted_proxies: int = 0

    @property
    def grace(self) -> timedelta:
        """How much longer points can be used that come back when their time is over."""
        return timedelta(days=self.grace_days)

    @property
    def code_keys(self) -> tuple[str, ...]:
        """The keys of the code pools, the one that encrypts first; development has one made of its secret."""
        return split_keys(self.code_key) or (derived_key(self.secret_key),)

    @property
    def media_dir(self) -> Path:
        """Where uploaded pictures are kept."""
        return self.var_dir / "media"

    @property
    def development_stripe(self) -> bool:
        """Whether cash goes to the development Stripe: no key of a Stripe account is set."""
        return self.stripe_api_key == DEV_STRIPE_KEY

    @property
    def pay_origin(self) -> str:
        """Where the pay page is (an origin, without a path): the browser must be let go there."""
        return self.stripe_pages or (self.stripe_api_base if self.development_stripe else STRIPE_PAGES)

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read MALL_*; raise BadSettings with all that is wrong."""
        env = os.environ if env is None else env
        get = env.get
        problems: list[str] = []
        name = get("MALL_ENV", "development")
        if name not in get_args(Environment):
            problems.append(f"MALL_ENV is {name!r}; it must be development, test or production")
        var = Path(get("MALL_VAR_DIR") or ROOT / "var")
        own_stripe = bool(get("STRIPE_API_KEY"))
        up = beside.addresses(var, env) if name == "development" else {}
        settings = cls(
            env=name,  # type: ignore[arg-type]  # checked above; reported below with the rest
            database_url=_driver(get("MALL_DATABASE_URL") or f"sqlite:///{var / 'mall.sqlite'}"),
            redis_url=get("MALL_REDIS_URL", ""),
            queue_url=get("MALL_QUEUE_URL") or get("MALL_REDIS_URL", ""),
            secret_key=get("MALL_SECRET_KEY") or (DEV_SECRET if name != "test" else secrets.token_hex(32)),
            base_url=get("MALL_BASE_URL", up.get("MALL_BASE_URL", "http://127.0.0.1:8000")).rstrip("/"),
            mail_url=get("MALL_MAIL_URL", ""),
            mail_from=get("MALL_MAIL_FROM", "Points Mall <mall@example.com>"),
            var_dir=var,
            code_key=get("MALL_CODE_KEY", ""),
            metrics_token=get("MALL_METRICS_TOKEN", ""),
            name=get("MALL_NAME", "Points Mall"),
            currency=get("MALL_CURRENCY", "CNY"),
            timezone=get("MALL_TIMEZONE", "Asia/Shanghai"),
            locales=tuple(
                part.strip()
                for part in get("MALL_LOCALES", ",".join(KNOWN_LOCALES)).split(",")
                if part.strip()
            ),
            grace_days=_number(get("MALL_GRACE_DAYS", "30"), "MALL_GRACE_DAYS", problems),
            points_life_months=_number(
                get("MALL_POINTS_LIFE_MONTHS", "12"), "MALL_POINTS_LIFE_MONTHS", problems
            ),
            cash_earns=_switch(get("MALL_CASH_EARNS", "1"), "MALL_CASH_EARNS", problems),
            points_wait_days=_number(get("MALL_POINTS_WAIT_DAYS", "0"), "MALL_POINTS_WAIT_DAYS", problems),
            points_per_unit=_number(get("MALL_POINTS_PER_UNIT", "100"), "MALL_POINTS_PER_UNIT", problems),
            stripe_api_key=get("STRIPE_API_KEY") or DEV_STRIPE_KEY,
            stripe_webhook_secret=get("STRIPE_WEBHOOK_SECRET") or ("" if own_stripe else DEV_STRIPE_SECRET),
            stripe_api_base=(
                get("STRIPE_API_BASE")
                or (STRIPE_BASE if own_stripe else up.get("STRIPE_API_BASE", DEV_STRIPE_BASE))
            ).rstrip("/"),
            stripe_pages=get("STRIPE_PAGES", "").rstrip("/"),
            stripe_test_mode=_switch(get("STRIPE_TEST_MODE", "0"), "STRIPE_TEST_MODE", problems),
            min_cash=_number(
                get("MALL_MIN_CASH") or str(SMALLEST_CHARGE.get(get("MALL_CURRENCY", "CNY"), 0)),
                "MALL_MIN_CASH",
                problems,
            ),
            merchant_name=get("MALL_MERCHANT_NAME", ""),
            merchant_address=get("MALL_MERCHANT_ADDRESS", ""),
            merchant_tax_number=get("MALL_MERCHANT_TAX_NUMBER", ""),
            trusted_proxies=_number(get("MALL_TRUSTED_PROXIES", "0"), "MALL_TRUSTED_PROXIES", problems),
        )
        problems += settings.problems()
        if problems:
            raise BadSettings(problems)
        return settings

    def problems(self) -> list[str]:
        """What is wrong with these settings, in words; empty if they are sound."""
        found = []
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError):
            found.append(f"MALL_TIMEZONE is {self.timezone!r}; it must be a name such as Asia/Shanghai")
        if not self.locales or set(self.locales) - set(KNOWN_LOCALES):
            found.append(
                f"MALL_LOCALES is {','.join(self.locales)!r}; it must name some of {', '.join(KNOWN_LOCALES)}"
            )
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            found.append(f"MALL_CURRENCY is {self.currency!r}; it must be an ISO 4217 code such as CNY")
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            found.append("MALL_DATABASE_URL must start with sqlite:/// or postgresql://")
        if self.queue_url and not self.queue_url.startswith(_QUEUES):
            found.append(
                f"MALL_QUEUE_URL must start with one of {', '.join(_QUEUES)}; without it the queue is a file"
            )
        if self.points_per_unit < 1:
            found.append("MALL_POINTS_PER_UNIT must be at least 1: how many points are worth 1.00")
        found += stripe.problems(self)
        if not all(sound_key(key) for key in split_keys(self.code_key)):
            found.append(f"MALL_CODE_KEY {_KEY_HINT}")
        if self.env == "production":
            found += self._production_problems() + stripe.production_problems(self)
        return found

    def _production_problems(self) -> list[str]:
        found = []
        if self.secret_key == DEV_SECRET or len(self.secret_key) < 32:
            found.append("MALL_SECRET_KEY is missing or too short; set at least 32 random characters")
        elif len(set(self.secret_key)) < DISTINCT:
            found.append("MALL_SECRET_KEY repeats a few characters; set at least 32 random ones")
        if not self.min_cash:
            found.append(
                f"MALL_MIN_CASH is missing; set the smallest amount in {self.currency} to charge, in minor units"
            )
        if not split_keys(self.code_key):
            found.append(f"MALL_CODE_KEY is missing; it {_KEY_HINT}")
        elif derived_key(DEV_SECRET) in split_keys(self.code_key):
            found.append("MALL_CODE_KEY holds the key of development; make your own with `mall codes key`")
        if not self.base_url.startswith("https://"):
            found.append("MALL_BASE_URL must be the https:// address that members use")
        if not self.mail_url:
            found.append("MALL_MAIL_URL is missing; members could not reset a password")
        elif not self.mail_url.startswith(("smtp://", "smtps://")):
            found.append("MALL_MAIL_URL must be an smtp:// or smtps:// address; others reach no member")
        if self.mail_from == "Points Mall <mall@example.com>":
            found.append("MALL_MAIL_FROM is missing; set the address that mail comes from")
        return found


def _driver(url: str) -> str:
    """SQLAlchemy's name for the driver we ship: psycopg 3."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _number(text: str, name: str, problems: list[str]) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    problems.append(f"{name} is {text!r}; it must be a whole number")
    return 0


def _switch(text: str, name: str, problems: list[str]) -> bool:
    if text not in ("0", "1"):
        problems.append(f"{name} is {text!r}; it must be 1 (on) or 0 (off)")
    return text == "1"
