"""What the checkout's pages need: something to redeem, and members with points."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from mall.core import clock
from mall.core.db import transaction
from mall.domain.members.models import Member
from tests.support.items_factory import Made, add_way, make_item
from tests.support.orders_factory import give_points
from tests.support.pages import PageClient


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


@pytest.fixture
def kettle(app: Flask) -> Made:
    """2,000 points, or a mix worth 2,000 points or 60.00 from 500 points on."""
    with transaction():
        made = make_item("Kettle", points=2_000)
        add_way(
            made.item_id, "range", points=2_000, cash=6_000, min_points=500, position=1, tier_discount="none"
        )
    return made


@pytest.fixture
def watch(app: Flask) -> Made:
    """100.00 in cash, up to half of it in points."""
    with transaction():
        made = make_item("Watch", points=None, cash=10_000)
        add_way(made.item_id, "cash", cash=10_000, max_share=5_000, position=-1, tier_discount="none")
    return made


@pytest.fixture
def mei_pages(pages: PageClient, mei: Member) -> PageClient:
    """Mei, signed in."""
    pages.sign_in(mei.email or "")
    return pages


@pytest.fixture(name="clock")
def _clock(at: datetime) -> Iterator[time_machine.Traveller]:
    """The mall's clock stands where Stripe's does."""
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller
