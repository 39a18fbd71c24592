"""What is written at once: books that are not as they were read, and details that would not come back the same."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from mall.core.actor import SYSTEM
from mall.core.db import transaction, write_connection
from mall.domain.ledger import chain, queries, saving
from mall.domain.ledger import service as ledger
from mall.domain.ledger.book import Book
from mall.domain.ledger.rules import Cause
from mall.domain.members.models import Member
from tests.support.ledger_factory import give, lots, purchase, use


def test_of_many_books_one_that_moved_on_meanwhile_is_refused_with_all_the_others(
    mei: Member, ben: Member, zoe: Member, at: datetime
) -> None:
    for member in (mei, ben, zoe):
        give(member.id, 10, at=at)

    def save_all() -> None:
        with transaction():
            connection = write_connection()
            books = [Book.open(member.id, connection) for member in (mei, ben, zoe)]
            for book in books:
                book.post("redeem", book.spend(3, "spent"), Cause(ref=use("R-1"), actor=SYSTEM, at=at))
            books[1].seq_before += 1
            saving.save(connection, books)

    with pytest.raises(ledger.LostLock, match="2 of 3"):
        save_all()
    for member in (mei, ben, zoe):
        assert lots(member.id) == [{"remaining": 10}]


@pytest.mark.parametrize(
    "details",
    [
        {"rate": 0.5},
        {"rate": [1, {"per": 1.0}]},
        {"rate": Decimal(1)},
        {"at": datetime(2026, 1, 1)},  # noqa: DTZ001 - no instant is plain, this one least
        {"raw": b"x"},
        {1: "one"},
        {"some": {"x"}},
    ],
    ids=str,
)
def test_details_that_would_not_come_back_as_they_were_are_refused(
    mei: Member, at: datetime, details: dict[Any, Any]
) -> None:
    with pytest.raises(TypeError, match="details of an entry"):
        give(mei.id, 5, at=at, details=details)


def test_plain_details_come_back_as_they_were(mei: Member, at: datetime) -> None:
    details = {"rule": 3, "names": ["每", None, True], "of": {"points": 1, "per": 100}}
    give(mei.id, 5, at=at, ref=purchase("P-1"), details=details)
    (row,) = queries.history(mei.id)
    assert row.details == details
    chain.check_plain(None)
