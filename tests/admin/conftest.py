"""Staff at their desks."""

import pytest

from mall.domain.members.models import Member
from tests.support.pages import PageClient


@pytest.fixture
def desk(pages: PageClient, ivy: Member) -> PageClient:
    """Ivy, the merchandiser, at her desk."""
    pages.sign_in("ivy@example.com")
    return pages
