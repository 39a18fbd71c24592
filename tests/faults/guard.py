"""What a guard is, as `tests.faults.guards` lists them."""

from dataclasses import dataclass

ORDERS, ITEMS, PAYMENTS = "mall/domain/orders", "mall/domain/items", "mall/domain/payments"


@dataclass(frozen=True)
class Guard:
    """`text` of a file, found exactly once, becomes `without`; `why` says what would go wrong.

    `tests` are files, or single tests (`file::test`); one of them must fail.
    """

    file: str
    text: str
    without: str
    why: str
    tests: tuple[str, ...] = ()
