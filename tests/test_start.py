"""The mall starts, and refuses to start where it must."""

import pytest

from mall.config import BadSettings, Settings


def test_production_refuses_the_defaults_and_names_each() -> None:
    with pytest.raises(BadSettings) as refused:
        Settings.from_env({"MALL_ENV": "production"})
    told = str(refused.value)
    for name in ("MALL_SECRET_KEY", "MALL_BASE_URL", "MALL_MAIL_URL", "MALL_MAIL_FROM"):
        assert name in told
