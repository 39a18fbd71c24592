"""An order to be paid for, and a gateway."""

from datetime import datetime

import pytest

from devstripe.testing import Running
from mall.domain.members.models import Member
from mall.domain.payments.gateway import Gateway
from tests.support.payments_factory import an_order
from tests.support.stripe import gateway_to


@pytest.fixture
def order(mei: Member, at: datetime) -> tuple[int, str]:
    """Mei's order: id and number."""
    return an_order(mei.id, at)


@pytest.fixture
def gateway(dev_stripe: Running) -> Gateway:
    """The mall's gateway to the test's Stripe."""
    return gateway_to(dev_stripe)
