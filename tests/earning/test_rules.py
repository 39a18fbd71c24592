"""What purchases are worth, and when the points end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.domain.earning.rules import Rate, expires_at, points_for

MICROSECOND = timedelta(microseconds=1)
amounts = st.integers(min_value=0, max_value=10**12)
rates = st.builds(Rate, points=st.integers(0, 50), per=st.integers(1, 10_000))


@pytest.mark.parametrize(("amount", "points"), [(0, 0), (99, 0), (100, 1), (1177, 11), (199_999, 1999)])
def test_one_point_per_1_00_rounded_down(amount: int, points: int) -> None:
    assert points_for(amount, Rate()).points == points


@given(amounts, rates)
def test_points_never_exceed_the_rate_and_lose_less_than_one_point(amount: int, rate: Rate) -> None:
    points = points_for(amount, rate).points
    assert points * rate.per <= amount * rate.points < (points + 1) * rate.per


@given(amounts, amounts, rates)
def test_splitting_a_purchase_never_gains(one: int, other: int, rate: Rate) -> None:
    assert (
        points_for(one, rate).points + points_for(other, rate).points <= points_for(one + other, rate).points
    )


def test_the_breakdown_tells_what_was_left_over() -> None:
    assert points_for(1177, Rate()).as_json() == {
        "amount": 1177, "points": 11, "rate_points": 1, "rate_per": 100, "rule": None, "rounded_down": 77,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("earned", "ends"),
    [
        (datetime(2026, 11, 22, 4, tzinfo=UTC), datetime(2027, 11, 30, 16, tzinfo=UTC)),
        (datetime(2027, 2, 28, 15, 59, tzinfo=UTC), datetime(2028, 2, 29, 16, tzinfo=UTC)),
        (datetime(2027, 2, 28, 16, 0, tzinfo=UTC), datetime(2028, 3, 31, 16, tzinfo=UTC)),
    ],
)
def test_points_last_twelve_months_to_the_end_of_the_local_month(earned: datetime, ends: datetime) -> None:
    assert expires_at(earned, 12, "Asia/Shanghai") == ends - MICROSECOND


def test_the_end_of_the_month_is_local_across_daylight_saving() -> None:
    april = datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert expires_at(datetime(2026, 1, 5, tzinfo=UTC), 2, "Europe/Berlin") == april - MICROSECOND


def test_a_life_of_no_months_never_ends() -> None:
    assert expires_at(datetime(2026, 1, 5, tzinfo=UTC), 0, "Asia/Shanghai") is None
