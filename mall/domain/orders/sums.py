"""The belt: an order's lines must come to what its head says before anybody is asked to pay it."""

from collections.abc import Sequence

from mall.domain.orders.queries import Row


class SumsDiffer(RuntimeError):
    """A programming error: an order's lines and fee are not its points and cash. Nothing of it may be kept."""


def check_sums(lines: Sequence[Row], *, points: int, cash: int, fee: int) -> None:
    """Compare lines (`points`, `cash`) and the delivery `fee` with the order's own sums. Raises SumsDiffer."""
    found = sum(line.points for line in lines), sum(line.cash for line in lines) + fee
    if found != (points, cash):
        raise SumsDiffer(f"lines come to {found}, the order says {(points, cash)}")
