"""The guide says what the code does."""

import re

from mall.config import ROOT
from mall.domain.payments import rules


def test_the_guide_names_every_event_that_the_mall_acts_on() -> None:
    guide = (ROOT / "docs" / "payments.md").read_text()
    told = set(re.findall(r"`((?:checkout|refund|charge)\.[a-z_.]+)`", guide))
    assert told == rules.EVENTS
