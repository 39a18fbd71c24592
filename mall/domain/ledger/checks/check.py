"""What a check is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """A statement whose rows are violations; `row` and `problem` are filled from its columns."""

    invariant: int
    row: str
    problem: str
    sql: str


ACCOUNT = "account of member {member_id}"
ENTRY = "entry {seq} of member {member_id}"
LOT = "lot {number} of member {member_id}"
