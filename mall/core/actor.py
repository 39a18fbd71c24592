"""Who does something: kept with every entry, stock move, order event and audit record."""

from dataclasses import dataclass
from typing import Literal

from mall.core.ids import MemberId

ActorKind = Literal["member", "staff", "system", "api"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A member, a member of staff, a partner's key, or the mall itself (`id` None)."""

    kind: ActorKind
    id: int | None = None

    def __str__(self) -> str:
        return self.kind if self.id is None else f"{self.kind}:{self.id}"


SYSTEM = Actor("system")


def as_member(member: MemberId) -> Actor:
    """The member acting for themself."""
    return Actor("member", member)


def as_staff(member: MemberId) -> Actor:
    """A member of staff acting in their role."""
    return Actor("staff", member)
