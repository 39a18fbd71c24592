"""Stand-ins for the tests: over HTTP and in this process."""

from collections.abc import Iterator

import pytest

from devstripe.testing import Running, in_process, running
from tests.devstripe.shop import NOON


@pytest.fixture(params=["http", "in process"])
def either(request: pytest.FixtureRequest) -> Iterator[Running]:
    """One that the SDK reaches over HTTP, then one in this process."""
    start = running if request.param == "http" else in_process
    with start(seed=1, start=NOON) as stand_in:
        yield stand_in


@pytest.fixture
def mock() -> Iterator[Running]:
    """One in this process."""
    with in_process(seed=1, start=NOON) as stand_in:
        yield stand_in
