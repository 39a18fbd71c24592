"""When a failed delivery is tried again."""

from datetime import timedelta

from mall.domain.outbox.rules import MAX_ATTEMPTS, is_last, wait_after


def test_waits_grow_by_three_and_stop_at_an_hour() -> None:
    seconds = [wait_after(7, attempt).total_seconds() for attempt in range(1, MAX_ATTEMPTS)]
    for wait, base in zip(seconds, [10, 30, 90, 270, 810, 2430, 3600, 3600], strict=False):
        assert 0.75 * base <= wait <= 1.25 * base
    assert max(seconds) <= 3600 * 1.25


def test_all_tries_together_outlast_a_night_without_mail() -> None:
    waited = sum((wait_after(7, attempt) for attempt in range(1, MAX_ATTEMPTS)), timedelta())
    assert timedelta(hours=6) < waited < timedelta(hours=12)


def test_messages_that_failed_together_do_not_return_together_and_each_always_waits_as_long() -> None:
    waits = {wait_after(number, 3) for number in range(200)}
    assert len(waits) > 100
    assert wait_after(5, 3) == wait_after(5, 3)


def test_the_last_try_is_the_last() -> None:
    assert not is_last(MAX_ATTEMPTS - 1)
    assert is_last(MAX_ATTEMPTS)
