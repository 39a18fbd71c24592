"""What the checkout's pages need: something to redeem, and members with points."""

from datetime import timedelta

import pytest
from flask import Flask

from mall.core import clock
from mall.core.db import transaction
from mall.domain.members.models import Member
from tests.support.items_factory import Made, make_item
from tests.support.orders_factory import give_points


@pytest.fixture
def cup(app: Flask) -> Made:
    with transaction():
        return make_item("Cup", points=300, stock=5)


@pytest.fixture
def course(app: Flask) -> Made:
    with transaction():
        return make_item("Course", points=100, stock=None, kind="service")


@pytest.fixture
def rich(mei: Member) -> Member:
    """Mei, with 1,000 points."""
    now = clock.now()
    with transaction():
        give_points(mei.id, 1_000, at=now, expires_at=now + timedelta(days=400))
    return mei
