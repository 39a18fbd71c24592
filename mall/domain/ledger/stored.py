"""What is stored of one member's points, read when a book asks for it. What follows from it, the book decides."""

from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from mall.core.ids import MemberId
from mall.domain.ledger import statements as sql
from mall.domain.ledger.rules import LotState, Ref


class Source(Protocol):
    """Where a book reads lots, and what entries about a reference did to them."""

    def usable(self, skip: int, page: int) -> list[LotState]:
        """Lots with remaining points in order of use, from the one at `skip`, `page` of them."""

    def numbered(self, numbers: Sequence[int]) -> list[LotState]:
        """These lots."""

    def granted(self, ref: Ref) -> list[LotState]:
        """The lots that `ref` granted, in order of use."""

    def refundable(self, of: Ref) -> list[tuple[int, int]]:
        """Lots that `of` spent points of, in order of use, and how many of these have not been given back."""

    def reversed_before(self, of: Ref) -> int:
        """How many of the points that `of` granted were taken back, those included that became debt."""


class Stored:
    """The database, asked once for each answer."""

    def __init__(self, member: MemberId, connection: sa.Connection) -> None:
        self._member, self._connection = member, connection

    def usable(self, skip: int, page: int) -> list[LotState]:
        """Lots with remaining points in order of use, from the one at `skip`, `page` of them."""
        return self._lots(sql.USABLE_LOTS, skip=skip, page=page)

    def numbered(self, numbers: Sequence[int]) -> list[LotState]:
        """These lots."""
        return self._lots(sql.LOTS_BY_NUMBER, numbers=list(numbers))

    def granted(self, ref: Ref) -> list[LotState]:
        """The lots that `ref` granted, in order of use."""
        return self._lots(sql.LOTS_GRANTED, **sql.named("ref", ref))

    def refundable(self, of: Ref) -> list[tuple[int, int]]:
        """Lots that `of` spent points of, in order of use, and how many of these have not been given back."""
        rows = self._ask(sql.REFUNDABLE, **sql.named("ref", of))
        return [(row.lot, row.n) for row in rows]

    def reversed_before(self, of: Ref) -> int:
        """How many of the points that `of` granted were taken back, those included that became debt."""
        found: int = self._ask(sql.REVERSED_BEFORE, **sql.named("ref", of)).scalar_one()
        return found

    def _lots(self, statement: sa.Select[Any], **asked: Any) -> list[LotState]:
        return [LotState(**row._mapping) for row in self._ask(statement, **asked)]

    def _ask(self, statement: sa.Select[Any], **asked: Any) -> sa.CursorResult[Any]:
        return self._connection.execute(statement, {"member_id": self._member, **asked})
