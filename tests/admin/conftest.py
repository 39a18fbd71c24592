"""Staff at their desks."""

import pytest

from mall.core import clock
from mall.core.db import transaction
from mall.domain.members.models import Member
from tests.support.items_factory import make_item
from tests.support.orders_factory import give_points, place_order
from tests.support.pages import PageClient


@pytest.fixture
def desk(pages: PageClient, ivy: Member) -> PageClient:
    """Ivy, the merchandiser, at her desk."""
    pages.sign_in("ivy@example.com")
    return pages


@pytest.fixture
def service(pages: PageClient, sam: Member) -> PageClient:
    """Sam of customer service at his desk."""
    pages.sign_in("sam@example.com")
    return pages


@pytest.fixture
def number(service: PageClient, mei: Member) -> str:
    """Mei's order: three mugs and a lamp, for 4,000 points."""
    with transaction():
        give_points(mei.id, 5_000, at=clock.now())
        mug, lamp = make_item("Travel mug"), make_item("Desk lamp")
    return place_order(mei.id, (mug.variant_id, 3), (lamp.variant_id, 1), at=clock.now()).number
