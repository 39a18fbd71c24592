"""What a checker of the books says: rooms beside each other share the word, the command line joins their answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of the books that a row breaks: the rule's number in docs/ledger.md, the row by name, and how."""

    invariant: int
    row: str
    problem: str

    def __str__(self) -> str:
        return f"invariant {self.invariant}: {self.row}: {self.problem}"
