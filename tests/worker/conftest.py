"""What the tests of payments in the background need."""

from datetime import datetime

import pytest

from mall.core.db import transaction
from mall.domain.members.models import Member
from tests.support.cash_factory import grant, make_combo
from tests.support.items_factory import Made


@pytest.fixture
def kettle(mei: Member, at: datetime) -> Made:
    """An item at 300 points + 30.00, which Mei has the points for ten times."""
    grant(mei.id, 3_000, at=at)
    with transaction():
        return make_combo(points=300, cash=3_000)
